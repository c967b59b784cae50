"""What a look-up costs at a hundred thousand households and at a million, on PostgreSQL: in the register, of a code,
and of one day's totals of declarations by node.

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
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from bench.far_side import DATA_KEY
from bench.figure import Figure, Target
from bench.measure import ROOT, median_ratio, wall_ms
from handlers import declared_counts
from handlers.domain.county import County, Level
from handlers.domain.declaration import SYMPTOMS
from handlers.domain.place_code import CodeKind
from handlers.ports import Context
from store.cipher import FieldCipher
from store.engine import Database
from store.household_contacts import lookup
from store.migrate import migrate
from store.place_codes import PlaceCodeRepo
from store.work import SqlWork, Store

SMALL, LARGE = 100_000, 1_000_000
KNOWN, ROUNDS = 2_000, 1_500
AT_MOST_MS, AT_MOST_TIMES = 2.0, 1.2
TOTALS_AT_MOST_MS = 10.0
PER_GRID, GRIDS, VILLAGES = 350, 10, 14  # households a grid, grids a village, villages a township
LEVELS = tuple(Level(key, key) for key in ("county", "township", "village", "grid", "household"))
DAY, NOW = date(2026, 2, 8), datetime(2026, 2, 8, 1, tzinfo=UTC)
SYMPTOM = "symptom_cough"
METRICS = (
    declared_counts.PEOPLE, declared_counts.FEVER, declared_counts.MEASURED, "colour_green", "colour_yellow",
    *(f"symptom_{code}" for code in SYMPTOMS),
)  # fmt: skip
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with *count* households, and what may be asked of it: codes, tokens, addresses, ids."""

    store: Store
    codes: list[str]
    tokens: list[str]
    addresses: list[str]
    ids: list[int]
    shape: "Shape"
    ctx: Context


