"""What people call a place, and what the register calls it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.hierarchy import Node, Tree
from handlers.domain.place_names import bare, fold, keys, numbered, ordinal, short

Cases = Mapping[str, list[dict[str, Any]]]


def test_every_suffix_is_stripped_to_one_short_name(irregular: Cases) -> None:
    for record in irregular["C03"]:
        assert short(record["name"]) == record["short"]


@pytest.mark.parametrize("name", ["南门社区", "清凉镇", "高村", "中国(南京)软件谷", "三格", "", "村委会"])
def test_a_name_without_committee_stays_as_it_is(name: str) -> None:
    assert short(name) == name


def test_rare_characters_and_brackets_are_kept_and_found(irregular: Cases, small: Tree) -> None:
    names = [record["name"] for case in ("C08", "C09") for record in irregular[case]]
    nodes = [Node(1, "r", "某市", "county", None)]
    nodes += [Node(n, f"r{n}", name, "township", 1) for n, name in enumerate(names, start=2)]
    tree = Tree(nodes, small.levels)
    for node in nodes[1:]:
        assert node.id in {found.id for found in tree.find(node.name)}
        assert node.id in {found.id for found in tree.find(short(node.name))}
        assert tree.node(node.id).name == node.name


@pytest.mark.parametrize(
    "text", ["三格", "3格", "第三网格", "3网格", "03网格", "第03号网格", "网格三", "三号工作网格", "３格"]
)
def test_all_ways_to_say_the_third_grid(text: str) -> None:
    assert numbered(fold(text)) == "#网格3"


@pytest.mark.parametrize("text", ["三", "格", "第网格", "3基础网", "旗山", "三三格格", "十十格", ""])
def test_what_is_no_numbered_place(text: str) -> None:
    assert numbered(text) is None


@given(st.integers(1, 999))
def test_an_ordinal_is_read_back_however_it_is_written(number: int) -> None:
    ones = "零一二三四五六七八九"
    hundreds, tens, rest = number // 100, number // 10 % 10, number % 10
    said = f"{ones[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else ones[tens]) + "十"
    elif hundreds and rest:
        said += "零"
    said += ones[rest] if rest else ""
    assert ordinal(said) == number == ordinal(str(number)) == ordinal(f"{number:03d}")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_and_nothing_breaks_the_keys(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(isinstance(key, str) for key in keys(text, bare(text)))
