"""Declarations durable before their phone hears so, 32 connections: our server as deployed, beside Flask's hello world.

Every form is a sheet of its own, for one of thousands of households' codes; what was answered is counted in the inbox.
"""

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, Target
from bench.load import CONNECTIONS, Load, press
from bench.measure import folder, median_ratio
from bench.servers import environ_of, geying, gunicorn
from bench.sheets import forms, prepare
from demo.stage import free_port

ROUNDS, SECONDS = 5, 4
MOST_A_SECOND = 20_000
AT_LEAST = 0.6


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return how many sheets are committed in a second against hello, and the slowest of a hundred answers."""
    ours: list[Load] = []
    hello: list[Load] = []
    with folder() as where:
        port = free_port()
        tell("建库、发码")
        settings, tokens = prepare(environ_of(where, port), datetime.now(UTC))
        write = forms(settings, tokens, datetime.now(UTC))
        with geying(where, port=port), gunicorn("bench.peers.flask_hello:app", {}) as hello_port:
            press(port, 1, where / "requests", MOST_A_SECOND, write)  # warm
            press(hello_port, 1, where / "requests", MOST_A_SECOND)
            before = _rows(where / "geying.db")
            for turn in range(ROUNDS):
                tell(f"第 {turn + 1}/{ROUNDS} 轮,{CONNECTIONS} 个连接")
                ours.append(press(port, SECONDS, where / "requests", SECONDS * MOST_A_SECOND, write))
                hello.append(press(hello_port, SECONDS, where / "requests", SECONDS * MOST_A_SECOND))
        _account(ours, _rows(where / "geying.db") - before)
    rates, flask = [load.rate for load in ours], [load.rate for load in hello]
    slow, slow_hello = [load.p99_ms for load in ours], [load.p99_ms for load in hello]
    return [
        Figure(
            "declare_hello", "申报落库再答(对 Flask hello,gthread)", "次/秒", statistics.median(rates), ROUNDS,
            statistics.median(flask), median_ratio(rates, flask), Target("≥", AT_LEAST),
            f"{len(tokens):,} 户的码轮流;hello 什么都不存;行数与 202 的个数对过",
        ),
        Figure(
            "declare_p99", f"申报落库再答,{CONNECTIONS} 个连接,最慢的百分之一(对 hello)", "ms",
            statistics.median(slow), ROUNDS, statistics.median(slow_hello), median_ratio(slow, slow_hello),
        ),
    ]  # fmt: skip


def _rows(path: Path) -> int:
    """Return how many sheets are there once no more come."""
    with closing(sqlite3.connect(path)) as database:
        count = -1
        while (found := database.execute("SELECT count(*) FROM inbox WHERE channel = 'page'").fetchone()[0]) != count:
            count = found
            time.sleep(0.5)
        return int(count)


def _account(loads: list[Load], rows: int) -> None:
    """Hold what was answered against what is there; at the end of a round up to one a connection is under way."""
    good = sum(load.good for load in loads)
    refused, broken = sum(load.refused for load in loads), sum(load.broken for load in loads)
    if refused or broken or not good <= rows <= good + CONNECTIONS * len(loads):
        raise RuntimeError(f"{good} times 202, {refused} refused, {broken} broken, {rows} rows")
