"""What disagrees is shown side by side and set right with one tap; nobody is accused; after a day somebody calls."""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from village import HERE, WUHAN, Village, person

from handlers.domain.consistency import Point, Source, Statement, disagreements
from handlers.domain.declaration import Answer, PersonAnswer
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.facts import Facts
from handlers.domain.receipt_colour import Colour
from handlers.domain.returnees import Table
from handlers.wording import care, declaration, declared_chat
from handlers.wording.declaration import FORBIDDEN

DAY = date(2020, 1, 27)
THREE_WEEKS = timedelta(days=21)
FROM_WUHAN = Statement(
    Source.OFFICIAL, date(2020, 1, 25), True, "武汉", ("武汉市", "湖北省"), date(2020, 1, 22), "样例疾控", "1号"
)
SAID_WUHAN = Facts(True, "武汉", places=("武汉市", "湖北省"), table=Table.WUHAN, arrived=date(2020, 1, 22))


@pytest.mark.parametrize(
    ("facts", "other", "point"),
    [
        (Facts(False), FROM_WUHAN, Point.AWAY),
        (SAID_WUHAN, FROM_WUHAN, None),
        (replace(SAID_WUHAN, places=("黄冈市", "湖北省"), origin="黄冈"), FROM_WUHAN, Point.ORIGIN),
        (replace(SAID_WUHAN, places=("湖北省",), origin="湖北"), FROM_WUHAN, None),  # the wider word is none
        (replace(SAID_WUHAN, arrived=date(2020, 1, 24)), FROM_WUHAN, Point.ARRIVED),
        (replace(SAID_WUHAN, arrived=date(2020, 1, 26)), FROM_WUHAN, None),  # came after: another journey
        (Facts(False), replace(FROM_WUHAN, arrived=date(2020, 1, 1)), None),  # four weeks ago: it does not matter now
        (Facts(False), replace(FROM_WUHAN, said_on=date(2020, 1, 28)), None),  # said later than the sheet was made
        (SAID_WUHAN, Statement(Source.EARLIER, date(2020, 1, 25), False), Point.AWAY),
        (Facts(False), Statement(Source.EARLIER, date(2020, 1, 25), False), None),
    ],
)  # fmt: skip
def test_what_disagrees(facts: Facts, other: Statement, point: Point | None) -> None:
    found = disagreements(facts, DAY, [other], THREE_WEEKS)
    assert [one.point for one in found] == ([point] if point else [])


def test_one_question_a_source() -> None:
    others = [FROM_WUHAN, replace(FROM_WUHAN, said_on=date(2020, 1, 26), arrived=date(2020, 1, 23))]
    [found] = disagreements(Facts(False), DAY, others, THREE_WEEKS)
    assert found.said_on == date(2020, 1, 26)


def test_no_sentence_to_a_household_accuses_threatens_or_makes_a_pass() -> None:
    """Every sentence there is, rendered with words of every shape: none holds a forbidden word."""
    given = {"int": 3, "str": "武汉", "date": DAY, "datetime": None, "timedelta": timedelta(minutes=30), "bool": True}
    given["datetime"] = __import__("datetime").datetime(2020, 1, 27, 9)
    said = []
    given["Answer"] = Answer(people=(PersonAnswer("p1", "王**", None, ("好",)),), help="好")
    for module in (declaration, care, declared_chat):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            kinds = {
                key: str(p.annotation).rpartition(".")[2].rstrip("'>")
                for key, p in inspect.signature(function).parameters.items()
            }
            values = {key: given.get(kind, ["一", "二"]) for key, kind in kinds.items()}
            if name == "differs":
                values["source"] = "official"
            if name == "differs_somewhere":
                values |= {"source": "official", "point": "away"}
            if name == "said_for":
                values["speaker"] = "family"
            said.append((name, function(**values)))
        said += [(key, value) for key, value in vars(module).items() if isinstance(value, str) and key.isupper()]
    assert len(said) > 50
    for name, words in said:
        assert not [word for word in FORBIDDEN if word in str(words)], (name, words)


# -- with the household ------------------------------------------------------------------------------------------------


