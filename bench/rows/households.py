"""What a look-up in the register costs at a hundred thousand households and at a million, on PostgreSQL.

Both databases are on one private server and are asked by turns, each time in a transaction of its own, for households,
codes and addresses drawn by chance: what slows the machine for a while slows them both.
"""

import random
import secrets
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from bench.far_side import DATA_KEY
from bench.figure import Figure, Target
from bench.measure import ROOT, median_ratio, wall_ms
from handlers.domain.place_code import CodeKind
from store.cipher import FieldCipher
from store.engine import Database
from store.household_contacts import lookup
from store.migrate import migrate
from store.place_codes import PlaceCodeRepo
from store.work import SqlWork, Store

SMALL, LARGE = 100_000, 1_000_000
KNOWN, ROUNDS = 2_000, 1_500
AT_MOST_MS, AT_MOST_TIMES = 2.0, 1.2
PER_GRID = 350
DAY, NOW = date(2026, 2, 8), datetime(2026, 2, 8, 1, tzinfo=UTC)
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with *count* households, and what may be asked of it: codes, tokens, addresses, ids."""

    store: Store
    codes: list[str]
    tokens: list[str]
    addresses: list[str]
    ids: list[int]


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return milliseconds a look-up at a million households, and times the cost at a hundred thousand."""
    FieldCipher.install(DATA_KEY)
    with _server() as url:
        small, large = (_filled(url, f"households_{count}", count, tell) for count in (SMALL, LARGE))
        tell("查")
        found = [
            _figure("household_by_code", "户编码查一户", small, large, _home),
            _figure("place_code_read", "扫码:验签、查到是哪里", small, large, _code),
            _figure("household_of_address", "来信的人替哪一户说话", small, large, _who),
            _figure("household_members", "一户的人(各用各的密钥打开)", small, large, _people),
        ]
        for one in (small, large):
            one.store.database.close()
    return found


def _figure(
    name: str, words: str, small: Filled, large: Filled, ask: Callable[[Filled, int, SqlWork], object]
) -> Figure:
    def once(of: Filled, at: int) -> float:
        def asked() -> None:
            with of.store.read() as work:
                if not ask(of, at, work):
                    raise RuntimeError("nothing was found")

        return wall_ms(asked)

    for at in range(200):  # statements compiled, connections open
        once(small, at)
        once(large, at)
    taken = [(once(large, at), once(small, at)) for at in (random.randrange(KNOWN) for _ in range(ROUNDS))]
    ours, peer = (statistics.median(side) for side in zip(*taken, strict=True))
    groups = [taken[at : at + 100] for at in range(0, len(taken), 100)]
    medians = [tuple(statistics.median(side) for side in zip(*group, strict=True)) for group in groups]
    ratio = median_ratio([large_ms for large_ms, _ in medians], [small_ms for _, small_ms in medians])
    kept = "守住" if ours <= AT_MOST_MS else "没守住"
    return Figure(
        name, f"{words}:{LARGE:,} 户,对照 {SMALL:,} 户", "ms", ours, len(taken), peer, ratio,
        Target("≤", AT_MOST_TIMES), note=f"绝对预算 {AT_MOST_MS:g} ms {kept};PostgreSQL,每次一个事务",
    )  # fmt: skip


