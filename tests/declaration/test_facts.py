"""What the worker who keeps the register notes: one statement beside others, kept for those who keep it too."""

import pytest
from household import Home, words
from village import HERE, WUHAN, Village, person

from handlers.care_words import CareKind, read_care
from handlers.domain.receipt_colour import Colour


@pytest.mark.parametrize(
    ("text", "door", "name", "what"),
    [
        ("登记 3-101 王样花 1月20日从武汉回来", "3-101", "王样花", "1月20日从武汉回来"),
        ("登记:3栋101,王样花,一直在本地", "3栋101", "王样花", "一直在本地"),
        ("户情 v1g1h1 王样花 昨天从湖北黄冈返乡", "v1g1h1", "王样花", "昨天从湖北黄冈返乡"),
        ("登记 3-101 王样花 没出过远门", "3-101", "王样花", "没出过远门"),
    ],
)
def test_the_words(text: str, door: str, name: str, what: str) -> None:
    word = read_care(text)
    assert word is not None
    assert (word.kind, word.args["door"], word.args["name"], word.args["what"]) == (CareKind.FACT, door, name, what)


@pytest.mark.parametrize("text", ["登记", "登记人数46", "今天登记3-101一户", "登记 3-101 王样花", "新增返乡 3人"])
def test_what_is_no_fact(text: str) -> None:
    word = read_care(text)
    assert word is None or word.kind is not CareKind.FACT


def test_what_was_noted_before_is_asked_about_when_they_declare(hamlet: Village) -> None:
    heard = hamlet.say("lv", "登记 3-101 王样花 1月20日从武汉回来")
    assert "记下了:清水镇柳树村第01网格3-101 王**,1月20日从外地回来" in heard
    assert "户册里还没有这个名字" in heard
    answer = hamlet.declare(person(journey=WUHAN))
    (question,) = answer.people[0].questions
    assert "网格员登记的是「1月20日」" in question.say
    assert [words for _, words in question.choices] == ["现在填的对:1月22日", "改成:1月20日"]


def test_what_agrees_asks_nothing(hamlet: Village) -> None:
    hamlet.say("lv", "登记 3-101 王样花 1月22日从武汉回来")
    assert hamlet.declare(person(journey=WUHAN)).people[0].questions == ()
    assert "已请本人核对" not in hamlet.say("lv", "登记 3-101 王样花 1月22日从湖北武汉回来")


def test_noted_after_they_declared_it_is_put_to_them_and_colours_nobody(hamlet: Village) -> None:
    home = Home(hamlet)
    home.complete(journey=WUHAN)
    home.open("mother")
    before = hamlet.count("v1", "colour_green")
    assert "已请本人核对" in hamlet.say("lv", "登记 3-101 王样花 一直在本地")
    told = words(home.heard("mother"))
    assert "这次填的是「1月22日从武汉回来」" in told
    assert "网格员登记的是「一直在本地」" in told
    assert hamlet.count("v1", "colour_green") == before
    with hamlet.store.read() as work:
        receipts = work.colours.of(subject.id for subject in work.subjects.of_household(home.id))
    assert {one.receipt.colour for one in receipts.values()} == {Colour.GREEN}


def test_nobody_notes_anything_of_another_grid(hamlet: Village) -> None:
    for who in ("other", "sun", "zhou"):
        assert "没有“3-101”这一户" in hamlet.say(who, "登记 3-101 王样花 一直在本地")
    with hamlet.store.read() as work:
        assert work.statements.of(hamlet.node("v1g1h1"), "王样花", hamlet.ctx.day) == ()


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("从外面回来", "要写到市"),
        ("3月9日从武汉回来", "最近两个月"),
        ("1月20日1月21日从武汉回来", "只写一个"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_kept(hamlet: Village, what: str, why: str) -> None:
    assert why in hamlet.say("lv", f"登记 3-101 王样花 {what}")
    with hamlet.store.read() as work:
        assert work.statements.of(hamlet.node("v1g1h1"), "王样花", hamlet.ctx.day) == ()


def test_it_is_answered_in_private_and_noted(hamlet: Village) -> None:
    hamlet.declare(person(journey=HERE))
    hamlet.say("lv", "登记 3-101 王样花 一直在家")
    with hamlet.store.read() as work:
        (subject,) = work.subjects.of_household(hamlet.node("v1g1h1"))
        assert ("note", hamlet.person_id("lv")) in [
            (one.action, one.person_id) for one in work.rights.looked(subject.id)
        ]
