"""People on duty in the database: posts with dates, leaves, and what a new roster changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, text

from handlers.domain.errors import Refused, Unreadable
from handlers.domain.hierarchy import NodeIn
from handlers.domain.people import HolderRow, Person
from handlers.domain.roster import PlannedHolding, PlannedPerson, RosterPlan
from store.cipher import FieldCipher
from store.engine import Database
from store.models import person, role
from store.people import PeopleRepo, Saved
from store.tree import TreeRepo

DAY = date(2022, 4, 3)
NEXT = DAY + timedelta(days=1)
ROWS = (
    NodeIn("35", "示例县", "county", None),
    NodeIn("g1", "一格", "grid", "35"),
    NodeIn("g2", "二格", "grid", "35"),
    NodeIn("g3", "三格", "grid", "35"),
)
NAMES = {"yt_a": "周样明", "yt_b": "李拟安", "yt_c": "王仿山", "yt_d": "周样明"}


def roster(*posts: tuple[str, str, str], phone: str = "10400000001") -> RosterPlan:
    people = tuple(dict.fromkeys(who for who, _, _ in posts))
    return RosterPlan(
        people=tuple(PlannedPerson(who, NAMES[who], (phone,) if who == "yt_a" else (), 2) for who in people),
        holdings=tuple(PlannedHolding(*post) for post in posts),
    )


A1, B2, C3 = ("yt_a", "g1", "gridworker"), ("yt_b", "g2", "gridworker"), ("yt_c", "g3", "gridworker")


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction on a county of three grids."""
    with database.begin() as connection:
        TreeRepo(connection).import_nodes(ROWS, DAY, now=datetime(2022, 4, 3, tzinfo=UTC), sha256="a")
        yield connection


@pytest.fixture
def people(connection: Connection) -> PeopleRepo:
    return PeopleRepo(connection)


def posts(found: Person | None) -> list[tuple[int, str, bool]]:
    assert found is not None
    return [(holding.node_id, holding.role, holding.acting_for is not None) for holding in found.holdings]


def test_a_saved_roster_is_found_by_account_in_any_case(people: PeopleRepo) -> None:
    assert people.save(roster(A1, B2), DAY) == Saved(2, 0, 2, 0)
    found = people.by_userid("YT_A", DAY)
    assert found is not None
    assert (found.userid, found.name, posts(found)) == ("yt_a", "周样明", [(2, "gridworker", False)])
    assert people.get(found.id, DAY - timedelta(days=300)) == found  # the first roster was so before it, too
    assert people.phones(found.id) == ("10400000001",)
    assert people.by_userid("yt_nobody", DAY) is None
    assert people.get(999, DAY) is None
    assert people.phones(999) == ()
    assert people.many([found.id, 999], DAY) == {found.id: found}


def test_saving_again_changes_nothing(people: PeopleRepo) -> None:
    people.save(roster(A1, B2), DAY)
    before = people.holders(DAY)
    assert people.save(roster(A1, B2), NEXT) == Saved(0, 0, 0, 0)
    assert people.holders(NEXT) == before


def test_whoever_a_new_roster_replaces_has_the_post_until_that_day(people: PeopleRepo) -> None:
    people.save(roster(A1, B2), DAY)
    assert people.save(roster(C3, ("yt_c", "g1", "gridworker")), NEXT) == Saved(1, 0, 2, 1)
    assert posts(people.by_userid("yt_a", NEXT)) == []
    assert posts(people.by_userid("yt_a", DAY)) == [(2, "gridworker", False)]
    assert posts(people.by_userid("yt_c", DAY)) == []
    assert posts(people.by_userid("yt_c", NEXT)) == [(2, "gridworker", False), (4, "gridworker", False)]
    assert posts(people.by_userid("yt_b", NEXT)) == [(3, "gridworker", False)]  # not spoken of: stays


def test_whoever_moves_leaves_the_old_grid_but_not_another_office(people: PeopleRepo) -> None:
    people.save(roster(A1, ("yt_a", "35", "deputy")), DAY)
    people.save(roster(("yt_a", "g2", "gridworker")), NEXT)
    assert posts(people.by_userid("yt_a", NEXT)) == [(1, "deputy", False), (3, "gridworker", False)]


def test_a_partial_roster_ends_nothing(people: PeopleRepo) -> None:
    people.save(roster(A1), DAY)
    assert people.save(roster(("yt_c", "g1", "gridworker")), NEXT, ending=False) == Saved(1, 0, 1, 0)
    assert len(people.holders(NEXT)) == 2


def test_a_post_ended_by_mistake_is_taken_up_again_the_same_day(people: PeopleRepo, connection: Connection) -> None:
    people.save(roster(B2), DAY)
    people.save(roster(A1), NEXT)
    people.save(roster(C3, ("yt_c", "g1", "gridworker")), NEXT)
    assert people.save(roster(A1), NEXT) == Saved(0, 0, 1, 1)
    assert posts(people.by_userid("yt_a", NEXT)) == [(2, "gridworker", False)]
    assert connection.execute(select(func.count()).select_from(role)).scalar_one() == 4