@dataclass(frozen=True, slots=True)
class Shape:
    """The tree over *count* households: ids run from the county through townships, villages and grids to the homes."""

    count: int

    @property
    def grids(self) -> int:
        return -(-self.count // PER_GRID)

    @property
    def villages(self) -> int:
        return -(-self.grids // GRIDS)

    @property
    def townships(self) -> int:
        return -(-self.villages // VILLAGES)

    @property
    def village(self) -> int:
        """Return the id of the first village."""
        return 2 + self.townships

    @property
    def grid(self) -> int:
        return self.village + self.villages

    @property
    def home(self) -> int:
        return self.grid + self.grids


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
            _figure("declared_totals", "一天的合计:一个镇和它的村", small, large, _totals, TOTALS_AT_MOST_MS),
            _figure("declared_totals_county", "一天的合计:全县和各镇", large, large, _county, TOTALS_AT_MOST_MS),
        ]
        for one in (small, large):
            one.store.database.close()
    return found


def _figure(
    name: str,
    words: str,
    small: Filled,
    large: Filled,
    ask: Callable[[Filled, int, SqlWork], object],
    budget: float = AT_MOST_MS,
) -> Figure:
    def once(of: Filled, at: int) -> float:
        def asked() -> None:
            with of.store.read() as work:
                if not ask(of, at, work):
                    raise RuntimeError("nothing was found")

        return wall_ms(asked)

    for at in range(200):  # statements compiled, connections open
        once(small, at % KNOWN)
        once(large, at % KNOWN)
    taken = []
    for turn in range(ROUNDS):  # now the one first, now the other: whoever comes second finds the caches warm
        at = random.randrange(KNOWN)
        first, second = (large, small) if turn % 2 else (small, large)
        one, other = once(first, at), once(second, at)
        taken.append((one, other) if turn % 2 else (other, one))
    ours, peer = (statistics.median(side) for side in zip(*taken, strict=True))
    groups = [taken[at : at + 100] for at in range(0, len(taken), 100)]
    medians = [tuple(statistics.median(side) for side in zip(*group, strict=True)) for group in groups]
    ratio = median_ratio([large_ms for large_ms, _ in medians], [small_ms for _, small_ms in medians])
    kept = "守住" if ours <= budget else "没守住"
    return Figure(
        name, f"{words}:{LARGE:,} 户,对照 {SMALL:,} 户", "ms", ours, len(taken), peer, ratio,
        Target("≤", AT_MOST_TIMES), note=f"绝对预算 {budget:g} ms {kept};PostgreSQL,每次一个事务",
    )  # fmt: skip


def _home(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.by_code(of.codes[at])


def _code(of: Filled, at: int, work: SqlWork) -> object:
    return work.codes.read(of.tokens[at], NOW)


def _who(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.of_address("kf", of.addresses[at], DAY)


def _people(of: Filled, at: int, work: SqlWork) -> object:
    return work.households.members(of.ids[at], DAY)


def _totals(of: Filled, at: int, work: SqlWork) -> object:
    node = 2 + at % (of.shape.townships - 1 or 1)  # the last township may be a small one
    return declared_counts.totals(node, DAY, SYMPTOM, work, of.ctx)


def _county(of: Filled, at: int, work: SqlWork) -> object:
    return declared_counts.totals(1, DAY, SYMPTOM, work, of.ctx)


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
    shape = Shape(count)
    first = shape.home
    known = sorted(random.Random(count).sample(range(count), KNOWN))
    with database.begin() as filling:
        raw: Any = filling.connection.dbapi_connection
        raw.execute("SET LOCAL statement_timeout = 0")
        raw.execute("SET LOCAL session_replication_role = replica")  # the keys of other tables are right as made
        for table, columns, rows in _tables(shape, known):
            tell(f"{count:,} 户:{table}")
            with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    store = Store(database)
    with store.begin() as work:
        tokens, ids = _some(work, known, first)
    with store.read() as work:
        tree = work.tree.load(LEVELS, DAY)
    county = County("样例县", "c", "河南省", LEVELS)
    with psycopg.connect(f"{url.rpartition('/')[0]}/{name}", autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what autovacuum would do by and by
    codes = [_code_of(n) for n in known]
    return Filled(store, codes, tokens, [f"wm{n}" for n in known], ids, shape, Context(NOW, county, tree, ""))


def _code_of(n: int) -> str:
    return f"{n // PER_GRID:06d}-{n % PER_GRID:04d}"


def _tables(shape: Shape, known: list[int]) -> Iterator[tuple[str, str, Iterable[Row]]]:
    """Yield each table with its rows; what nobody will ask for is random bytes of the right length."""
    cipher, exact = FieldCipher.current(), frozenset(known)
    count, first = shape.count, shape.home
    sealed = cipher.seal("样例自然村3组12号".encode())
    key = cipher.seal(b"k" * 32)
    yield "node", "id, code, name, level, parent_id, origin", _nodes(shape)
    yield "tally", "node_id, day, template, metric, own, own_said, below, below_said", _tallies(shape)
    yield (
        "subject", "id, key_id, household_id, profile, name_index, made_at",
        ((n + 1, f"{n:032x}", first + n, sealed, secrets.token_hex(16), NOW) for n in range(count)),
    )  # fmt: skip
    yield (
        "declaration", "id, sheet_id, row, subject_id, node_id, day, said_by, journey, state, made_at, arrived_at",
        ((n + 1, n + 1, "p1", n + 1, shape.grid + n // PER_GRID, DAY, "self", sealed, "live", NOW, NOW)
         for n in range(count)),
    )  # fmt: skip
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


def _nodes(shape: Shape) -> Iterator[Row]:
    yield 1, "c", "样例县", "county", None, "hierarchy"
    for n in range(shape.townships):
        yield 2 + n, f"t{n}", f"样例第{n}镇", "township", 1, "hierarchy"
    for n in range(shape.villages):
        yield shape.village + n, f"v{n}", f"样例第{n}村", "village", 2 + n // VILLAGES, "hierarchy"
    for n in range(shape.grids):
        yield shape.grid + n, f"{n:06d}", f"第{n}网格", "grid", shape.village + n // GRIDS, "hierarchy"
    for n in range(shape.count):
        yield (
            shape.home + n, _code_of(n), f"{n % PER_GRID:04d}户", "household", shape.grid + n // PER_GRID, "hierarchy"
        )  # fmt: skip


def _tallies(shape: Shape) -> Iterator[Row]:
    """Yield the counters of four weeks at every node, as if everybody declared every day and one in twenty coughed."""
    for back in range(28):
        day = DAY - timedelta(days=back)
        for node in range(1, shape.home):
            grid = node >= shape.grid
            people = PER_GRID if grid else PER_GRID * GRIDS
            for metric in METRICS:
                count = people if metric == declared_counts.PEOPLE else people // 20
                own, below = (count, 0) if grid else (0, count)
                yield node, day, declared_counts.DECLARATION, metric, own, own and 1, below, below and 1


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
