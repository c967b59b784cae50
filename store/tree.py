"""The tree in the database: loaded whole for a day, and changed by importing a hierarchy or a roster.

Ids are for ever: a node is known again by its code, else by a former code; its old name and code stay as aliases; a
node that is gone gets `valid_to` and is never deleted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, or_, select, text, update

from handlers.domain.county import Level
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import NodeIn, Row, Tree
from store.models import hierarchy_version, node, node_alias
from store.tree_diff import Difference, Known, difference

_INSERTED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many nodes an import made, changed and closed."""

    new: int
    changed: int
    closed: int


def valid_on(table: Any, day: date) -> ColumnElement[bool]:
    """Return the condition that a dated row holds on *day*."""
    since = or_(table.c.valid_from.is_(None), table.c.valid_from <= day)
    return since & or_(table.c.valid_to.is_(None), table.c.valid_to > day)


class TreeRepo:
    """Reads and writes nodes within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, day: date) -> Sequence[Row]:
        """Return the nodes of the day as plain rows, in no order."""
        c = node.c
        chosen = select(c.id, c.code, c.name, c.level, c.parent_id, c.branch).where(valid_on(node, day))
        return self._fetch(chosen)

    def load(self, levels: Sequence[Level], day: date) -> Tree:
        """Return the tree of the day; BadSetting when nothing was imported yet."""
        rows = self.rows(day)
        if not rows:
            raise BadSetting("层级还没有导入:请先运行 geying import-hierarchy")
        return Tree.of_rows(rows, levels, self._aliases())

    def version(self) -> str | None:
        """Return the sha256 of the hierarchy imported last, None when there was none."""
        latest = select(hierarchy_version.c.sha256).order_by(hierarchy_version.c.id.desc()).limit(1)
        return self._connection.execute(latest).scalar_one_or_none()

    def import_nodes(self, rows: Iterable[NodeIn], today: date, *, now: datetime, sha256: str) -> Imported:
        """Make the county what the rows say, from today on, and note the version; rows added by rosters stay."""
        self._lock()
        first = self._connection.execute(select(func.count()).select_from(node)).scalar_one() == 0
        found = self._difference(rows, "hierarchy")
        # what the first import states was so before it: reports of earlier days find their nodes
        self._apply(found, None if first else today, today)
        done = Imported(len(found.new), len(found.changed), len(found.closed))
        if self.version() != sha256:
            row = {"sha256": sha256, "imported_at": now, "summary": asdict(done)}
            self._connection.execute(insert(hierarchy_version).values(row))
        return done

    def add_nodes(self, rows: Iterable[NodeIn], today: date) -> int:
        """Add the nodes that a roster asks for, beside those of the hierarchy; return how many were new."""
        stated = tuple(rows)
        if not stated:
            return 0
        self._lock()
        found = self._difference(stated, "roster")
        self._apply(found, today, today)
        return len(found.new)

    def drift(self, rows: Iterable[NodeIn]) -> tuple[str, ...]:
        """Return what importing the rows would change, one Chinese line each; () when nothing."""
        return self._difference(rows, "hierarchy").lines()

    def ids_of(self, codes: Iterable[str]) -> Mapping[str, int]:
        """Return the ids of the nodes of these codes that are open-ended; absent codes are left out."""
        wanted = sorted(set(codes))
        found: dict[str, int] = {}
        for start in range(0, len(wanted), 500):
            chosen = select(node.c.code, node.c.id).where(
                node.c.code.in_(wanted[start : start + 500]), node.c.valid_to.is_(None)
            )
            found.update((code, node_id) for code, node_id in self._connection.execute(chosen))
        return found

    # -- inside ------------------------------------------------------------------------------------------------------

    def _fetch(self, chosen: Select[Any]) -> Sequence[Any]:
        """Return the driver's own tuples: wrapping 100,000 rows would cost half as much again as fetching them."""
        with self._connection.execute(chosen) as result:
            return () if result.cursor is None else result.cursor.fetchall()

    def _lock(self) -> None:
        if self._connection.dialect.name == "postgresql":  # SQLite's write transaction is a lock already
            self._connection.execute(text("LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE"))

    def _aliases(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        chosen = select(node_alias.c.node_id, node_alias.c.alias).order_by(node_alias.c.id)
        for node_id, alias in self._connection.execute(chosen):
            found[node_id] = (*found.get(node_id, ()), alias)
        return found

    def _difference(self, rows: Iterable[NodeIn], origin: str) -> Difference:
        c = node.c
        chosen = select(c.id, c.code, c.name, c.level, c.parent_id, c.branch, c.origin, c.valid_to).order_by(c.id)
        known = [Known(*row) for row in self._fetch(chosen)]
        return difference(rows, known, self._aliases(), origin)

    def _apply(self, found: Difference, since: date | None, today: date) -> None:
        run: Callable[..., Any] = self._connection.execute
        rows = [
            {"id": n.id, "code": n.code, "name": n.name, "level": n.level, "parent_id": n.parent_id,
             "branch": n.branch, "origin": n.origin, "valid_from": since}
            for n in found.new
        ]  # fmt: skip
        for start in range(0, len(rows), _INSERTED_AT_ONCE):
            run(insert(node), rows[start : start + _INSERTED_AT_ONCE])
        at = update(node).where(node.c.id == bindparam("at"))
        if found.changed:
            fields = ("code", "name", "level", "parent_id", "branch", "origin")
            values = [
                {"at": n.id, **{f"to_{field}": getattr(n, field) for field in fields}, "open": None}
                for n in found.changed
            ]
            run(
                at.values({field: bindparam(f"to_{field}") for field in fields} | {"valid_to": bindparam("open")}),
                values,
            )
        if found.closed:
            run(at.values(valid_to=bindparam("day")), [{"at": n.id, "day": today} for n in found.closed])
        if found.aliases:
            run(insert(node_alias), [{"node_id": node_id, "alias": alias} for node_id, alias in found.aliases])
