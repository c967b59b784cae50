"""Finding nodes by words, and the arithmetic of the tree."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.county import County, Level
from handlers.domain.errors import BadSetting, UnknownNode
from handlers.domain.hierarchy import Node, Tree
from handlers.domain.people import Holding, Person
from handlers.domain.policy import POLICY, Action, Reach


def ids(found: tuple[Node, ...]) -> list[int]:
    return [node.id for node in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("旗山", [4, 6]),  # one in each town: ask
        ("旗山村", [4]),
        ("旗山社区", [6]),
        ("旗山社区居民委员会", [6]),
        ("清凉旗山", [4]),
        ("清凉镇-旗山", [4]),
        ("城峰 / 旗山", [6]),
        ("城峰", [3, 7]),
        ("城峰-城峰", [7]),
        ("清凉镇旗山村一格", [9]),
        ("清凉-旗山-二格", [10]),
        ("旗山2格", [10]),  # the other 旗山 has no second grid
        ("旗山一格", [9, 12]),
        ("旗山村第01网格", [9]),
        ("旗山村基础网格", [8]),
        ("旗山社区第一基础网格", [11]),
        ("丘演", [5]),
        ("坵演村", [5]),
        ("350199", [5]),
        ("3501010102", [10]),
        ("35-T01", [15]),
        ("卫健", [15]),
        ("旗山村一格2户", [14]),
        ("3501010101-0001", [13]),
        ("示例县", [1]),
        ("没有这里", []),
        ("清凉-没有", []),
        ("旗山-旗山", []),  # nothing lies under itself
        ("", []),
        ("-", []),
    ],
)
def test_words_lead_to_nodes(small: Tree, words: str, expected: list[int]) -> None:
    assert ids(small.find(words)) == expected


def test_a_search_stays_under_the_place_it_is_given(small: Tree) -> None:
    assert ids(small.find("一格", under=4)) == [9]
    assert ids(small.find("旗山", under=2)) == [4]
    assert ids(small.find("3502010101", under=2)) == []
    assert ids(small.find("1户", under=9)) == [13]


def test_a_village_named_like_its_town_is_meant_when_a_grid_follows(yongtai: tuple[County, Tree]) -> None:
    _, tree = yongtai
    assert [tree.path_name(node.id) for node in tree.find("葛岭三格")] == ["葛岭镇葛岭村第03网格"]
    assert [tree.path_name(node.id) for node in tree.find("葛岭")] == ["葛岭镇", "葛岭镇葛岭村"]


def test_endless_words_are_answered_soon(yongtai: tuple[County, Tree]) -> None:
    _, tree = yongtai
    assert tree.find("南门" * 5_000) == ()
    assert tree.find("三格" * 5_000) == ()


@pytest.mark.parametrize(
    ("node_id", "name"),
    [
        (9, "清凉镇旗山村第01网格"),
        (11, "城峰镇旗山社区第1基础网格"),
        (13, "清凉镇旗山村第01网格0001户"),
        (2, "清凉镇"),
        (1, "示例县"),
    ],
)
def test_the_path_name_says_where_it_is_once(small: Tree, node_id: int, name: str) -> None:
    assert small.path_name(node_id) == name


def test_a_name_is_as_long_as_the_place_needs(small: Tree) -> None:
    assert [small.name_within(9, place) for place in (1, 2, 4, 9, 3, 999)] == [
        "清凉镇旗山村第01网格", "旗山村第01网格", "第01网格", "清凉镇旗山村第01网格", "清凉镇旗山村第01网格",
        "清凉镇旗山村第01网格",
    ]  # fmt: skip


def test_a_base_grid_says_its_grids_as_its_village_does(yongtai: tuple[County, Tree]) -> None:
    _, tree = yongtai
    base = next(at for at in tree.descendants(tree.root.id, "base_grid") if tree.descendants(at, "grid"))
    assert {tree.name_within(grid, base)[:1] for grid in tree.descendants(base, "grid")} == {"第"}


def test_a_path_name_finds_its_node_again(yongtai: tuple[County, Tree]) -> None:
    _, tree = yongtai
    for node in (tree.node(at) for at in tree.descendants(tree.root.id, "grid")[::9]):
        assert ids(tree.find(tree.path_name(node.id))) == [node.id]


def test_a_side_branch_stands_after_the_main_line(small: Tree) -> None:
    assert small.children(1) == (2, 3, 15)


def test_a_grid_asked_for_its_grids_gives_itself(small: Tree) -> None:
    assert small.within(9, "grid") == (9,)
    assert small.descendants(9, "grid") == ()
    assert small.count(9, "grid") == 1
    assert small.at_level(13, "village") == 4
    assert small.at_level(1, "village") is None


def test_what_is_not_there_is_said_so(small: Tree) -> None:
    for ask in (small.node, small.children, small.parent, small.ancestors, small.descendants, small.path_name):
        with pytest.raises(UnknownNode):
            ask(99)
    assert not small.contains(1, 99)
    assert not small.contains(99, 99)
    assert small.by_code("99") is None
    with pytest.raises(BadSetting):
        small.count(1, "planet")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([Node(1, "a", "甲", "county", None), Node(2, "a", "乙", "township", 1)], "编码重复"),
        ([Node(1, "a", "甲", "county", None), Node(1, "b", "乙", "township", 1)], "编号重复"),
        ([Node(1, "a", "甲", "county", None), Node(2, "b", "乙", "township", 7)], "上级不存在"),
        ([Node(1, "a", "甲", "county", None), Node(2, "b", "乙", "county", None)], "只有一个"),
        (
            [Node(1, "a", "甲", "county", None), Node(2, "b", "乙", "village", 3), Node(3, "c", "丙", "village", 2)],
            "圈",
        ),
        ([Node(1, "a", "甲", "planet", None)], "层级"),
        ([], "只有一个"),
    ],
)
def test_rows_that_are_no_tree_are_refused(small: Tree, rows: list[Node], fault: str) -> None:
    with pytest.raises(BadSetting, match=fault):
        Tree(rows, small.levels)


LEVELS = tuple(Level(f"l{depth}", f"级{depth}") for depth in range(6))


@st.composite
def trees(draw: st.DrawFn) -> tuple[Tree, dict[int, int | None]]:
    """Draw a tree of up to forty nodes, with scattered ids, and who is whose parent."""
    parents: dict[int, int | None] = {}
    depth: dict[int, int] = {}
    chosen = draw(st.lists(st.integers(1, 10_000), min_size=1, max_size=40, unique=True))
    for node_id in chosen:
        above = [at for at in parents if depth[at] < len(LEVELS) - 1]
        parent = draw(st.sampled_from(above)) if above and parents else None
        if parents and parent is None:
            continue
        parents[node_id], depth[node_id] = parent, 0 if parent is None else depth[parent] + 1
    nodes = [Node(at, f"c{at}", f"地{at}", f"l{depth[at]}", parent) for at, parent in parents.items()]
    return Tree(draw(st.permutations(nodes)), LEVELS), parents


def above_by_hand(parents: dict[int, int | None], node_id: int) -> list[int]:
    found, at = [], parents[node_id]
    while at is not None:
        found.append(at)
        at = parents[at]
    return found


@given(trees())
def test_the_arrays_agree_with_a_recount(drawn: tuple[Tree, dict[int, int | None]]) -> None:
    tree, parents = drawn
    assert {node.id for node in tree} == set(parents)
    seen: set[int] = set()
    for node in tree:
        assert node.parent_id is None or node.parent_id in seen  # parents come first
        seen.add(node.id)
        below = {other for other in parents if node.id in above_by_hand(parents, other)}
        assert set(tree.descendants(node.id)) == below
        walked = [n for n in (node.id, *tree.descendants(node.id)) if tree.node(n).level != "household"]
        assert list(tree.above_households(node.id)) == walked
        assert list(tree.ancestors(node.id)) == above_by_hand(parents, node.id)
        assert set(tree.children(node.id)) == {other for other, parent in parents.items() if parent == node.id}
        for level in LEVELS:
            here = {other for other in below | {node.id} if tree.node(other).level == level.key}
            assert set(tree.within(node.id, level.key)) == here
            assert tree.count(node.id, level.key) == len(here)
            assert set(tree.descendants(node.id, level.key)) == here - {node.id}
        assert tree.by_code(f"c{node.id}") == node


@given(trees(), st.data())
def test_what_a_person_may_view_lies_where_they_are_posted(
    drawn: tuple[Tree, dict[int, int | None]], data: st.DataObject
) -> None:
    tree, parents = drawn
    at = data.draw(st.sampled_from(sorted(parents)))
    role = data.draw(st.sampled_from([*POLICY, "stranger"]))
    person = Person(1, "yt_sample", "周样明", (Holding(1, at, role),))
    seen = set()
    for node_id in [*parents, 20_000]:
        try:
            seen.add(tree.view(person, node_id).id)
        except UnknownNode:
            continue
    allowed = POLICY.get(role, {}).get(Action.SEE_COUNTS)
    assert seen == ({at, *tree.descendants(at)} if allowed is Reach.SUBTREE else set())


def test_not_there_and_not_yours_are_one_answer(small: Tree) -> None:
    worker = Person(1, "yt_sample", "周样明", (Holding(1, 9, "gridworker"),))
    assert small.view(worker, 9).id == 9
    answers = []
    for node_id in (10, 4, 12):
        with pytest.raises(UnknownNode) as refused:
            small.view(worker, node_id)
        answers.append((type(refused.value), str(refused.value).replace(str(node_id), "N")))
    with pytest.raises(UnknownNode) as absent:
        small.view(worker, 999)
    answers.append((type(absent.value), str(absent.value).replace("999", "N")))
    assert len(set(answers)) == 1


def test_a_hundred_thousand_households_weigh_little(yongtai: tuple[County, Tree]) -> None:
    _, tree = yongtai
    rows = [(node.id, node.code, node.name, node.level, node.parent_id, node.branch) for node in tree]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        copy = Tree.of_rows(iter(rows), tree.levels, {})
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(copy) == len(tree) > 105_000
    assert held < 11_000_000  # 7.5 MB when written; as objects it would be ten times that
