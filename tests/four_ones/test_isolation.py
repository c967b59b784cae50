"""Isolation: written decisions alone begin, lengthen and end it; the person hears first."""

from dataclasses import replace
from datetime import date

import pytest
from household import words
from isolating import OPEN, PAPER, Home, night, noted, sent
from village import MORNING, Village

from handlers.domain.household import Relation
from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Paper, Span, standing


@pytest.fixture
def home(hamlet: Village) -> Home:
    made = Home(hamlet)
    made.open("mother")
    return made


def papers(*rows: tuple[DecisionKind, date | None, date | None, DecisionState]) -> list[Decision]:
    return [
        Decision(n, 1, 1, kind, Paper("县防指", f"{n}号", "法", "12345", start, until), state, 1, MORNING)
        for n, (kind, start, until, state) in enumerate(rows, 1)
    ]


TOLD, UNDONE = DecisionState.TOLD, DecisionState.UNDONE
D = date


def test_the_days_are_those_the_standing_decisions_say() -> None:
    first = (DecisionKind.OPEN, D(2020, 1, 22), D(2020, 2, 5), TOLD)
    longer = (DecisionKind.EXTEND, None, D(2020, 2, 9), TOLD)
    anew = (DecisionKind.EXTEND, D(2020, 1, 30), D(2020, 2, 13), TOLD)
    end = (DecisionKind.END, None, D(2020, 2, 10), TOLD)
    assert standing(papers(first)) == Span(D(2020, 1, 22), D(2020, 2, 5))
    assert standing(papers(first, longer)) == Span(D(2020, 1, 22), D(2020, 2, 9))
    counted_anew = standing(papers(first, longer, anew))
    assert counted_anew == Span(D(2020, 1, 30), D(2020, 2, 13))
    assert counted_anew.day(D(2020, 1, 31)) == 1
    assert standing(papers(first, (*anew[:3], UNDONE))) == Span(D(2020, 1, 22), D(2020, 2, 5))
    assert standing(papers(first, end)).ended_on == D(2020, 2, 10)
    assert standing(papers(first, (*end[:3], UNDONE))).ended_on is None
    assert standing(papers((*first[:3], UNDONE), longer)) is None


def test_a_lead_enters_a_decision_and_the_person_hears_first(home: Home) -> None:
    village = home.village
    back = village.say("head", OPEN)
    for part in (
        "隔离1号",
        "第5天(1月22日为第0天)",
        "预计2月5日",
        "样防〔2020〕2号",
        "传染病防治法第三十九条",
        "12345",
        "录错了1",
    ):
        assert part in back
    assert "王样花" not in back
    told = words(home.heard("mother"))
    for part in (
        "样例县防指",
        "样防〔2020〕2号",
        "预计到2月5日",
        "以书面解除决定为准",
        "依据:传染病防治法",
        "不服可以:12345",
    ):
        assert part in told
    assert village.letters("lv") == []  # nobody else before the person
    sent(village)
    (cared,) = village.letters("lv")
    assert "开始居家隔离" in cared
    assert "本人已先告知" in cared
    assert noted(village, "subject:1")[0] == "isolation open"
    assert sent(village) == 1  # the care team's; nothing is told twice
    assert len(village.letters("lv")) == 1


def test_whoever_no_message_reaches_is_called_first(hamlet: Village) -> None:
    home = Home(hamlet)
    with hamlet.store.begin() as work:
        day, now = hamlet.ctx.day, hamlet.now
        contact = work.households.add_contact(home.id, "样舅", Relation.RELATIVE, day, now)
        work.households.bind_address(contact.id, "phone", "10400000777", hamlet.now)
    back = hamlet.say("head", OPEN)
    assert "微信够不着,已请吕样先打电话告知" in back
    (ask,) = hamlet.letters("lv")
    assert "先打电话或上门读给本人:10400000777" in ask
    assert "【告知】样例县防指" in ask
    assert "还没告知到本人" in hamlet.say("lv", "隔离名单")
    assert "没有1号隔离" in hamlet.say("other", "已告知1")
    assert "现在告诉包保的人" in hamlet.say("lv", "已告知1")
    assert any("开始居家隔离" in letter for letter in hamlet.letters("lv"))
    assert "没有等着告知的" in hamlet.say("lv", "已告知 1")


def test_what_the_platform_did_not_take_was_not_told(home: Home) -> None:
    home.village.say("head", OPEN)
    sent(home.village, "failed")
    (ask,) = home.village.letters("lv")
    assert "微信客服没有送到" in ask
    assert "请先打电话" in ask


def test_at_night_in_peace_nobody_is_woken(home: Home) -> None:
    night(home.village)
    home.village.say("head", OPEN)
    assert sent(home.village) == 1  # the read-back to the lead
    assert home.village.letters("lv") == []
    home.village.forward(hours=8)
    sent(home.village)
    assert len(home.village.letters("lv")) == 1


def test_without_a_decision_it_stays_expected_for_ever(home: Home) -> None:
    village = home.village
    village.say("head", OPEN)
    sent(village)
    village.forward(days=14)  # the 10th of February
    listed = village.say("lv", "隔离名单")
    assert "第19天" in listed
    assert "预计2月5日,已过5天,还没有解除决定" in listed
    assert "已按决定" not in listed
    assert "还缺:机关(谁决定的)、文号、依据、申诉(不服找谁)" in village.say("head", "解除隔离1")
    home.open("mother")
    done = village.say("head", f"解除隔离 1 {PAPER.replace('2号', '9号')}")
    assert "已按决定于2月10日解除" in done
    assert "居家隔离于2月10日解除" in words(home.heard("mother"))
    sent(village)
    assert "隔离解除" in village.letters("lv")[-1]
    assert village.say("lv", "隔离名单") == "现在没有人在隔离。"


