"""The command tree of one county: who lies under whom, what it is called, and who may see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.domain.county import Level
from handlers.domain.errors import BadSetting, UnknownNode
from handlers.domain.people import Person
from handlers.domain.place_names import short
from handlers.domain.policy import Action, may
from handlers.domain.tree_arrays import Arrays, Row
from handlers.domain.tree_names import NameIndex

HOUSEHOLD = "household"
__all__ = ["Node", "NodeIn", "Row", "Tree", "short"]


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `branch` names the side branch (a trade, a sector) it belongs to, None on the main line.

    `aliases` are former names and former codes, by which it is still found.
    """

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    branch: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeIn:
    """A node as a file or a roster states it: by codes, before it has an id. `aliases` may hold former codes."""

    code: str
    name: str
    level: str
    parent_code: str | None
    branch: str | None = None
    aliases: tuple[str, ...] = ()


class Tree:
    """An immutable county. Every id it hands out is a node's; an id it does not hold raises UnknownNode."""

    def __init__(self, rows: Iterable[Node], levels: Sequence[Level]) -> None:
        nodes = list(rows)
        plain: Iterable[Row] = ((n.id, n.code, n.name, n.level, n.parent_id, n.branch) for n in nodes)
        self._arrays = Arrays(plain, levels, {node.id: node.aliases for node in nodes if node.aliases})
        self._index = NameIndex(self._arrays)

    @classmethod
    def of_rows(cls, rows: Iterable[Row], levels: Sequence[Level], aliases: Mapping[int, tuple[str, ...]]) -> "Tree":
        """Return the tree of plain rows: the way in for a hundred thousand nodes."""
        tree = cls.__new__(cls)
        tree._arrays = Arrays(rows, levels, aliases)
        tree._index = NameIndex(tree._arrays)
        return tree

    def _at(self, place: int) -> Node:
        arrays = self._arrays
        parent = arrays.parent[place]
        return Node(
            arrays.ids[place],
            arrays.code(place),
            arrays.name(place),
            self.levels[arrays.level[place]].key,
            None if parent < 0 else arrays.ids[parent],
            arrays.branch.get(place),
            arrays.aliases.get(place, ()),
        )

    # -- looking up ------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._arrays)

    def __iter__(self) -> Iterator[Node]:
        """Yield every node, parents before children."""
        return (self._at(place) for place in range(len(self)))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return the county's levels, top first."""
        return self._arrays.levels

    @property
    def root(self) -> Node:
        """Return the county itself."""
        return self._at(0)

    def has(self, node_id: int) -> bool:
        """Return whether there is such a node."""
        return self._arrays.has(node_id)

    def node(self, node_id: int) -> Node:
        """Return the node; UnknownNode when there is none. For our own work: to show it, go through `view`."""
        return self._at(self._arrays.place(node_id))

    def by_code(self, code: str) -> Node | None:
        """Return the node of that code, or of that former code; None when there is none."""
        place = self._arrays.place_of_code(code)
        return None if place is None else self._at(place)

    def find(self, text: str, under: int | None = None) -> tuple[Node, ...]:
        """Return every node the words may mean, in tree order: () for none, several when they are ambiguous.

        Takes codes, full and short names, former names, 三格 / 第三网格 / 3网格, and paths with or without separators
        (清水-柳树-三格, 柳树村三格). `under` limits the search to that node and below. A household is found only by
        its code, or by its number once the words or `under` have led to a small enough place.
        """
        start = 0 if under is None else self._arrays.place(under)
        return tuple(self._at(place) for place in self._index.find(text, start))

    # -- walking ---------------------------------------------------------------------------------------------------

    def children(self, node_id: int) -> tuple[int, ...]:
        """Return the ids of the nodes right below, main line first, each in the order of its code."""
        place, arrays = self._arrays.place(node_id), self._arrays
        found, at = [], place + 1
        while at < arrays.end[place]:
            found.append(arrays.ids[at])
            at = arrays.end[at]
        return tuple(found)

    def parent(self, node_id: int) -> int | None:
        """Return the id of the node above, None for the county."""
        above = self._arrays.parent[self._arrays.place(node_id)]
        return None if above < 0 else self._arrays.ids[above]

    def ancestors(self, node_id: int) -> tuple[int, ...]:
        """Return the ids of the nodes above, nearest first."""
        return self._arrays.ids_at(self._arrays.above(self._arrays.place(node_id)))

    def descendants(self, node_id: int, level: str | None = None) -> tuple[int, ...]:
        """Return the ids of all nodes below (of *level* when given), in tree order, without the node itself."""
        place, arrays = self._arrays.place(node_id), self._arrays
        if level is None:
            return tuple(arrays.ids[place + 1 : arrays.end[place]])
        below = arrays.run(place, self.level_index(level))
        return arrays.ids_at(below[1:] if below and below[0] == place else below)

    def within(self, node_id: int, level: str) -> tuple[int, ...]:
        """Return the ids of the nodes of *level* at or below the node: a grid asked for its grids gives itself."""
        return self._arrays.ids_at(self._arrays.run(self._arrays.place(node_id), self.level_index(level)))

    def above_households(self, node_id: int) -> tuple[int, ...]:
        """Return the ids at or below the node in tree order, households left out and never walked."""
        place, arrays = self._arrays.place(node_id), self._arrays
        runs = (arrays.run(place, i) for i, level in enumerate(self.levels) if level.key != HOUSEHOLD)
        return arrays.ids_at(sorted(at for run in runs for at in run))

    def count(self, node_id: int, level: str) -> int:
        """Return how many nodes of *level* lie at or below the node, without walking them."""
        first, last = self._arrays.bounds(self._arrays.place(node_id), self.level_index(level))
        return last - first

    def contains(self, above_id: int, below_id: int) -> bool:
        """Return whether *below_id* is *above_id* itself or lies under it; False when either is not there."""
        if not (self.has(above_id) and self.has(below_id)):
            return False
        return self._arrays.place(below_id) in self._arrays.inside(self._arrays.place(above_id))

    def at_level(self, node_id: int, level: str) -> int | None:
        """Return the id of the node of *level* that the node is or lies under; None when there is none."""
        wanted, place = self.level_index(level), self._arrays.place(node_id)
        found = (at for at in (place, *self._arrays.above(place)) if self._arrays.level[at] == wanted)
        return next((self._arrays.ids[at] for at in found), None)

    # -- words and rights ------------------------------------------------------------------------------------------

    def level_index(self, key: str) -> int:
        """Return the level's place from the top, the county being 0; BadSetting when there is no such level."""
        if key not in self._arrays.level_of:
            raise BadSetting(f"没有配置的层级:{key}")
        return self._arrays.level_of[key]

    def has_level(self, key: str) -> bool:
        """Return whether this county has such a level."""
        return key in self._arrays.level_of

    def path_name(self, node_id: int) -> str:
        """Return the name that says where it is, without the county: 清凉镇旗山村第03网格."""
        place = self._arrays.place(node_id)
        words = short(self._arrays.name(place))
        over = [short(self._arrays.name(at)) for at in self._arrays.above(place) if at > 0]
        while over:
            said = next((n for n, name in enumerate(over) if words.startswith(name)), None)
            if said is None:
                words, over = over[0] + words, over[1:]
            else:  # 旗山村第03网格 names its village already; the base grid between them adds nothing
                over = over[said + 1 :]
        return words

    def name_within(self, node_id: int, place_id: int) -> str:
        """Return the name as one who is at that place would say it: 旗山村第03网格 in 清凉镇, 第03网格 in 旗山村."""
        name = self.path_name(node_id)
        for at in (place_id, *self.ancestors(place_id)) if self.has(place_id) and place_id != node_id else ():
            rest = name.removeprefix(self.path_name(at))
            if rest and rest != name:  # 旗山村基础网格 says 第03网格 as its village does
                return rest
        return name

    def view(self, viewer: Person, node_id: int, action: Action = Action.SEE_COUNTS) -> Node:
        """Return the node when the viewer may do *action* there; else UnknownNode, as if it were not there.

        The only gate, for sight and for commands: whoever shows a node's data or acts on it got the node from here.
        """
        if not may(viewer, action, node_id, self):
            raise UnknownNode(f"node {node_id}")
        return self.node(node_id)

    def viewable(self, viewer: Person, node_ids: Iterable[int], action: Action = Action.SEE_COUNTS) -> tuple[int, ...]:
        """Return those of the ids that `view` would hand out, in their order, each once."""
        return tuple(node_id for node_id in dict.fromkeys(node_ids) if may(viewer, action, node_id, self))

    def views_all(self, viewer: Person, node_ids: Iterable[int], action: Action = Action.SEE_COUNTS) -> bool:
        """Return whether `view` would hand out every one of the ids, and there is one."""
        wanted = tuple(dict.fromkeys(node_ids))
        return bool(wanted) and self.viewable(viewer, wanted, action) == wanted