def listed(village: Village, **changes) -> None:
    """The worker of the grid notes where somebody came from."""
    said = replace(FROM_WUHAN, source=Source.HOUSEHOLD, issuer="", basis="", **changes)
    with village.store.begin() as work:
        work.statements.add(
            village.node("v1g1h1"), "王样花", said, date(2020, 3, 1), said_by_id=village.person_id("lv")
        )


def test_both_statements_are_told_and_one_tap_sets_it_right(village: Village) -> None:
    listed(village)
    answer = village.declare(person(journey=HERE))
    [question] = answer.people[0].questions
    assert "这次填的是「一直在本地」" in question.say
    assert "网格员登记的是「1月22日从武汉回来」" in question.say
    assert [code for code, _ in question.choices] == ["now", "other"]
    fixed = village.settle(answer.me_token, question.key, "other")
    assert fixed.people[0].questions == ()
    assert village.count("v1", "returnees_wuhan", "arrivals", date(2020, 1, 22)) == 1
    assert village.count("v1", "declared_people") == 1


def test_what_was_settled_is_not_asked_again(village: Village) -> None:
    listed(village)
    answer = village.declare(person(journey=HERE))
    village.settle(answer.me_token, answer.people[0].questions[0].key, "now")
    village.forward(days=1)
    again = village.declare(person(journey=HERE))
    assert again.people[0].questions == ()
    with pytest.raises(Refused):
        village.settle(answer.me_token, answer.people[0].questions[0].key, "other")


def test_ones_own_earlier_word(village: Village) -> None:
    village.declare(person(journey=WUHAN))
    village.forward(days=2)
    answer = village.declare(person(journey=HERE))
    [question] = answer.people[0].questions
    assert "1月27日您填的是「1月22日从武汉回来」" in question.say
    # until it is settled, the ledger of arrivals stands as it was
    assert village.count("v1", "returnees_wuhan", "arrivals", date(2020, 1, 22)) == 1
    village.settle(answer.me_token, question.key, "now")
    assert village.count("v1", "returnees_wuhan", "arrivals", date(2020, 1, 22)) == 0


def test_a_question_is_opened_by_its_own_token_only(village: Village) -> None:
    listed(village)
    answer = village.declare(person(journey=HERE))
    other = village.declare(person(name="赵样"), at="v1g2h1")
    key = answer.people[0].questions[0].key
    for token in (other.me_token, "x" * 32, ""):
        with pytest.raises(UnknownNode):
            village.settle(token or "-", key, "other")
    for bad in ("q999", "q", "1", "q-1", "q²"):
        with pytest.raises(UnknownNode):
            village.settle(answer.me_token, bad, "other")
    with pytest.raises(Refused):
        village.settle(answer.me_token, key, "maybe")


def test_a_transit_is_asked_in_words_a_resident_knows(village: Village) -> None:
    journey = replace(WUHAN, origin="杭州", transit="武汉")
    answer = village.declare(person(journey=journey))
    [question] = answer.people[0].questions
    assert "在武汉出过站、停留过吗" in question.say
    assert village.count("v1", "returnees_unrouted", "arrivals", date(2020, 1, 22)) == 1
    village.settle(answer.me_token, question.key, "3")
    assert village.count("v1", "returnees_unrouted", "arrivals", date(2020, 1, 22)) == 0
    assert village.count("v1", "returnees_out_province", "arrivals", date(2020, 1, 22)) == 1


def test_the_same_answer_after_a_settled_question_comes_back_for_the_same_sheet(village: Village) -> None:
    listed(village)
    handed_in = village.sheet(person(journey=HERE))
    answer = village.submit(handed_in)
    village.settle(answer.me_token, answer.people[0].questions[0].key, "other")
    again = village.submit(handed_in)
    assert again.again
    assert [got.row for got in again.people] == ["p1"]
    assert again.people[0].receipt is not None
    assert again.people[0].receipt.colour is Colour.GREEN


def test_a_stranger_is_told_what_disagrees_and_not_what_was_said(village: Village) -> None:
    listed(village)
    answer = village.declare(person(journey=HERE), known=False)
    [question] = answer.people[0].questions
    assert "有没有去过外地" in question.say
    assert "武汉" not in question.say + "".join(words for _, words in question.choices)
    again = village.submit(village.sheet(person(name="王样花", journey=WUHAN), known=False))
    assert "武汉" not in str(again.people[0].questions)
