"""Duty goes from one to another: a handover with 接了, a day of rest, a worker who is not well; and whoever is back."""

from datetime import date, timedelta

import pytest
from asking import Asked
from isolating import night
from rounds_rig import at
from sqlalchemy import select
from village import Village

from handlers import hand_over, handing
from handlers.domain.duty_days import OffWhy, PaperKind
from handlers.domain.four_ones import ContactState, One
from store.models import audit, day_off, inbox, parcel, person, role

pytestmark = pytest.mark.long


@pytest.fixture
def home(hamlet: Village) -> Asked:
    """10:30, nobody answered and the call is with 吕样; 王拟姐 shares her grid."""
    made = Asked(hamlet, reached=False)
    with hamlet.database.begin() as connection:
        values = {"userid": "wang", "name": "王拟姐", "phones": ["10400000002"]}
        who = connection.execute(person.insert().values(**values).returning(person.c.id)).scalar_one()
        connection.execute(role.insert().values(person_id=who, node_id=hamlet.node("v1g1"), role="gridworker"))
    made.morning()
    hamlet.forward(minutes=65)
    made.tick()
    return made


def tick(village: Village) -> None:
    with village.store.begin() as work:
        if hand_over.due(work, village.ctx):
            hand_over.run(work, village.ctx)


def owner(home: Asked) -> int | None:
    return home.contact.owner_id


def test_leave_today_hands_over_in_one_message_and_is_confirmed(home: Asked) -> None:
    village = home.village
    village.say("lv", "#接龙 1. 3-102 盐2包")
    assert owner(home) == village.person_id("lv")
    village.say("lv", "今天请假 王拟姐代")
    (told,) = village.letters("wang")
    assert "请您代班" in told
    assert "照看1户:3-101" in told
    assert "要打电话:3-101" in told
    assert "要买:3-102" in told
    assert "王样花" not in told
    assert owner(home) == village.person_id("lv")  # nothing moves before 接了
    assert "交接1份没接" in village.say("wang", "今天")
    assert "交接还没接:吕样→王拟姐" in village.say("head", "欠")
    assert "1户电话、上门转到您名下" in village.say("wang", "接了")
    assert owner(home) == village.person_id("wang")
    assert "交接还没接" not in village.say("head", "欠")
    assert "打电话1户:3-101" in village.say("wang", "今天")


def test_nobody_took_it_and_the_lead_hears_once(home: Asked) -> None:
    village = home.village
    village.say("lv", "今天请假 王拟姐代")
    village.forward(minutes=61)
    tick(village)
    tick(village)
    assert sum("还没人接:吕样→王拟姐" in one for one in village.letters("head")) == 1


def test_leave_tomorrow_is_packed_in_its_morning_and_not_in_the_night(home: Asked) -> None:
    village = home.village
    village.say("lv", "明天请假 王拟姐代")
    assert "【交接】" not in "".join(village.letters("wang"))
    night(village)
    village.forward(hours=1)
    tick(village)
    assert "【交接】" not in "".join(village.letters("wang"))
    at(village, 8, 30, day=date(2020, 1, 29))
    tick(village)
    assert sum("【交接】吕样" in one for one in village.letters("wang")) == 1


def test_back_again_what_is_open_comes_first_in_twelve_lines(home: Asked) -> None:
    village = home.village
    village.say("lv", "今天请假 王拟姐代")
    village.say("wang", "接了")
    village.say("wang", "#接龙 1. 3-102 盐2包")
    lines = village.say("lv", "我回来了").split("\n")
    assert lines[1].startswith("现在要办")
    assert any("打电话1户:3-101" in line for line in lines)
    assert lines[-1].startswith("您不在的1天:问候1次")
    assert "新要东西1单" in lines[-1]
    assert len(lines) <= 12
    assert owner(home) == village.person_id("lv")
    assert "代班到此为止" in village.letters("wang")[-1]


def test_a_worker_who_is_not_well_is_nobody_else_s_business(home: Asked) -> None:
    village = home.village
    heard = village.say("lv", "我发烧了 38.2")
    assert "先顾好自己" in heard
    assert village.taken_for == "duty_off_now"
    assert "身体不适,已问王拟姐能不能代" in village.letters("head")[-1]
    asked = village.letters("wang")[-1]
    assert "今天不方便" in asked
    every = "\n".join(one for one in village.all_letters() if one)
    assert "38.2" not in every
    assert "身体" not in asked
    assert owner(home) == village.person_id("lv")  # asked, not automatic
    assert "身体不适未安排" in village.say("head", "在岗")
    assert "吕样今天的事您代" in village.say("wang", "代")
    assert owner(home) == village.person_id("wang")
    assert "已安排好" in village.letters("head")[-1]
    assert "吕样:身体不适已安排(王拟姐代)" in village.say("head", "在岗")
    with village.database.read() as connection:
        kept = [str(row) for table in (audit, inbox, parcel) for row in connection.execute(select(table))]
    assert not [row for row in kept if "38.2" in row or "发烧" in row]
    assert village.say("other", "代").startswith("现在没有等您代的事")  # asked of nobody else
    assert "不能看谁在岗" in village.say("lv", "在岗")
    assert "不在岗已安排(王拟姐代)" in village.say("boss", "在岗")  # further up nobody hears why


