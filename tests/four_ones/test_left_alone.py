"""不要再发了, 有事才说, 删除我的信息: a word is enough; what stays and why is said; war asks again and says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from asking import Asked
from household import PHONES, Home, words
from isolating import PAPER
from rounds_rig import ELDERS, FOUR_PM, ISOLATION, NINE, PLANNED, at
from sqlalchemy import select, update
from test_ageing import Clocked
from village import Village

from bot.keeping import Keeping
from handlers import rights
from handlers.domain.consent import ConsentPurpose, ConsentState, newest
from handlers.domain.four_ones import ContactState, FourOnes, One
from handlers.wish_words import Wish, read_wish
from store.inbox import insert_new, row
from store.models import contact_answer, decision, declaration, inbox, parcel, subject

pytestmark = pytest.mark.long

DAILY = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), (ISOLATION, replace(ELDERS, kinds=One.MESSAGE))))


def planned(hamlet: Village) -> Asked:
    """3-101, isolated, and greeted each morning because it agreed to that."""
    home = Asked(hamlet)
    hamlet.county = DAILY
    with hamlet.store.begin() as work:
        work.contacts.enrol(home.id, "elders", hamlet.ctx.day, hamlet.now)
    return home


def greeted(hamlet: Village) -> Home:
    """3-101, on the list of greetings and nothing else."""
    home = Home(hamlet)
    hamlet.county = DAILY
    home.open("mother")
    assert "独居老人" in hamlet.say("lv", "照看 3-101 独居老人")
    return home


def plans(home: Home) -> dict[str, bool]:
    with home.village.store.read() as work:
        on = work.contacts.enrolments([home.id], home.village.ctx.day).get(home.id, ())
        return {one.plan: one.exception_only for one in on}


def asked_today(home: Asked) -> bool:
    """Whether the morning of the next day rings."""
    home.village.forward(days=1)
    home.open("mother")
    before = len(home.heard("mother"))
    home.morning()
    return "今天体温" in words(home.heard("mother")[before:])


def war(village: Village, ends: timedelta = timedelta(days=5)) -> int:
    with village.store.begin() as work:
        mode = work.modes.start(village.node("v1"), 1, "样防指〔2020〕9号", village.now, village.now + ends)
        return mode.id


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish.STOP, ["不要再发了", "别再给我发了", "不用再发了,谢谢", "别问了", "退订", "请不要再打扰我"]),
        (Wish.STOP, ["你们别老是问了", "这些消息不用发了", "别烦我", "不要再给我打电话了"]),
        (Wish.QUIET, ["每天都问烦死了", "天天问来问去的", "老是问,烦死了"]),
        (Wish.QUIET, ["有事才说", "以后有事再找你们吧", "没事不用问", "天天问烦不烦", "我有情况会跟你们说的吧"]),
        (Wish.RESUME, ["恢复问候", "继续发吧", "还是每天问一下吧", "请恢复每天问"]),
        (
            Wish.ERASE,
            ["删除我的信息", "请把我的信息删掉", "帮我删除我的个人资料", "我要注销我的登记", "把我的数据都删了吧"],
        ),
        (Wish.KEEP, ["不删了", "算了,不删", "还是先别删"]),
        (Wish.SURE, ["确认删除", "确定删除。", "我确定要删除"]),
    ],
)
def test_what_is_said(wish: Wish, said: list[str]) -> None:
    assert [text for text in said if read_wish(text) is not wish] == []


@pytest.mark.parametrize(
    "text",
    [
        "有事", "别发烧了吧 36.5", "没事", "好着呢", "药别发错了", "不要酱油", "信息收到了",
        "楼上烦死人了", "不用联系了", "今天的菜不用发了", "口罩别发了", "孩子不用问了", "别打电话了",
        "天天问我药怎么还没到", "老问不到药", "老问我怎么办", "天天问候真好",
    ],
)  # fmt: skip
def test_other_words_are_no_wish(text: str) -> None:
    assert read_wish(text) is None


# -- asked no more -----------------------------------------------------------------------------------------------------


def test_an_isolated_household_speaks_when_something_is_the_matter(hamlet: Village) -> None:
    home = Asked(hamlet)
    home.morning()
    back = words(home.say("mother", "不要再发了"))
    assert "抱歉打扰了" in back
    assert "延长、解除都先告诉您" in back
    assert "恢复问候" in back
    assert home.contact.state is ContactState.DROPPED
    assert plans(home) == {"isolation": True}
    assert not asked_today(home)
    hamlet.say("head", f"解除隔离1 {PAPER}")
    assert any("解除" in str(body) for body in home.heard("mother")[-1:])


def test_what_rests_on_consent_ends_and_the_worker_knows(hamlet: Village) -> None:
    home = planned(hamlet)
    home.morning()
    back = words(home.say("mother", "不要再发了"))
    assert "「独居老人」停了,不再问" in back
    assert "隔离的事照旧有人管" in back
    assert plans(home) == {"isolation": True}
    assert "「独居老人」已停。不用追问" in hamlet.letters("lv")[-1]
    assert "不想再被问" in hamlet.say("lv", "照看 3-101 独居老人")
    assert plans(home) == {"isolation": True}
    assert "恢复问候(「独居老人、居家健康监测」)" in words(home.say("mother", "恢复问候"))
    assert plans(home) == {"elders": False, "isolation": False}
    assert asked_today(home)


def test_a_greeted_household_is_left_in_peace_from_that_word_on(hamlet: Village) -> None:
    home = greeted(hamlet)
    assert "以后不主动发" in words(home.say("mother", "别再给我发了"))
    assert plans(home) == {}
    assert "现在没有要恢复的" not in words(home.say("mother", "恢复问候"))
    assert plans(home) == {"elders": False}


def test_a_call_of_the_plan_that_was_left_is_not_made_any_more(hamlet: Village) -> None:
    home = planned(hamlet)
    calls = replace(ELDERS, kinds=One.CALL)
    hamlet.county = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), (ISOLATION, calls)))
    home.morning()
    assert home.contact.kinds == One.CALL | One.MESSAGE
    home.say("mother", "不要再发了")
    assert home.contact.state is ContactState.DROPPED
    home.pass_(hours=2)
    assert not any("【打电话" in one for one in hamlet.letters("lv"))


def test_only_when_something_is_the_matter(hamlet: Village) -> None:
    home = planned(hamlet)
    home.morning()
    assert "改成没事不用回" in words(home.say("mother", "天天问烦不烦"))
    assert plans(home) == {"elders": True, "isolation": True}
    assert not asked_today(home)
    assert "已经告诉网格员" in words(home.say("mother", "有事"))
    home.say("mother", "37.9")  # the doctor hears of it; the wish stays theirs to take back
    assert plans(home) == {"elders": True, "isolation": True}


def test_what_is_no_wish_and_nothing_else_is_said_to_have_reached_nobody(hamlet: Village) -> None:
    home = Asked(hamlet)
    assert "还没转给人" in words(home.say("mother", "天天问我东西怎么还没到"))
    assert plans(home) == {"isolation": False}


def test_whoever_goes_on_being_called_is_told_so(hamlet: Village) -> None:
    """A plan's calls are not messages: they go on after 有事才说, and end with what was agreed to."""
    home = planned(hamlet)
    calls = replace(ELDERS, kinds=One.CALL)
    hamlet.county = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), (ISOLATION, calls)))
    assert "「独居老人」的电话照旧打;电话也不要,回「不要再发了」" in words(home.say("mother", "有事才说"))
    home.open("mother")
    back = words(home.say("mother", "不要再发了"))
    assert "「独居老人」停了" in back
    assert "照旧打" not in back