def test_a_second_episode_counts_from_its_own_start(home: Home) -> None:
    village = home.village
    village.say("head", OPEN)
    assert "已在隔离(1号" in village.say("head", OPEN.replace("1月22日", "1月25日"))
    village.say("head", f"解除隔离1 {PAPER}")
    assert "已经解除了" in village.say("head", f"延长隔离1 到2月9日 {PAPER}")
    again = village.say("head", f"隔离 3-101 王样花 从1月26日 到2月9日 {PAPER}")
    assert "隔离2号" in again
    assert "第1天(1月26日为第0天)" in again
    with village.store.read() as work:
        assert [(one.id, one.open) for one in work.isolations.of_household(home.id)] == [(1, False), (2, True)]


def test_longer_and_anew(home: Home) -> None:
    village = home.village
    village.say("head", OPEN)
    assert "延长后的日子要比现在预计的晚" in village.say("head", f"延长隔离1 到2月3日 {PAPER}")
    longer = village.say("head", f"延长隔离1 到2月9日 {PAPER}")
    assert "第5天(1月22日为第0天),预计2月9日" in longer
    anew = village.say("head", f"延长隔离1 从1月27日 14天 {PAPER}".replace("14天", "到14天"))
    assert "第0天(1月27日为第0天),预计2月10日" in anew


def test_a_mistake_is_taken_back_and_whoever_heard_of_it_is_told(home: Home) -> None:
    village = home.village
    village.say("head", OPEN)
    assert "还没有告知本人" in village.say("head", "录错了1")  # it had not gone out yet
    sent(village)
    assert home.heard("mother")[1:] == []
    assert village.letters("lv") == []
    assert village.say("lv", "隔离名单") == "现在没有人在隔离。"
    village.say("head", OPEN)
    sent(village)
    assert "已告诉本人更正" in village.say("head", "录错了2")
    assert "录入有误,作废" in words(home.heard("mother"))
    with village.store.read() as work:
        first, second = work.isolations.decisions(1) + work.isolations.decisions(2)
    assert (first.state, second.state) == (UNDONE, UNDONE)
    assert second.paper is not None  # the old value stays
    assert "没有可以作废的" in village.say("head", "录错了2")


@pytest.mark.parametrize("who", ["lv", "zhou", "other"])
def test_only_a_lead_there_enters_decisions(home: Home, who: str) -> None:
    answer = home.village.say(who, OPEN)
    assert "记:" not in answer
    with home.village.store.read() as work:
        assert work.isolations.of_household(home.id) == ()


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("隔离 3-101 王样花 从1月22日 到2月5日", "还缺:机关(谁决定的)、文号、依据、申诉(不服找谁)"),
        (OPEN.replace("3-101", "9-909"), "没找到“9-909”这一户"),
        (OPEN.replace("到2月5日", "到1月20日"), "预计结束的日子要在开始之后"),
        (OPEN.replace("从1月22日", "从去年10月1日"), "最近60天里"),
        (f"解除隔离 77 {PAPER}", "没有77号隔离"),
    ],
)
def test_what_cannot_be_is_said_at_once_and_nothing_is_kept(home: Home, text: str, say: str) -> None:
    assert say in home.village.say("head", text)
    with home.village.store.read() as work:
        assert work.isolations.of_household(home.id) == ()


@pytest.mark.parametrize("text", ["今天隔离5户8人", "隔离5户", "解除3户", "隔离 三格 5户8人"])
def test_a_count_of_a_report_is_none_of_it(home: Home, text: str) -> None:
    home.village.say("head", text)
    with home.village.store.read() as work:
        assert work.isolations.of_household(home.id) == ()


def test_the_store_keeps_the_days_and_forgets_with_the_person(village: Village) -> None:
    """On both databases."""
    home = Home(village)
    home.open("mother")
    village.say("head", OPEN)
    sent(village)
    with village.store.begin() as work:
        (one,) = work.isolations.open_at([village.node("v1g1")])
        assert one.span == Span(date(2020, 1, 22), date(2020, 2, 5))
        (decision,) = work.isolations.decisions(one.id)
        assert decision.state is TOLD
        assert decision.told_how == "kf"
        waiting = replace(decision, state=DecisionState.SENDING)
        assert not work.isolations.move(waiting, TOLD, village.now)  # somebody else was first
        work.erasure.erase(one.subject_id, "asked", village.now)
    with village.store.begin() as work:
        kept = work.isolations.decisions(one.id)[0].paper  # it runs: a word erases all but the decision
        assert kept == decision.paper
        assert work.subjects.get(one.subject_id).name == "王样花"
        paper = replace(kept, start=None, until=date(2020, 1, 27))
        work.isolations.decide(one, DecisionKind.END, paper, 1, village.now)
        work.erasure.erase(one.subject_id, "asked", village.now)
    with village.store.read() as work:
        assert work.isolations.get(one.id).span is None
        assert work.isolations.decisions(one.id)[0].paper is None
        assert work.isolations.open_at([village.node("v1g1")]) == ()
