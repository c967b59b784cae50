"""A backup brought back: whoever may have been asked since it was taken is not asked again; nothing is purged by it."""

from datetime import date, timedelta

import pytest
from rounds_rig import HOMES, at, enrol, put_down, rounds, tick
from sqlalchemy import select
from village import Village

from handlers import after_restore, ask_households
from store.models import contact_due, contact_step

DAY = date(2020, 1, 27)
NINE = 540


def restored(village: Village, since_minutes: int) -> int:
    """Bring the village back from a copy taken that long ago."""
    with village.store.begin() as work:
        return after_restore.run(work, village.ctx, village.now - timedelta(minutes=since_minutes))


@pytest.fixture
def monday(hamlet: Village) -> Village:
    """Yesterday's round was opened and is over."""
    enrol(hamlet, first=DAY - timedelta(days=3))
    at(hamlet, 9, day=DAY - timedelta(days=1))
    tick(hamlet)
    return hamlet


def test_a_round_after_the_copy_stands_as_late_and_is_not_asked(monday: Village) -> None:
    at(monday, 9, 40, DAY)
    assert restored(monday, 60) >= 1
    assert rounds(monday)["2020-01-27", NINE] == "open"
    today = [row for row in put_down(monday) if row[0] == "2020-01-27"]
    assert today == [("2020-01-27", NINE, "late", True)] * len(HOMES)
    tick(monday)
    with monday.store.read() as work:
        assert not ask_households.due(work, monday.ctx)
    assert [row for row in put_down(monday) if row[0] == "2020-01-27"] == today
    at(monday, 9, day=DAY + timedelta(days=1))
    tick(monday)
    assert [row[1:3] for row in put_down(monday) if row[0] == "2020-01-28"] == [(NINE, "open")] * len(HOMES)


def test_a_round_before_the_copy_goes_on(monday: Village) -> None:
    at(monday, 9, 0, DAY)
    tick(monday)
    at(monday, 9, 12, DAY)
    was = [row[2] for row in put_down(monday) if row[0] == "2020-01-27"]
    assert was == ["open"] * len(HOMES)
    restored(monday, 3)
    with monday.database.read() as connection:
        c = contact_due.c
        rows = connection.execute(select(c.state, c.due_at, c.id).where(c.day == DAY)).all()
        noted = {
            row.contact_id for row in connection.execute(select(contact_step).where(contact_step.c.why == "restored"))
        }
    for row in rows:
        passed = row.state == "late"  # its moment has passed: it may have been asked
        assert passed == (row.id in noted)
        assert passed or row.due_at > monday.now
    assert {row.state for row in rows} == {"late", "open"}


def test_a_copy_of_the_same_minute_changes_nothing(monday: Village) -> None:
    at(monday, 8, 30, DAY)
    restored(monday, 1)
    assert not [row for row in put_down(monday) if row[0] == "2020-01-27"]
    at(monday, 9, 0, DAY)
    tick(monday)
    assert [row[1:3] for row in put_down(monday) if row[0] == "2020-01-27"] == [(NINE, "open")] * len(HOMES)
