"""Statements made once, and run straight on the driver: for those that a message of every day needs.

What SQLAlchemy does around a statement (building it, its cache key, its context, its result) costs ten times what the
database does for a small one, and one answer of a household takes some twenty-five. Here a statement is compiled for
each database at its first use; the columns' own types turn values into what the driver wants, and back.
"""

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, String, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from store import driver
from store.columns import UtcDateTime

Process = Callable[[Any], Any]


class Prepared:
    """One statement, or one for each database by its name. It holds no `in_()` of values (`among` is for that).

    *sets*: the columns that an insert or update writes, each from the value of its name. Other values are those of the
    statement's `bindparam`s.
    """

    def __init__(self, statement: Any, sets: Collection[str] | None = None) -> None:
        self._statement, self._sets = statement, None if sets is None else list(sets)
        self._made: dict[str, _Made] = {}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Return the rows; each knows its values by the names of the columns."""
        made = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.text, made.values(values))
            return [made.row(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def first(self, connection: Connection, **values: Any) -> Any:
        """Return the first row, None when there is none."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """Return the first value of the first row, None when there is none."""
        rows = self.all(connection, **values)
        return rows[0][0] if rows else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Run what returns no rows; returns how many rows it changed."""
        made = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.text, made.values(values))
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run what returns no rows once for each of *rows*."""
        if not rows:
            return
        made = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            if len(rows) == 1:
                cursor.execute(made.text, made.values(rows[0]))
            else:
                cursor.executemany(made.text, [made.values(row) for row in rows])
        finally:
            cursor.close()

    def _for(self, dialect: Dialect) -> "_Made":
        made = self._made.get(dialect.name)
        if made is None:
            named = self._statement
            statement = named[dialect.name] if isinstance(named, Mapping) else named
            made = self._made[dialect.name] = _compiled(statement, self._sets, dialect)
        return made


class _Place(NamedTuple):
    """Where a value goes: given under a name and turned by a way, or (no name) standing in the statement itself."""

    key: str
    name: str | None
    way: Process | None
    fixed: Any = None


class _Made:
    """A statement in the words of one database, with what turns values and rows into the other side's."""

    __slots__ = ("_by_name", "_make", "_names", "_outs", "_places", "text")

    def __init__(
        self, text: str, places: Sequence[_Place], outs: Sequence[tuple[int, Process]], make: Process, *, by_name: bool
    ) -> None:
        self.text, self._places, self._outs, self._make, self._by_name = text, places, outs, make, by_name
        self._names = {place.name for place in places if place.name is not None}

    def values(self, given: Mapping[str, Any]) -> Any:
        """Return what the driver wants; ValueError when a value is missing, or there is one too many."""
        if given.keys() != self._names:
            raise ValueError(f"values of {sorted(self._names)} are wanted")
        ready = [
            fixed if name is None else given[name] if way is None else way(given[name])
            for _, name, way, fixed in self._places
        ]
        return dict(zip((key for key, _, _, _ in self._places), ready, strict=True)) if self._by_name else ready

    def row(self, came: Sequence[Any]) -> Any:
        """Return a row of the driver's as ours."""
        if not self._outs:
            return self._make(came)
        row = list(came)
        for at, way in self._outs:
            if row[at] is not None:
                row[at] = way(row[at])
        return self._make(row)


def _compiled(statement: Any, sets: Sequence[str] | None, dialect: Dialect) -> _Made:
    columns = list(statement.exported_columns)
    if statement.is_insert and not columns:
        statement = statement.inline()  # nobody asks for the new row's number
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=sets)
    unsaid = [column.name for column in (*compiled.insert_prefetch, *compiled.update_prefetch)]
    if unsaid:
        raise ValueError(f"values that nobody gives: {unsaid}")
    places = {name: _place(name, bind, dialect) for bind, name in compiled.bind_names.items()}
    order = compiled.positiontup if compiled.positional else None
    outs = ((at, _way_out(column.type, dialect)) for at, column in enumerate(columns))
    shape = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    return _Made(
        str(compiled), [places[name] for name in order or places], [(at, way) for at, way in outs if way is not None],
        shape._make, by_name=order is None,
    )  # fmt: skip


def _place(name: str, bind: BindParameter[Any], dialect: Dialect) -> _Place:
    way = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if not bind.required:
        return _Place(name, None, None, bind.effective_value if way is None else way(bind.effective_value))
    return _Place(name, name, _remembered(bind.type, way))


def _way_out(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return _remembered(kind, kind.dialect_impl(dialect).result_processor(dialect, None))


def _remembered(kind: TypeEngine[Any], way: Process | None) -> Process | None:
    """The rows of a message, and those of its neighbours, share their moments."""
    return lru_cache(maxsize=256)(way) if way is not None and isinstance(kind, UtcDateTime) else way


# -- lists -------------------------------------------------------------------------------------------------------------


class among(ColumnElement[bool]):
    """Whether a column is one of the values named *name*: the same statement however many there are."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column, self.many = column, bindparam(name, type_=_Many(column.type))
        self.type = column.type


class _Many(TypeDecorator[Any]):
    """A list of values of one type, as JSON or as an array."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        array = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(self.item) if array else String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else driver.as_json(value)


@compiles(among)
def _among_sqlite(one: among, compiler: SQLCompiler, **how: Any) -> str:
    column, many = compiler.process(one.column, **how), compiler.process(one.many, **how)
    return f"{column} IN (SELECT value FROM json_each({many}))"  # noqa: S608


@compiles(among, "postgresql")
def _among_postgresql(one: among, compiler: SQLCompiler, **how: Any) -> str:
    return f"{compiler.process(one.column, **how)} = ANY({compiler.process(one.many, **how)})"