def test_an_old_wish_does_not_keep_a_new_isolation_from_being_asked_again(hamlet: Village) -> None:
    home = Asked(hamlet)
    with hamlet.store.begin() as work:  # said long before this decision; five good days since it
        work.wishes.put(home.id, (), hamlet.now - timedelta(days=90))
        work.contacts.put_quiet(home.id, "isolation", normal_days=5, day=hamlet.ctx.day, exception_only=True)
    home.say("mother", "37.9")
    assert plans(home) == {"isolation": False}


def test_a_declared_household_takes_back_that_it_is_called(hamlet: Village) -> None:
    home = Home(hamlet)
    home.complete(temperature="36.6")
    home.open("mother")
    back = words(home.say("mother", "不要再发了"))
    assert "给您打电话的同意也一并撤回了" in back
    with hamlet.store.read() as work:
        said = newest(work.consents.of(work.subjects.of_member(home.mother).id))
    assert said[ConsentPurpose.CARE].state is ConsentState.WITHDRAWN
    assert said[ConsentPurpose.HEALTH].state is ConsentState.GRANTED


def test_anger_alone_takes_back_no_consent_and_strangers_are_answered(hamlet: Village) -> None:
    home = Home(hamlet)
    home.complete()
    for who in ("mother", "stranger"):
        home.open(who)
        assert "我们没有定时给您发消息" in words(home.say(who, "天天问烦不烦"))
    with hamlet.store.read() as work:
        said = newest(work.consents.of(work.subjects.of_member(home.mother).id))
    assert said[ConsentPurpose.CARE].state is ConsentState.GRANTED


