"""四个一: opening a round for many households, taking what is due, and a tick that finds nothing among a million.

One household's share must not grow with their number: a round is put down in statements, twenty thousand at a time.
"""

import itertools
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.far_side import DATA_KEY
from bench.figure import Figure, Target
from bench.measure import folder, wall_ms
from handlers.domain.four_ones import ContactState, Due, One, Plan, Whom
from store.cipher import FieldCipher
from store.engine import Database
from store.migrate import migrate
from store.work import Store

FEW, MANY, MOST = 1_000, 100_000, 1_000_000
AT_ONCE, CLAIMED, TICKS = 1_000, 40_000, 300
SPREAD = timedelta(minutes=20)
PLANS = (Plan("isolation", "监测", Whom.ISOLATION, One.MESSAGE | One.NEEDS, (), ()),)
DAY, NINE = date(2026, 2, 8), 540
_BELOW = "WITH RECURSIVE s(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM s WHERE i <= ?) "


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return seconds of a round, what a household costs, memory, claims a second, and an idle tick."""
    FieldCipher.install(DATA_KEY)
    with folder() as where:
        small, large, whole = (_county(where / f"{n}.db", n) for n in (FEW, MANY, MOST))
        before = _resident_mb()
        seconds: list[float] = []
        cpu: dict[int, list[float]] = {FEW: [], MANY: [], MOST: []}
        for turn in range(5):
            tell(f"第 {turn + 1}/5 轮")
            day = DAY + timedelta(days=turn)
            cpu[FEW].append(statistics.median(_open(small, day, slot)[1] for slot in range(NINE, NINE + 20)) / FEW)
            took, used = _open(large, day, NINE)
            seconds.append(took)
            cpu[MANY].append(used / MANY)
        grown = _resident_mb() - before
        tell(f"{MOST:,} 户")
        cpu[MOST].append(_open(whole, DAY, NINE)[1] / MOST)
        tell(f"领 {CLAIMED:,} 件")
        rate = _claims(large)
        idle = [wall_ms(lambda: _tick(whole)) for _ in range(TICKS)]
        for store in (small, large, whole):
            store.database.close()
    few, most = statistics.median(cpu[FEW]), cpu[MOST][0]
    return [
        Figure("round_open", f"开一轮,{MANY // 10_000} 万户", "秒", statistics.median(seconds), len(seconds),
               target=Target("≤", 10)),
        Figure("round_flat", "每户的处理器时间,100 万户比 1 千户", "µs", most * 1e6, 1, few * 1e6, most / few,
               Target("≤", 1.2)),
        Figure("round_memory", f"开 {MANY // 10_000} 万户的一轮,内存多出", "MB", max(grown, 0.0), 1,
               target=Target("≤", 50)),
        Figure("round_claims", f"领到时的户,一笔 {AT_ONCE} 件,每笔落盘", "件/秒", rate, CLAIMED // AT_ONCE,
               target=Target("≥", 20_000)),
        Figure("round_idle", f"空转一次,库里 {MOST // 10_000} 万件未到时", "ms", statistics.median(idle), TICKS,
               target=Target("≤", 1)),
    ]  # fmt: skip


def _county(path: Path, households: int) -> Store:
    """Return a database with so many households on one plan."""
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.begin() as c:
        c.exec_driver_sql("INSERT INTO node (id, code, name, level, origin) VALUES (1, 'g', 'g', 'grid', 'hierarchy')")
        c.exec_driver_sql(
            "INSERT INTO node (id, code, name, level, parent_id, origin) " + _BELOW + "SELECT i, 'h' || i, 'h' || i,"
            " 'household', 1, 'hierarchy' FROM s",
            (households,),
        )
        c.exec_driver_sql(
            "INSERT INTO enrolment (household_id, plan, first_day, normal_days, exception_only, since_at) "
            "SELECT id, 'isolation', '2020-01-01', 0, 0, '2020-01-01 00:00:00.000000' FROM node WHERE id > 1"
        )
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Store(database)


def _open(store: Store, day: date, slot: int) -> tuple[float, float]:
    """Open one round; returns seconds of wall and of processor."""
    starts_at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=slot)
    due = Due(day, slot, True, False, starts_at)
    wall, used = time.perf_counter(), time.process_time()
    for _ in itertools.count():
        with store.begin() as work:
            after = work.rounds.begin(due, starts_at)
            if after is None:
                break
            work.rounds.put(due, after, PLANS, PLANS, (), SPREAD, starts_at)
    return time.perf_counter() - wall, time.process_time() - used


def _claims(store: Store) -> float:
    """Return how many a second are taken and moved on, each batch committed."""
    now = datetime.combine(DAY + timedelta(days=30), datetime.min.time(), UTC)
    began = time.perf_counter()
    for _ in range(CLAIMED // AT_ONCE):
        with store.begin() as work:
            mine = work.contacts.claim(now, AT_ONCE)
            work.contacts.move((one.id for one in mine), {ContactState.OPEN}, ContactState.ASKED, now + SPREAD)
            if len(mine) != AT_ONCE:
                raise RuntimeError("fewer were due than were put down")
    return CLAIMED / (time.perf_counter() - began)


def _tick(store: Store) -> None:
    with store.read() as work:
        if work.contacts.any_due(datetime(2020, 1, 1, tzinfo=UTC)):
            raise RuntimeError("nothing should be due")


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
