"""Which household a row of a file means: by its code, or by its number in a grid; new ones only when allowed."""

import re
from collections.abc import Iterable, Sequence

from handlers.domain.hierarchy import HOUSEHOLD, Node, NodeIn, Tree
from handlers.domain.place_names import fold
from handlers.domain.roster_fields import Unfit, clean, node_code
from handlers.domain.roster_places import Misplaced, Places, PlaceText

_NUMBER = re.compile(r"(?:第)?0*([1-9][0-9]{0,5})(?:号)?(?:户)?")
_NAME_LIMIT = 60


class Homes:
    """Finds the household of each row; remembers the new ones that rows asked for."""

    def __init__(self, tree: Tree, grow: bool) -> None:
        self._tree, self._grow = tree, grow
        main = [level for level in tree.levels if not level.side]
        above = [level for level in main[: tree.level_index(HOUSEHOLD)] if level.staff]
        self._above, self._title = above[-1].key, above[-1].title
        self._places = Places(tree, grow=False)
        self._grids: dict[tuple[tuple[str, str], ...], str] = {}
        self._named: dict[str, dict[str, Node]] = {}
        self._new: dict[tuple[str, str], NodeIn] = {}
        self._made_codes: set[str] = set()
        self._last: dict[str, int] = {}

    def needed(self, codes: Iterable[str]) -> tuple[NodeIn, ...]:
        """Return the new households among *codes*."""
        wanted = set(codes)
        return tuple(node for node in self._new.values() if node.code in wanted)

    def code_of(self, places: Sequence[PlaceText], code: str, house: str) -> str:
        """Return the code of the one household meant; Misplaced says what to look at, and where."""
        if clean(code):
            return self._coded(code)
        if not clean(house):
            raise Misplaced("户号", "没写是哪一户:请填户编码,或者乡镇、村、网格和户号")
        grid = self._grid(places)
        said = clean(house)
        found = self._homes_of(grid).get(_key(said))
        if found is not None:
            return found.code
        return self._made(grid, said).code

    def _coded(self, text: str) -> str:
        try:
            code = node_code(text)
        except Unfit as unfit:
            raise Misplaced("户编码", unfit.say) from unfit
        node = self._tree.by_code(code)
        if node is None:
            raise Misplaced("户编码", f"户编码 {code} 在层级表里没有")
        if node.level != HOUSEHOLD:
            raise Misplaced("户编码", f"{code} 是“{node.name}”,不是一户")
        return node.code

    def _grid(self, places: Sequence[PlaceText]) -> str:
        key = tuple((place.label, clean(place.text)) for place in places)
        if key not in self._grids:
            if not any(text for _, text in key):
                raise Misplaced(places[-1].label if places else "网格", "没写在哪个乡镇、村、网格")
            try:
                self._grids[key] = self._places.code_of(places, "", self._above)
            except Misplaced as misplaced:
                if misplaced.column != "职务":
                    raise
                raise Misplaced(places[-1].label, f"要写到{self._title}这一级") from misplaced
        return self._grids[key]

    def _homes_of(self, grid: str) -> dict[str, Node]:
        """Return the households right in the node, by the key of their name and by their number."""
        if grid not in self._named:
            node = self._tree.by_code(grid)
            homes = [self._tree.node(child) for child in self._tree.children(node.id)] if node else []
            found: dict[str, Node] = {}
            for home in homes:
                if home.level == HOUSEHOLD:
                    found.setdefault(_key(home.name), home)
                    tail = home.code.rpartition("-")[2]
                    found.setdefault(_key(tail), home)
                    if tail.isdigit():
                        self._last[grid] = max(self._last.get(grid, 0), int(tail))
            self._named[grid] = found
        return self._named[grid]

    def _made(self, grid: str, said: str) -> NodeIn:
        if not self._grow:
            node = self._tree.by_code(grid)
            where = self._tree.path_name(node.id) if node else grid
            raise Misplaced("户号", f"{where}没有“{said[:20]}”这一户,请核对(确实要新建的话加 --grow)")
        if len(said) > _NAME_LIMIT:
            raise Misplaced("户号", f"户号超过 {_NAME_LIMIT} 字,请写短一些")
        key = (grid, _key(said))
        if key not in self._new:
            plain = _NUMBER.fullmatch(said)
            number = int(plain[1]) if plain else self._last.get(grid, 0) + 1
            while (code := f"{grid}-{number:04d}") in self._made_codes or self._tree.by_code(code) is not None:
                number = max(number, self._last.get(grid, 0)) + 1
            self._last[grid] = max(number, self._last.get(grid, 0))
            self._made_codes.add(code)
            name = f"{int(plain[1]):04d}户" if plain else said
            self._new[key] = NodeIn(code, name, HOUSEHOLD, grid)
        return self._new[key]


def _key(text: str) -> str:
    """Return what two spellings of one household's number share.

    >>> _key("0012户"), _key("12"), _key("第12号"), _key("3-1-201"), _key("３－１－２０１")
    ('12', '12', '12', '3-1-201', '3-1-201')
    """
    said = clean(text).replace(" ", "")
    plain = _NUMBER.fullmatch(said)
    return plain[1] if plain else fold(said)
