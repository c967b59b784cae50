"""A read sees one state, writes nothing, and what it asks is prepared once."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import InternalError

from store.engine import Database
from store.models import heartbeat

AT = datetime(2026, 2, 8, 1, tzinfo=UTC)


def count(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(heartbeat)).all())


def write_while_reading(database: Database) -> None:
    with database.read() as connection:
        connection.execute(insert(heartbeat).values(process="x", beat_at=AT))


def fail_while_reading(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
        raise RuntimeError("the reader's own")


def test_what_a_read_writes_is_not_kept(database: Database) -> None:
    with nullcontext() if database.sqlite else pytest.raises(InternalError):  # PostgreSQL refuses it outright
        write_while_reading(database)
    assert count(database) == 0


def test_an_error_in_a_read_leaves_the_connection_good(database: Database) -> None:
    with pytest.raises(RuntimeError):
        fail_while_reading(database)
    assert count(database) == 0


@pytest.mark.postgresql
def test_what_is_asked_often_is_planned_once(database: Database) -> None:
    if database.sqlite:
        pytest.skip("SQLite keeps statements by itself")
    for _ in range(12):
        assert count(database) == 0
    with database.read() as connection:
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert [one for one in kept if "FROM heartbeat" in one]
