"""Whom an audience means: people, groups and relays, on the small county and on the whole sample county."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from tree_samples import LEVELS, SMALL

from bot import roster_file
from handlers.domain.chats import CAPABILITIES, Chat
from handlers.domain.county import County
from handlers.domain.directive import Audience
from handlers.domain.fan_out import FanOut, audience_of, fan_out
from handlers.domain.hierarchy import Tree
from handlers.domain.people import HolderRow
from handlers.domain.roster import plan

ROOT = Path(__file__).parents[2]
HOLDERS = (
    HolderRow(1, "lead", 2, "township_lead"),
    HolderRow(2, "village", 4, "village_lead"),
    HolderRow(3, "one", 9, "gridworker"),
    HolderRow(4, "two", 10, "gridworker"),
    HolderRow(5, "other", 10, "gridworker"),
    HolderRow(6, "doctor", 15, "sector"),
    HolderRow(7, "root", 1, "sysadmin"),
)


def chat(number: int, node: int, channel: str = "appchat", name: str = "") -> Chat:
    return Chat(number, node, channel, f"a{number}", name or f"群{number}", CAPABILITIES[channel])


def planned(
    audience: Audience,
    county: County,
    chats: Sequence[Chat] = (),
    leaves: dict[int, int | None] | None = None,
    author: int = 99,
) -> FanOut:
    userids = {row.person_id: row.userid for row in HOLDERS}
    return fan_out(
        audience, Tree(SMALL, LEVELS), county, HOLDERS, leaves or {}, userids, chats, author_id=author, seed="D1"
    )


def people(found: FanOut) -> list[str]:
    return [owed.userid for owed in found.people]


@pytest.mark.parametrize(
    ("level", "role", "nodes", "meant"),
    [
        ("village", None, (2,), ["village", "one", "two", "other"]),
        ("village", "lead", (2,), ["village"]),
        ("grid", None, (2,), ["one", "two", "other"]),
        ("grid", "gridworker", (4,), ["one", "two", "other"]),
        ("township", None, (1,), ["lead"]),
        (None, None, (2,), ["lead", "village", "one", "two", "other"]),
        (None, None, (9,), ["one"]),
        (None, None, (15,), ["doctor"]),
        (None, None, (1,), ["lead", "village", "one", "two", "other", "doctor"]),
        ("village", None, (1,), ["village", "one", "two", "other"]),  # the trade beside the main line is not meant
        ("unit", None, (2,), ["lead", "village", "one", "two", "other"]),  # a level this county has not
    ],
)
def test_an_audience_in_words(
    county: County, level: str | None, role: str | None, nodes: tuple[int, ...], meant: list[str]
) -> None:
    assert people(planned(audience_of(level, role, nodes), county)) == meant


def test_nobody_gets_it_twice_nor_its_author(county: County) -> None:
    assert people(planned(Audience((2, 4, 9)), county, author=2)) == ["lead", "one", "two", "other"]


def test_whoever_stands_in_gets_it_once_for_all(county: County) -> None:
    found = planned(audience_of("grid", None, (2,)), county, leaves={3: 4, 5: None})
    assert people(found) == ["two"]
    assert [row.userid for row in found.covered] == ["one"]
    assert [row.userid for row in found.unreachable] == ["other"]


def test_one_group_known_by_two_addresses_gets_one_post(county: County) -> None:
    chats = [chat(1, 4, "webhook", "村群"), chat(2, 4, "appchat", "村群"), chat(3, 4, "appchat", "另一群")]
    found = planned(Audience((2,)), county, chats)
    assert [post.id for post in found.posts] == [2, 3]  # two groups at one node are two


def test_a_group_that_only_hears_gets_no_post_and_a_trades_group_hears_what_all_hear(county: County) -> None:
    chats = [chat(1, 15), chat(2, 4, "aibot"), chat(3, 9, "relay")]
    assert [post.id for post in planned(audience_of("village", None, (1,)), county, chats).posts] == [1]
    assert planned(audience_of("village", None, (2,)), county, chats).posts == ()


def test_a_post_counts_by_the_people_of_its_group(county: County) -> None:
    found = planned(Audience((2,)), county, [chat(1, 2), chat(2, 4)])
    assert found.heads == {1: 2, 2: 4}  # the town's: its lead and the village's; the village's: lead and gridworkers


def test_household_groups_are_relayed_by_whoever_answers_there(county: County) -> None:
    chats = [chat(1, 9, "relay"), chat(2, 10, "relay"), chat(3, 10, "relay"), chat(4, 4, "relay")]
    found = planned(audience_of("household", None, (2,)), county, chats, leaves={3: 5})
    assert [(task.chat.id, task.owed.userid) for task in found.relays] == [(1, "other"), (2, "two"), (3, "two")]
    codes = [task.code for task in found.relays if task.owed.userid == "two"]
    assert len(set(codes)) == 2
    again = planned(audience_of("household", None, (2,)), county, chats, leaves={3: 5})
    assert [task.code for task in again.relays] == [task.code for task in found.relays]


def _rows(county: County, tree: Tree) -> tuple[list[HolderRow], list[Chat]]:
    """The sample county's posts and groups, numbered as they come."""
    made = plan(roster_file.read(ROOT / "data/yongtai/roster.csv", county), tree, county, allow_sample_phones=True)
    listed = plan(roster_file.read(ROOT / "data/yongtai/chats.csv", county), tree, county)
    ids: dict[str, int] = {}
    nodes = {code: node.id for code in {h.node_code for h in made.holdings} if (node := tree.by_code(code))}
    holders = [
        HolderRow(ids.setdefault(h.userid, len(ids) + 1), h.userid, nodes[h.node_code], h.role) for h in made.holdings
    ]
    chats = []
    for number, one in enumerate(listed.chats, 1):
        node = tree.by_code(one.node_code)
        assert node is not None
        chats.append(Chat(number, node.id, one.channel, one.address, one.name, one.capabilities))
    return holders, chats


def _seconds(tree: Tree, county: County, holders: Sequence[HolderRow], chats: Iterable[Chat]) -> float:
    audience = audience_of("household", None, (tree.root.id,))
    inside = set(tree.above_households(tree.root.id))
    began = time.perf_counter()
    found = fan_out(
        audience, tree, county, holders, {}, {row.person_id: row.userid for row in holders},
        [one for one in chats if one.node_id in inside], author_id=0, seed="D1",
    )  # fmt: skip
    took = time.perf_counter() - began
    assert (len(found.people), len(found.posts), len(found.relays)) == (1_401, 344, 1_085)
    return took


def test_a_county_is_planned_without_walking_its_households(yongtai: tuple[County, Tree]) -> None:
    county, tree = yongtai
    holders, chats = _rows(county, tree)
    bare = Tree((node for node in tree if node.level != "household"), tree.levels)
    assert len(tree) > 60 * len(bare) > 60 * len(tree.above_households(tree.root.id)) - 60
    pairs = [(_seconds(tree, county, holders, chats), _seconds(bare, county, holders, chats)) for _ in range(5)]
    full, without = (min(times) for times in zip(*pairs, strict=True))
    assert full < 3 * without  # 105,000 households more cost next to nothing
