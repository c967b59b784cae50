"""A household declares: receipts, faults all at once, the same sheet once, late sheets, who speaks for whom."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from village import ALL, DECLARE, HERE, WUHAN, Village, person

from handlers.domain.consent import Speaker, Way
from handlers.domain.declaration import Journey
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.receipt_colour import Colour
from store.models import declaration, sheet


def rows(village: Village, table) -> int:
    with village.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_student_from_wuhan_has_a_yellow_receipt_with_reason_and_end(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN))
    [got] = answer.people
    receipt = got.receipt
    assert receipt is not None
    assert got.label == "王**"
    # no official list names Wuhan yet: the table has nothing to say of it but that it is another province
    assert receipt.colour is Colour.GREEN
    assert receipt.ask == "网格员吕样"
    assert receipt.version == "v1"
    assert answer.me_token
    assert not answer.again


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_kept(village: Village) -> None:
    bad = person(
        name="<script>alert(1)</script>",
        under_14=None,
        journey=Journey(True, "", "2020-02-30", "teleport", "", "x"),
        symptoms=("fever", "plague"),
        temperature="99",
    )
    answer = village.submit(village.sheet(bad))
    assert not answer.taken
    assert {fault.field for fault in answer.faults} == {"name", "under_14"}
    answer = village.submit(village.sheet(replace(bad, name="王样花", under_14=False)))
    assert {fault.field for fault in answer.faults} == {
        "origin", "arrived", "transport", "transit", "category", "symptoms", "temperature",
    }  # fmt: skip
    assert all(fault.say for fault in answer.faults)
    assert rows(village, sheet) == rows(village, declaration) == 0


def test_the_same_sheet_twice_is_one_row_and_the_same_receipt(village: Village) -> None:
    handed_in = village.sheet(person(temperature="36.8"))
    first, second = village.submit(handed_in), village.submit(handed_in)
    assert second.again
    assert first.people[0].receipt == second.people[0].receipt
    assert second.me_token is None
    assert rows(village, sheet) == rows(village, declaration) == 1
    assert village.count("v1", "declared_people") == 1


def test_a_key_with_other_words_is_not_taken_for_the_same_sheet(village: Village) -> None:
    handed_in = village.sheet(person())
    village.submit(handed_in)
    other = village.submit(replace(handed_in, people=(person(temperature="38.0"),)))
    assert [fault.field for fault in other.faults] == ["key"]
    assert other.people == ()


@pytest.mark.parametrize(
    ("typed", "kept", "offer"),
    [("36.5", "36.5", ()), ("三十六度五", "36.5", ()), ("365", None, ("36.5",)), ("36。5", None, ("36.5",))],
)
def test_temperatures_as_people_type_them(village: Village, typed: str, kept: str | None, offer: tuple) -> None:
    answer = village.submit(village.sheet(person(temperature=typed)))
    assert answer.taken is (kept is not None)
    assert tuple(o for fault in answer.faults for o in fault.offer) == offer
    if offer:
        again = village.submit(village.sheet(person(temperature=typed, temperature_agreed=offer[0])))
        assert again.taken


def test_a_day_to_come_is_refused_kindly(village: Village) -> None:
    answer = village.submit(village.sheet(person(journey=replace(WUHAN, arrived="2020-02-03"))))
    [fault] = answer.faults
    assert fault.field == "arrived"
    assert "还没到" in fault.say


def test_words_for_a_day_are_read_against_when_the_sheet_was_made(village: Village) -> None:
    made = village.now - timedelta(days=1)
    village.declare(person(journey=replace(WUHAN, arrived="昨天")), made_at=made)
    assert village.count("v1", "returnees_wuhan", "arrivals", date(2020, 1, 25)) == 1


def test_a_late_sheet_counts_for_the_day_it_was_made(village: Village) -> None:
    answer = village.declare(person(), made_at=village.now - timedelta(days=1))
    assert any("1月26日" in note for note in answer.people[0].notes)
    receipt = answer.people[0].receipt
    assert receipt is not None
    assert receipt.arrived_at - receipt.made_at == timedelta(days=1)
    assert village.count("v1", "declared_people", day=date(2020, 1, 26)) == 1
    assert village.count("v1", "declared_people") == 0


def test_a_late_sheet_does_not_undo_what_was_said_after_it(village: Village) -> None:
    earlier = village.sheet(person(temperature="36.5"), made_at=village.now - timedelta(hours=2))
    village.declare(person(temperature="37.9"))
    answer = village.submit(earlier)
    assert "以那张为准" in answer.people[0].notes[0]
    assert village.count("v1", "fever_people") == 1
    assert village.count("v1", "declared_people") == 1
    assert answer.people[0].receipt is None  # the other sheet has it; this one's bearer may be another


def test_a_neighbour_does_not_overrule_somebodys_own_word(village: Village) -> None:
    village.declare(person(journey=WUHAN))
    village.forward(minutes=5)
    answer = village.declare(person(journey=HERE, said_by=Speaker.NEIGHBOUR, consents=DECLARE))
    assert "以那张为准" in answer.people[0].notes[0]
    assert village.count("v1", "returnees_wuhan", "arrivals", date(2020, 1, 22)) == 1


def test_a_sheet_from_the_future_or_the_week_before_last(village: Village) -> None:
    ahead = village.submit(village.sheet(person(), made_at=village.now + timedelta(hours=1)))
    old = village.submit(village.sheet(person(), made_at=village.now - timedelta(days=8)))
    assert [f.field for f in (*ahead.faults, *old.faults)] == ["made_at", "made_at"]


def test_nothing_is_taken_where_others_read_along(village: Village) -> None:
    with pytest.raises(Refused):
        village.submit(village.sheet(person(), way=Way.GROUP))


def test_another_household_and_nobodys_place_are_one_answer(village: Village) -> None:
    with pytest.raises(UnknownNode):
        village.submit(village.sheet(person(), at="v1g1", household="v1g2h1"))
    with pytest.raises(UnknownNode):
        village.submit(village.sheet(person(who="s1")))
    with pytest.raises(UnknownNode):
        village.submit(replace(village.sheet(person()), place_id=999_999))
    village.declare(person())
    with pytest.raises(UnknownNode):  # the first person of the village, named from another household
        village.submit(village.sheet(person(who="s1"), at="v1g1h2"))


def test_a_traveller_at_a_gate_belongs_to_no_household(village: Village) -> None:
    answer = village.declare(person(journey=replace(WUHAN, category="passing")), at="v1")
    assert answer.people[0].receipt is not None
    assert village.count("v1", "declared_people") == village.count("t1", "declared_people") == 1


def test_the_same_person_twice_on_a_sheet(village: Village) -> None:
    answer = village.submit(village.sheet(person("p1"), person("p2")))
    assert [(f.row, f.field) for f in answer.faults] == [("p2", "name")]


def test_a_family_on_one_sheet_and_each_has_a_receipt(village: Village) -> None:
    answer = village.declare(
        person("p1"),
        person("p2", name="样例奶奶", said_by=Speaker.FAMILY, temperature=""),
        person("p3", name="样小宝", under_14=True, guardian=True, said_by=Speaker.FAMILY, symptoms=("cough",)),
    )
    assert [got.receipt and got.receipt.colour.value for got in answer.people] == ["green", "green", "yellow"]
    assert "家人代报" in answer.people[1].notes[0]
    assert village.count("v1g1", "declared_people") == 3
    assert village.count("v1g1", "symptom_cough") == 1
    assert village.count("v1g1", "temp_checked_people") == 2


def test_a_correction_moves_the_totals_and_keeps_what_was_said(village: Village) -> None:
    village.declare(person(symptoms=("cough",)))
    village.forward(minutes=3)
    village.declare(person(symptoms=("fever",), temperature="37.9"))
    assert village.count("v1", "declared_people") == 1
    assert village.count("v1", "symptom_cough") == 0
    assert village.count("v1", "symptom_fever") == village.count("v1", "fever_people") == 1
    assert rows(village, declaration) == 2


def test_people_are_found_again_by_their_household_and_name(village: Village) -> None:
    village.declare(person())
    village.forward(days=1)
    village.declare(person(consents=ALL))
    with village.store.read() as work:
        [subject] = work.subjects.of_household(village.node("v1g1h1"))
        assert len(work.declarations.of_subject(subject.id, live=True)) == 2
    village.declare(person(), at="v1g1h2")  # a namesake next door is somebody else
    with village.store.read() as work:
        assert [s.id for s in work.subjects.of_household(village.node("v1g1h2"))] != [subject.id]
