"""Durable acceptance: whole batches, once each, and back on its feet after the database refused."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from store.accept import Acceptor
from store.inbox import AT_ONCE, InboxWriter, row
from store.models.inbox import inbox
from store.spool import Spool

NOW = datetime(2026, 2, 8, 8, 0, 0, tzinfo=UTC)


def rows(count, start=0):
    return [
        row(f"k{n}", "wecom_app", "text", "yt_a", None, f"<xml>{n}</xml>".encode(), NOW, NOW)
        for n in range(start, start + count)
    ]


def keys(database):
    with database.read() as connection:
        return set(connection.scalars(select(inbox.c.key)))


@pytest.fixture
def writer(database):
    made = InboxWriter(database)
    yield made
    made.close()


@pytest.mark.parametrize("count", [1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 5])
def test_a_batch_of_any_size_is_committed(database, writer, count):
    writer.write(rows(count))
    assert len(keys(database)) == count


def test_what_is_there_already_changes_nothing(database, writer):
    writer.write(rows(3))
    writer.write(rows(5))
    writer.write([*rows(1, start=9), *rows(1, start=9)])
    assert keys(database) == {"k0", "k1", "k2", "k3", "k4", "k9"}


def test_it_is_kept_as_everybody_else_reads_it(database, writer):
    writer.write(rows(1))
    with database.read() as connection:
        kept = connection.execute(select(inbox)).one()
    assert (kept.body, kept.sent_at, kept.received_at, kept.due_at) == ("<xml>0</xml>", NOW, NOW, NOW)
    assert (kept.state, kept.attempts, kept.destroyed) == ("new", 0, False)


def test_a_refused_batch_leaves_nothing_and_the_next_goes_in(database, writer):
    writer.write(rows(1))
    bad = rows(2, start=1)[1]._replace(channel=None)
    with pytest.raises(Exception, match=r"(?i)null"):
        writer.write([*rows(1, start=1), bad])
    assert keys(database) == {"k0"}
    writer.write(rows(1, start=2))
    assert keys(database) == {"k0", "k2"}


def test_writers_of_one_process_take_turns(database, writer):
    """A long transaction of somebody else holds a batch up and does not refuse it."""
    with database.begin() as connection:
        connection.execute(select(func.count()).select_from(inbox))
        waits = threading.Thread(target=writer.write, args=(rows(2),))
        waits.start()
        waits.join(0.1)
        held_up = waits.is_alive()
    waits.join(5)
    assert keys(database) == {"k0", "k1"}
    assert held_up or not database.sqlite


def test_answers_come_once_and_after_the_commit(database, tmp_path):
    acceptor, answers, all_in = Acceptor(database, Spool(tmp_path)), [], threading.Event()

    def wake(tokens, durable):
        there = keys(database)
        answers.extend((token, durable, token in there) for token in tokens)
        if len(answers) == 300:
            all_in.set()

    for made in rows(300):
        acceptor.offer(made, made.key, wake)
    assert all_in.wait(10)
    acceptor.stop()
    assert sorted(answers) == sorted((f"k{n}", True, True) for n in range(300))


def test_a_refused_batch_goes_to_the_spool_and_the_next_to_the_database(database, tmp_path):
    spool = Spool(tmp_path)
    acceptor, answered = Acceptor(database, spool), threading.Semaphore(0)

    def offer(made):
        acceptor.offer(made, made.key, lambda tokens, durable: durable and answered.release())
        assert answered.acquire(timeout=10)

    offer(rows(1)[0])
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_away")
    offer(rows(1, start=1)[0])
    assert spool.size() > 0
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox_away RENAME TO inbox")
    offer(rows(1, start=2)[0])
    acceptor.stop()
    assert keys(database) == {"k0", "k2"}
