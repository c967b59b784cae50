"""The places of a roster, for `geying parse --roster`: which grid or village in a message is none of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.roster_file import find_header, open_sheets
from bot.roster_sheet import Sheet
from handlers.domain.county import County, Level
from handlers.domain.errors import BadSetting
from handlers.domain.place_names import fold, keys, numbered

_LEVELS = tuple(Level(key, title) for key, title in (("township", "乡镇"), ("village", "村"), ("grid", "网格")))
_USUAL = County("", "0", "", _LEVELS)


def places(path: Path) -> frozenset[str]:
    """Return every key a village or a grid of the roster can be asked for by; BadSetting when it is no roster."""
    found: set[str] = set()
    for sheet in open_sheets(path):
        found |= _of(sheet)
    if not found:
        raise BadSetting("花名册里没找到“村”“网格”这些列")
    return frozenset(found)


def strange(records: Iterable[Mapping[str, Any]], known: frozenset[str]) -> tuple[str, ...]:
    """Return the places the records name that the roster does not have, as a person would say them.

    >>> strange([{"grid": "3、9", "village": "旗山村"}], keys("旗山村") | keys("旗山村第03网格", "旗山村"))
    ('9格',)
    """
    said: list[str] = []
    for record in records:
        grids = str(record.get("grid") or "").split("、")
        said += [f"{grid}格" if grid.isdigit() else grid for grid in grids if grid]
        said += [str(record["village"])] if record.get("village") else []
    return tuple(dict.fromkeys(name for name in said if not _keys_of(name) & known))


def _keys_of(name: str) -> frozenset[str]:
    number = numbered(fold(name))
    return keys(name) | ({number} if number else frozenset())


def _of(sheet: Sheet) -> set[str]:
    header = find_header(sheet, _USUAL, {}, lambda columns: bool({"village", "grid"} & columns))
    if header is None:
        return set()
    at, columns = header
    found: set[str] = set()
    village = ""
    for cells in sheet.rows[at + 1 :]:
        row = {key: fold(cells[place]) for place, key in columns.items() if place < len(cells)}
        village = row.get("village") or village  # a CSV of merged cells leaves it empty
        if village:
            found |= keys(village)
        if grid := row.get("grid"):
            found |= keys(grid, village) | keys(village + grid, village)
    return found
