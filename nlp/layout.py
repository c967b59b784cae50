"""The shape of a message before its words: the stretches that each report on a place of their own."""

import re
from itertools import pairwise
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.places import Place, scan_places

_WHOLE = lazy(
    r"(?:全村|全镇|全社区|全乡|全组|本村|以上|三组|四组|五组)?(?:合计|总计|共计|总共|一共|累加)(?=[:,\s]?[^,。;\n]{0,6}\d)|(?:全村|全镇|全社区|全乡)共(?=[^,。;\n]{0,6}\d)"
)


_BUILDING = lazy(r"\d{1,3}")
_COUNTED = lazy(r"[ :]{0,2}[一-鿿]{0,6}[ :]?\d")


class Section(NamedTuple):
    """A stretch of the text that is one record: its span and its text."""

    start: int
    end: int
    text: str


_SUMMED = lazy(r"[,。;\s]共(?:计|有)?\s*(?P<n>\d{1,6})\s*(?P<unit>[户人辆份])[^\d]*$")


def sum_at(text: str) -> int:
    """Return where a last 共100户 stands that is the sum of the figures of its measure before it, -1 when none does."""
    found = _SUMMED.search(text) if "共" in text else None
    if found is None:
        return -1
    parts = [int(one) for one in re.findall(rf"(\d{{1,6}})\s*{found['unit']}", text[: found.start()])]
    return found.start() if len(parts) > 1 and sum(parts) == int(found["n"]) else -1


def has_total(text: str) -> bool:
    """Return whether *text* sums up its places: 全村合计63户."""
    return _WHOLE.search(text) is not None or sum_at(text) >= 0


def sections(text: str, key: str = "grid") -> list[Section]:
    """Return the stretches of *text* that each open with a new place of kind *key* (grid, checkpoint, village).

    A place named again inside its own stretch opens nothing; one place gives one section, the whole text.
    """
    heads: list[Place] = []
    named = [place for place in scan_places(text) if place.key == key]
    for place in named if len(named) > 1 else ():
        if _opens(text, place) and not (heads and heads[-1].value == place.value):
            heads.append(place)
    if len(heads) < 2 or len({place.value for place in heads}) < 2:
        return [Section(0, len(text), text)]
    if key in ("group", "address") and has_total(text):
        return [Section(0, len(text), text)]  # the groups are parts of a total
    if key == "address" and not all(
        _BUILDING.fullmatch(place.value) and _COUNTED.match(text, place.end) for place in heads
    ):
        return [Section(0, len(text), text)]
    until = len(text)
    whole = _WHOLE.search(text, heads[-1].end)
    if whole and re.search(r"\d", text[heads[-1].end : whole.start()]):
        until = whole.start()
    elif (summed := sum_at(text)) > heads[-1].end:
        until = summed
    bounds = [*(_back(text, place.start) for place in heads), until]
    out = [Section(start, end, text[start:end]) for start, end in pairwise(bounds)]
    return [part for part in out if re.search(r"[\d零一二两三四五六七八九十]|无|正常|同", part.text)]


def _back(text: str, start: int) -> int:
    """A section begins with the village that stands before its grid on the same line."""
    while start > 0 and text[start - 1] in "第 \t":
        start -= 1
    line = text.rfind("\n", 0, start) + 1
    head = text[line:start].strip(" \t,:【】[]")
    return line if head and head.endswith(("村", "社区")) and re.fullmatch(r"[一-鿿]{2,12}", head) else start


def start_of(text: str, place: Place) -> int:
    """Return where *place* begins, 第 before it included."""
    return place.start - 1 if text[place.start - 1 : place.start] == "第" else place.start


def key_runs_on(place: Place) -> bool:
    """一组二十户六十三人二组十八户: spoken, a group or grid opens right behind the last figure of the one before."""
    return place.key in ("group", "grid")


def _opens(text: str, place: Place) -> bool:
    before = text[: place.start].rstrip(" \t第")
    if before.endswith(("村", "社区")):
        return True
    spaced = start_of(text, place) > len(before) and re.search(r"\d[户人]?[^\n]*$", before) is not None
    run_on = key_runs_on(place) and re.search(r"[\d零一二三四五六七八九十百]\s*[户人名]$", before) is not None
    return spaced or run_on or not before or before[-1] in "\n;。!,、:】)*-•·./" or place.key == "checkpoint"
