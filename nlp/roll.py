"""接龙 and lists of temperatures: one row a person, whatever the order and numbering of its columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nlp.clock import PERIODS
from nlp.names import KIN, NAME, TITLED, looks_like_name
from nlp.places import Place, rooms, scan_places
from nlp.symptoms import read_symptoms
from nlp.temperatures import Temperature, scan_temperatures

_INDEX = r"(?:\(?\d{1,3}\)?\s*[.、)/:,](?!\d{3,4}\b|\d[-#栋])\s*|[一二三四五六七八九十]{1,3}[、.]\s*)"
_EXAMPLE = re.compile(r"^\s*(?:例|示例|格式|模板|样例|范例)(?![一-鿿]{0,2}(?:村|社区))")
_CHAIN = re.compile(r"#?\s*(?:接龙|group note|solitaire)", re.IGNORECASE)
_FIELD = (
    r"(?:姓名|户主|体温|温度|今日体温|测温|量了|是|为|早|晚|早上|晚上|中午|上午|下午|晨|午|今天|今早|今晚|早晨"
    r"|一家|全家|\d+口人?|两大一小|一大一小|两大两小|大人|小孩子?)"
)
_WHO = re.compile(
    rf"(?P<who>{NAME}|(?<![一-鿿])[一-鿿]{{2,4}})(?:家)?(?:\([^()]{{0,12}}\))?[\s:,、/|=.-]*(?:{_FIELD}[\s:,、/|=]*)*$"
)
_WHO_AFTER = re.compile(rf"^[\s:,、/|-]*(?P<who>{TITLED}|{KIN}|[一-鿿]{{2,4}}?)(?=[\s:,、/|;\n]|$|\d)")
_PRONOUN = re.compile(r"(?P<who>我自己|我本人|自己|本人|我|她|他)[\s:是的体温]*$")
_NORMAL = re.compile(
    r"正常|没事|没啥事|没什么事|都好|好着|一切好|挺好|很好|都还好|无异常|没异常|良好|健康(?!监测|打卡|码"
    r"|情况)|没问题|无恙|平安|安好|无事"
)
_ABNORMAL = re.compile(r"(?:体温|身体|情况|有)?(?:异常|不正常)|不舒服|难受")
_NOT = re.compile(r"(?:没有?|无|未见?|不)$")
_ALL = re.compile(r"(?:都|均|全部|全都|皆|全|大家)(?:[^,;\n。\d]{0,6})?$")
_ARROW = re.compile(r"\s*(?:->|→|=>|⇒|➡|复测(?:后|为)?|再测|改为|变为|降到)\s*(?:后)?\s*")
_SLOT_NONE = re.compile(r"(?:^|[\s/|,、;:])(?:无|没有|否)(?=$|[\s/|,、;。\n])")
_PERIOD = re.compile(rf"(?P<p>{'|'.join(sorted(PERIODS, key=len, reverse=True))})[\s:量测了体温是]*$")
_COLUMNS = re.compile(
    r"早(?:上|晨)?\s*[/、,|\-\s和与及]\s*(?:中(?:午)?\s*[/、,|\-\s]\s*)?晚(?:上)?|上午\s*[/、,|\s]\s*下午"
)


@dataclass(slots=True)
class Row:
    """One line of a list: whom, where, the readings with their part of the day, and what else it says."""

    start: int
    end: int
    person: str = ""
    address: str = ""
    readings: list[tuple[Temperature, str]] = field(default_factory=list)
    symptoms: tuple[str, ...] | None = None
    status: str = ""
    who_start: int = 0
    who_end: int = 0


@dataclass(slots=True)
class Roll:
    """A list of temperatures: the text before its first row (the header) and the rows."""

    header: str
    rows: list[Row]
    chain: bool = False


def is_chain(text: str) -> bool:
    """Return whether *text* is a 接龙 by its title."""
    return _CHAIN.search(text[:40]) is not None


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


def _who_before(text: str, start: int, end: int) -> re.Match[str] | None:
    found = _WHO.search(text[start:end])
    if found and (looks_like_name(found["who"]) or _plausible(found["who"])):
        return found
    return _PRONOUN.search(text[start:end])


_NOUNS = re.compile(
    r"体温|测温|上报|接龙|登记|人员|情况|今天|今日|正常|复测|打卡|网格|社区|隔离|全家|未外|外出|症状|统计"
    r"|表|量了|两大|一大|喘|咳|烧|疼|痛|闷|晕|泻|吐|人|家|家庭|户主|温度|早上|晚上|中午|下午|上午"
    r"|报告|昨晚|一家|大家|没有|无|发烧|咳嗽|房间|室|号|都|日报|姓名"
)


def _plausible(word: str) -> bool:
    return not _NOUNS.search(word) and 2 <= len(word) <= 4


def read_roll(text: str, numbered: bool = False) -> Roll | None:
    """Return the rows of temperatures in *text* (normalised), None when it holds no reading.

    *numbered* (a 接龙 or a list) lets a bare 365, 36。5 or 36 stand in the temperature column.
    """
    rows: list[Row] = []
    header_end: int | None = None
    chain = is_chain(text)
    loose = numbered or chain
    columns = bool(_COLUMNS.search(text.split("\n")[0])) or bool(_COLUMNS.search(text[:60]))
    for at, line in _lines(text):
        masks = [(one.start, one.end) for one in scan_places(line) if one.key == "address"]
        found = [
            one for one in scan_temperatures(line, slot=loose or bool(re.match(_INDEX, line)))
            if not any(start < one.end and one.start < end for start, end in masks)
            and not re.match(rf"\s*{_INDEX}$", line[: one.end])
        ]  # fmt: skip
        if not found:
            continue
        made = _line_rows(text, at, line, found, columns)
        if made and header_end is None:
            header_end = made[0].start
        rows += made
    if not rows:
        return None
    _share(text, rows)
    return Roll(text[: header_end or 0], rows, chain)


def _line_rows(text: str, at: int, line: str, found: list[Temperature], columns: bool) -> list[Row]:
    rows: list[Row] = []
    reverse = _is_reversed(line, found)
    before = 0
    for number, one in enumerate(found):
        until = found[number + 1].start if number + 1 < len(found) else len(line)
        if reverse:
            who = _WHO_AFTER.match(line[one.end : until])
            name = who["who"] if who else ""
            rows.append(Row(at + one.start, at + until, name, "", [(_moved(one, at), "")], who_start=at + one.end))
            before = until
            continue
        gap = line[before : one.start]
        if rows and _ARROW.fullmatch(gap):
            rows[-1].readings[-1] = (_moved(one, at), rows[-1].readings[-1][1])
            rows[-1].end = at + one.end
        else:
            _add(rows, text, at, line, before, one, columns)
        before = one.end
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        row.end = following.start if following else at + len(line)
    return rows


def _is_reversed(line: str, found: list[Temperature]) -> bool:
    """Return whether the names stand behind the readings: 36.5 张三 | 36.7 李四."""
    if _who_before(line, 0, found[0].start) or any(
        place.key == "address" for place in scan_places(line[: found[0].start])
    ):
        return False
    head = re.split(r"[\s:：]", line[: found[0].start].strip())[-1]
    who = _WHO_AFTER.match(line[found[0].end :])
    return who is not None and looks_like_name(who["who"]) and not looks_like_name(head)


def _moved(one: Temperature, by: int) -> Temperature:
    return Temperature(one.start + by, one.end + by, one.celsius, one.repaired)


def _add(rows: list[Row], text: str, at: int, line: str, before: int, one: Temperature, columns: bool) -> None:
    gap = line[before : one.start]
    who = _who_before(line, before, one.start)
    period_word = _PERIOD.search(gap)
    period = PERIODS[period_word["p"]] if period_word else ""
    places = [place for place in scan_places(gap) if place.key == "address"] or _row_rooms(gap)
    if who is None and not places and rows:
        last = rows[-1]
        if columns and not period:
            period = ("am", "night", "night")[min(len(last.readings), 2)]
        last.readings.append((_moved(one, at), period))
        return
    start = min([before + who.start("who")] if who else [], default=one.start)
    start = min([start, *(before + place.start for place in places)])
    index = re.search(rf"{_INDEX}$", line[:start])
    start = index.start() if index else start
    name = who["who"] if who else ""
    row = Row(at + start, at + one.end, _person(name, rows), places[-1].value if places else "")
    if who:
        row.who_start, row.who_end = at + before + who.start("who"), at + before + who.end("who")
    row.readings.append((_moved(one, at), period or ("am" if columns else "")))
    rows.append(row)


def _row_rooms(gap: str) -> list[Place]:
    cleaned = re.sub(rf"^\s*{_INDEX}", lambda found: " " * len(found[0]), gap)
    return rooms(cleaned)


def _person(name: str, rows: list[Row]) -> str:
    if name in ("我", "自己", "我自己", "我本人", "本人"):
        return "本人"
    return name


def _share(text: str, rows: list[Row]) -> None:
    """Read what each row says beside its figure; 都正常 and 均无症状 behind the last one hold for all."""
    for row in rows:
        last = row.readings[-1][0].end
        rest = text[row.start : row.readings[0][0].start] + " " + text[last : row.end]
        tail = text[last : row.end]
        row.symptoms = read_symptoms(rest)
        if row.symptoms is None and _SLOT_NONE.search(tail):
            row.symptoms = ()
        row.status = status_of(tail)
    tail = text[rows[-1].readings[-1][0].end :]
    everyone = re.search(r"(?:都|均|全部|全都|皆|大家)(?P<what>[^,;\n。]{1,12})", tail)
    if everyone and len(rows) > 1:
        status, symptoms = status_of(everyone["what"]), read_symptoms(everyone["what"])
        for row in rows:
            row.status = row.status or status
            row.symptoms = symptoms if row.symptoms is None and symptoms == () else row.symptoms
