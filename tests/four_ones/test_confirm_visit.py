"""一趟入户: the worker says they were there; the household's own digit closes it or opens it again."""

from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType

import pytest
from asking import Asked
from household import words
from rounds_rig import FOUR, FOUR_PM, ISOLATION, NINE, PLANNED, at
from village import Village

from handlers.domain.fatigue import Fatigue
from handlers.domain.four_ones import ContactState, One, Plan, Whom
from handlers.domain.need import NeedState
from handlers.domain.visit_word import VisitState, VisitWord

pytestmark = pytest.mark.long

DAY = date(2020, 1, 28)
VISITS = Plan("visits", "入户", Whom.ENROLLED, One.VISIT, (NINE,), (NINE,), purpose="入户看望", basis="本人同意")
QUESTION = "今天有人上门看过您、送过东西吗?"


class Visited(Asked):
    """3-101, on a plan of visits; it is half past ten of the 28th, and 吕样 has been there."""

    def __init__(self, village: Village, *, plan: Plan = VISITS, reached: bool = True) -> None:
        super().__init__(village, reached=reached)
        quiet = replace(ISOLATION, peace=(), war=(FOUR_PM,))
        village.county = replace(PLANNED, four_ones=replace(FOUR, plans=(quiet, plan)))
        with village.store.begin() as work:
            work.contacts.enrol(self.id, plan.key, DAY, village.now)
        if reached:
            self.say("mother", "你好")
        self.morning()
        at(village, 10, 30)

    def words(self) -> list[VisitWord]:
        with self.village.store.read() as work:
            return list(work.visit_words.of_day([self.id], self.village.ctx.day))

    def needs(self) -> list[NeedState]:
        with self.village.store.read() as work:
            return [one.state for one in work.needs.waiting([self.id], self.village.now)]

    def board(self) -> str:
        return self.village.say("head", "看 柳树村").split("\n")[0]


@pytest.fixture
def home(hamlet: Village) -> Visited:
    return Visited(hamlet)


def test_their_own_digit_closes_it_and_the_board_says_whose_word_it_is(home: Visited) -> None:
    assert home.contact.state is ContactState.VISITING
    said = home.village.say("lv", "3-101 上门了 36.5 没事")
    assert "记:3-101 上门✔ 36.5℃" in said
    assert "已请住户回个数字确认" in said
    asked = words(home.heard("mother")[-1:])
    assert QUESTION in asked
    assert "用途:入户看望,依据:本人同意" in asked
    assert "上门:工作人员说已到1" in home.board()
    assert "谢谢" in words(home.say("mother", "1"))
    assert [one.state for one in home.words()] == [VisitState.CONFIRMED]
    assert "上门:住户确认1" in home.board()
    assert "说已到" not in home.board()
    assert home.contact.state is ContactState.ANSWERED


def test_two_opens_it_again_and_the_worker_hears_what_to_do_next(home: Visited) -> None:
    village = home.village
    village.say("lv", "3-101 上门了 36.5 没事")
    assert "抱歉" in words(home.say("mother", "2"))
    (told,) = [text for text in village.letters("lv") if "【没到】" in text]
    assert "没有人上门" in told
    assert "请先打个电话问清楚" in told
    assert "3-101 上门了" in told
    assert (home.contact.state, home.contact.owner_id) == (ContactState.VISITING, village.person_id("lv"))
    assert home.contact.due_at is not None
    assert [one.said.celsius for one in home.answers() if one.said] != []  # what the worker said stays written
    assert "上门看看1户:3-101" in village.say("lv", "今天")
    assert "说已到" not in home.board()
    village.forward(minutes=30)
    assert "已请住户" in village.say("lv", "3-101 上门了 36.5 没事")
    home.say("mother", "1")
    assert [one.state for one in home.words()] == [VisitState.DENIED, VisitState.CONFIRMED]
    assert home.contact.state is ContactState.ANSWERED


def test_a_visit_that_was_none_is_no_day_without_anything(home: Visited) -> None:
    def days() -> set[int]:
        with home.village.store.read() as work:
            return {on.normal_days for on in work.contacts.enrolments([home.id], home.village.ctx.day)[home.id]}

    home.village.say("lv", "3-101 上门了 36.5 没事")
    assert days() == {1}
    home.say("mother", "2")
    assert days() == {0}


def test_no_answer_leaves_it_at_the_worker_s_word(home: Visited) -> None:
    home.village.say("lv", "3-101 上门了 36.5 没事")
    home.pass_(hours=5)
    assert home.contact.state is ContactState.ANSWERED
    assert [one.state for one in home.words()] == [VisitState.ASKED]
    assert "上门:工作人员说已到1" in home.board()
    assert sum(QUESTION in str(body) for body in home.heard("mother")) == 1


def test_said_twice_it_is_asked_once(home: Visited) -> None:
    home.village.say("lv", "3-101 上门了 36.5 没事")
    home.village.say("lv", "3-101 上门了 36.5 没事")
    assert sum(QUESTION in str(body) for body in home.heard("mother")) == 1
    assert len(home.words()) == 1


@pytest.mark.parametrize("later", ["13h", "another question"])
def test_a_digit_answers_only_the_question_just_shown(home: Visited, later: str) -> None:
    home.village.say("lv", "3-101 上门了 36.5 没事")
    if later == "13h":
        home.village.forward(hours=13)
    else:
        home.say("mother", "有事")  # something else is talked of since
    home.say("mother", "2")
    assert [one.state for one in home.words()] == [VisitState.ASKED]


