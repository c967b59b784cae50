"""接龙 and lists of temperatures: one row a person, whatever the order and numbering of its columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp.clock import PERIODS
from nlp.lazy import lazy
from nlp.names import KIN
from nlp.places import scan_places
from nlp.rows import INDEX, LineReader, Row
from nlp.symptoms import read_symptoms
from nlp.temperatures import Temperature, scan_temperatures

_EXAMPLE = re.compile(r"^\s*(?:例|示例|格式|模板|样例|范例)(?![一-鿿]{0,2}(?:村|社区))")
_INDEX = lazy(rf"\s*{INDEX}")
_UNIT = lazy(r"(\d{1,3})(?:号楼|栋|幢|座|#)(\d{1,2})单元")
_NORMAL = lazy(
    r"正常|没事|没啥事|没什么事|都好|好着|一切好|挺好|很好|都还好|无异常|没异常|良好|健康(?!监测|打卡|码"
    r"|情况)|没问题|无恙|平安|安好|无事"
)
_ABNORMAL = lazy(r"(?:体温|身体|情况|有)?(?:异常|不正常)|不舒服|难受")
_NOT = lazy(r"(?:没有?|无|未见?|不)$")
_SLOT_NONE = lazy(r"(?:^|[\s/|,、;:])(?:无|没有)(?=$|[\s/|,、;。\n])")
_OTHER_COLUMN = lazy(r"是否|外出|接触|去过|出门|有无(?!症状|不适|发热|咳嗽)")
_EVERYONE = lazy(r"(?:都|均|全部|全都|皆|大家)(?P<what>[^,;\n。]{1,12})")
_COLUMN = r"(?:早上|早晨|早|中午|中|晚上|晚|上午|下午|晨|午)(?:间)?(?:体温)?"
_COLUMNS = re.compile(rf"(?P<all>{_COLUMN}(?:\s*[/、,|\s和与及-]\s*{_COLUMN})+)(?!\d)")


@dataclass(slots=True)
class Roll:
    """A list of temperatures: the text before its first row (the header) and the rows."""

    header: str
    rows: list[Row]
    chain: bool = False


def is_chain(text: str) -> bool:
    """Return whether *text* is a 接龙 by its title."""
    head = text[:40].lower()
    return "接龙" in head or "group note" in head or "solitaire" in head


def status_of(text: str) -> str:
    """Return normal or abnormal when a word of *text* says so, "" when none does."""
    normal = _NORMAL.search(text)
    if normal and not _NOT.search(text[: normal.start()]):
        return "normal"
    odd = _ABNORMAL.search(text)
    if odd and not _NOT.search(text[: odd.start()]):
        return "abnormal"
    return ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        if line.strip() and not _EXAMPLE.match(line):
            yield at, line
        at += len(line) + 1


def _columns(text: str) -> tuple[str, ...]:
    """Return the parts of the day that a header gives to the columns: 早/晚, 上午 下午."""
    for line in text.split("\n")[:3]:
        found = _COLUMNS.search(line)
        if found:
            words = re.findall(_COLUMN, found["all"])
            names = [re.sub("体温|间", "", word) for word in words]
            return tuple(PERIODS.get(name, "noon" if name in ("中", "午") else "am") for name in names)
    return ()


def _readings(line: str, loose: bool) -> list[Temperature]:
    masks = [(one.start, one.end) for one in scan_places(line) if one.key == "address"]
    index = _INDEX.match(line)
    return [
        one
        for one in scan_temperatures(line, slot=loose or index is not None)
        if not any(start < one.end and one.start < end for start, end in masks)
        and not (index and one.end <= index.end())
    ]


def read_roll(text: str, numbered: bool = False) -> Roll | None:
    """Return the rows of temperatures in *text* (normalised), None when it holds no reading.

    *numbered* (a 接龙 or a list) lets a bare 365, 36。5 or 36 stand in the temperature column.
    """
    rows: list[Row] = []
    chain = is_chain(text)
    columns = _columns(text)
    for at, line in _lines(text):
        found = _readings(line, numbered or chain)
        if found:
            headed = bool(columns) and _COLUMNS.search(line) is not None
            rows += LineReader(line, at, columns, numbered or chain, headed).read(found)
    if not rows:
        return None
    rows = _by_kin(text, rows)
    header = text[: rows[0].start]
    _place_rooms(header, rows)
    _share(text, rows, header)
    return Roll(header, rows, chain)


_COUPLE = lazy(rf"(?P<one>{KIN})(?:和|跟|、|,|与)?(?P<two>{KIN})(?!的)")


def _by_kin(text: str, rows: list[Row]) -> list[Row]:
    """爸妈都正常,36.3,36.5: two readings behind two of the family are theirs in turn."""
    if len(rows) != 1 or rows[0].person or rows[0].address or len(rows[0].readings) != 2:
        return rows
    couple = _COUPLE.search(text, 0, rows[0].readings[0][0].start)
    if couple is None:
        return rows
    out = []
    for name, reading in zip(("one", "two"), rows[0].readings, strict=True):
        one = replace(rows[0], person=couple[name], readings=[reading], start=reading[0].start, end=reading[0].end)
        one.who_start, one.who_end = couple.span(name)
        out.append(one)
    out[-1].end = rows[0].end
    return out


def _place_rooms(header: str, rows: list[Row]) -> None:
    """A room number below 7栋1单元 is a room of that house."""
    house = next((place.value for place in scan_places(header + " ") if place.key == "address"), "")
    unit = _UNIT.search(header)
    house = f"{unit[1]}-{unit[2]}" if unit else house
    for row in rows:
        if house and row.address.isdigit():
            row.address = f"{house}-{row.address}"


def _share(text: str, rows: list[Row], header: str) -> None:
    """Read what each row says beside its figure; 都正常 and 均无症状 behind the last one hold for all."""
    plain = not _OTHER_COLUMN.search(header)
    for row in rows:
        last = row.readings[-1][0].end
        tail = text[last : row.end] if len(rows) > 1 else text[last:].replace("\n", ",")
        row.symptoms = read_symptoms(text[row.start : row.readings[0][0].start] + " " + tail)
        if row.symptoms is None and plain and _SLOT_NONE.search(tail):
            row.symptoms = ()
        row.status = status_of(tail)
    everyone = _EVERYONE.search(text[rows[-1].readings[-1][0].end :]) or _EVERYONE.search(header)
    if everyone and len(rows) > 1:
        status, symptoms = status_of(everyone["what"]), read_symptoms(everyone["what"])
        for row in rows:
            row.status = row.status or status
            row.symptoms = symptoms if row.symptoms is None and symptoms == () else row.symptoms
