"""四个一: households' answers through the 公众号's door, durable before their 200, then read; not one may be missing.

A million in ten minutes is 1,667 a second. The usual run posts enough of them to hold that rate for a while and reads
for some seconds; `--million` posts the million.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench.answers import post, prepare
from bench.figure import Figure, Target
from bench.measure import folder
from bench.servers import environ_of, geying
from demo.stage import free_port

A_SECOND = 1_000_000 / 600
HOUSEHOLDS, READ_FOR_S = 2_000, 20.0
count = 60_000


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return how many answers a second are taken, and how many are read and kept in a second afterwards."""
    with folder() as where:
        port = free_port()
        tell("建库")
        parts = prepare(environ_of(where, port), HOUSEHOLDS, where)
        with geying(where, port=port):
            tell(f"{count:,} 条")
            seconds, good = post(port, count, HOUSEHOLDS)
        rows = _number(where / "geying.db", "inbox")
        if good != count or rows != count:
            raise RuntimeError(f"{count} sent, {good} times 200, {rows} rows")
        tell("读回答")
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < READ_FOR_S and (due := parts.reader.due()):
            done += parts.reader.handle(due)
        took = time.perf_counter() - began
        settled = _number(where / "geying.db", "inbox WHERE state = 'done'")
        answered = _number(where / "geying.db", "contact_due WHERE state = 'answered'")
        parts.close()
        if settled != done or answered != min(done, HOUSEHOLDS):
            raise RuntimeError(f"{done} read, {settled} settled, {answered} of {HOUSEHOLDS} households answered")
    return [
        Figure(
            "answers_taken", f"居民的回答落库再答,{count:,} 条", "条/秒", count / seconds, 1,
            target=Target("≥", A_SECOND), note=f"{count} 条发出,{good} 个 200,{rows} 行,一条不差",
        ),
        Figure(
            "answers_read", "随后读懂、记下、写好回话,一个进程", "条/秒", done / took, 1,
            note=f"读了 {done:,} 条,{answered:,} 户的问候都有了回答",
        ),
    ]  # fmt: skip


def _number(path: Path, what: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
