"""Callbacks committed before their 200, 32 connections: our server as deployed, beside Flask's hello world and beside
the ordinary handler, both under gunicorn gthread. Every request is a message of its own, stamped just now.

What was answered is counted in the database afterwards: an answer without a row would be a lie.
"""

import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench.figure import Figure, Target
from bench.load import CONNECTIONS, Load, press
from bench.measure import ROOT, folder, median_ratio
from bench.servers import geying, gunicorn

ROUNDS, SECONDS, NAIVE_ROUNDS = 7, 4, 3
MOST_A_SECOND = 30_000


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return the rates and the slowest of a hundred answers."""
    ours: list[Load] = []
    hello: list[Load] = []
    naive: list[Load] = []
    with folder() as where:
        url = f"sqlite:///{where / 'naive.db'}"
        environ = {"BENCH_DATABASE_URL": url}
        _make_tables(environ)
        (where / "ours").mkdir()
        with (
            geying(where / "ours") as ours_port,
            gunicorn("bench.peers.flask_hello:app", {}) as hello_port,
            gunicorn("bench.peers.flask_naive:app", environ) as naive_port,
        ):
            for port in (ours_port, hello_port, naive_port):
                press(port, 1, where / "requests", MOST_A_SECOND)  # warm
            before = _rows(where / "ours/geying.db"), _rows(where / "naive.db")
            for turn in range(ROUNDS):
                tell(f"第 {turn + 1}/{ROUNDS} 轮,{CONNECTIONS} 个连接")
                ours.append(press(ours_port, SECONDS, where / "requests", SECONDS * MOST_A_SECOND))
                hello.append(press(hello_port, SECONDS, where / "requests", SECONDS * MOST_A_SECOND))
                if turn < NAIVE_ROUNDS:
                    naive.append(press(naive_port, SECONDS, where / "requests", SECONDS * MOST_A_SECOND))
        _account("ours", ours, _rows(where / "ours/geying.db") - before[0])
        _account("naive", naive, _rows(where / "naive.db") - before[1])
    return _figures(ours, hello, naive)


def _figures(ours: list[Load], hello: list[Load], naive: list[Load]) -> list[Figure]:
    rates = [load.rate for load in ours]
    mine = statistics.median(rates)
    flask, plain = [load.rate for load in hello], [load.rate for load in naive]
    p99, p99_flask = (statistics.median(load.p99_ms for load in loads) for loads in (ours, hello))
    return [
        Figure(
            "accept_hello", "落库再答(对 Flask hello,gthread)", "次/秒", mine, ROUNDS,
            statistics.median(flask), median_ratio(rates, flask), Target("≥", 1.0),
            "hello 什么都不存;行数与 200 的个数对过",
        ),
        Figure(
            "accept_naive", "落库再答(对 Flask+wechatpy+ORM 逐条提交)", "次/秒", mine, NAIVE_ROUNDS,
            statistics.median(plain), median_ratio(rates[:NAIVE_ROUNDS], plain), Target("≥", 7.0),
        ),
        Figure(
            "accept_p99", f"落库再答,{CONNECTIONS} 个连接,最慢的百分之一", "ms", p99, ROUNDS, target=Target("≤", 20.0),
            note=f"同时 Flask hello {p99_flask:.1f} ms",
        ),
    ]  # fmt: skip


def _make_tables(environ: dict[str, str]) -> None:
    made = "from bench.peers.flask_naive import create_tables; create_tables()"
    subprocess.run([sys.executable, "-c", made], cwd=ROOT, env=environ, check=True)


def _rows(path: Path) -> int:
    """Return how many messages are there once no more come."""
    with closing(sqlite3.connect(path)) as database:
        count = -1
        while (found := database.execute("SELECT count(*) FROM inbox").fetchone()[0]) != count:
            count = found
            time.sleep(0.5)
        return int(count)


def _account(who: str, loads: list[Load], rows: int) -> None:
    """Hold what was answered against what is there; at the end of a round up to one a connection is under way."""
    good = sum(load.good for load in loads)
    refused, broken = sum(load.refused for load in loads), sum(load.broken for load in loads)
    if refused or broken or not good <= rows <= good + CONNECTIONS * len(loads):
        raise RuntimeError(f"{who}: {good} times 200, {refused} refused, {broken} broken, {rows} rows")