def test_whoever_is_not_of_the_household_settles_nothing(home: Visited) -> None:
    home.village.say("lv", "3-101 上门了 36.5 没事")
    with home.village.store.begin() as work:
        work.visits.asking("kf:whoever", f"came{home.words()[0].id}", home.village.now)
    home.say("stranger", "2")
    assert [one.state for one in home.words()] == [VisitState.ASKED]


def test_a_later_word_of_theirs_counts(home: Visited) -> None:
    home.village.say("lv", "3-101 上门了 36.5 没事")
    home.say("mother", "1")
    home.say("mother", "没人来")
    assert [one.state for one in home.words()] == [VisitState.DENIED]
    assert home.contact.state is ContactState.VISITING


def test_without_a_channel_the_worker_s_word_stands_and_nothing_is_sent(hamlet: Village) -> None:
    home = Visited(hamlet, reached=False)
    hamlet.forward(hours=49)
    at(hamlet, 9)
    home.tick()
    said = hamlet.say("lv", "3-101 上门了 36.5 没事")
    assert "✔" in said
    assert "请住户" not in said
    assert [one.state for one in home.words()] == [VisitState.SAID]


def test_whoever_had_enough_messages_is_not_asked(home: Visited) -> None:
    village = home.village
    caps = Fatigue(MappingProxyType({"resident": 0}), MappingProxyType({"resident": 0}), (time(12),))
    village.county = replace(village.county, fatigue=caps)
    assert "请住户" not in village.say("lv", "3-101 上门了 36.5 没事")
    assert [one.state for one in home.words()] == [VisitState.SAID]


# -- with a question that is due anyway --------------------------------------------------------------------------------


@pytest.fixture
def at_war(hamlet: Village) -> Visited:
    """The household is asked at four anyway."""
    with hamlet.store.begin() as work:
        work.modes.start(hamlet.node("c"), 1, "样防2号", hamlet.now, hamlet.now + timedelta(days=9))
    return Visited(hamlet)


def test_it_rides_on_the_question_that_is_due_anyway(at_war: Visited) -> None:
    home, village = at_war, at_war.village
    said = village.say("lv", "3-101 上门了 36.5 没事")
    assert "今天那一问里会顺便请住户确认" in said
    assert not any(QUESTION in str(body) for body in home.heard("mother"))
    home.open("mother")
    at(village, 16)
    home.tick()
    at(village, 16, 25)
    before = len(home.heard("mother"))
    home.tick()
    (asked,) = home.heard("mother")[before:]  # one message, two questions
    assert "今天体温" in words([asked])
    assert f"{QUESTION}到了回3,没有回4。" in words([asked])
    assert "谢谢" in words(home.say("mother", "3"))
    assert [one.state for one in home.words()] == [VisitState.CONFIRMED]
    home.say("mother", "1")  # and the other one is still open
    assert home.contact.state is ContactState.ANSWERED


def test_one_and_two_are_the_greeting_s_there(at_war: Visited) -> None:
    home, village = at_war, at_war.village
    village.say("lv", "3-101 上门了 36.5 没事")
    home.open("mother")
    at(village, 16)
    home.tick()
    at(village, 16, 25)
    home.tick()
    home.say("mother", "1")
    assert [one.state for one in home.words()] == [VisitState.ASKED]
    assert home.contact.state is ContactState.ANSWERED
    home.say("mother", "4")
    assert [one.state for one in home.words()] == [VisitState.DENIED]


def test_who_speaks_before_it_came_is_asked_with_the_answer(at_war: Visited) -> None:
    home, village = at_war, at_war.village
    village.say("lv", "3-101 上门了 36.5 没事")
    assert QUESTION not in words(home.say("mother", "36.4"))  # which of two temperatures holds is asked first
    home.say("mother", "1")
    heard = words(home.say("mother", "36.4"))
    assert "记着呢" in heard
    assert f"{QUESTION}到了回1,没有回2" in heard
    assert "抱歉" in words(home.say("mother", "2"))
    assert [one.state for one in home.words()] == [VisitState.DENIED]


# -- what was brought --------------------------------------------------------------------------------------------------


def bring(home: Visited) -> str:
    home.say("mother", "白菜2")
    home.village.say("lv", "采购我来")
    return home.village.say("lv", "3-101 送到了")


def test_what_was_brought_is_closed_by_their_digit(home: Visited) -> None:
    assert "他回「收到啦」才算完" in bring(home)
    asked = words(home.heard("mother")[-1:])
    assert "收到请回「收到啦」或1,没有回2" in asked
    assert "白菜2棵都到了" in words(home.say("mother", "1"))
    assert home.needs() == [NeedState.CLOSED]
    assert [one.state for one in home.words()] == [VisitState.CONFIRMED]


def test_two_opens_the_list_again(home: Visited) -> None:
    bring(home)
    home.say("mother", "2")
    assert home.needs() == [NeedState.CLAIMED]
    told = home.village.letters("lv")[-1]
    assert "没收到东西" in told
    assert "3-101 送到了" in told
    assert "要送1户:3-101" in home.village.say("lv", "今天")


@pytest.mark.parametrize(("text", "state"), [("收到啦", VisitState.CONFIRMED), ("还没收到", VisitState.DENIED)])
def test_said_in_words_it_is_the_same(home: Visited, text: str, state: VisitState) -> None:
    bring(home)
    home.say("mother", text)
    assert [one.state for one in home.words()] == [state]


def test_looked_in_and_brought_something_is_one_question(home: Visited) -> None:
    bring(home)
    home.village.say("lv", "3-101 上门了 36.5 没事")
    assert len(home.words()) == 1
    assert not any(QUESTION in str(body) for body in home.heard("mother"))
    home.say("mother", "2")
    assert (home.needs(), home.contact.state) == ([NeedState.CLAIMED], ContactState.VISITING)