def test_said_twice_it_is_told_once_and_in_the_evening_it_is_of_the_next_day(home: Asked) -> None:
    village = home.village
    at(village, 22, 40)
    told = len(village.letters("head")), len(village.letters("wang"))
    assert "明天的事放一放。只明早私下告诉" in village.say("lv", "我不舒服")
    assert village.say("lv", "我不舒服").startswith("记着呢")
    assert (len(village.letters("head")), len(village.letters("wang"))) == (told[0] + 1, told[1] + 1)
    assert village.say("wang", "代").startswith("现在没有等您代的事")
    at(village, 8, 30, day=date(2020, 1, 29))
    village.say("lv", "请假")  # a leave with nobody on it arranges nothing
    assert "吕样:身体不适未安排" in village.say("head", "在岗")
    heard = village.say("head", "代")  # nobody else answered: the lead may
    assert "吕样今天的事您代" in heard
    assert "回「接了」" not in heard
    assert village.say("head", "接了").startswith("早接了")
    assert village.say("wang", "代").startswith("现在没有等您代的事")
    assert "已经有人代了" in village.say("lv", "我不舒服")


def test_sent_once_more_a_handover_of_days_stays_one_and_wakes_nobody(home: Asked) -> None:
    village = home.village
    village.say("lv", "请假3天 王拟姐代")
    village.say("wang", "接了")
    at(village, 22, 40)
    assert "夜里不打扰王拟姐" in village.say("lv", "交接")
    before = len(village.letters("wang"))
    tick(village)
    assert len(village.letters("wang")) == before
    at(village, 8, 30, day=date(2020, 1, 29))
    tick(village)
    assert sum("【交接】" in one for one in village.letters("wang")[before:]) == 1
    village.say("wang", "接了")
    at(village, 9, 0, day=date(2020, 1, 30))
    assert "【交接】吕样" in village.say("wang", "交接")  # the third day is still handed over


def test_rest_taken_back_is_told_to_whoever_was_to_stand_in(home: Asked) -> None:
    village = home.village
    village.say("lv", "明天休息")
    assert "1月29日早记着您不在岗,由王拟姐代" in village.say("lv", "明天休息")
    assert sum("那天的事由您代" in one for one in village.letters("wang")) == 1
    village.say("lv", "我不舒服")
    village.say("lv", "我回来了")  # well again before anybody stood in: tomorrow's rest stands
    assert "不用您代了" not in village.letters("wang")[-1]
    assert "1月29日照常上班" in village.say("lv", "我回来了")
    assert "吕样1月29日照常上班,不用您代了" in village.letters("wang")[-1]


def test_why_somebody_was_off_is_gone_the_day_after_tomorrow(home: Asked) -> None:
    village = home.village
    village.say("lv", "我不舒服")
    for days, left in ((1, 1), (1, 0)):
        village.now += timedelta(days=days)
        with village.store.begin() as work:
            work.ageing.run(village.now, village.county.tz)
        with village.database.read() as connection:
            assert len(connection.execute(select(day_off)).all()) == left


def test_a_day_of_rest_goes_to_whoever_shares_the_post(home: Asked) -> None:
    village = home.village
    assert "1月29日休息,由王拟姐代" in village.say("lv", "明天休息")
    assert "1月29日休息,那天的事由您代" in village.letters("wang")[-1]
    at(village, 8, 30, day=date(2020, 1, 29))
    tick(village)
    before = len(village.letters("lv"))
    home.morning()
    village.forward(minutes=65)
    home.tick()
    assert len(village.letters("lv")) == before
    assert any("【打电话1户】" in one for one in village.letters("wang"))
    assert "吕样:休息(王拟姐代)" in village.say("head", "在岗")
    assert "哪天休息没看懂" in village.say("lv", "1月20日休息")


def test_the_words_mean_nothing_else(home: Asked) -> None:
    village = home.village
    assert village.intent("lv", "我妈发烧了") != "duty_off_now"
    assert village.intent("lv", "接了 36.5 没事") == "one_called"  # the phone was answered: nothing was handed over
    assert home.contact.state is ContactState.ANSWERED


