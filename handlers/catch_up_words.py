"""补录 3-101 2.7 36.4 2.8 36.5 好: what a paper card says, typed in later; one line a household, or one line alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlp.normalize import normalize

MORNING, EVENING = "早", "晚"
_HEAD = re.compile(r"补录[\s::,]*")
_NUMBER = re.compile(r"\d{1,3}(?:[、)]\s*|\.\s+)(?=\S)")
_DAY = re.compile(
    r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])(?:[./-]|月)(?P<d>3[01]|[12]\d|0?[1-9])(?:日|号)?(?![\d.])"
    r"|(?P<word>大前天|前天|昨天|今天)"
)
_AGO = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}
_PART = re.compile(r"(?P<am>早上?|上午|早晨)|(?P<pm>晚上?|下午|傍晚)")
_TWO = re.compile(r"(\d{2}(?:\.\d{1,2})?)(?:\s*[/、,]\s*|\s+)(\d{2}(?:\.\d{1,2})?)")
_HALF_YEAR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class DayWords:
    """What stands beside one day. `on` None: there is no such day; `part` 早 or 晚, "" when neither was said."""

    typed: str
    on: date | None
    said: str = field(repr=False)
    part: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One household's line: the door as typed, what stood between door and first day, and the days."""

    typed: str = field(repr=False)
    door: str
    who: str = field(repr=False)
    days: tuple[DayWords, ...]


def read_catch_up(text: str, today: date) -> tuple[CardLine, ...] | None:
    """Return the lines of a message that begins with 补录, None for any other; () when nothing follows the word.

    >>> (line,) = read_catch_up("补录 3-101 2.7 36.4 2.8 36.5 好", date(2020, 2, 9)) or ()
    >>> line.door, [(one.on.day, one.said) for one in line.days if one.on]
    ('3-101', [(7, '36.4'), (8, '36.5 好')])
    """
    plain = normalize(text).text.strip()
    head = _HEAD.match(plain)
    if head is None:
        return None
    rows = (_HEAD.sub("", _NUMBER.sub("", row.strip(), count=1), count=1) for row in plain[head.end() :].split("\n"))
    return tuple(read_line(row, today) for row in rows if row.strip())


def read_line(row: str, today: date) -> CardLine:
    """Return one line; a line without a day has no days."""
    door, _, rest = row.strip().partition(" ")
    marks = list(_DAY.finditer(rest))
    ends = [*(mark.start() for mark in marks[1:]), len(rest)][: len(marks)]
    days = [
        one
        for mark, end in zip(marks, ends, strict=True)
        for one in _day(mark[0], _date(mark, today), rest[mark.end() : end].strip(" ,;:。"))
    ]
    return CardLine(row.strip(), door, rest[: marks[0].start()].strip() if marks else rest.strip(), tuple(days))


def _date(mark: re.Match[str], today: date) -> date | None:
    """Return the day meant: of this year, in January also of the last one."""
    if mark["word"]:
        return today - timedelta(days=_AGO[mark["word"]])
    month, day = int(mark["m"]), int(mark["d"])
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found - today < _HALF_YEAR:
            return found
    return None


def _day(typed: str, on: date | None, said: str) -> Iterator[DayWords]:
    parts = list(_PART.finditer(said))
    if parts:
        ends = [part.start() for part in parts[1:]] + [len(said)]
        for part, end in zip(parts, ends, strict=True):
            yield DayWords(typed, on, said[part.end() : end].strip(" ,;:"), MORNING if part["am"] else EVENING)
    elif two := _TWO.fullmatch(said):
        yield DayWords(typed, on, two[1], MORNING)
        yield DayWords(typed, on, two[2], EVENING)
    else:
        yield DayWords(typed, on, said)