def test_corrections_of_name_and_phone_are_kept(people: PeopleRepo) -> None:
    people.save(roster(A1), DAY)
    corrected = RosterPlan(people=(PlannedPerson("yt_a", "周样名", (), 2),))
    assert people.save(corrected, NEXT) == Saved(0, 1, 0, 0)
    found = people.by_userid("yt_a", NEXT)
    assert found is not None
    assert people.names([found.id, 999]) == {found.id: "周样名"}
    assert people.phones(found.id) == ("10400000001",)  # an empty cell takes no phone away
    assert people.save(roster(A1, phone="10400000009"), NEXT) == Saved(0, 1, 0, 0)
    assert people.phones(found.id) == ("10400000009",)


def test_holders_are_listed_without_opening_a_name(people: PeopleRepo) -> None:
    people.save(roster(A1, B2, ("yt_c", "35", "county_lead")), DAY)
    current = FieldCipher.current()
    FieldCipher.install(b"another key, so that nothing can be opened"[:32])
    try:
        assert [(h.userid, h.node_id, h.role) for h in people.holders(DAY)] == [
            ("yt_c", 1, "county_lead"), ("yt_a", 2, "gridworker"), ("yt_b", 3, "gridworker"),
        ]  # fmt: skip
        assert people.holders(DAY, roles=["county_lead"]) == (
            HolderRow(people.holders(DAY)[0].person_id, "yt_c", 1, "county_lead"),
        )
        with pytest.raises(Unreadable):
            people.by_userid("yt_a", DAY)
    finally:
        FieldCipher._installed = current


def test_names_and_phones_are_sealed_at_rest(people: PeopleRepo, connection: Connection) -> None:
    people.save(roster(A1), DAY)
    raw = connection.execute(text("SELECT name, phones FROM person")).one()
    for cell in raw:
        assert "周样明".encode() not in bytes(cell)
        assert b"104" not in bytes(cell)
    assert connection.execute(select(person.c.name)).scalar_one() == "周样明"


def test_nobody_holds_a_post_at_a_place_that_is_gone(people: PeopleRepo, connection: Connection) -> None:
    people.save(roster(A1, B2), DAY)
    TreeRepo(connection).import_nodes(ROWS[:2], NEXT, now=datetime(2022, 4, 4, tzinfo=UTC), sha256="b")
    assert [h.userid for h in people.holders(NEXT)] == ["yt_a"]
    assert posts(people.by_userid("yt_b", NEXT)) == []
    assert len(people.holders(DAY)) == 2


def test_a_substitute_acts_while_the_leave_lasts(people: PeopleRepo) -> None:
    people.save(roster(A1, B2, C3), DAY)
    a, b, c = (h.person_id for h in people.holders(DAY))
    people.put_leave(a, NEXT, NEXT + timedelta(days=1), b)
    people.put_leave(b, NEXT + timedelta(days=1), NEXT + timedelta(days=1), c)
    assert people.leaves(DAY) == {}
    assert people.leaves(NEXT) == {a: b}
    assert posts(people.get(b, NEXT)) == [(3, "gridworker", False), (2, "gridworker", True)]
    assert posts(people.get(b, NEXT + timedelta(days=1))) == [(3, "gridworker", False)]
    assert posts(people.get(c, NEXT + timedelta(days=1))) == [  # the chain leads on
        (4, "gridworker", False), (2, "gridworker", True), (3, "gridworker", True),
    ]  # fmt: skip
    assert posts(people.get(b, NEXT + timedelta(days=2))) == [(3, "gridworker", False)]


def test_the_latest_word_on_a_leave_counts_and_it_can_end_early(people: PeopleRepo) -> None:
    people.save(roster(A1, B2), DAY)
    a, b = (h.person_id for h in people.holders(DAY))
    people.put_leave(a, DAY, DAY + timedelta(days=9), None)
    people.put_leave(a, NEXT, NEXT, b)
    assert people.leaves(DAY) == {a: None}
    assert people.leaves(NEXT) == {a: b}
    assert people.end_leave(a, DAY) == 2
    assert people.leaves(DAY) == {a: None}
    assert people.leaves(NEXT) == {}


def test_a_leave_that_cannot_be_is_refused(people: PeopleRepo) -> None:
    people.save(roster(A1), DAY)
    a = people.holders(DAY)[0].person_id
    with pytest.raises(Refused, match="早于"):
        people.put_leave(a, NEXT, DAY, None)
    with pytest.raises(Refused, match="自己"):
        people.put_leave(a, DAY, NEXT, a)
    assert people.leaves(DAY) == {}


def test_namesakes_are_told_apart_by_where_they_work(people: PeopleRepo) -> None:
    people.save(roster(A1, B2, ("yt_d", "g3", "gridworker")), DAY)
    a, _, d = (h.person_id for h in people.holders(DAY))
    assert people.find_by_name("周样明", [2]) == (a,)
    assert people.find_by_name(" 周 样明 ", [2, 3, 4]) == (a, d)
    assert people.find_by_name("李拟安", [2]) == ()
    assert people.find_by_name("", [2]) == ()
    assert people.find_by_name("周样明", []) == ()
