"""Visible numbers (D-17): one after the other, never twice, whoever draws them."""

from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.dialects import postgresql, sqlite

from store.models import sequence

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def next_value(connection: Connection, name: str) -> int:
    """Return the next number, from 1; drawn in the caller's transaction, so that a rollback gives it back."""
    draw = update(sequence).where(sequence.c.name == name).values(value=sequence.c.value + 1)
    drawn = connection.execute(draw.returning(sequence.c.value)).scalar_one_or_none()
    if drawn is None:
        first = _INSERT[connection.dialect.name](sequence).values(name=name, value=0)
        connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
        drawn = connection.execute(draw.returning(sequence.c.value)).scalar_one()
    return int(drawn)
