"""Nobody at the door waits for a database that stands still; what it is to blame for is told apart from the rest; a
spoilt queue is begun anew."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from faults_rig import until
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.aside import Aside
from bot.engine import Engine
from bot.quarantine import Quarantine
from store.away import is_away
from store.engine import Database
from store.inbox import row
from store.models import metadata
from store.work import Store

NOW = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)


def test_what_is_asked_is_answered_in_time_or_done_later() -> None:
    aside, held, done = Aside("test", 2), threading.Event(), []

    def slow() -> str:
        held.wait(10)
        done.append("slow")
        return "slow"

    assert aside.ask(lambda: "quick", 5) == "quick"
    assert aside.ask(slow, 0.01) is None
    assert aside.ask(slow, 0.0) is None
    assert aside.busy
    assert aside.ask(slow, 0.0) is None
    assert aside.ask(lambda: done.append("too much"), 0.0) is None  # two wait already: not done at all
    held.set()
    until(lambda: len(done) == 3, "what waited is done", 5)
    assert done == ["slow"] * 3


def test_what_fails_answers_nothing_and_stops_nobody() -> None:
    aside = Aside("test", 2)

    def fails() -> str:
        raise RuntimeError

    assert aside.ask(fails, 5) is None
    assert aside.ask(lambda: "next", 5) == "next"


def test_stale_callbacks_hold_up_nobody_while_the_database_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "geying.db"
    database = Database(f"sqlite:///{path}")
    with database.begin() as connection:
        metadata.create_all(connection)
    quarantine = Quarantine(Store(database))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for number in range(50):
        quarantine.keep(row(f"m{number}", "wecom", "text", "u1", None, b"<xml/>", NOW, NOW), NOW)
    assert time.monotonic() - began < 1.0
    other.execute("ROLLBACK")
    other.close()

    def kept() -> bool:
        with Store(database).read() as work:
            return work.inbox.quarantined() == 50

    until(kept, "all of them are kept", 10)
    database.close()


def test_a_database_that_is_locked_is_away(tmp_path: Path) -> None:
    path = tmp_path / "geying.db"
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    other = sqlite3.connect(path, timeout=0)
    with pytest.raises(sqlite3.OperationalError) as caught:
        other.execute("CREATE TABLE t (a)")
    assert is_away(caught.value)
    other.close()
    held.close()


def test_what_was_asked_wrongly_is_not_away(database: Database) -> None:
    for wrong in ("SELECT nothing", "SELECT 1 / 'x' FROM", "INSERT INTO heartbeat VALUES (NULL, NULL)"):
        with pytest.raises(SQLAlchemyError) as caught, database.begin() as connection:
            connection.execute(text(wrong))
        assert not is_away(caught.value), wrong


def test_nobody_there_is_away() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(SQLAlchemyError) as caught, database.begin():
        pass
    assert is_away(caught.value)
    database.close()


def cut(connection: Connection, url: str) -> None:
    """Have an operator end the connection, and use it once more."""
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
    connection.exec_driver_sql("SELECT 1")


@pytest.mark.postgresql
def test_a_connection_that_is_cut_is_away(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with pytest.raises(SQLAlchemyError) as caught, database.begin() as connection:
        cut(connection, postgresql_url)
    assert is_away(caught.value)
    database.close()


def test_an_error_of_our_own_is_not_away() -> None:
    assert not is_away(ValueError("x"))


@pytest.mark.parametrize("spoilt", [b"not a database at all", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_spoilt_queue_is_begun_anew(tmp_path: Path, spoilt: bytes) -> None:
    path = tmp_path / "queue.db"
    path.write_bytes(spoilt)
    done: list[list[int]] = []

    def work(ids: Sequence[int]) -> None:
        done.append(list(ids))

    engine = Engine({"outbox": work}, path=path)
    engine.start(1)
    assert engine.enqueue("outbox", [1, 2])
    until(lambda: done == [[1, 2]], "the work is done", 10)
    engine.stop()
    engine.close()
