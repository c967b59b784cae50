"""The household register: people, proxies, addresses, reach; sealed, and found without opening anything."""

from datetime import time, timedelta

import pytest
from household_samples import DAY, GRID, NOW, person
from sqlalchemy import text

from handlers.domain.care_team import FIVE_FOR_ONE
from handlers.domain.errors import Refused
from handlers.domain.household import MEMBERS_LIMIT, Age, Health, Reach, Relation
from handlers.domain.privacy import Purpose
from store.cipher import FieldCipher
from store.work import SqlWork

HOUSE, NEXT_DOOR, THIRD = 6, 7, 8
NEXT = DAY + timedelta(days=1)


def test_a_household_is_known_before_anything_is_written_about_it(work: SqlWork) -> None:
    one = work.households.by_code("35010101-0001")
    assert one is not None
    assert (one.id, one.grid_id, one.name, one.head_count, one.in_group) == (HOUSE, GRID, "0001户", None, None)
    assert (one.address, one.language, one.preferred, one.closed) == (None, None, (), False)
    assert work.households.members(HOUSE, DAY) == ()
    assert work.households.by_code("35010101") is None  # a grid is no household
    assert work.households.by_code("no such") is work.households.get(9999) is None


def test_what_is_written_is_read_and_nothing_given_changes_nothing(work: SqlWork) -> None:
    spans = ((time(8), time(9)), (time(19), time(20, 30)))
    work.households.put(HOUSE, NOW, address="溪尾3号", head_count=3, language="dialect", preferred=spans, in_group=True)
    work.households.put(HOUSE, NOW, head_count=4)
    one = work.households.get(HOUSE)
    assert one is not None
    assert (one.address, one.head_count, one.language, one.preferred) == ("溪尾3号", 4, "dialect", spans)
    assert one.in_group is True
    assert "溪尾" not in repr(one)
    with pytest.raises(Refused, match="户编码"):
        work.households.put(GRID, NOW, head_count=1)


def test_people_have_a_number_in_their_household_and_keep_their_id(work: SqlWork) -> None:
    first = work.households.add_member(HOUSE, "王拟花", DAY, NOW, age=Age.VERY_OLD, language="dialect")
    second = work.households.add_member(HOUSE, "王测", DAY, NOW)
    assert [(m.number, m.name, m.age) for m in work.households.members(HOUSE, DAY)] == [
        (1, "王拟花", Age.VERY_OLD), (2, "王测", None),
    ]  # fmt: skip
    assert (first.label, second.label, first.under_14, second.under_14) == ("王**", "王*", False, None)
    assert "王" not in repr(first)
    assert work.households.home(first.id, DAY) == HOUSE
    assert work.households.leave(first.id, NEXT) == 1
    assert [m.id for m in work.households.members(HOUSE, NEXT)] == [second.id]
    assert len(work.households.members(HOUSE, DAY)) == 2  # the day before, both lived there
    assert work.households.home(first.id, NEXT) is None
    third = work.households.add_member(HOUSE, "王例", NEXT, NOW)
    assert third.number == 3  # a number once given is not given again
    assert work.households.correct_member(second.id, NOW, name="王测安", age=Age.UNDER_14)
    assert [(m.name, m.under_14) for m in work.households.members(HOUSE, NEXT)] == [("王测安", True), ("王例", None)]
    assert not work.households.correct_member(999, NOW, name="谁")


def test_a_household_has_an_end(work: SqlWork) -> None:
    for n in range(MEMBERS_LIMIT):
        work.households.add_member(HOUSE, f"样{n}", DAY, NOW)
    with pytest.raises(Refused, match="30"):
        work.households.add_member(HOUSE, "样多", DAY, NOW)
    with pytest.raises(Refused, match="户编码"):
        work.households.add_member(GRID, "样", DAY, NOW)


