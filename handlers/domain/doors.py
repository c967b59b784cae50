"""Finding a household by what its people call their door: 3-101, 3栋101室, 0396户, 396."""

import re

from handlers.domain.hierarchy import HOUSEHOLD, Node, Tree
from handlers.domain.place_names import fold

READ_AT_MOST = 20_000
"""Doors compared for one search; at a wider place a household is found by its code alone."""
_UNIT = "栋幢座单元楼层号室户门牌# "
_NUMBERS = re.compile(rf"第?[0-9]+(?:[-—–_/.、,{_UNIT}]+[0-9]+)*[{_UNIT}]*")


def door_key(text: str) -> tuple[int, ...] | str:
    """Return what makes two writings of a door the same: its numbers in order, or the words when it is no number.

    >>> door_key("3-101") == door_key("3栋101室") == door_key("３号楼 １０１")
    True
    >>> door_key("0396户") == door_key("396"), door_key("老祠堂边")
    (True, '老祠堂边')
    >>> door_key("1" * 60 + "x")  # no number, and seen at once
    '111111111111111111111111111111111111111111111111111111111111x'
    """
    words = fold(text)
    if _NUMBERS.fullmatch(words):
        return tuple(int(run) for run in re.findall(r"[0-9]{1,9}", words))
    return words


def doors(tree: Tree, place_id: int, text: str) -> tuple[Node, ...]:
    """Return the households at or under the place that the words may mean: by code, by door, by path and door."""
    coded = tree.by_code(text.strip())
    if coded is not None and coded.level == HOUSEHOLD and tree.contains(place_id, coded.id):
        return (coded,)
    if not tree.has_level(HOUSEHOLD) or tree.count(place_id, HOUSEHOLD) > READ_AT_MOST:
        return ()
    wanted, whole = door_key(text), fold(text)
    nodes = (tree.node(one) for one in tree.within(place_id, HOUSEHOLD))
    return tuple(node for node in nodes if door_key(node.name) == wanted or fold(tree.path_name(node.id)) == whole)
