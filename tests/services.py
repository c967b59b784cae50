"""Private PostgreSQL and Redis servers for tests: started on a free port of 127.0.0.1, gone with the test session."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

STARTED_WITHIN_S = 30.0


def missing(what: str) -> None:
    """Skip the test that needs *what*; fail it where the services are promised (REQUIRE_SERVICES=1)."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is not installed, and REQUIRE_SERVICES=1", pytrace=False)
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Service:
    """A running server: its address and its process, to stop or to hang."""

    url: str
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def postgresql() -> Iterator[Service]:
    """Run a PostgreSQL without fsync; its URL names the maintenance database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for name in ["initdb"] if (path := shutil.which(name))
    ]
    if not found:
        missing("PostgreSQL")
    programs, root = found[-1].parent, Path(tempfile.mkdtemp(prefix="geying-pg-"))
    try:
        run_as = _ordinary_user(root)
        initdb = [
            *run_as,
            str(programs / "initdb"),
            "-D",
            str(root / "data"),
            "-U",
            "geying",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run([*initdb, "--locale=C", "--no-sync"], check=True, capture_output=True, cwd=root)
        options = [
            "listen_addresses=127.0.0.1", f"unix_socket_directories={root}", "fsync=off", "synchronous_commit=off",
            "full_page_writes=off", "shared_buffers=32MB", "max_connections=60", "autovacuum=off",
        ]  # fmt: skip
        command = [*run_as, str(programs / "postgres"), "-D", str(root / "data")]
        command += [part for option in options for part in ("-c", option)]
        with _running(lambda port: [*command, "-p", str(port)], root, _postgresql_answers) as (port, process):
            yield Service(f"postgresql://geying@127.0.0.1:{port}/postgres", process)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def redis_server() -> Iterator[Service]:
    """Run a Redis that keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server")
    root = Path(tempfile.mkdtemp(prefix="geying-redis-"))
    command = [str(program), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(root)]
    try:
        with _running(lambda port: [*command, "--port", str(port)], root, _redis_answers) as (port, process):
            yield Service(f"redis://127.0.0.1:{port}/0", process)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _ordinary_user(root: Path) -> list[str]:
    """Return what to put before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    entry = pwd.getpwnam(user)
    os.chown(root, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--"]


@contextlib.contextmanager
def _running(
    command: Callable[[int], list[str]], root: Path, answers: Callable[[int], bool]
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the server on a free port; try another when somebody else took it first."""
    for last in (False, False, True):
        port = free_port()
        process = subprocess.Popen(command(port), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if _started(process, lambda port=port: answers(port)):
            break
        _end(process)
        if last:
            pytest.fail(f"{command(port)[0]} did not start")
    try:
        yield port, process
    finally:
        _end(process)


def _started(process: subprocess.Popen[bytes], answers: Callable[[], bool]) -> bool:
    until = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if answers():
            return True
        time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)  # a test may have hung it on purpose
        process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def _postgresql_answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://geying@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    client = redis.Redis(port=port, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