# -- war and peace -----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_war_asks_again_says_why_once_and_peace_keeps_the_wish(hamlet: Village) -> None:
    home = Asked(hamlet)
    home.say("mother", "有事才说")
    assert not asked_today(home)
    mode = war(hamlet)
    assert asked_today(home)
    question = words(home.heard("mother")[-1:])
    assert "现在是战时(依据样防指〔2020〕9号),这几天恢复每天问" in question
    home.say("mother", "36.4")
    home.open("mother")
    home.morning(16, 25)
    assert "今天体温" in words(home.heard("mother")[-1:])
    assert "现在是战时" not in words(home.heard("mother")[-1:])
    with hamlet.store.begin() as work:
        work.modes.end(mode, hamlet.now)
    assert not asked_today(home)
    assert plans(home) == {"isolation": True}


def test_who_wants_less_in_war_hears_that_it_is_from_peace_on(hamlet: Village) -> None:
    home = Asked(hamlet)
    war(hamlet)
    assert "现在是战时,这几天还会每天问" in words(home.say("mother", "有事才说"))


def test_war_elsewhere_asks_nobody_here(hamlet: Village) -> None:
    home = Asked(hamlet)
    home.say("mother", "有事才说")
    with hamlet.store.begin() as work:
        work.modes.start(hamlet.node("v2"), 1, "样防指〔2020〕9号", hamlet.now, hamlet.now + timedelta(days=5))
    assert not asked_today(home)


def test_both_databases_lift_it_alike(village: Village) -> None:
    """The statement that opens a round where some are at war and some are not."""
    home = Asked(village)
    home.say("mother", "有事才说")
    war(village)
    village.forward(days=1)
    home.morning()
    assert home.contact.day == date(2020, 1, 29)
    assert home.contact.kinds is One.MESSAGE


def test_who_says_so_before_its_moment_is_not_asked_that_day(hamlet: Village) -> None:
    home = Asked(hamlet)
    at(hamlet, 9)
    home.tick()  # put down, and not asked yet
    with hamlet.store.begin() as work:  # as the fifth good day would
        work.contacts.put_quiet(home.id, "isolation", normal_days=5, day=hamlet.ctx.day, exception_only=True)
    at(hamlet, 9, 25)
    home.tick()
    assert home.contact.state is ContactState.DROPPED


# -- erasing -----------------------------------------------------------------------------------------------------------


def left(village: Village) -> set[str]:
    """Whatever is readable of anybody, by what it is."""
    with village.database.read() as c:
        sealed = {"answers": contact_answer.c.body, "decisions": decision.c.body, "health": declaration.c.health,
                  "journey": declaration.c.journey, "profile": subject.c.profile}  # fmt: skip
        return {name for name, column in sealed.items() if any(c.scalars(select(column)).all())}


def sure(home: Home) -> str:
    """Confirm it; what was written to them before is not readable any more."""
    home.say("mother", "确认删除")
    return words(home.heard("mother")[-1:])


@pytest.mark.long
def test_a_running_decision_keeps_its_minimum_until_its_day(hamlet: Village, tmp_path) -> None:
    home = Asked(hamlet)
    home.complete()
    home.morning()
    home.say("mother", "36.4")
    home.open("mother")
    assert "只留决定本身和能找到您的方式" in words(home.say("mother", "删除我的信息"))
    assert "answers" in left(hamlet)  # asked first
    back = sure(home)
    assert "还留着:隔离决定(样例县防指 样防〔2020〕2号)" in back
    assert "解除满30天自动销毁" in back
    assert left(hamlet) == {"decisions", "profile"}
    assert plans(home) == {"isolation": True}
    home.open("mother")
    hamlet.forward(days=1)
    hamlet.say("head", f"解除隔离1 {PAPER}")
    assert "解除" in words(home.heard("mother")[-1:])  # they hear of the end all the same
    keeping = Keeping(hamlet.store, Clocked(hamlet), tmp_path / "stones")
    for _ in range(40):
        hamlet.forward(days=1)
        keeping.believe()
        keeping.run()
    assert left(hamlet) == set()


