"""`geying up`, `serve`, `worker`, `jobs`, `standin`: the processes of a deployment."""

import os
import subprocess
import sys
import time

import click

from bot.parts import Parts
from bot.running import Running
from store.away import is_away
from store.migrate import migrate

LOOK_AGAIN_S = 1.0


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=None, help="默认 GEYING_PORT。")
@click.pass_obj
def up(desk: object, host: str, port: int | None) -> None:
    """一个进程全都跑:回调、页面、处理、发送、定时(一个县一台小机器)。"""
    _serve(_parts(desk), host, port, embedded=True)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=None, help="默认 GEYING_PORT。")
@click.pass_obj
def serve(desk: object, host: str, port: int | None) -> None:
    """只跑网页和回调(可多开,配 PostgreSQL)。"""
    _serve(_parts(desk), host, port, embedded=False)


def _serve(parts: Parts, host: str, port: int | None, *, embedded: bool) -> None:
    """Bring the schema up to date, then become the server: what watches over the worker needs nothing of ours."""
    _migrated(parts)
    os.environ["GEYING_EMBEDDED"] = "1" if embedded else "0"
    at = (host, str(port or parts.settings.port))
    os.execv(sys.executable, [sys.executable, "-m", "bot.server", *at])  # noqa: S606 - no shell, and no data of others


def _migrated(parts: Parts) -> None:
    """Bring the schema up to date; a database that is away is waited for."""
    told = False
    while True:
        try:
            migrate(parts.database)
            parts.keeping.forget_again()
            break
        except Exception as error:
            if not is_away(error):
                raise
            if not told:
                click.echo("数据库连不上,正在等它……", err=True)
            told = True
            time.sleep(LOOK_AGAIN_S)
    parts.database.close()


@click.command("worker")
@click.option("--threads", default=4, show_default=True)
@click.pass_obj
def worker(desk: object, threads: int) -> None:
    """处理消息、发送(可多开,配 Redis 或共用的队列文件)。"""
    Running(_parts(desk), workers=threads).until_told()


@click.command("jobs")
@click.pass_obj
def jobs(desk: object) -> None:
    """定时:放行、催办、定稿、清扫(开两个也无妨)。"""
    Running(_parts(desk), ticks=True).until_told()


@click.command("standin", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def standin(arguments: tuple[str, ...]) -> None:
    """本地企业微信替身(演示和试验用)。"""
    # a process of its own: nothing of ours imports the far side
    raise SystemExit(subprocess.call([sys.executable, "-m", "standin", *arguments]))  # noqa: S603


def _parts(desk: object) -> Parts:
    parts = desk.parts  # type: ignore[attr-defined]
    assert isinstance(parts, Parts)
    return parts


commands = (up, serve, worker, jobs, standin)