def test_a_daughter_far_away_answers_for_her_mother_and_for_herself(work: SqlWork) -> None:
    mother = work.households.add_member(HOUSE, "王拟花", DAY, NOW, age=Age.OLD)
    daughter = work.households.add_member(THIRD, "林样女", DAY, NOW)
    proxy = work.households.add_contact(HOUSE, "林样女", Relation.CHILD, DAY, NOW, may_answer=True)
    herself = work.households.add_contact(THIRD, "林样女", Relation.MEMBER, DAY, NOW, member_id=daughter.id)
    for one in (proxy, herself):
        work.households.bind_address(one.id, "official_account", "oAbc", NOW)
        work.households.bind_address(one.id, "official_account", "oAbc", NOW)  # a second scan changes nothing
    callers = work.households.of_address("official_account", "oAbc", DAY)
    assert [(c.household_id, c.member_id, c.relation, c.may_answer) for c in callers] == [
        (HOUSE, None, Relation.CHILD, True), (THIRD, daughter.id, Relation.MEMBER, False),
    ]  # fmt: skip
    assert callers[0].label == "家人代报"
    assert mother.id not in {c.member_id for c in callers}
    assert (
        work.households.of_address("kf", "oAbc", DAY) == work.households.of_address("official_account", "o", DAY) == ()
    )
    (seen,) = work.households.contacts(HOUSE, DAY)
    assert [(a.channel, a.address) for a in seen.addresses] == [("official_account", "oAbc")]
    assert "林" not in repr(seen)
    assert "oAbc" not in repr(seen)
    assert work.households.end_address("official_account", "oAbc", NOW) == 2  # she stopped following
    assert work.households.of_address("official_account", "oAbc", DAY) == ()
    assert work.households.contacts(HOUSE, DAY)[0].addresses == ()


def test_contacts_are_asked_in_order_and_can_end(work: SqlWork) -> None:
    first = work.households.add_contact(HOUSE, "邻居刘拟姐", Relation.NEIGHBOUR, DAY, NOW)
    second = work.households.add_contact(HOUSE, "林样女", Relation.CHILD, DAY, NOW)
    assert [c.order for c in work.households.contacts(HOUSE, DAY)] == [1, 2]
    assert not work.households.contacts(HOUSE, DAY)[0].may_answer
    assert work.households.agree(first.id, True)
    assert work.households.contacts(HOUSE, DAY)[0].may_answer
    assert not work.households.agree(999, True)
    work.households.bind_address(first.id, "kf", "wmA", NOW)
    work.households.end_contact(first.id, NEXT)
    assert [c.id for c in work.households.contacts(HOUSE, NEXT)] == [second.id]
    assert work.households.of_address("kf", "wmA", DAY) != ()
    assert work.households.of_address("kf", "wmA", NEXT) == ()


def test_who_moved_out_answers_no_more(work: SqlWork) -> None:
    member = work.households.add_member(HOUSE, "王测", DAY, NOW)
    contact = work.households.add_contact(HOUSE, "王测", Relation.MEMBER, DAY, NOW, member_id=member.id)
    work.households.bind_address(contact.id, "kf", "wmB", NOW)
    assert work.households.leave(member.id, NEXT) == 2
    assert work.households.of_address("kf", "wmB", NEXT) == ()


def test_the_best_way_to_each_household(work: SqlWork) -> None:
    by_phone = work.households.add_contact(HOUSE, "王拟花", Relation.MEMBER, DAY, NOW)
    work.households.bind_address(by_phone.id, "phone", "10400000009", NOW)
    work.households.put(NEXT_DOOR, NOW, in_group=True)
    asked = (HOUSE, NEXT_DOOR, THIRD)
    assert work.households.reach(asked, DAY) == {
        HOUSE: Reach.PHONE_ONLY, NEXT_DOOR: Reach.GROUP_ONLY, THIRD: Reach.NONE,
    }  # fmt: skip
    work.households.bind_address(by_phone.id, "official_account", "oX", NOW)
    assert work.households.reach(asked, DAY)[HOUSE] is Reach.OFFICIAL_ACCOUNT
    work.households.bind_address(by_phone.id, "kf", "wmX", NOW)
    assert work.households.reach(asked, DAY)[HOUSE] is Reach.KF
    work.households.end_contact(by_phone.id, NEXT)
    assert work.households.reach(asked, NEXT)[HOUSE] is Reach.NONE
    assert work.households.reach((), DAY) == {}


