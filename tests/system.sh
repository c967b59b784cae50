#!/usr/bin/env bash
# What the tests need beyond Python: private PostgreSQL and Redis, Debian's Chromium, wrk for the bench, and readers of
# PDF and of QR codes that are not our own.
set -eu
missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v wrk >/dev/null || missing+=(wrk)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v zbarimg >/dev/null || missing+=(zbar-tools)
# the reader is compiled for the bench, and compared with its sources
command -v cc >/dev/null || missing+=(gcc libc6-dev)
[ -f "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h" ] || missing+=(python3-dev)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "安装测试要用的系统包:${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "请先安装:${missing[*]}(相应的测试会跳过,REQUIRE_SERVICES=1 时算失败)" >&2
fi