def test_who_is_not_isolated_is_gone_altogether(hamlet: Village) -> None:
    home = greeted(hamlet)
    home.complete()
    home.say("mother", "白菜2 鸡蛋一板")
    assert "找不回来" in words(home.say("mother", "删除我的信息"))
    assert "已删除" in sure(home)
    assert left(hamlet) <= {"profile"}  # of the child, who is not the mother
    with hamlet.store.read() as work:
        assert [one.id for one in work.households.members(home.id, hamlet.ctx.day)] == [home.child]
        assert work.subjects.of_member(home.mother) is None
    with hamlet.database.read() as c:
        assert [row for row in c.scalars(select(inbox.c.body)) if row] == []
        bodies = [str(body) for body in c.scalars(select(parcel.c.body)) if body]
    assert not any("白菜" in body and "wmMOTHER" in body for body in bodies)


def test_a_plain_declared_person_is_gone_too_and_the_page_agrees(hamlet: Village) -> None:
    home = Home(hamlet)
    answer = home.complete(temperature="36.6")
    home.open("mother")
    home.say("mother", "删除我的信息")
    assert "已删除" in words(home.say("mother", "确认删除"))
    assert left(hamlet) == set()
    with hamlet.store.read() as work, pytest.raises(Exception, match="token"):
        rights.held(answer.me_token, work, hamlet.ctx)


def test_what_came_meanwhile_is_read_before_it_is_destroyed(hamlet: Village) -> None:
    """Somebody may have called for help while their words were being erased."""
    now = hamlet.now
    came = [row(f"k{n}", "kf", "text", PHONES["mother"], None, b"words", now, now) for n in range(2)]
    with hamlet.database.engine.begin() as connection:
        insert_new(connection, came)
        connection.execute(update(inbox).where(inbox.c.key == "k0").values(state="done"))
    with hamlet.store.begin() as work:
        work.erasure.forget_talk("kf", PHONES["mother"], "kf:x", now)
    with hamlet.database.read() as connection:
        kept = connection.execute(select(inbox.c.key, inbox.c.sender, inbox.c.destroyed).order_by(inbox.c.key)).all()
    assert [tuple(one) for one in kept] == [("k0", None, True), ("k1", PHONES["mother"], False)]


def test_a_page_keeps_the_running_decision_as_the_chat_does(hamlet: Village) -> None:
    home = Asked(hamlet)
    answer = home.complete()
    with hamlet.store.begin() as work:
        rights.erase(answer.me_token, None, work, hamlet.ctx)
    assert left(hamlet) == {"decisions", "profile"}


def test_who_answers_for_others_erases_themselves_only(hamlet: Village) -> None:
    home = Home(hamlet)
    home.complete()
    home.open("daughter")
    home.say("daughter", "删除我的信息")
    assert "已删除" in words(home.say("daughter", "确认删除"))
    assert "health" in left(hamlet)
    assert "认不出您是谁" in words(home.say("daughter", "删除我的信息"))


def test_a_bare_confirmation_or_a_stranger_erases_nothing(hamlet: Village) -> None:
    home = Home(hamlet)
    home.complete()
    home.open("mother")
    home.open("stranger")
    assert "没有等着确认的删除" in words(home.say("mother", "确认删除"))
    assert "认不出您是谁" in words(home.say("stranger", "删除我的信息"))
    home.say("mother", "删除我的信息")
    assert "没有删,都照旧" in words(home.say("mother", "算了,不删"))
    assert "没有等着确认的删除" in words(home.say("mother", "确认删除"))
    home.say("mother", "删除我的信息")
    hamlet.forward(minutes=31)
    assert "没有等着确认的删除" in words(home.say("mother", "确认删除"))
    assert "health" in left(hamlet)


def test_somebody_else_who_is_isolated_there_is_asked_as_before(hamlet: Village) -> None:
    home = Asked(hamlet, people=("王样花", "李拟宝"))
    home.say("mother", "删除我的信息")
    sure(home)
    assert plans(home) == {"isolation": False}
