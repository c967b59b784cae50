"""A read sees one state, writes nothing, and what it asks is prepared once."""

from contextlib import nullcontext
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, insert, select, text
from sqlalchemy.exc import InternalError

from store.ageing import RULES
from store.ageing_rule import AT_ONCE, Moment
from store.engine import Database
from store.models import ask, contact_step, heartbeat

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


@pytest.mark.parametrize("table", [ask, contact_step])
def test_what_is_old_is_found_by_its_moment(database: Database, table: Table) -> None:
    if not database.sqlite:
        pytest.skip("an empty table is read through on PostgreSQL")
    (rule,) = [one for one in RULES if one.table is table]
    old = select(table.c.id).where(rule.old(Moment(AT, ZoneInfo("Asia/Shanghai")))).limit(AT_ONCE)
    words = str(old.compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.read() as connection:
        plan = "".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}"))
    assert f"ix_{table.name}_at" in plan
