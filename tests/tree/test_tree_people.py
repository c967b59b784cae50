"""Who answers when somebody is away, what each role may do, and the quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.county import PEACE, WAR, County, ModeRules
from handlers.domain.hierarchy import Tree
from handlers.domain.people import HolderRow, Holding, Person, acting, on_duty, stand_in
from handlers.domain.policy import ADMINS, POLICY, Action, allows, kept_apart, may


@given(st.dictionaries(st.integers(1, 12), st.none() | st.integers(1, 12)), st.integers(1, 12))
def test_a_stand_in_is_never_on_leave_and_always_found_when_there_is_one(
    leaves: dict[int, int | None], person_id: int
) -> None:
    found = stand_in(person_id, leaves)
    assert found is None or found not in leaves
    at: int | None = person_id
    for _ in range(len(leaves) + 1):
        at = leaves.get(at, at) if at is not None else None
    assert found == (at if at is not None and at not in leaves else None)


def test_those_on_duty_are_named_once() -> None:
    assert on_duty([1, 2, 3, 4], {1: 2, 3: 2, 4: None}) == (2,)


def test_a_substitute_acts_for_the_post_but_never_for_an_administrator(small: Tree) -> None:
    posts = [Holding(1, 9, "gridworker"), Holding(1, 1, "sysadmin")]
    substitute = Person(2, "yt_sample", "李拟安", acting(2, posts, {1: 2}))
    assert substitute.nodes("gridworker") == (9,)
    assert may(substitute, Action.REPORT, 9, small)
    assert not may(substitute, Action.ADMIN, 1, small)


def test_a_name_never_stands_in_what_might_be_logged() -> None:
    assert "周样明" not in repr(Person(1, "yt_sample", "周样明"))
    assert HolderRow.__slots__ == ("person_id", "userid", "node_id", "role")


@pytest.mark.parametrize(
    ("role", "at", "action", "allowed", "refused"),
    [
        ("county_lead", 1, Action.ISSUE, {1, 2, 9, 12, 15}, {99}),
        ("township_lead", 2, Action.ISSUE, {2, 4, 9}, {1, 3, 12}),
        ("township_lead", 2, Action.SWITCH_MODE, {2, 9}, {1, 3}),
        ("deputy", 2, Action.CONFIRM, {2, 4}, {1, 3}),
        ("deputy", 2, Action.SWITCH_MODE, set(), {1, 2, 4}),
        ("village_lead", 4, Action.ISSUE, {4, 9}, {2, 6}),
        ("village_lead", 4, Action.REPORT, {4}, {9, 2}),
        ("village_lead", 4, Action.REPORT_ON_BEHALF, {9, 10}, {12}),
        ("grid_lead", 8, Action.REPORT_ON_BEHALF, {9, 10}, {4, 12}),
        ("grid_lead", 8, Action.ISSUE, set(), {8, 9}),
        ("gridworker", 9, Action.REPORT, {9, 13}, {10, 8, 4}),
        ("gridworker", 9, Action.SEE_COUNTS, {9, 14}, {4, 10}),
        ("gridworker", 9, Action.CONFIRM, set(), {9}),
        ("sector", 15, Action.ISSUE, {15}, {1, 2}),
        ("sysadmin", 1, Action.SEE_COUNTS, set(), {1, 9}),
        ("sysadmin", 1, Action.AUDIT, set(), {1}),
        ("security_admin", 1, Action.ADMIN, set(), {1}),
        ("auditor", 1, Action.SEE_PEOPLE, set(), {1, 9}),
        ("auditor", 1, Action.AUDIT, {1}, {99}),
    ],
)
def test_the_policy_table(
    small: Tree, role: str, at: int, action: Action, allowed: set[int], refused: set[int]
) -> None:
    person = Person(1, "yt_sample", "周样明", (Holding(1, at, role),))
    assert {node for node in allowed | refused if may(person, action, node, small)} == allowed


def test_the_three_administrators_share_no_right_and_no_person() -> None:
    rights = [set(POLICY[role]) - {Action.BIND} for role in sorted(ADMINS)]
    assert all(len(one) == 1 for one in rights)
    assert len(set.union(*rights)) == 3
    assert not kept_apart(["auditor", "gridworker", "security_admin"])
    for action in (Action.SEE_COUNTS, Action.SEE_PEOPLE, Action.EXPORT, Action.ISSUE):
        assert not any(allows(role, action) for role in ADMINS)


def test_every_role_of_the_policy_has_a_title(county: County) -> None:
    assert set(county.roles) == set(POLICY)
    assert all(kind.issues == allows(key, Action.ISSUE) for key, kind in county.roles.items())
    assert county.role_of("专职网格员") is county.roles["gridworker"]
    assert county.role_of("皇帝") is None


def test_peace_is_quiet_at_night_and_compels_nobody() -> None:
    assert not PEACE.compulsory
    assert [rung.tell for rung in PEACE.ladder] == ["self"]
    assert [PEACE.quiet(time(*at)) for at in ((21, 59), (22, 0), (3, 0), (6, 59), (7, 0))] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [(rung.after, rung.tell) for rung in WAR.ladder] == [
        (timedelta(minutes=10), "self"),
        (timedelta(minutes=20), "substitute"),
        (timedelta(minutes=30), "above"),
    ]


@given(st.integers(1_640_000_000, 1_680_000_000), st.times(), st.times())
def test_what_waits_for_the_morning_is_sent_when_it_is_allowed(at_s: int, start: time, end: time) -> None:
    rules, zone = ModeRules(False, (), start, end), ZoneInfo("Asia/Shanghai")
    asked = datetime.fromtimestamp(at_s, UTC)
    loud = rules.loud_at(asked, zone)
    assert asked <= loud <= asked + timedelta(days=1)
    assert loud.tzinfo is UTC
    local = loud.astimezone(zone).time()
    assert not rules.quiet(local) or local == end.replace(microsecond=0)
