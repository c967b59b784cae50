"""The tree's memory: depth-first arrays and two runs of bytes, instead of a hundred thousand objects.

A node stands at a position; the positions of its subtree run from its own to `end`. 105,000 households fit in about
7 MB; as Python objects they would weigh more than the rest of the process.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from handlers.domain.county import Level
from handlers.domain.errors import BadSetting, UnknownNode

if TYPE_CHECKING:
    Ints = array[int]
else:
    Ints = array  # the class takes no parameter at run time before Python 3.12
Row = tuple[int, str, str, str, int | None, str | None]
"""A node as the database gives it: id, code, name, level, parent's id, branch."""


class Arrays:
    """Positions of nodes and what stands there. `parent` is -1 for the root; `level` is the place in `levels`."""

    def __init__(self, rows: Iterable[Row], levels: Sequence[Level], aliases: Mapping[int, tuple[str, ...]]) -> None:
        table = list(rows)
        self.levels = tuple(levels)
        self.level_of = {level.key: place for place, level in enumerate(self.levels)}
        unknown = sorted({row[3] for row in table} - self.level_of.keys())
        if unknown:
            raise BadSetting(f"没有配置的层级:{'、'.join(unknown)}")
        order, ends, parents = _depth_first(table)
        self.end, self.parent = array("i", ends), array("i", parents)
        self.ids = array("i", (table[at][0] for at in order))
        self.level = bytes(self.level_of[table[at][3]] for at in order)
        self._names, self._name_at = _packed(table[at][2] for at in order)
        self._codes, self._code_at = _packed(table[at][1] for at in order)
        self._by_code = self._checked([table[at][1] for at in order])
        self.branch = {place: branch for place, at in enumerate(order) if (branch := table[at][5]) is not None}
        by_id = sorted(range(len(order)), key=self.ids.__getitem__)
        self._sorted_ids = array("i", itemgetter(*by_id)(self.ids)) if len(by_id) > 1 else self.ids
        self._place_of = array("i", by_id)
        found: list[Ints] = [array("i") for _ in self.levels]
        for place, level in enumerate(self.level):
            found[level].append(place)
        self.of_level = tuple(found)
        self.aliases = {self.place(node_id): names for node_id, names in aliases.items() if self.has(node_id)}

    @staticmethod
    def _checked(codes: Sequence[str]) -> Ints:
        by_code = sorted(range(len(codes)), key=codes.__getitem__)
        twice = [codes[b] for a, b in pairwise(by_code) if codes[a] == codes[b]]
        if twice:
            raise BadSetting(f"编码重复:{'、'.join(twice[:5])}")
        return array("i", by_code)

    def __len__(self) -> int:
        return len(self.ids)

    def has(self, node_id: int) -> bool:
        """Return whether there is such a node."""
        at = bisect_left(self._sorted_ids, node_id)
        return at < len(self._sorted_ids) and self._sorted_ids[at] == node_id

    def place(self, node_id: int) -> int:
        """Return where the node stands; UnknownNode when it does not."""
        at = bisect_left(self._sorted_ids, node_id)
        if at == len(self._sorted_ids) or self._sorted_ids[at] != node_id:
            raise UnknownNode(f"node {node_id}")
        return self._place_of[at]

    def place_of_code(self, code: str) -> int | None:
        """Return where the node of that code, or of that former code, stands; None when there is none, or several."""
        at = bisect_left(self._by_code, code, key=self.code)
        if at < len(self) and self.code(self._by_code[at]) == code:
            return self._by_code[at]
        former = [place for place, names in self.aliases.items() if code in names]
        return former[0] if len(former) == 1 else None

    def code(self, place: int) -> str:
        """Return the code of the node there."""
        return self._codes[self._code_at[place] : self._code_at[place + 1]].decode()

    def name(self, place: int) -> str:
        """Return the name of the node there, as the register writes it."""
        return self._names[self._name_at[place] : self._name_at[place + 1]].decode()

    def above(self, place: int) -> tuple[int, ...]:
        """Return the positions above, nearest first."""
        found = []
        while (place := self.parent[place]) >= 0:
            found.append(place)
        return tuple(found)

    def inside(self, place: int) -> range:
        """Return the positions of the subtree, the node's own first."""
        return range(place, self.end[place])

    def run(self, place: int, level: int) -> Ints:
        """Return the positions of that level in the subtree, the node's own included."""
        return self.of_level[level][slice(*self.bounds(place, level))]

    def bounds(self, place: int, level: int) -> tuple[int, int]:
        """Return where in `of_level[level]` the subtree begins and ends."""
        places = self.of_level[level]
        return bisect_left(places, place), bisect_left(places, self.end[place])

    def ids_at(self, places: Sequence[int]) -> tuple[int, ...]:
        """Return the ids of the nodes at those positions."""
        if len(places) < 2:
            return tuple(self.ids[place] for place in places)
        picked: tuple[int, ...] = itemgetter(*places)(self.ids)
        return picked


def _depth_first(table: Sequence[Row]) -> tuple[list[int], list[int], list[int]]:
    """Return the rows' places in depth-first order, and by position: where each subtree ends, where its parent is."""
    roots, below = _kinship(table)
    if len(roots) != 1:
        raise BadSetting(f"最上级应当只有一个,现在有 {len(roots)} 个")
    order: list[int] = []
    parents: list[int] = []
    stack = [(roots[0], -1)]
    while stack:
        at, parent = stack.pop()
        order.append(at)
        parents.append(parent)
        if at in below:
            here = len(order) - 1
            stack += [(child, here) for child in reversed(below[at])]
    if len(order) != len(table):
        raise BadSetting("上下级成了圈")
    ends = list(range(1, len(order) + 1))
    for place in range(len(order) - 1, 0, -1):
        ends[parents[place]] = max(ends[parents[place]], ends[place])
    return order, ends, parents


def _kinship(table: Sequence[Row]) -> tuple[list[int], dict[int, list[int]]]:
    """Return the rows without a parent, and each parent's rows: main line before side branches, then by code."""
    row_of = {row[0]: at for at, row in enumerate(table)}
    if len(row_of) != len(table):
        raise BadSetting("节点编号重复")
    roots: list[int] = []
    below: dict[int, list[int]] = {}
    for at in sorted(range(len(table)), key=lambda at: (table[at][5] is not None, table[at][1])):
        parent_id = table[at][4]
        if parent_id is None:
            roots.append(at)
        elif (above := row_of.get(parent_id)) is None:
            raise BadSetting(f"{table[at][1]} 的上级不存在")
        else:
            below.setdefault(above, []).append(at)
    return roots, below


def _packed(texts: Iterable[str]) -> tuple[bytes, Ints]:
    starts, packed = array("I", [0]), bytearray()
    for text in texts:
        packed += text.encode()
        starts.append(len(packed))
    return bytes(packed), starts
