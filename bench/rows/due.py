"""Work that waits for a moment is rows: what taking a hundred thousand due ones costs, each batch committed, and what a
tick costs that finds nothing among a million.
"""

import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from bench.far_side import DATA_KEY
from bench.figure import Figure, Target
from bench.measure import folder, wall_ms
from store.cipher import FieldCipher
from store.engine import Database
from store.migrate import migrate
from store.outbox_claims import Claims

DUE, FUTURE = 100_000, 1_000_000
AT_ONCE, CLAIMED, TICKS = 1000, 20_000, 300
LEASE = timedelta(seconds=45)
_INSERT = """INSERT INTO parcel (purpose, channel, endpoint, target, body, people, priority, state, due_at, created_at,
  directive_id, attempts, unanswered, lost, followed, stop)
  VALUES ('reminder', 'wecom_app', 'message/send', ?, ?, 1, 5, 'queued', ?, ?, 17, 0, 0, 0, 0, 0)"""


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return claims a second, and milliseconds of an idle tick."""
    FieldCipher.install(DATA_KEY)
    now = datetime.now(UTC)
    with folder() as where:
        database = Database(f"sqlite:///{where / 'geying.db'}")
        migrate(database)
        tell(f"{DUE:,} 件到时的")
        _fill(database, DUE, now - timedelta(minutes=1), now)
        tell(f"领 {CLAIMED:,} 件,一笔 {AT_ONCE} 件")
        rates = [_claim(database, AT_ONCE, now) for _ in range(CLAIMED // AT_ONCE)]
        with database.begin() as connection:
            connection.exec_driver_sql("DELETE FROM parcel")
        tell(f"{FUTURE:,} 件未到时的")
        _fill(database, FUTURE, now + timedelta(days=1), now)
        with database.read() as connection:
            Claims(connection).due(now)
        tell("空转")
        idle = [wall_ms(lambda: _tick(database, now)) for _ in range(TICKS)]
        database.close()
    return [
        Figure(
            "due_claims", f"到时领件,库里 {DUE // 10_000} 万件,一笔 {AT_ONCE} 件,每笔落盘", "件/秒",
            statistics.median(rates), len(rates), note="含限速的账、解密、读出",
        ),
        Figure(
            "due_idle", f"空转一次,库里 {FUTURE // 10_000} 万件未到时", "ms", statistics.median(idle), TICKS,
            target=Target("≤", 0.2),
        ),
    ]  # fmt: skip


def _fill(database: Database, count: int, due_at: datetime, now: datetime) -> None:
    cipher = FieldCipher.current()
    with database.begin() as connection:
        connection.connection.cursor().executemany(_INSERT, _rows(count, due_at, now, cipher))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(count: int, due_at: datetime, now: datetime, cipher: FieldCipher) -> Iterable[tuple[object, ...]]:
    made = _text(now)
    for n in range(count):
        body = {"kind": "text", "text": "还没收到您的回执,收到请回 1", "to": [f"u{n}"]}
        sealed = cipher.seal(json.dumps(body, ensure_ascii=False).encode())
        yield f"u{n}", sealed, _text(due_at + timedelta(microseconds=n % 1000)), made


def _claim(database: Database, at_once: int, now: datetime) -> float:
    """Return how many parcels a second are taken: found, claimed, decrypted, the limits charged, committed."""
    began = time.perf_counter()
    with database.begin() as connection:
        claims = Claims(connection)
        ids = claims.due(now, at_once)
        taken = claims.claim(ids, now + next(_minutes), LEASE, "bench")
    if len(taken) != at_once:
        raise RuntimeError(f"{len(taken)} of {at_once} were taken")
    return at_once / (time.perf_counter() - began)


_minutes = (timedelta(minutes=n) for n in itertools.count(1))  # the platform's limits are whole again at each claim


def _tick(database: Database, now: datetime) -> None:
    with database.read() as connection:
        if Claims(connection).due(now):
            raise RuntimeError("nothing is due")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
