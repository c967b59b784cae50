"""Who does not answer is called, then by somebody else, then looked in on; each has its reason."""

from datetime import date

import pytest
from asking import PHONE, Asked
from household import words
from isolating import sent
from rounds_rig import at
from sqlalchemy import event
from village import Village

from handlers.domain.four_ones import ContactState
from handlers.domain.household import Relation
from handlers.domain.wellbeing import AnswerState
from handlers.four_ones_words import OneKind, read_one
from handlers.resident_help import on_call, on_call_of
from store.work import SqlWork

pytestmark = pytest.mark.long

_S = ContactState


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet)
    made.morning()
    return made


def test_unanswered_goes_to_a_call_then_to_another_then_to_the_doctor(home: Asked) -> None:
    village = home.village
    assert not any("打电话" in one for one in village.letters("lv"))
    sent(village)
    home.pass_(hours=1)
    (asked,) = [one for one in village.letters("lv") if "【打电话1户】" in one]
    assert f"3-101 微信送到了,没有回,不知看没看:{PHONE}" in asked
    assert home.contact.state is _S.CALLING
    home.pass_(hours=1, minutes=5)
    (instead,) = [one for one in village.letters("head") if "【打电话1户】" in one]
    assert "还没有人打(吕样没打上,请您代一下)" in instead
    home.pass_(hours=1, minutes=5)
    (visit,) = [one for one in village.letters("zhou") if "【上门看看】" in one]
    assert "看看人好不好,不是追责" in visit
    assert "邻居刘样" in visit
    assert home.contact.state is _S.VISITING
    home.pass_(hours=2, minutes=5)
    assert any("【上门看看】" in one for one in village.letters("head"))
    assert home.steps() == [
        ("asked", "kf"),
        ("call", "no_answer"),
        ("substitute", "not_called"),
        ("visit", "no_answer"),
        ("lead", "no_answer"),
    ]
    everything = "".join(village.letters("lv") + village.letters("head") + list(map(words, [home.heard("mother")])))
    for harsh in ("处罚", "通报", "扣分", "违规", "警告"):
        assert harsh not in everything


def test_whom_no_message_reaches_is_called_at_once(hamlet: Village) -> None:
    home = Asked(hamlet, reached=False)
    home.village.forward(days=2)
    home.morning()
    assert "3-101 微信够不着" in home.village.letters("lv")[-1]
    assert home.steps()[0] == ("call", "unreachable")


def test_the_gridworker_says_what_came_of_the_call(home: Asked) -> None:
    home.pass_(hours=1)
    back = home.village.say("lv", "打了 手机没电 人没事 36度5")
    assert "记:3-101 电话✔ 36.5℃" in back
    (answer,) = home.answers()
    assert (answer.via, answer.state) == ("call", AnswerState.STANDING)
    assert answer.speaker.startswith("p")
    assert home.contact.state is _S.ANSWERED
    before = len(home.village.letters("head"))
    home.pass_(hours=4)
    assert home.village.letters("head")[before:] == []


def test_a_fever_heard_on_the_phone_goes_to_the_doctor(home: Asked) -> None:
    home.pass_(hours=1)
    back = home.village.say("lv", "3-101 打了 38.4 有点咳")
    assert "38.4℃、干咳" in back
    assert "村医已知道" in back
    assert any("【待看" in one for one in home.village.letters("zhou"))


def test_not_reached_goes_on_at_once(home: Asked) -> None:
    home.pass_(hours=1)
    assert "马上请别人接着联系" in home.village.say("lv", "打了 没人接")
    home.tick()
    assert any("【打电话1户】" in one for one in home.village.letters("head"))
    assert ("call", "phone_off") in home.steps()
    assert home.answers() == []


def test_the_resident_answers_while_the_call_waits(home: Asked) -> None:
    home.pass_(hours=1)
    home.say("mother", "36.4")
    assert home.contact.state is _S.ANSWERED
    before = len(home.village.letters("head"))
    home.pass_(hours=3)
    assert home.village.letters("head")[before:] == []
    assert "记:" not in home.village.say("lv", "打了 没人接")  # nothing of theirs waits any more


def test_a_visit_is_said_done(home: Asked) -> None:
    home.pass_(hours=3, minutes=20)
    assert home.contact.state is _S.VISITING
    assert "记:3-101 上门✔ 36.8℃" in home.village.say("zhou", "3-101 上门了 36.8 人在睡觉")
    assert home.contact.state is _S.ANSWERED


def test_what_is_no_temperature_is_not_kept_from_a_worker_either(home: Asked) -> None:
    home.pass_(hours=1)
    assert "不像体温" in home.village.say("lv", "打了 63.5")
    assert home.answers() == []


def test_two_households_are_told_apart(home: Asked) -> None:
    village = home.village
    with village.store.begin() as work:
        for code in ("v1g1h2", "v1g1h3"):
            work.contacts.enrol(village.node(code), "elders", date(2020, 1, 28), village.now)
    village.forward(days=1)
    home.morning(10, 30)
    (asked,) = [one for one in village.letters("lv") if "【打电话2户】" in one]
    assert "①" in asked
    assert "②" in asked
    assert "计划里要打电话" in asked
    assert "请带上门牌" in village.say("lv", "打了 人没事")
    assert "记:3-102 电话✔ 都好" in village.say("lv", "3-102 打了 人没事")
    assert "记:3-103 电话✔ 都好" in village.say("lv", "3-103 打了 没事")


