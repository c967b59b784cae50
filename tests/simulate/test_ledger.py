"""The simulation's own books: what they call lost and doubled, and that the far side breaks by content."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulate.ledger import FOUR_PM, NINE, Ledger, slot_of

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 2, 8)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return datetime(2026, 2, 8, hour, minute, tzinfo=ZONE) + timedelta(days=days)


def told() -> Ledger:
    made = Ledger()
    made.told["h1"] = at(8, 30)
    return made


def test_a_household_is_owed_from_the_day_after_it_was_told_until_the_end() -> None:
    ledger = told()
    ledger.ended["h1"] = at(12, days=3)
    ledger.worked = [at(9, days=n).replace(tzinfo=None) for n in range(6)]
    owed = [n for n in range(6) if ledger.due("h1", DAY + timedelta(days=n), NINE)]
    assert owed == [1, 2, 3]
    ledger.worked = ledger.worked[:3]  # on the third nobody ticked until the end was told: nothing was left to ask
    assert not ledger.due("h1", DAY + timedelta(days=3), NINE)
    assert not ledger.due("h1", DAY + timedelta(days=3), FOUR_PM)
    assert not ledger.due("h2", DAY + timedelta(days=1), NINE)


def test_five_quiet_days_in_a_row_in_peace_and_not_in_war() -> None:
    ledger = told()
    for n in range(1, 6):
        ledger.quiet["h1"].answered(at(9, 30, n), True, war=False)
    assert ledger.due("h1", DAY + timedelta(days=5), NINE)
    assert not ledger.due("h1", DAY + timedelta(days=6), NINE)
    ledger.quiet["h1"].answered(at(9, 30, 7), False, war=False)  # something wrong begins it anew
    assert ledger.due("h1", DAY + timedelta(days=8), NINE)
    for n in range(1, 8):
        ledger.quiet["h3"].answered(at(9, 30, n), True, war=True)
    assert ledger.quiet["h3"].since is None


def test_what_a_worker_says_of_a_household_does_not_tell_it() -> None:
    ledger = told()
    for n in range(1, 7):
        ledger.quiet["h1"].answered(at(9, 30, n), True, war=False, told=False)
    assert ledger.due("h1", DAY + timedelta(days=7), NINE)
    ledger.quiet["h1"].answered(at(9, 40, 6), True, war=False)  # and then it spoke for itself the same day
    assert not ledger.due("h1", DAY + timedelta(days=7), NINE)


def test_a_list_that_came_twice_is_doubled() -> None:
    ledger = Ledger()
    ledger.listed["u1", DAY] += 1
    assert ledger.twice() == []
    ledger.listed["u1", DAY] += 1
    assert ledger.twice() == [("u1", DAY)]


def test_a_round_nobody_asked_is_lost_and_around_a_restore_late() -> None:
    ledger, tomorrow = told(), DAY + timedelta(days=1)
    assert ledger.close_round(["h1"], tomorrow, NINE) == ([("h1", tomorrow, NINE)], 0)
    ledger.excused.add((tomorrow, NINE))
    assert ledger.close_round(["h1"], tomorrow, NINE) == ([], 1)
    ledger.reached.add(("h1", tomorrow, NINE))
    assert ledger.close_round(["h1"], tomorrow, NINE) == ([], 0)


def test_an_asking_counts_once_a_round_also_on_the_day_they_were_told() -> None:
    ledger = told()
    ledger.asked["h1", DAY, FOUR_PM] += 1
    ledger.reached |= {("h1", DAY, FOUR_PM), ("h1", DAY + timedelta(days=1), NINE)}  # called after the message
    assert ledger.checkins() == 2
    assert ledger.untold(["h1", "h2"]) == [("h2", "not told")]


def test_what_is_seen_twice_and_what_is_missing() -> None:
    ledger = told()
    ledger.asked["h1", DAY, NINE] = 2
    ledger.cards["D-1", "wang"] = 1
    ledger.cards["D-1", "li"] = 2
    assert ledger.twice() == [("h1", DAY, NINE), ("D-1", "li")]
    ledger.owed["D-1"] = {"wang", "li", "sun"}
    ledger.pressed |= {("D-1", "wang"), ("D-1", "li")}
    ledger.receipts["D-1"] = 1
    ledger.reports["t1", DAY] = {"g1": 40, "g2": 2}
    ledger.frozen["t1", DAY], ledger.summed["t1", DAY] = [40], 41
    ledger.reports["t2", DAY] = {"g3": 7}
    ledger.summed["t2", DAY] = 7
    missing = ledger.missing()
    assert ("D-1", "sun") in missing
    assert ("D-1", "receipts", 1) in missing
    assert ("t1", DAY, "reports", 41, 42) in missing
    assert ("t2", DAY, "not frozen once", []) in missing
    ledger.frozen["t2", DAY] = [7, 7]  # said again, and nothing else
    assert [one for one in ledger.missing() if one[0] == "t2"] == []
    assert ledger.said_again() == 1
    ledger.frozen["t2", DAY] = [7, 6]
    assert ("t2", DAY, "not frozen once", [7, 6]) in ledger.missing()


def test_the_hash_is_of_what_was_seen_and_when_in_any_order() -> None:
    one, two, three = Ledger(), Ledger(), Ledger()
    for ledger, rows in ((one, ("a", "b")), (two, ("b", "a")), (three, ("a", "c"))):
        for row in rows:
            ledger.saw(1.0, row, "好")
    assert one.hash() == two.hash() != three.hash()


def test_a_question_belongs_to_the_round_that_asks() -> None:
    assert [slot_of(at(16, 1), war=True), slot_of(at(16, 1), war=False)] == [FOUR_PM, NINE]
    assert slot_of(at(8, 59), war=False) is None


def test_whom_a_worker_told_on_the_phone_is_owed_no_more_though_our_answer_to_that_was_lost() -> None:
    ledger = told()
    ledger.quiet["h1"].answered(at(9, 30, 1), True, war=False, told=False)
    ledger.quiet["h1"].hears(at(9, 15, 2))
    assert ledger.due("h1", DAY + timedelta(days=2), NINE)
    assert not ledger.due("h1", DAY + timedelta(days=3), NINE)
