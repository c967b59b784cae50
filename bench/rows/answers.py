"""四个一: households' answers through the 公众号's door, durable before their 200, then read; not one may be missing.

A million in ten minutes is 1,667 a second. The usual run posts enough of them to hold that rate for a while and reads
for some seconds; `--million` posts the million, and reads for two minutes of it. What is read is each household's first
answer ever, as long as there are households left: it makes the person known and takes the most work.
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
from bot.parts import Parts
from demo.stage import free_port

A_SECOND, READ_A_SECOND = 1_000_000 / 600, 500
MILLION = 1_000_000
COUNTED = 200  # messages whose statements are counted
count = 60_000


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return how many answers a second are taken, how many are read and kept in a second afterwards, at what cost."""
    households, read_for_s = (100_000, 120.0) if count >= MILLION else (20_000, 20.0)
    with folder() as where:
        port = free_port()
        tell(f"建库,{households:,} 户")
        parts = prepare(environ_of(where, port), households)
        with geying(where, port=port):
            tell(f"{count:,} 条")
            seconds, good = post(port, count, households)
        rows = _number(where / "geying.db", "inbox")
        if good != count or rows != count:
            raise RuntimeError(f"{count} sent, {good} times 200, {rows} rows")
        tell("读回答")
        statements, done = _statements(parts, parts.reader.due()[:COUNTED])
        began, used, first = time.perf_counter(), time.process_time(), done
        while time.perf_counter() - began < read_for_s and (due := parts.reader.due()):
            done += parts.reader.handle(due)
        took, used = time.perf_counter() - began, time.process_time() - used
        settled = _number(where / "geying.db", "inbox WHERE state = 'done'")
        answered = _number(where / "geying.db", "contact_due WHERE state = 'answered'")
        said = _number(where / "geying.db", "parcel")
        parts.close()
        if settled != done or said != done or answered != min(done, households):
            raise RuntimeError(f"{done} read, {settled} settled, {said} replies, {answered} of {households} answered")
    rate = (done - first) / took
    whole = f"照这样一百万条要 {MILLION / rate / 60:.0f} 分钟"
    return [
        Figure(
            "answers_taken", f"居民的回答落库再答,{count:,} 条", "条/秒", count / seconds, 1,
            target=Target("≥", A_SECOND), note=f"{count} 条发出,{good} 个 200,{rows} 行,一条不差",
        ),
        Figure(
            "answers_read", "随后读懂、记下、写好回话,一个进程", "条/秒", rate, 1, target=Target("≥", READ_A_SECOND),
            note=f"读了 {done:,} 条,{answered:,} 户的问候都有了回答,每条一个回话;{whole}",
        ),
        Figure("answers_cpu", "读一条的处理器时间", "ms", used / (done - first) * 1e3, 1),
        Figure("answers_sql", "读一条用的数据库语句", "句", statements, 1),
    ]  # fmt: skip


def _statements(parts: Parts, ids: tuple[int, ...]) -> tuple[float, int]:
    """Handle these messages; returns how many statements each took, and how many messages they were."""
    ran: list[str] = []
    held = [parts.database.engine.raw_connection() for _ in range(3)]
    for one in held:
        one.driver_connection.set_trace_callback(ran.append)  # type: ignore[union-attr]
        one.close()
    done = parts.reader.handle(ids)
    for one in [parts.database.engine.raw_connection() for _ in held]:
        one.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]
        one.close()
    return len(ran) / done, done


def _number(path: Path, what: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
