"""How one table ages: when its rows are old, and what is done to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select, tuple_, update

from handlers.domain.privacy import Personal

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of an ageing: aware UTC, and the county's day."""

    now: datetime
    zone: ZoneInfo

    def before(self, column: Column[Any], after: timedelta = timedelta()) -> datetime:
        """Return the moment before which what *column* says is old; *after*: its span begins so much later."""
        return self.now - span(column) - after

    def day_before(self, column: Column[Any]) -> Any:
        """Return the first day on which what *column* says is not old yet."""
        return (self.now - span(column)).astimezone(self.zone).date()


def span(column: Column[Any]) -> timedelta:
    """Return how long a personal column is kept."""
    about = column.info["about"]
    assert isinstance(about, Personal)
    return about.retain_after


@dataclass(frozen=True, slots=True)
class Rule:
    """What one table's columns age by. `values` None: the row goes; else what takes the place of what was there."""

    table: Table
    columns: tuple[str, ...]
    old: Callable[[Moment], ColumnElement[bool]]
    values: Callable[[Table], dict[str, Any]] | None = None

    def apply(self, connection: Connection, moment: Moment) -> int:
        """Destroy what is old, at most `AT_ONCE` rows; returns how many."""
        keys = list(self.table.primary_key.columns)
        chosen = select(*keys).where(self.old(moment)).limit(AT_ONCE)
        rows = connection.execute(chosen).all()
        if not rows:
            return 0
        if len(keys) == 1:
            these: ColumnElement[bool] = keys[0].in_([row[0] for row in rows])
        else:
            these = tuple_(*keys).in_([tuple(row) for row in rows])
        if self.values is None:
            return connection.execute(delete(self.table).where(these)).rowcount
        return connection.execute(update(self.table).where(these).values(**self.values(self.table))).rowcount


def nothing(*names: str, **others: Any) -> Callable[[Table], dict[str, Any]]:
    """Return what empties these columns, and sets *others*."""
    return lambda _table: {**dict.fromkeys(names), **others}
