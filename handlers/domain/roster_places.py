"""Where a roster row belongs: its place columns walked down the tree, or its code; new places only when allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from handlers.domain.hierarchy import Node, NodeIn, Tree
from handlers.domain.place_names import bare, fold, numbered, short
from handlers.domain.roster_fields import Unfit, clean, node_code

_NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PlaceText:
    """A place cell: its column's header, its text, and the levels that column may name (网格: base grid or grid)."""

    label: str
    text: str
    levels: tuple[str, ...]


class Misplaced(Unfit):
    """The place cannot be taken; `column` is the header of the cell to look at."""

    def __init__(self, column: str, say: str) -> None:
        super().__init__(say)
        self.column = column


class Places:
    """Finds the node of each row; remembers the new ones that rows asked for, so that a second row shares them."""

    def __init__(self, tree: Tree, grow: bool) -> None:
        self._tree = tree
        self._grow = grow
        self._new: dict[tuple[str, str], NodeIn] = {}

    def needed(self, codes: Iterable[str]) -> tuple[NodeIn, ...]:
        """Return the new nodes among *codes* and those above them, parents before children."""
        by_code = {node.code: node for node in self._new.values()}
        wanted: set[str] = set()
        for code in codes:
            at: str | None = code
            while at in by_code:
                wanted.add(at)
                at = by_code[at].parent_code
        return tuple(node for node in by_code.values() if node.code in wanted)

    def code_of(self, places: Sequence[PlaceText], code: str, level: str | None) -> str:
        """Return the code of the one node meant; Misplaced when there is none, several, or code and names disagree.

        `level` is where the row's post is held: columns below it are not read, and it decides between two readings.
        """
        coded = self._coded(code) if clean(code) else None
        named = self._named(self._read(places, level), level)
        if coded is not None:
            if isinstance(named, tuple) and named and coded.id not in {node.id for node in named}:
                raise Misplaced("编码", f"编码是“{self._tree.path_name(coded.id)}”,与名称对不上,请核对")
            named = (coded,)
        if isinstance(named, NodeIn):
            return named.code
        if not named:
            if level is None or self._tree.level_index(level) > 0:
                raise Misplaced(places[0].label if places else "编码", "没写在哪个乡镇、村、网格")
            named = (self._tree.root,)
        if level is not None and named[0].level != level and named[0].branch is None:
            titles = {kind.key: kind.title for kind in self._tree.levels}
            raise Misplaced("职务", f"这个职务应在{titles[level]},这里写的是{titles[named[0].level]}")
        return named[0].code

    def _coded(self, text: str) -> Node:
        try:
            code = node_code(text)
        except Unfit as unfit:
            raise Misplaced("编码", unfit.say) from unfit
        padded = [node for n in range(4) if (node := self._tree.by_code("0" * n + code))]  # a spreadsheet drops zeros
        if not padded:
            raise Misplaced("编码", f"编码 {code} 在层级表里没有")
        return padded[0]

    def _read(self, places: Sequence[PlaceText], level: str | None) -> list[PlaceText]:
        index = self._tree.level_index
        deepest = len(self._tree.levels) if level is None else index(level)
        read: list[PlaceText] = []
        for place in places:
            text = clean(place.text)
            repeated = bool(read) and read[-1].text == text  # merged across two columns
            if text and not repeated and min(map(index, place.levels)) <= deepest:
                read.append(PlaceText(place.label, text, place.levels))
        return read

    def _named(self, places: Sequence[PlaceText], level: str | None) -> tuple[Node, ...] | NodeIn:
        here: tuple[Node, ...] = (self._tree.root,)
        new: NodeIn | None = None
        unsure: tuple[PlaceText, tuple[Node, ...]] | None = None
        for place in places:
            found = () if new else self._below(here, place)
            if not found:
                new = self._made(new or here, place, level)
            elif len(found) > 1 and unsure is None:
                unsure = (place, found)
            here = found or here
        if new is not None:
            return new
        if not places:
            return ()
        at_level = tuple(node for node in here if node.level == level)
        here = at_level or here
        if len(here) > 1:
            place, found = unsure or (places[-1], here)
            raise Misplaced(place.label, f"“{place.text}”有{len(found)}处:{self._listed(found)};请在前一列写清是哪一处")
        return here

    def _below(self, here: tuple[Node, ...], place: PlaceText) -> tuple[Node, ...]:
        found = {node.id: node for above in here for node in self._tree.find(place.text, under=above.id)}
        return tuple(node for node in found.values() if node.level in place.levels)

    def _made(self, above: NodeIn | tuple[Node, ...], place: PlaceText, level: str | None) -> NodeIn:
        """Return the new node the cell asks for, made once; Misplaced when nothing may be made there."""
        if isinstance(above, tuple) and (not self._grow or len(above) > 1):
            raise Misplaced(place.label, f"找不到“{place.text}”{self._nearest(above, place)}")
        parent = above.code if isinstance(above, NodeIn) else above[0].code
        key = (parent, numbered(fold(place.text)) or fold(short(place.text)))
        if key not in self._new:
            made = level if level in place.levels else place.levels[-1]
            self._new[key] = NodeIn(self._free_code(parent), place.text, made or place.levels[-1], parent)
        return self._new[key]

    def _free_code(self, parent: str) -> str:
        taken = {node.code for node in self._new.values()}
        for number in range(1, 10_000):
            code = f"{parent}-{number:02d}"
            if code not in taken and self._tree.by_code(code) is None:
                return code
        raise Misplaced("编码", "这一级下面的新节点太多了")

    def _nearest(self, above: tuple[Node, ...], place: PlaceText) -> str:
        names = {
            bare(node.name): short(node.name)
            for level in place.levels
            for over in above
            for node in map(self._tree.node, self._tree.descendants(over.id, level))
        }
        near = get_close_matches(bare(place.text), names, n=2, cutoff=0.5)
        asked = f",是不是“{'”或“'.join(names[name] for name in near)}”?" if near else ",请核对"
        return asked + ("" if self._grow else "(确实要新建的话加 --grow)")

    def _listed(self, found: tuple[Node, ...]) -> str:
        names = "、".join(self._tree.path_name(node.id) for node in found[:_NAMES_SHOWN])
        return names + ("等" if len(found) > _NAMES_SHOWN else "")
