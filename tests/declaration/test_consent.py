"""Consent: every combination of basis, purpose, age, state, way and speaker decided; refusing costs nobody help."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from sqlalchemy import select
from village import ALL, DECLARE, DECLARING, NO_CARE, TABLE, WUHAN, Village, person

from handlers.domain.consent import (
    Age,
    Consent,
    ConsentPurpose,
    ConsentState,
    Order,
    Speaker,
    Way,
    Why,
    decide,
    may_ask_again,
    newest,
)
from handlers.domain.privacy import Basis
from handlers.domain.threshold import TaskKind
from store.models import care_task, consent, declaration, subject

pytestmark = pytest.mark.long

AT = datetime(2020, 1, 27, tzinfo=UTC)
DAY = date(2020, 1, 27)
ORDER = Order(
    Basis.EMERGENCY, frozenset({ConsentPurpose.DECLARE}), "样防指〔2020〕3号", date(2020, 1, 25), date(2020, 2, 8)
)


def word(purpose, state, speaker, guardian, version=1, way=Way.PAGE) -> Consent:
    return Consent(purpose, version, state, speaker, guardian, way, AT)


def allowed_by_hand(purpose, age, state, version, way, speaker, guardian, basis, ordered) -> bool:
    """The rule in other words than the code's: what must be true of each pair, looked up one after the other."""
    if way is Way.GROUP or age is Age.UNKNOWN:
        return False
    if basis is not Basis.CONSENT and ordered:
        return True
    granted_now = state is ConsentState.GRANTED and version == 2
    right_speaker = {Age.CHILD: guardian, Age.GROWN: True}[age]
    neighbour_on_health = speaker is Speaker.NEIGHBOUR and purpose is ConsentPurpose.HEALTH
    return granted_now and right_speaker and not neighbour_on_health


def test_the_whole_matrix() -> None:
    """basis × purpose × age × state × version × way × speaker × guardian × order: 24,192 cells."""
    cells = 0
    for basis, purpose, age, state, version, way, speaker, guardian, ordered in product(
        Basis, ConsentPurpose, Age, ConsentState, (1, 2), Way, Speaker, (False, True), (False, True)
    ):
        orders = [Order(basis, frozenset({purpose}), "样防指3号", DAY, DAY)] if ordered else []
        said = word(purpose, state, speaker, guardian, version)
        decision = decide(purpose, age, said, 2, way, DAY, basis=basis, orders=orders)
        expected = allowed_by_hand(purpose, age, state, version, way, speaker, guardian, basis, ordered)
        assert decision.allowed is expected, (basis, purpose, age, state, version, way, speaker, guardian, ordered)
        assert (decision.basis is not None) is decision.allowed  # nothing is kept without a basis
        cells += 1
    assert cells == 24_192


def test_what_nobody_was_asked_is_not_allowed() -> None:
    for purpose in ConsentPurpose:
        assert decide(purpose, Age.GROWN, None, 1, Way.PAGE, DAY).why is Why.NOT_ASKED


@pytest.mark.parametrize(
    ("order", "day", "why"),
    [
        (ORDER, DAY, Why.ORDERED),
        (replace(ORDER, text=" "), DAY, Why.NO_ORDER),  # an order without its document
        (ORDER, date(2020, 2, 9), Why.NO_ORDER),  # the day after its last
        (ORDER, date(2020, 1, 24), Why.NO_ORDER),
        (replace(ORDER, basis=Basis.STATUTORY_DUTY), DAY, Why.NO_ORDER),  # another basis than the county's
    ],
)
def test_a_basis_other_than_consent_needs_its_order(order: Order, day: date, why: Why) -> None:
    decision = decide(ConsentPurpose.DECLARE, Age.GROWN, None, 1, Way.PAGE, day, basis=Basis.EMERGENCY, orders=[order])
    assert decision.why is why


def test_an_order_does_not_reach_purposes_it_does_not_name() -> None:
    decision = decide(ConsentPurpose.HEALTH, Age.GROWN, None, 1, Way.PAGE, DAY, basis=Basis.EMERGENCY, orders=[ORDER])
    assert not decision.allowed