def test_everything_about_people_is_sealed_at_rest_and_looking_up_opens_nothing(work: SqlWork) -> None:
    work.households.put(HOUSE, NOW, address="溪尾3号", language="dialect")
    member = work.households.add_member(HOUSE, "王拟花", DAY, NOW, age=Age.VERY_OLD)
    contact = work.households.add_contact(
        HOUSE, "林样女", Relation.CHILD, DAY, NOW, member_id=member.id, may_answer=True
    )
    work.households.bind_address(contact.id, "phone", "10400000009", NOW)
    for table in ("household", "resident", "membership", "contact", "contact_address", "household_change"):
        for row in work.connection.execute(text(f"SELECT * FROM {table}")):
            said = b"".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in map(_plain, row))
            for word in ("溪尾", "王拟花", "林样女", "10400000009", "dialect", "very_old"):
                assert word.encode() not in said, table
    current = FieldCipher.current()
    opened = FieldCipher.open
    try:
        FieldCipher.open = None  # type: ignore[assignment,method-assign]
        assert work.households.of_address("phone", "10400000009", DAY)[0].household_id == HOUSE
        assert work.households.reach((HOUSE,), DAY) == {HOUSE: Reach.PHONE_ONLY}
    finally:
        FieldCipher.open = opened  # type: ignore[method-assign]
    assert FieldCipher.current() is current


