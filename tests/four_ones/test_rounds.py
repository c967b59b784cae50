"""Rounds: each (household, day, slot) once, or marked late; whoever ticks, however late, whatever the clock does."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from rounds_rig import ELDERS, FOUR, HOMES, ISOLATION, PLANNED, at, enrol, live, put_down, rounds, tick
from sqlalchemy import select
from village import Village

from handlers import open_rounds
from handlers.domain.four_ones import SPOTS, ContactState, One, Round, RoundState, rounds_due, spot
from store.models import contact_due

pytestmark = pytest.mark.long

DAY = date(2020, 1, 27)
ZONE = ZoneInfo("Asia/Shanghai")
NINE, FOUR_PM = 540, 960


def moment(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


# -- the decision ------------------------------------------------------------------------------------------------------


def due(kept: list[Round], hour: int, minute: int = 0, day: date = DAY) -> list[tuple[int, int, bool, bool]]:
    found = rounds_due(FOUR, kept, moment(hour, minute, day), ZONE)
    return [((one.day - DAY).days, one.slot, one.ask, one.late) for one in found]


def kept(*rows: tuple[int, int, RoundState]) -> list[Round]:
    return [Round(DAY + timedelta(days=days), slot, state) for days, slot, state in rows]


OPEN, MISSED = RoundState.OPEN, RoundState.MISSED


def test_a_round_is_due_from_its_hour_on_and_once() -> None:
    assert due([], 8, 59) == []
    assert due([], 9) == [(0, NINE, True, False)]
    assert due([], 10, 1) == [(0, NINE, True, True)]
    assert due([], 16) == [(0, FOUR_PM, True, False)]  # the first start: the morning was nobody's
    assert due(kept((0, NINE, OPEN)), 15) == []


def test_what_was_missed_is_put_down_as_late_and_not_asked() -> None:
    yesterday = kept((-1, NINE, OPEN))
    assert due(yesterday, 8) == [(-1, FOUR_PM, False, True)]
    assert due(yesterday, 12) == [(-1, FOUR_PM, False, True), (0, NINE, True, True)]
    assert due(kept((-1, NINE, OPEN), (-1, FOUR_PM, MISSED)), 8) == []


def test_in_the_evening_nobody_is_asked() -> None:
    assert due(kept((0, NINE, OPEN)), 20, 59) == [(0, FOUR_PM, True, True)]
    assert due(kept((0, NINE, OPEN)), 21) == [(0, FOUR_PM, False, True)]


def test_after_a_long_time_away_a_week_is_put_down() -> None:
    found = due(kept((-400, NINE, OPEN)), 10)
    assert (found[0][0], found[-1]) == (-7, (0, NINE, True, False))
    assert len(found) == 15


def test_a_clock_that_ran_ahead_calls_nothing_missed_for_good() -> None:
    ahead = kept((0, NINE, OPEN), (0, FOUR_PM, MISSED), (1, NINE, OPEN))
    assert due(ahead, 16, 5) == [(0, FOUR_PM, True, False)]
    assert due(ahead, 9, 30, DAY + timedelta(days=1)) == []


def test_every_household_has_its_own_moment_and_they_are_spread_evenly() -> None:
    counted = Counter(spot(n) * 20 // SPOTS for n in range(1, 100_001))
    assert max(counted.values()) <= 1.02 * min(counted.values())


# -- the store ---------------------------------------------------------------------------------------------------------


def test_once_a_day_in_peace_each_at_its_own_moment(village: Village) -> None:
    enrol(village)
    at(village, 8, 59)
    assert tick(village) == 0
    at(village, 9)
    assert tick(village) == len(HOMES)
    live(village, moment(8, 0, DAY + timedelta(days=1)))
    assert put_down(village) == [("2020-01-27", NINE, "open", False)] * len(HOMES)
    with village.database.read() as connection:
        c = contact_due.c
        found = {row[0]: row[1] for row in connection.execute(select(c.household_id, c.due_at))}
    spread = FOUR.spread.total_seconds()
    for household_id, due_at in found.items():
        assert due_at == moment(9) + timedelta(seconds=spot(household_id) * int(spread) // SPOTS)
    assert len(set(found.values())) == len(HOMES)


def test_twice_only_where_war_is_declared(village: Village) -> None:
    enrol(village)
    at(village, 8)
    with village.store.begin() as work:
        work.modes.start(village.node("v1"), 1, "样防2号", village.now, village.now + timedelta(days=3))
    live(village, moment(20))
    counted = Counter((day, slot) for day, slot, _, _ in put_down(village))
    assert counted == {("2020-01-27", NINE): 5, ("2020-01-27", FOUR_PM): 4}  # not the other village
    with village.store.begin() as work:
        work.modes.start(village.node("c"), 1, "样防3号", village.now, village.now + timedelta(days=3))
    live(village, moment(20, 0, DAY + timedelta(days=1)))
    counted = Counter((day, slot) for day, slot, _, _ in put_down(village))
    assert counted["2020-01-28", FOUR_PM] == 5


def test_several_plans_of_a_household_are_one_contact(village: Village) -> None:
    enrol(village)
    enrol(village, HOMES[:2], "elders")
    at(village, 9)
    tick(village)
    with village.store.read() as work:
        found = work.contacts.of_households([village.node(code) for code in HOMES], DAY)
    kinds = {one.household_id: one.kinds for one in found}
    assert len(found) == len(HOMES)
    assert kinds[village.node(HOMES[0])] == One.MESSAGE | One.CALL | One.NEEDS
    assert kinds[village.node(HOMES[4])] == One.MESSAGE


def test_whoever_said_nothing_is_wrong_for_days_is_asked_no_more(village: Village) -> None:
    enrol(village, HOMES[:2])
    enrol(village, HOMES[:1], "elders")
    with village.store.begin() as work:
        for code in HOMES[:2]:
            home = village.node(code)
            work.contacts.put_quiet(home, "isolation", normal_days=3, day=DAY, exception_only=True)
    at(village, 9)
    tick(village)
    with village.store.read() as work:
        (only,) = work.contacts.of_households([village.node(code) for code in HOMES], DAY)
    assert only.kinds == One.CALL | One.NEEDS


def test_from_which_day_and_to_which(village: Village) -> None:
    enrol(village, HOMES[:1], first=DAY + timedelta(days=1))
    enrol(village, HOMES[1:2])
    live(village, moment(12))
    with village.store.begin() as work:
        assert work.contacts.release(village.node(HOMES[1]), "isolation", DAY)
        assert not work.contacts.release(village.node(HOMES[1]), "isolation", DAY)
    live(village, moment(12, 0, DAY + timedelta(days=1)))
    assert put_down(village) == [("2020-01-27", NINE, "dropped", False), ("2020-01-28", NINE, "open", False)]


def test_three_hours_late_is_asked_and_marked(village: Village) -> None:
    enrol(village)
    at(village, 12)
    tick(village)
    assert put_down(village) == [("2020-01-27", NINE, "open", True)] * 5
    with village.database.read() as connection:
        assert connection.scalar(select(contact_due.c.due_at).order_by(contact_due.c.due_at)) >= moment(12)


def test_a_day_without_ticks_is_put_down_as_late(village: Village) -> None:
    village.county = replace(PLANNED, four_ones=replace(FOUR, plans=(replace(ISOLATION, peace=(time(9, 0),)), ELDERS)))
    enrol(village, HOMES[:1])
    live(village, moment(9, 10))
    village.forward(days=3)
    tick(village)
    assert put_down(village) == [
        ("2020-01-27", NINE, "open", False),
        ("2020-01-28", NINE, "late", True),
        ("2020-01-29", NINE, "late", True),
        ("2020-01-30", NINE, "open", False),
    ]


def test_four_at_once_put_everybody_down_once(village: Village) -> None:
    enrol(village)
    at(village, 9)
    gate, faults = threading.Barrier(4), []

    def scheduler() -> None:
        try:
            gate.wait()
            for _ in range(3):
                with village.store.begin() as work:
                    open_rounds.run(work, village.ctx)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(put_down(village)) == len(HOMES)


def test_four_at_once_claim_each_contact_once(village: Village) -> None:
    enrol(village)
    at(village, 9)
    tick(village)
    at(village, 9, 30)
    gate, claimed = threading.Barrier(4), []

    def scheduler() -> None:
        gate.wait()
        for _ in range(3):
            with village.store.begin() as work:
                mine = work.contacts.claim(village.now, 2)
                work.contacts.move((one.id for one in mine), {ContactState.OPEN}, ContactState.ASKED, None)
                claimed.extend(one.id for one in mine)

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == len(HOMES)


@pytest.mark.parametrize("days", [1, -1, 400, -400])
def test_a_jump_of_the_clock_misses_nobody_and_doubles_nobody(hamlet: Village, days: int) -> None:
    """The clock is wrong for an hour in the forenoon and comes back; three days are lived."""
    enrol(hamlet, HOMES[:3], first=DAY - timedelta(days=1000))
    with hamlet.store.begin() as work:
        work.modes.start(
            hamlet.node("c"), 1, "样防2号", moment(0, 0, DAY - timedelta(days=900)), moment(0, 0, date(2030, 1, 1))
        )
    live(hamlet, moment(10))
    hamlet.forward(days=days)
    live(hamlet, moment(11, 0, DAY + timedelta(days=days)))
    hamlet.forward(days=-days)
    live(hamlet, moment(23, 0, DAY + timedelta(days=2)))
    lived = {(DAY + timedelta(days=n)).isoformat() for n in range(3)}
    asked = Counter((day, slot) for day, slot, state, _ in put_down(hamlet) if state == "open" and day in lived)
    assert asked == {(day, slot): 3 for day in lived for slot in (NINE, FOUR_PM)}
    every = Counter((day, slot) for day, slot, _, _ in put_down(hamlet))
    assert set(every.values()) == {3}


def killed(village: Village) -> None:
    """A tick that dies before its commit."""
    with village.store.begin() as work:
        open_rounds.run(work, village.ctx)
        raise KeyboardInterrupt


def test_a_large_round_is_put_down_in_pieces_and_goes_on_after_a_kill(hamlet: Village, monkeypatch) -> None:
    monkeypatch.setattr("store.rounds.AT_ONCE", 2)
    enrol(hamlet)
    at(hamlet, 9)
    with hamlet.store.begin() as work:
        assert open_rounds.run(work, hamlet.ctx) == 2
    with pytest.raises(KeyboardInterrupt):
        killed(hamlet)
    assert len(put_down(hamlet)) == 2
    assert rounds(hamlet) == {("2020-01-27", NINE): "opening"}
    tick(hamlet)
    assert len(put_down(hamlet)) == 5
    assert rounds(hamlet) == {("2020-01-27", NINE): "open"}