def test_rest_is_taken_back_and_a_worker_who_is_well_again_is_on(home: Asked) -> None:
    village = home.village
    village.say("lv", "明天休息")
    village.say("lv", "我不舒服")
    village.say("wang", "代")
    assert village.say("head", "在岗").startswith("在岗")
    village.say("lv", "我回来了")  # today's ends, tomorrow's rest stands
    assert "吕样" not in village.say("head", "在岗")
    at(village, 8, 30, day=date(2020, 1, 29))
    tick(village)
    assert any("【交接】吕样" in one for one in village.letters("wang"))
    assert "吕样:休息(王拟姐代)" in village.say("head", "在岗")
    village.say("lv", "我回来了")
    assert "吕样" not in village.say("head", "在岗")


def test_whoever_took_a_task_and_rests_is_stood_in_for(home: Asked) -> None:
    village = home.village
    home.open("mother")
    home.say("mother", "38.6")
    village.say("zhou", "接1")
    with village.store.begin() as work:
        work.people.put_leave(village.person_id("zhou"), village.ctx.day, village.ctx.day, village.person_id("wang"))
    before = len(village.letters("zhou"))
    village.forward(hours=5)
    village.tick()
    assert len(village.letters("zhou")) == before
    assert "复测" in village.letters("wang")[-1]


def test_handovers_days_off_papers_and_counts_are_kept(village: Village) -> None:
    """On both databases: a change is made once, whoever else tries."""
    now, day = village.now, village.ctx.day
    with village.store.begin() as work:
        first = work.handovers.open(1, 2, day, day, now)
        work.handovers.open(1, 3, day, day + timedelta(days=2), now)  # the latest word counts
        (one,) = work.handovers.due(now)
        assert (one.id != first, one.substitute_id) == (True, 3)
        assert work.handovers.told(one, now, now + timedelta(hours=1))
        assert not work.handovers.told(one, now, None)
        assert work.handovers.due(now) == ()
        assert work.handovers.confirm(one, now)
        assert not work.handovers.confirm(one, now)
        assert [h.substitute_id for h in work.handovers.of_people([1], day + timedelta(days=1))] == [3]
        assert work.handovers.end(1, now, day) == 1
        off = work.days_off.put(1, day, OffWhy.UNWELL, 2, now)
        assert work.days_off.asked_of(2, day) == (off,)
        assert work.days_off.arranged(off, 2, now)
        assert not work.days_off.arranged(off, 3, now)
        assert [one.why for one in work.days_off.on(day, [1])] == [OffWhy.UNWELL]
        order = work.paper_orders.ask(PaperKind.SHOPPING, None, 1, now)
        assert work.paper_orders.ask(PaperKind.SHOPPING, None, 1, now) == order
        assert work.paper_orders.take(order, now)
        assert not work.paper_orders.take(order, now)
        assert work.paper_orders.over(now) == (order,)
        grid, home = village.node("v1g1"), village.node("v1g1h1")
        made = work.contacts.answered_early(home, day, 540, One.MESSAGE, now)
        assert work.boards.contacts([grid], day) == {grid: {ContactState.ANSWERED: 1}}
        work.contacts.move([made.id], [ContactState.ANSWERED], ContactState.CALLING, now, owner_id=1)
        assert work.boards.give_calls(1, 2, [village.node("v1g2")], day) == 0
        assert work.boards.give_calls(1, 2, [grid], day) == 1
        assert work.boards.needs([grid]) == {}
        assert work.needs.waiting_under([grid], now) == ()
        later = work.contacts.answered_early(home, day, 960, One.MESSAGE, now)
        assert [work.contacts.overtake(later, now) for _ in range(2)] == [1, 0]
        assert work.boards.contacts([grid], day) == {grid: {ContactState.LATE: 1, ContactState.ANSWERED: 1}}
        ahead = work.handovers.open(1, 2, day + timedelta(days=1), day + timedelta(days=1), now)
        assert [one.id for one in work.handovers.ahead(1, day)] == [ahead]


def test_whoever_leads_many_places_hands_over_numbers(home: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    village = home.village
    monkeypatch.setattr(handing, "MANY", 1)
    village.say("head", "今天请假 王拟姐代")
    told = village.letters("wang")[-1]
    assert "①问候1次:答了0;未知1(电话1)" in told
    assert "3-101" not in told


def test_the_time_a_household_asked_for_is_handed_over(home: Asked) -> None:
    home.open("mother")
    home.say("mother", "下午吧")
    home.village.say("lv", "今天请假 王拟姐代")
    assert "约好的时间:3-101 15:00" in home.village.letters("wang")[-1]
