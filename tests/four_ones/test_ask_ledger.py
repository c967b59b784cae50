"""一户一问: what one department was just answered, no other asks again; and whoever looks sees who asked what for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from asking import Asked
from household import words
from isolating import noted
from rounds_rig import ELDERS, FOUR_PM, ISOLATION, NINE, PLANNED
from sqlalchemy import select, update
from village import Village

from handlers.domain.ask_ledger import Asker, AskState
from handlers.domain.four_ones import ContactState, FourOnes, One, Plan
from store.models import ask, contact_step

pytestmark = pytest.mark.long

HEALTH_OFFICE, CIVIL = "县卫生健康局", "县民政局"
FIRST = replace(ISOLATION, department=HEALTH_OFFICE, war=(NINE,), exception_after=None)


def second(purpose: str, kinds: One = One.MESSAGE) -> Plan:
    return replace(
        ELDERS, kinds=kinds, peace=(FOUR_PM,), war=(FOUR_PM,), purpose=purpose, basis="本人同意", department=CIVIL
    )


def asked(hamlet: Village, later: Plan, first: Plan = FIRST) -> Asked:
    """3-101, answered at half past nine to the first department; at four the second wants to know."""
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), (first, later)))
    with hamlet.store.begin() as work:
        work.contacts.enrol(home.id, later.key, hamlet.ctx.day, hamlet.now)
    home.morning()
    home.say("mother", "36.4")
    home.open("mother")
    return home


def four_o_clock(home: Asked) -> None:
    home.morning(16, 25)


def ledger(home: Asked) -> list[tuple[str, str, AskState]]:
    with home.village.store.read() as work:
        rows = work.asks.recent([home.id], home.village.now.replace(year=2019)).get(home.id, ())
        return [(row.asker.key, row.question, row.state) for row in rows]


def test_a_second_asker_of_the_same_purpose_has_the_answer_of_the_first(village: Village) -> None:
    """On both databases."""
    hamlet = village
    home = asked(hamlet, second(FIRST.purpose))
    before = len(home.heard("mother"))
    four_o_clock(home)
    assert home.contact.state is ContactState.LEDGER
    assert len(home.heard("mother")) == before
    assert ledger(home) == [
        ("isolation", "health", AskState.ANSWERED),
        ("elders", "health", AskState.LEDGER),
    ]
    with hamlet.store.read() as work:
        first, later = work.asks.recent([home.id], hamlet.now.replace(year=2019))[home.id]
    assert later.source_id == first.id
    assert home.steps()[-1][0] == "ledger"


def test_another_purpose_is_refused_with_the_reason_and_nobody_rings(hamlet: Village) -> None:
    home = asked(hamlet, second("门牌核查"))
    before = len(home.heard("mother"))
    four_o_clock(home)
    assert home.contact.state is ContactState.REFUSED
    assert len(home.heard("mother")) == before
    assert "没再问:用途不同没给1户" in hamlet.say("head", "欠")
    said = hamlet.say("lv", "问过 3-101")
    assert "没再问,也没给" in said
    assert "只能用于「居家健康监测」" in said


def test_a_purpose_that_the_first_basis_allows_is_served(hamlet: Village) -> None:
    home = asked(hamlet, second("问候"), replace(FIRST, allows=("问候",)))
    four_o_clock(home)
    assert home.contact.state is ContactState.LEDGER


def test_what_was_not_answered_or_long_ago_is_asked(hamlet: Village) -> None:
    home = asked(hamlet, second(FIRST.purpose))
    hamlet.county = replace(
        hamlet.county, four_ones=replace(hamlet.county.four_ones, ask_again_after=hamlet.now.resolution)
    )
    four_o_clock(home)
    assert home.contact.state is ContactState.ASKED
    assert "用途:居家健康监测,依据:本人同意" in words(home.heard("mother"))


def test_only_what_is_still_open_is_asked(hamlet: Village) -> None:
    """The second wants to know what is needed as well: that alone is asked, and for that purpose."""
    home = asked(hamlet, second(FIRST.purpose, One.MESSAGE | One.NEEDS))
    four_o_clock(home)
    question = words(home.heard("mother")[-1:])
    assert "今天缺什么、要买什么" in question
    assert "体温" not in question
    home.say("mother", "白菜2 鸡蛋一板")
    assert ledger(home)[1:] == [
        ("elders", "health", AskState.LEDGER),
        ("elders", "needs", AskState.ANSWERED),
    ]


def test_several_plans_of_one_hour_merge_and_each_is_in_the_ledger(hamlet: Village) -> None:
    home = asked(hamlet, replace(second("问候"), peace=(NINE,), war=(NINE,)))
    assert set(ledger(home)) == {("isolation", "health", AskState.ANSWERED), ("elders", "health", AskState.ANSWERED)}
    assert home.contact.state is ContactState.ANSWERED


def test_a_plan_that_asks_twice_a_day_asks_twice(hamlet: Village) -> None:
    """Twice is what was declared; the ledger keeps others from asking, not the one who may."""
    home = asked(hamlet, replace(ELDERS, peace=(), war=()), replace(FIRST, peace=(NINE, FOUR_PM)))
    four_o_clock(home)
    assert home.contact.state is ContactState.ASKED


def test_whoever_speaks_before_being_asked_is_in_the_ledger(hamlet: Village) -> None:
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), (FIRST, second(FIRST.purpose))))
    with hamlet.store.begin() as work:
        work.contacts.enrol(home.id, "elders", hamlet.ctx.day, hamlet.now)
    home.say("mother", "好着呢")
    assert ledger(home) == [("isolation", "health", AskState.ANSWERED)]
    four_o_clock(home)
    assert "今天体温" not in words(home.heard("mother"))
    assert ledger(home)[-1] == ("elders", "health", AskState.LEDGER)


def test_who_asked_what_for_is_shown_to_whoever_may_see_the_household(hamlet: Village) -> None:
    home = asked(hamlet, second(FIRST.purpose))
    four_o_clock(home)
    said = hamlet.say("lv", "问过 3-101")
    assert "1月28日09:25 居家健康监测(县卫生健康局)问身体,用途:居家健康监测,依据:隔离决定。09:25答了" in said
    assert "独居老人(县民政局)问身体" in said
    assert "没再问,用的是居家健康监测(县卫生健康局)09:25的回答" in said
    assert "36.4" not in said
    assert noted(hamlet, f"node:{home.id}")[-1] == "look asks"
    assert "没找到" in hamlet.say("other", "问过 3-101")  # of another village: as if it were not there
    assert noted(hamlet, f"node:{home.id}").count("look asks") == 1


@pytest.mark.long
def test_the_ledger_is_of_who_asked_as_they_were_then(hamlet: Village) -> None:
    home = asked(hamlet, second(FIRST.purpose))
    with hamlet.store.begin() as work:
        one = Asker("isolation", "居家健康监测", "县疾控", "居家健康监测", "隔离决定")
        work.asks.note([(home.id, "health", one, AskState.ASKED, None, None)], hamlet.now)
    said = hamlet.say("head", "3-101问过什么?")
    assert HEALTH_OFFICE in said
    assert "县疾控" in said


@pytest.mark.long
def test_a_postponed_contact_is_noted_once(hamlet: Village) -> None:
    """A tick that puts a contact off writes no ask; the one that asks writes it."""
    home = asked(hamlet, second("门牌核查"))
    four_o_clock(home)
    home.pass_(hours=1)
    assert len(ledger(home)) == 2
    with hamlet.database.read() as connection:
        steps = connection.scalars(select(contact_step.c.step).where(contact_step.c.contact_id == home.contact.id))
        assert list(steps) == ["refused"]


@pytest.mark.parametrize("text", ["问过邻居,说出门了", "今天问过了都好", "问过 王大爷"])
def test_other_words_are_other_words(hamlet: Village, text: str) -> None:
    assert hamlet.intent("lv", text) != "burden_asked"


def elders_first(hamlet: Village) -> Asked:
    """3-101, answered at half past nine to the greeting; at four the plan of the decision wants to know."""
    home = Asked(hamlet)
    greeting = replace(second("问候"), peace=(NINE,), war=(NINE,))
    plans = (replace(FIRST, peace=(FOUR_PM,), war=(FOUR_PM,)), greeting)
    hamlet.county = replace(PLANNED, four_ones=FourOnes((NINE, FOUR_PM), plans))
    with hamlet.store.begin() as work:
        work.contacts.enrol(home.id, greeting.key, hamlet.ctx.day, hamlet.now)
    home.morning()
    home.say("mother", "36.4")
    home.open("mother")
    return home


def test_whoever_is_isolated_is_asked_when_the_other_answer_may_not_be_used(hamlet: Village) -> None:
    """A greeting every morning would else keep the plan of the decision from ever hearing anything."""
    home = elders_first(hamlet)
    four_o_clock(home)
    assert home.contact.state is ContactState.ASKED
    assert ledger(home)[-1] == ("isolation", "health", AskState.ASKED)


def test_what_was_asked_in_the_morning_and_answered_just_now_is_not_asked_again(hamlet: Village) -> None:
    home = asked(hamlet, second(FIRST.purpose))
    with hamlet.database.engine.begin() as connection:  # the answer came at a quarter past three
        said_at = hamlet.now + timedelta(hours=5, minutes=50)
        connection.execute(update(ask).values(answered_at=said_at))
    hamlet.county = replace(
        hamlet.county, four_ones=replace(hamlet.county.four_ones, ask_again_after=timedelta(hours=2))
    )
    four_o_clock(home)
    assert home.contact.state is ContactState.LEDGER