def _plain(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


def test_whoever_is_forgotten_leaves_no_word_behind_in_any_copy(work: SqlWork) -> None:
    member = work.households.add_member(HOUSE, "王拟花", DAY, NOW, age=Age.OLD)
    work.households.put_health(member.id, Health(("alone",), ("insulin",)), NOW)
    work.households.put(HOUSE, NOW, head_count=2)
    contact = work.households.add_contact(HOUSE, "王拟花", Relation.MEMBER, DAY, NOW, member_id=member.id)
    work.households.bind_address(contact.id, "kf", "wmC", NOW)
    copy = [
        bytes(cell)
        for table, column in (("resident", "profile"), ("resident", "health"), ("contact_address", "address"))
        for (cell,) in work.connection.execute(text(f"SELECT {column} FROM {table}"))
    ]
    assert [work.person_keys.open(cell) is not None for cell in copy] == [True] * 3
    assert work.households.forget(member.id, "asked", NOW)
    assert not work.households.forget(member.id, "asked", NOW)
    assert work.households.members(HOUSE, DAY) == work.households.contacts(HOUSE, DAY) == ()
    assert work.households.of_address("kf", "wmC", DAY) == ()
    assert work.households.health([member.id], Purpose.CARE) == {}
    assert not work.households.correct_member(member.id, NOW, name="王拟花")
    assert work.connection.execute(text("SELECT profile, health FROM resident")).one() == (None, None)
    assert [work.person_keys.open(cell) for cell in copy] == [None] * 3  # what a copy still holds opens no more
    one = work.households.get(HOUSE)
    assert one is not None
    assert one.head_count == 2  # a number of people, without anybody's name


def test_a_proxy_can_be_forgotten_too(work: SqlWork) -> None:
    proxy = work.households.add_contact(HOUSE, "林样女", Relation.CHILD, DAY, NOW)
    work.households.bind_address(proxy.id, "kf", "wmD", NOW)
    (row,) = work.connection.execute(text("SELECT name FROM contact"))
    assert work.households.forget_contact(proxy.id, "asked", NOW)
    assert work.households.contacts(HOUSE, DAY) == ()
    assert work.households.of_address("kf", "wmD", DAY) == ()
    assert work.person_keys.open(bytes(row.name)) is None
    assert not work.households.forget_contact(proxy.id, "asked", NOW)
    with pytest.raises(Refused, match="联系人"):
        work.households.bind_address(proxy.id, "kf", "wmD", NOW)


def test_needs_are_read_for_a_purpose_and_destroyed_by_themselves(work: SqlWork) -> None:
    member = work.households.add_member(HOUSE, "王拟花", DAY, NOW)
    other = work.households.add_member(HOUSE, "王测", DAY, NOW)
    needs = Health(("alone", "dialysis"), ("insulin",))
    assert work.households.put_health(member.id, Health(("alone",)), NOW)
    assert work.households.put_health(member.id, needs, NOW)
    assert work.households.health([member.id, other.id], Purpose.CARE) == {member.id: needs}
    assert work.households.health([member.id], Purpose.DECLARATION) == {member.id: needs}
    for purpose in set(Purpose) - {Purpose.CARE, Purpose.DECLARATION}:
        with pytest.raises(ValueError, match="not read"):
            work.households.health([member.id], purpose)
    assert not work.households.put_health(999, needs, NOW)
    (row,) = work.connection.execute(text("SELECT health FROM resident WHERE health IS NOT NULL"))
    assert work.households.forget_health(member.id, "withdrawn", NOW)
    assert not work.households.forget_health(member.id, "withdrawn", NOW)
    assert work.households.health([member.id], Purpose.CARE) == {}
    assert work.person_keys.open(bytes(row.health)) is None
    assert [m.name for m in work.households.members(HOUSE, DAY)] == ["王拟花", "王测"]
    assert work.households.put_health(member.id, Health(("poor",)), NOW)  # said again, under a new key
    assert work.households.health([member.id], Purpose.CARE) == {member.id: Health(("poor",))}


def test_the_team_is_posts_and_assignments_and_the_nearest_counts(work: SqlWork) -> None:
    lin, he, wu = (person(work, who).id for who in ("yt_lin", "yt_he", "yt_wu"))
    doctor, police = person(work, "yt_zhou").id, person(work, "yt_sun").id
    team = work.households.care_team(HOUSE, DAY, FIVE_FOR_ONE)
    assert [(c.person_id, c.role.key) for c in team.carers] == [(lin, "gridworker"), (wu, "village_cadre")]
    assert [role.title for role in team.missing] == ["村医", "乡镇干部", "民警"]
    assert work.care.assign(3, "doctor", [doctor], DAY)  # one doctor for the whole village
    assert work.care.assign(HOUSE, "gridworker", [he, lin], DAY)
    assert work.care.assign(HOUSE, "police", [police], DAY)
    assert not work.care.assign(HOUSE, "police", [police], NEXT)
    team = work.households.care_team(HOUSE, DAY, FIVE_FOR_ONE)
    assert team.on_call() == (he, lin, doctor, wu, police)
    assert team.on_call(health=True) == (he, lin, doctor)
    assert work.households.care_team(NEXT_DOOR, DAY, FIVE_FOR_ONE).on_call() == (lin, doctor, wu)
    assert work.care.households_of(police, DAY) == (HOUSE,)
    assert work.care.assign(HOUSE, "gridworker", [], NEXT)
    assert work.households.care_team(HOUSE, NEXT, FIVE_FOR_ONE).on_call() == (lin, doctor, wu, police)
    assert work.households.care_team(HOUSE, DAY, FIVE_FOR_ONE).on_call()[0] == he  # yesterday it was so


def test_a_substitute_is_called_for_whoever_is_away(work: SqlWork) -> None:
    lin, he = (person(work, who).id for who in ("yt_lin", "yt_he"))
    work.people.put_leave(lin, DAY, DAY, he)
    (first, *_) = work.households.care_team(HOUSE, DAY, FIVE_FOR_ONE).carers
    assert (first.person_id, first.away_for, first.role.title) == (he, lin, "网格员")
    work.people.put_leave(lin, DAY, DAY, None)
    assert "网格员" in [role.title for role in work.households.care_team(HOUSE, DAY, FIVE_FOR_ONE).missing]
    assert work.households.care_team(9999, DAY, FIVE_FOR_ONE).carers == ()
