"""Straight to the driver, for the few statements that run once a message: SQLAlchemy's parameter processing costs
several times the statement itself. One text for both databases: `?` is a value, `[?]` a list of values."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

_JSON = json.JSONEncoder()  # json.dumps would look its settings over each time


class Sql(NamedTuple):
    """One statement, as each driver wants it."""

    sqlite: str
    postgresql: str


def sql(text: str) -> Sql:
    """Return *text* for both drivers.

    >>> sql("SELECT a FROM t WHERE b = ? AND c IN ([?])").postgresql
    'SELECT a FROM t WHERE b = %s AND c = ANY(%s)'
    """
    return Sql(
        text.replace("[?]", "SELECT value FROM json_each(?)"),
        text.replace("IN ([?])", "= ANY(%s)").replace("?", "%s"),
    )


def is_sqlite(connection: Connection) -> bool:
    """Return whether the database is SQLite."""
    return connection.dialect.name == "sqlite"


def rows(connection: Connection, statement: Sql, *values: Any) -> list[Any]:
    """Run *statement* once and return its rows as the driver gives them."""
    cursor = connection.connection.cursor()
    try:
        if is_sqlite(connection):
            cursor.execute(statement.sqlite, [_for_sqlite(value) for value in values])
        else:
            cursor.execute(statement.postgresql, [_for_postgresql(value) for value in values])
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


def many(connection: Connection, statement: Sql, values: Sequence[Sequence[Any]]) -> None:
    """Run *statement* once for each row of values; the rows hold no lists."""
    if not values:
        return
    cursor = connection.connection.cursor()
    try:
        if is_sqlite(connection):
            cursor.executemany(statement.sqlite, values)
        else:
            cursor.executemany(statement.postgresql, values)
    finally:
        cursor.close()


def moment(connection: Connection, value: datetime | None) -> Any:
    """Return *value* as the driver wants it in a row of `many`; ValueError when it has no zone."""
    if value is not None and value.tzinfo is None:
        raise ValueError("a datetime without a zone")
    return _for_sqlite(value) if is_sqlite(connection) else value


def read_moment(value: Any) -> datetime:
    """Return a datetime as it came from the driver, aware UTC."""
    return _read_text(value) if isinstance(value, str) else _aware(value)


@lru_cache(maxsize=256)
def _read_text(value: str) -> datetime:
    """SQLite keeps text, and the rows of a batch share their moments."""
    return _aware(datetime.fromisoformat(value))


def _aware(found: datetime) -> datetime:
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):  # the form SQLAlchemy's own DateTime reads back
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, list | set | tuple):
        return as_json(value)
    return value


def as_json(values: Iterable[Any]) -> str:
    """Return a list of values as SQLite's `json_each` reads it."""
    return _JSON.encode(list(values))


def _for_postgresql(value: Any) -> Any:
    return list(value) if isinstance(value, set | tuple) else value
