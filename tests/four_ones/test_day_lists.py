"""The list of the morning: each worker with something to do hears once, nobody else does, and never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import pytest
from asking import Asked
from isolating import PAPER
from rounds_rig import ELDERS, PLANNED, at, enrol
from rounds_rig import tick as open_round
from sqlalchemy import event, select
from village import Village

from bot.four_ones_part import FourOnesPart, four_ones
from handlers import after_restore, knock_ticks, send_lists
from handlers.domain.county import PEACE
from handlers.domain.day_list import ListDue, Listed, lists_due
from handlers.domain.errors import BadSetting
from handlers.domain.fatigue import Fatigue
from handlers.domain.four_ones import RoundState
from handlers.letters import private
from handlers.worker_day import Lines
from store.models import held_message, parcel
from store.work import SqlWork

DAY = date(2020, 1, 28)
TOLD = "随时回「今天」"


def tick(village: Village, times: int = 9) -> int:
    """Let somebody tick until nothing is left to put down; returns how many people were."""
    looked = 0
    for _ in range(times):
        with village.store.begin() as work:
            if not send_lists.due(work, village.ctx):
                break
            looked += send_lists.run(work, village.ctx)
    return looked


def lists(village: Village, userid: str) -> list[str]:
    return [text for text in village.letters(userid) if TOLD in text]


def rows(village: Village, day: date = DAY) -> dict[str, Listed]:
    names = {village.person_id(who): who for who in ("lv", "sun", "other", "zhou", "head", "boss")}
    with village.store.read() as work:
        return {names[who]: how for who, how in work.day_lists.of(day).items()}


@pytest.fixture
def morning(hamlet: Village) -> Village:
    """08:40; 3-101 is asked at nine, 3-102 called; nobody else has anything."""
    enrol(hamlet, ("v1g1h1",))
    enrol(hamlet, ("v1g1h2",), ELDERS.key)
    at(hamlet, 8, 40, DAY)
    return hamlet


def test_who_has_something_hears_once_and_nobody_else_at_all(morning: Village) -> None:
    at(morning, 8, 39, DAY)
    assert tick(morning) == 0
    at(morning, 8, 40, DAY)
    assert tick(morning) == 4
    assert lists(morning, "lv") == [
        "今天2件:①问候1户(9:00起自动发,异常才找您)\n②打电话1户:3-102(9:00起发名单)\n随时回「今天」再看,「更多」看全部。"
    ]
    assert not any(lists(morning, who) for who in ("sun", "other", "head", "boss"))
    assert not lists(morning, "zhou")  # greetings that go by themselves are no work of the doctor's
    assert rows(morning) == {
        "lv": Listed.SENT, "sun": Listed.NOTHING, "other": Listed.NOTHING, "zhou": Listed.NOTHING,
    }  # fmt: skip
    for _ in range(3):
        morning.forward(minutes=20)
        tick(morning)
    assert len(lists(morning, "lv")) == 1
    assert lists(morning, "lv")[0].rsplit("\n", 1)[0] == morning_board(morning)


def morning_board(village: Village) -> str:
    at(village, 8, 41, DAY)
    return village.say("lv", "今天")


@pytest.mark.long
def test_the_same_on_both_databases(village: Village) -> None:
    """Every line a worker may have, read for all of them at once."""
    enrol(village, ("v1g1h1",))
    enrol(village, ("v1g1h2",), ELDERS.key)
    village.say("head", "敲门 全村 返乡排查 到2月9日17点 用途 返乡摸底 依据 样防指2号")
    village.say("head", "发")
    with village.store.begin() as work:
        knock_ticks.run(work, village.ctx)
    village.say("lv", "#接龙 1. 3-102 盐2包 2. 3-103 盐1包")
    village.say("head", f"隔离 3-103 王样花 从1月22日 到2月5日 {PAPER}")
    at(village, 8, 40, DAY)
    tick(village)
    tick(village)
    (told,) = lists(village, "lv")
    for line in (
        "问候1户",
        "先告知本人1户:3-103",
        "打电话1户:3-102",
        "要买2户:3-102、3-103",
        "敲门《返乡排查》3户没敲",
    ):
        assert line in told
    assert rows(village)["lv"] is Listed.SENT
    at(village, 12, 0, DAY + timedelta(days=1))
    tick(village)
    at(village, 8, 40, DAY + timedelta(days=1))
    tick(village)
    assert len(lists(village, "lv")) == 2


@pytest.mark.long
def test_the_next_morning_comes_another(morning: Village) -> None:
    tick(morning)
    at(morning, 8, 40, DAY + timedelta(days=1))
    tick(morning)
    assert len(lists(morning, "lv")) == 2


def test_a_letter_that_waits_too_long_in_the_outbox_is_not_sent_in_the_afternoon(morning: Village) -> None:
    tick(morning)
    at(morning, 11, 1, DAY)
    with morning.store.begin() as work:
        work.claims.expire(morning.now)
    with morning.database.read() as connection:
        states = [row.state for row in connection.execute(select(parcel)) if TOLD in str(row.body)]
    assert states == ["late"]


def test_three_hours_late_it_says_so_and_after_that_it_is_not_sent(morning: Village) -> None:
    at(morning, 10, 59, DAY)
    open_round(morning)
    tick(morning)
    assert lists(morning, "lv")[0].startswith("(发晚了,抱歉)今天")
    at(morning, 11, 0, DAY + timedelta(days=1))
    tick(morning)
    assert len(lists(morning, "lv")) == 1
    assert set(rows(morning, DAY + timedelta(days=1)).values()) == {Listed.LATE}


@pytest.mark.long
def test_days_without_a_tick_are_late_and_a_fresh_house_makes_nothing_up(morning: Village) -> None:
    at(morning, 12, 0, DAY)
    assert tick(morning) == 0
    assert rows(morning) == {}
    at(morning, 8, 40, DAY + timedelta(days=1))
    tick(morning)
    at(morning, 8, 40, DAY + timedelta(days=4))
    tick(morning)
    for number in (2, 3):
        assert set(rows(morning, DAY + timedelta(days=number)).values()) == {Listed.LATE}
    assert len(lists(morning, "lv")) == 2


@pytest.mark.long
def test_a_clock_that_ran_ahead_and_came_back(morning: Village) -> None:
    tick(morning)
    at(morning, 13, 0, DAY + timedelta(days=1))
    tick(morning)
    assert rows(morning, DAY + timedelta(days=1))["lv"] is Listed.LATE
    at(morning, 8, 40, DAY + timedelta(days=1))
    tick(morning)
    tick(morning)
    assert rows(morning, DAY + timedelta(days=1))["lv"] is Listed.SENT
    assert len(lists(morning, "lv")) == 2


def test_a_killed_tick_leaves_neither_row_nor_letter(morning: Village) -> None:
    def killed() -> None:
        with morning.store.begin() as work:
            send_lists.run(work, morning.ctx)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert rows(morning) == {}
    assert not lists(morning, "lv")
    tick(morning)
    assert len(lists(morning, "lv")) == 1


@pytest.mark.long
@pytest.mark.parametrize("people", [1, 2])
def test_a_day_put_down_piece_by_piece_goes_on_where_it_ended(
    morning: Village, monkeypatch: pytest.MonkeyPatch, people: int
) -> None:
    monkeypatch.setattr(send_lists, "AT_ONCE", people)
    assert tick(morning, 1) == people
    tick(morning)
    assert len(rows(morning)) == 4
    assert len(lists(morning, "lv")) == 1


def test_a_copy_brought_back_sends_nothing_a_second_time(morning: Village) -> None:
    at(morning, 9, 0, DAY)
    with morning.store.begin() as work:
        after_restore.run(work, morning.ctx, morning.now - timedelta(minutes=30))
    tick(morning)
    assert not lists(morning, "lv")
    assert set(rows(morning).values()) == {Listed.LATE}
    at(morning, 8, 40, DAY + timedelta(days=1))
    tick(morning)
    assert len(lists(morning, "lv")) == 1


def test_who_is_on_leave_hears_nothing_and_the_substitute_does(morning: Village) -> None:
    with morning.store.begin() as work:
        work.people.put_leave(morning.person_id("lv"), DAY, DAY, morning.person_id("sun"))
    tick(morning)
    assert not lists(morning, "lv")
    assert "打电话1户:3-102" in lists(morning, "sun")[0]
    assert "lv" not in rows(morning)


@pytest.mark.long
def test_on_leave_with_nobody_in_their_stead_nobody_hears(morning: Village) -> None:
    with morning.store.begin() as work:
        work.people.put_leave(morning.person_id("lv"), DAY, DAY, None)
    tick(morning)
    assert not lists(morning, "lv")


def test_it_counts_and_whoever_had_enough_is_left_in_peace(morning: Village) -> None:
    caps = Fatigue(MappingProxyType({"gridworker": 3}), MappingProxyType({"gridworker": 4}), (time(12),))
    morning.county = replace(PLANNED, fatigue=caps)
    with morning.store.begin() as work:
        who = morning.person_id("lv")
        work.outbox.put([private("lv", who, f"通知{n}", morning.now) for n in range(3)], morning.now)
    tick(morning)
    assert not lists(morning, "lv")
    assert rows(morning)["lv"] is Listed.ENOUGH
    with morning.database.read() as connection:
        (kept,) = connection.execute(select(held_message)).all()
    assert (kept.person_id, kept.had, kept.cap, kept.state) == (who, 3, 3, "unsent")
    next_day = DAY + timedelta(days=1)
    at(morning, 8, 40, next_day)
    tick(morning)
    with morning.store.read() as work:
        assert work.fatigue.had([who], morning.now - timedelta(hours=1)) == {who: 1}


def test_at_war_the_cap_is_the_war_s_and_the_report_of_the_day_stands_in_it(morning: Village) -> None:
    caps = Fatigue(MappingProxyType({"gridworker": 3}), MappingProxyType({"gridworker": 4}), (time(12),))
    morning.county = replace(PLANNED, fatigue=caps)
    with morning.store.begin() as work:
        who = morning.person_id("lv")
        work.outbox.put([private("lv", who, f"通知{n}", morning.now) for n in range(3)], morning.now)
        work.modes.start(morning.node("c"), 1, "样防2号", morning.now, morning.now + timedelta(days=9))
    tick(morning)
    assert "③日报16:00前" in lists(morning, "lv")[0]
    assert "今天1件:①日报16:00前" in lists(morning, "sun")[0]


@pytest.mark.long
def test_who_speaks_only_when_something_is_the_matter_is_not_in_it(morning: Village) -> None:
    with morning.store.begin() as work:
        home = morning.node("v1g1h1")
        work.contacts.put_quiet(home, "isolation", normal_days=5, day=DAY, exception_only=True)
        work.contacts.release(morning.node("v1g1h2"), ELDERS.key, DAY - timedelta(days=1))
    tick(morning)
    assert rows(morning)["lv"] is Listed.NOTHING


def test_a_receipt_alone_is_no_reason_to_ring(morning: Village) -> None:
    found = Lines(("问候1户",), (), ("通知没回1条",))
    with morning.store.read() as work:
        doctor = work.people.get(morning.person_id("zhou"), DAY)
    assert doctor is not None
    assert send_lists.wanted(doctor, found) == []
    assert send_lists.wanted(doctor, replace(found, todo=("待看1件",))) == ["问候1户", "待看1件", "通知没回1条"]


@pytest.mark.long
def test_what_is_to_be_done_by_hand_stands_in_it_and_the_doctor_hears(hamlet: Village) -> None:
    home = Asked(hamlet)
    home.morning()
    home.say("mother", "37.9")
    home.say("mother", "白菜2")
    at(hamlet, 8, 40, DAY + timedelta(days=1))
    tick(hamlet)
    assert "待看1件" in lists(hamlet, "zhou")[0]
    assert "要买1户:3-101" in lists(hamlet, "lv")[0]


def test_the_cost_is_in_statements_the_same_for_one_as_for_all(morning: Village) -> None:
    def statements(homes: tuple[str, ...]) -> int:
        enrol(morning, homes)
        seen: list[str] = []
        with morning.database.begin() as connection:
            event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
            send_lists.put_down(ListDue(DAY, True), 0, SqlWork(connection), morning.ctx)
        return len(seen)

    few = statements(("v1g1h1",))
    assert few > 5
    with morning.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM day_list")
    assert statements(("v1g1h1", "v1g1h3", "v1g2h1", "v2g1h1")) <= few


# -- the rule and the file ---------------------------------------------------------------------------------------------


def test_the_rule_alone() -> None:
    four, zone = PLANNED.four_ones, PLANNED.tz
    assert four is not None
    morning = at_utc(8, 40)
    assert lists_due(four, {}, at_utc(8, 39), zone) == ()
    assert lists_due(four, {}, morning, zone) == (ListDue(DAY, True, False),)
    assert lists_due(four, {DAY: RoundState.OPEN}, morning, zone) == ()
    assert lists_due(four, {DAY: RoundState.OPENING}, at_utc(23, 0), zone) == (ListDue(DAY, False, True),)
    assert lists_due(four, {DAY: RoundState.MISSED}, at_utc(12, 0), zone) == ()
    assert lists_due(replace(four, list_at=None), {}, morning, zone) == ()


def at_utc(hour: int, minute: int) -> datetime:
    return datetime.combine(DAY, time(hour, minute), PLANNED.tz).astimezone(UTC)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"list_at": "06:30"}, "不打扰的时段"),
        ({"list_at": "08:40", "list_until": "08:40"}, "list_until:要在 list_at 之后"),
    ],
)
def test_an_hour_that_cannot_be_is_named(given: dict[str, str], fault: str) -> None:
    plan = {"title": "问候", "for": "enrolled", "kinds": ["call"], "purpose": "问候", "basis": "同意"}
    part = FourOnesPart.model_validate({"times": ["09:00"], "plans": {"a": plan}, **given})
    with pytest.raises(BadSetting, match=fault):
        four_ones(part, PEACE)
