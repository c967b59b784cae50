"""A backlog that came in shuffled is worked off in the order it was said, and never holds itself up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from store.engine import Database
from store.inbox import insert_new, row
from store.messages import InboxRepo

NOW = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)
PEOPLE, EACH = 30, 20


def test_a_shuffled_backlog_larger_than_the_window(database: Database) -> None:
    said = [(f"u{person}", number) for person in range(PEOPLE) for number in range(EACH)]
    random.Random(7).shuffle(said)
    rows = [
        row(f"{who}-{n}", "wecom", "text", who, None, b"<xml/>", NOW + timedelta(seconds=n), NOW) for who, n in said
    ]
    with database.begin() as connection:
        insert_new(connection, rows)
    handled: list[tuple[str, int]] = []
    with database.begin() as connection:
        repo = InboxRepo(connection)
        while due := repo.due(NOW + timedelta(minutes=1), limit=40):
            before = len(handled)
            for inbox_id in due:
                if kept := repo.take(inbox_id):
                    who, _, number = kept.key.partition("-")
                    handled.append((who, int(number)))
            assert len(handled) > before, "everything in the window waits for something outside it"
    assert len(handled) == PEOPLE * EACH
    for person in range(PEOPLE):
        assert [n for who, n in handled if who == f"u{person}"] == list(range(EACH))


def test_one_second_is_handled_in_the_order_it_came(database: Database) -> None:
    rows = [row(f"m{n}", "wecom", "text", "u1", None, b"<xml/>", NOW, NOW) for n in range(3)]
    with database.begin() as connection:
        insert_new(connection, rows)
        repo = InboxRepo(connection)
        first, second, third = repo.due(NOW)
        assert repo.take(third) is None
        assert repo.take(first)
        assert repo.take(second)
        assert repo.take(third)