def test_the_newest_word_counts_and_a_no_is_not_asked_again() -> None:
    yes = word(ConsentPurpose.HEALTH, ConsentState.GRANTED, Speaker.SELF, False)
    no = replace(yes, state=ConsentState.REFUSED)
    assert newest([yes, no])[ConsentPurpose.HEALTH] is no
    assert (may_ask_again(None, 1), may_ask_again(no, 1), may_ask_again(no, 2)) == (True, False, True)


# -- over the store ----------------------------------------------------------------------------------------------------


def words(village: Village) -> list[tuple[str, str, int]]:
    with village.database.read() as connection:
        rows = connection.execute(select(consent).order_by(consent.c.id))
        return [(row.purpose, row.state, row.version) for row in rows]


def count(village: Village, table) -> int:
    with village.database.read() as connection:
        return len(connection.execute(select(table)).all())


def test_consent_is_recorded_per_person_and_purpose(village: Village) -> None:
    village.declare(person("p1"), person("p2", name="样例奶奶", consents=DECLARE))
    assert words(village) == [
        ("declare", "granted", 1),
        ("health", "granted", 1),
        ("care", "granted", 1),
        ("declare", "granted", 1),
        ("health", "refused", 1),
        ("care", "refused", 1),
    ]


def test_without_consent_for_health_there_is_no_colour_and_no_health(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN, consents=DECLARE, temperature="39.9", symptoms=("fever",)))
    [got] = answer.people
    assert got.receipt is None
    assert any("不影响任何帮助" in note for note in got.notes)
    with village.database.read() as connection:
        row = connection.execute(select(declaration)).one()
    assert row.health is None
    assert count(village, care_task) == 0
    assert village.count("v1", "fever_people") == 0


def test_refusing_everything_keeps_nothing_and_help_comes_all_the_same(village: Village) -> None:
    refused = person(consents=frozenset(), journey=WUHAN, temperature="38.8")
    answer = village.declare(refused, asks="家里没米了,能帮忙买一点吗")
    assert answer.people[0].receipt is None
    assert answer.help is not None
    assert "网格员吕样" in answer.help
    assert count(village, declaration) == 0
    with village.database.read() as connection:
        [task] = connection.execute(select(care_task)).all()
    assert task.kind == TaskKind.HELP
    assert "需要帮忙" in village.letters("lv")[0]


def test_refusing_without_asking_leaves_no_name(village: Village) -> None:
    village.declare(person(consents=frozenset()))
    assert count(village, subject) == count(village, consent) == 0


def test_a_box_left_empty_takes_nothing_back(village: Village) -> None:
    village.declare(person())
    village.forward(days=1)
    answer = village.declare(person(consents=frozenset()))
    assert answer.people[0].receipt is not None
    assert [state for _, state, _ in words(village)] == ["granted"] * 3


def test_new_words_are_asked_anew(village: Village) -> None:
    village.declare(person())
    health = TABLE.consents[ConsentPurpose.HEALTH]
    newer = {**TABLE.consents, ConsentPurpose.HEALTH: replace(health, version=2)}
    village.county = replace(village.county, declaring=replace(DECLARING, table=replace(TABLE, consents=newer)))
    village.forward(days=1)
    assert village.declare(person(consents=frozenset())).people[0].receipt is None
    old = village.submit(village.sheet(person(consents=ALL)))
    assert [fault.field for fault in old.faults] == ["consents"]
    village.forward(days=1)
    assert village.declare(person(consents=frozenset({"health@2"}))).people[0].receipt is not None


def test_a_child_is_spoken_for_by_a_guardian(village: Village) -> None:
    child = person(name="样小宝", under_14=True, said_by=Speaker.FAMILY)
    answer = village.submit(village.sheet(child))
    assert [fault.field for fault in answer.faults] == ["guardian"]
    assert village.declare(replace(child, guardian=True)).people[0].receipt is not None


def test_a_neighbour_may_register_but_says_nothing_of_health(village: Village) -> None:
    answer = village.submit(village.sheet(person(said_by=Speaker.NEIGHBOUR, consents=NO_CARE)))
    assert [fault.field for fault in answer.faults] == ["consents"]
    village.declare(person(said_by=Speaker.NEIGHBOUR, consents=DECLARE))


def test_somebody_whose_age_is_not_known_is_asked(village: Village) -> None:
    answer = village.submit(village.sheet(person(under_14=None)))
    assert [fault.field for fault in answer.faults] == ["under_14"]