def test_the_boards(home: Asked) -> None:
    village = home.village
    sent(village)
    shown = village.say("lv", "今天")
    assert "今天1件:①问候1户(已自动发,答了0户,异常才找您);没回话1户:3-101(送到了,不知看没看)" in shown
    assert "欠:柳树村第01网格 等回话1次" in village.say("head", "欠")
    home.pass_(hours=1)
    board = village.say("lv", "今天几件")
    assert "今天2件" in board
    assert "打电话1户:3-101" in board
    owed = village.say("head", "本村欠什么")
    assert "电话1次" in owed
    assert "3-101" not in owed
    assert "王" not in owed
    village.say("lv", "打了 36.5 没事")
    assert "柳树村今天不欠" in village.say("head", "欠")
    assert "今天没有要办的" in village.say("other", "今天")


def test_at_night_nobody_is_called(home: Asked) -> None:
    at(home.village, 23)
    before = len(home.village.letters("lv"))
    home.tick()
    assert home.village.letters("lv")[before:] == []
    assert home.contact.state is _S.ASKED
    at(home.village, 7, 5, date(2020, 1, 29))
    home.tick()
    assert any("【打电话" in one for one in home.village.letters("lv")[before:])


@pytest.mark.parametrize(
    ("text", "kind", "door", "reached"),
    [
        ("打了 手机没电 人没事 36度5", OneKind.CALLED, "", True),
        ("打了没人接", OneKind.CALLED, "", False),
        ("打了 没人接", OneKind.CALLED, "", False),
        ("3-101 电话不通", OneKind.CALLED, "3-101", False),
        ("3栋101室 打通了 36.5", OneKind.CALLED, "3栋101室", True),
        ("3-101 上门了 没人应", OneKind.VISITED, "3-101", False),
        ("今天敲门46 空5 见41", None, "", None),
        ("电话打了三次都没人接怎么办", None, "", None),
        ("今天有什么事?", OneKind.TODAY, "", None),
        ("老王家打了一架", None, "", None),
    ],
)
def test_words(text: str, kind: OneKind | None, door: str, reached: bool | None) -> None:
    said = read_one(text)
    assert (said.kind if said else None) == kind
    if said is not None:
        assert (said.door, said.reached) == (door, reached)


def test_a_neighbour_is_not_asked_for_the_family(hamlet: Village) -> None:
    home = Asked(hamlet, reached=False)
    home.village.forward(days=2)
    with home.village.store.begin() as work:
        contact = work.households.add_contact(
            home.id, "拟邻", Relation.NEIGHBOUR, home.village.ctx.day, home.village.now, may_answer=False
        )
        work.households.bind_address(contact.id, "kf", "wmSTRANGER", home.village.now)
    home.open("stranger")
    home.morning()
    assert home.heard("stranger") == []


def test_a_household_is_put_on_a_plan_and_taken_off(home: Asked) -> None:
    village = home.village
    assert "3-102 从今天起「独居老人」,平时09:00打电话、问缺什么" in village.say("lv", "照看 3-102 独居老人")
    assert "从今天起" in village.say("head", "照看 5-201")  # there is one such plan
    assert "没找到" in village.say("other", "照看 3-103 独居老人")
    assert "可用:独居老人" in village.say("lv", "照看 3-103 居家健康监测")
    village.forward(days=1)
    home.morning(9, 30)
    assert any("3-102 计划里要打电话" in one for one in village.letters("lv"))
    assert "的「独居老人」今天止" in village.say("lv", "不照看 3-102 独居老人")
    assert "本来就不在" in village.say("lv", "不照看 3-102 独居老人")
    with village.store.read() as work:
        states = {one.state for one in work.contacts.of_households([village.node("v1g1h2")], date(2020, 1, 29))}
    assert states == {_S.DROPPED}


def test_who_is_on_call_for_many_costs_as_many_look_ups_as_for_one(hamlet: Village) -> None:
    homes = [hamlet.node(code) for code in ("v1g1h1", "v1g1h2", "v1g1h3", "v1g2h1", "v2g1h1")]
    day = hamlet.ctx.day
    with hamlet.store.begin() as work:
        work.care.assign(homes[1], "doctor", [hamlet.person_id("zhou")], day)
        work.care.assign(homes[1], "gridworker", [hamlet.person_id("sun")], day)
        work.people.put_leave(hamlet.person_id("other"), day, day, None)
    seen: list[str] = []
    with hamlet.database.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
        found = on_call_of(homes, SqlWork(connection), hamlet.ctx)
        many, seen[:] = len(seen), []
        assert {home: on_call(home, SqlWork(connection), hamlet.ctx) for home in homes} == found
        one = len(seen) / len(homes)
    assert found == dict(zip(homes, map(hamlet.person_id, ("lv", "sun", "lv", "sun", "boss")), strict=True))
    assert many <= one + 2  # the posts of the county are read where somebody's team has nobody
