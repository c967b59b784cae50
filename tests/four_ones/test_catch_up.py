"""补录: a paper card typed in days later lands day by day, over nothing that stood there."""

from datetime import date, timedelta

import pytest
from asking import Asked
from household import MOTHER, SON
from village import Village

from handlers.domain.ask_ledger import AskState
from handlers.domain.declared import Profile
from handlers.domain.four_ones import ContactState
from handlers.domain.isolation import Paper
from handlers.domain.threshold import TaskKind
from handlers.domain.wellbeing import AnswerState

pytestmark = pytest.mark.long


@pytest.fixture
def home(hamlet: Village) -> Asked:
    """Isolated since the 22nd; it is the 28th, 09:25, and the household was asked."""
    made = Asked(hamlet, reached=False)
    made.morning()
    return made


def kept(home: Asked) -> list[tuple[date, str, str, str]]:
    """Every answer of the household: day, what, by whom, how."""
    with home.village.store.read() as work:
        found = []
        for contact in work.contacts.of_households([home.id], date(2020, 1, 1)):
            for one in work.answers.of_contact(contact.id):
                said = "" if one.said is None else str(one.said.celsius or one.said.well)
                found.append((one.day, said, one.via, one.state.value))
        return found


def test_days_of_a_card_land_each_in_its_row(home: Asked) -> None:
    heard = home.village.say("lv", "补录 3-101 1.26 36.4 1.27 36.5 好")
    assert "补录记了2条" in heard
    assert "3-101 1月26日 36.4℃、1月27日 36.5℃" in heard
    assert kept(home) == [
        (date(2020, 1, 26), "36.4", "catch_up", "standing"),
        (date(2020, 1, 27), "36.5", "catch_up", "standing"),
    ]
    with home.village.store.read() as work:
        days = work.contacts.of_households([home.id], date(2020, 1, 26))
        assert [(one.day.day, one.slot) for one in days] == [(26, 540), (27, 540), (28, 540)]
        assert [step for step, _ in work.contacts.steps_of(days[0].id)] == ["catch_up", "answered"]
    more = home.village.say("lv", "补录 3-101 1.26 36.6 1.27 早36.5")
    assert "1月26日 36.6℃(前一个36.4℃也留着)" in more  # the same hand, set right: told, and both are there
    assert "1月27日早 36.5℃(原来就有)" in more
    again = home.village.say("lv", "补录 3-101 1.26 早36.6")
    assert again.startswith("都是原来就有的,没有新记")
    assert len(kept(home)) == 3


def test_morning_and_evening_today_and_yesterday(home: Asked) -> None:
    heard = home.village.say("lv", "补录 3-101 昨天 早36.4 晚36.6 今天 36.5")
    assert "补录记了3条" in heard
    assert [(day.day, said) for day, said, _, _ in kept(home)] == [(27, "36.4"), (27, "36.6"), (28, "36.5")]
    assert home.contact.state is ContactState.ANSWERED  # nobody calls about today any more


def test_what_the_household_said_itself_stays(home: Asked) -> None:
    home.open("mother")
    home.say("mother", "36.8")
    heard = home.village.say("lv", "补录 3-101 1.28 37.0")
    assert "原来是36.8℃,两个都留着,以原来的为准" in heard
    assert [(said, state) for _, said, _, state in kept(home)] == [
        ("36.8", AnswerState.STANDING.value),
        ("37.0", AnswerState.DIFFERS.value),
    ]


def test_a_block_with_mistakes_keeps_all_that_is_right(home: Asked) -> None:
    village = home.village
    rows = (
        "1. 3-101 1.26 36.4",
        "3-101 2.9 36.4",
        "3-101 1.27 63.5",
        "3-101 2.30 36.1",
        "9-999 1.27 36.5",
        "3-101 36.5",
    )
    heard = village.say("lv", "\n".join(("补录", *rows, "3-102 1.27 36.5")))
    assert "补录记了1条" in heard
    assert "没有记的6处" in heard
    assert "3-101 2月9日:还没到" in heard
    assert "「63.5」不像体温" in heard
    assert "2.30:没有这一天" in heard
    assert "9-999:没有这一户,或不归您管" in heard
    assert "3-101:没写哪天" in heard
    assert "3-102:这户还没登记家里人" in heard
    assert len(kept(home)) == 1
    assert "没有这一户,或不归您管" in village.say("other", "补录 3-101 1.27 36.5")
    assert "3-101 1月10日:隔了14天以上" in village.say("lv", "补录 3-101 1.10 36.5")
    assert "补录这样写" in village.say("lv", "补录")


def test_rows_as_people_number_and_write_them(home: Asked) -> None:
    heard = home.village.say("lv", "补录\n1、3-101 1.26 36.4\n2) 3-101王样花 1.27 36.5\n3. 3-101 1月25日36.6")
    assert "补录记了3条" in heard
    assert [said for _, said, _, _ in kept(home)] == ["36.6", "36.4", "36.5"]


def test_several_people_need_a_name(home: Asked) -> None:
    village = home.village
    with village.store.begin() as work:
        paper = Paper("样例县防指", "样防3号", "法", "12345", village.ctx.day - timedelta(days=6), date(2020, 2, 5))
        son = work.subjects.of_member(home.child)
        made = son or work.subjects.make(home.id, home.child, Profile(SON, child=True), village.now)
        work.isolations.open(made.id, home.id, village.node("v1g1"), paper, 1, village.now)
    assert "是谁的" in village.say("lv", "补录 3-101 1.27 36.5")
    heard = village.say("lv", f"补录 3-101 {MOTHER} 1.27 36.5")
    assert "补录记了1条" in heard
    assert "补录记了1条" in village.say("lv", f"补录 3-101 {SON} 1.27 36.9")


def test_a_fever_typed_in_late_still_reaches_the_doctor(home: Asked) -> None:
    home.village.say("lv", "补录 3-101 1.27 38.6")
    assert any("待看" in one for one in home.village.letters("zhou"))
    with home.village.store.read() as work:
        (task,) = work.care_tasks.waiting([home.village.node("v1g1")], frozenset(TaskKind))
        ledger = work.asks.recent([home.id], home.village.now - timedelta(hours=12))[home.id]
    assert task.note == "1月27日 38.6℃"  # whose day it was stands with it
    assert [one.state for one in ledger] == [AskState.ASKED]  # and it spares the household no question of today