def _home(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.by_code(of.codes[at])


def _code(of: Filled, at: int, work: SqlWork) -> object:
    return work.codes.read(of.tokens[at], NOW)


def _who(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.of_address("kf", of.addresses[at], DAY)


def _people(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.members(of.ids[at], DAY)


# -- filling -----------------------------------------------------------------------------------------------------------


@contextmanager
def _server() -> Iterator[str]:
    """Run the tests' private PostgreSQL; yields the address of its maintenance database."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        from services import postgresql  # the tests' own module, which this row shares
    finally:
        sys.path.pop(0)
    with postgresql() as service:
        yield service.url


def _filled(url: str, name: str, count: int, tell: Callable[[str], None]) -> Filled:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = Database(f"{url.rpartition('/')[0]}/{name}")
    migrate(database)
    first = 3 + -(-count // PER_GRID)
    known = sorted(random.Random(count).sample(range(count), KNOWN))
    with database.begin() as filling:
        raw: Any = filling.connection.dbapi_connection
        raw.execute("SET LOCAL statement_timeout = 0")
        raw.execute("SET LOCAL session_replication_role = replica")  # the keys of other tables are right as made
        for table, columns, rows in _tables(count, first, known):
            tell(f"{count:,} 户:{table}")
            with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    store = Store(database)
    with store.begin() as work:
        tokens, ids = _some(work, known, first)
    with psycopg.connect(f"{url.rpartition('/')[0]}/{name}", autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what autovacuum would do by and by
    codes = [_code_of(n) for n in known]
    return Filled(store, codes, tokens, [f"wm{n}" for n in known], ids)


def _code_of(n: int) -> str:
    return f"{n // PER_GRID:06d}-{n % PER_GRID:04d}"


def _tables(count: int, first: int, known: list[int]) -> Iterator[tuple[str, str, Iterable[Row]]]:
    """Yield each table with its rows; what nobody will ask for is random bytes of the right length."""
    cipher, exact = FieldCipher.current(), frozenset(known)
    sealed = cipher.seal("样例自然村3组12号".encode())
    key = cipher.seal(b"k" * 32)
    yield "node", "id, code, name, level, parent_id, origin", _nodes(count, first)
    yield (
        "household", "household_id, address, head_count, updated_at",
        ((first + n, sealed, 3, NOW) for n in range(count)),
    )  # fmt: skip
    yield "person_key", "key_id, wrapped, made_at", ((f"{n:032x}", key, NOW) for n in range(count))
    yield (
        "resident", "id, key_id, profile, updated_at",
        ((n + 1, f"{n:032x}", sealed, NOW) for n in range(count)),
    )  # fmt: skip
    yield (
        "membership", "id, household_id, resident_id, number",
        ((n + 1, first + n, n + 1, 1) for n in range(count)),
    )  # fmt: skip
    yield (
        "contact", "id, household_id, resident_id, relation, position, may_answer",
        ((n + 1, first + n, n + 1, "member", 1, True) for n in range(count)),
    )  # fmt: skip
    yield (
        "contact_address", "id, contact_id, channel, address, lookup, since_at",
        ((n + 1, n + 1, "kf", sealed, lookup("kf", f"wm{n}") if n in exact else secrets.token_hex(16), NOW)
         for n in range(count)),
    )  # fmt: skip
    yield (
        "place_code", "id, node_id, kind, serial, lookup, secret, made_at",
        ((n + 1, first + n, "household", 1, secrets.token_hex(16), sealed, NOW)
         for n in range(count) if n not in exact),
    )  # fmt: skip


def _nodes(count: int, first: int) -> Iterator[Row]:
    yield 1, "c", "样例县", "county", None, "hierarchy"
    yield 2, "t", "样例镇", "township", 1, "hierarchy"
    for grid in range(first - 3):
        yield 3 + grid, f"{grid:06d}", f"第{grid}网格", "grid", 2, "hierarchy"
    for n in range(count):
        yield first + n, _code_of(n), f"{n % PER_GRID:04d}户", "household", 3 + n // PER_GRID, "hierarchy"


def _some(work: SqlWork, known: list[int], first: int) -> tuple[list[str], list[int]]:
    """Make real codes and people where they will be asked for; returns the tokens, and the households' ids."""
    work.connection.exec_driver_sql(
        "SELECT setval(pg_get_serial_sequence('place_code', 'id'), max(id)) FROM place_code"
    )
    ids = [first + n for n in known]
    codes = PlaceCodeRepo(work.connection).issue_many(((node_id, CodeKind.HOUSEHOLD) for node_id in ids), NOW)
    for n in known:
        profile = work.person_keys.seal(f"{n:032x}", {"name": "王拟花"})
        work.connection.exec_driver_sql("UPDATE resident SET profile = %s WHERE id = %s", (profile, n + 1))
    return [codes[node_id].token for node_id in ids], ids
