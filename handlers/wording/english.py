"""What the bot answers, in English for who asked for it: looked up sentence by sentence, Chinese where nobody wrote it.

`english.csv` has the sentences with their gaps in braces. What stands in a gap is looked up too (today, visited), but
for a gap named raw…: names, places, and what people wrote stay as they are.
"""

import csv
import re
from functools import cache
from importlib import resources

_GAP = re.compile(r"\{(\w+)\}")
_SIGN = r"[①-⑳]|\(\d+\)"
_ITEM = re.compile(
    rf"(?P<sign>{_SIGN})?(?P<label>[一-鿿()]+?)(?P<figure>-?\d[\d.]*)(?P<unit>[一-鿿℃]*)|(?P<none>.+)未报"
)
_ITEM_LIST = re.compile(rf"[、 ](?=(?:{_SIGN})?[一-鿿])")
_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ALL = re.compile(r" ?等(\d+)[条个位处]$")
_PLACES = re.compile(r"(\d+)处")
_NAME = re.compile(r"[一-鿿]+(?=-?\d)")
_END = re.compile(r"[^。]*。?")
_UNITS = {"户": "households", "人": "people", "℃": "℃", "辆": "vehicles", "米": "m", "毫米": "mm"}


def in_english(text: str) -> str:
    """Return a text of ours in English, line by line; a sentence that is not in the file stays as it is.

    >>> in_english("D-1 60秒后发出,回「撤」取消。"), in_english("①走访46户 ②空户未报")
    ('D-1 goes out in 60 s; reply undo to stop it.', '①visited 46 households ②absent: not reported')
    """
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    if (items := _items(line)) is not None:
        return items
    found, at = [], 0
    while at < len(line):
        said, at = _next(line, at)
        found.append(said)
    return " ".join(one for one in found if one)


def _next(line: str, at: int) -> tuple[str, int]:
    """Return what stands at *at* in English, and where it ends."""
    for pattern, said in _sentences():
        met = pattern.match(line, at)
        if met:
            gaps = {
                n: _ALL.sub(r" (\1 in all)", v) if n.startswith("raw") else _gap(v) for n, v in met.groupdict().items()
            }
            return said.format(**gaps), met.end()
    unknown = _END.match(line, at)
    end = unknown.end() if unknown and unknown.end() > at else len(line)
    return line[at:end].strip(), end


def _gap(value: str) -> str:
    words = rows()
    if value in words:
        return words[value]
    parts = value.split("、")
    if all(part in words for part in parts):
        return " and ".join(words[part] for part in parts)
    items = _items(value)
    return _days(items if items is not None else _named(value))


def _named(text: str) -> str:
    """Return figures that are no items with their names (隔离户5→6, 2处缺口罩)."""
    counted = _PLACES.sub(r"\1 × ", text)
    return _NAME.sub(lambda name: f"{rows()[name[0]]} " if name[0] in rows() else name[0], counted)


def _items(text: str) -> str | None:
    """Return figures with their names (①走访46户 ②空户5户; 走访46户、发热0人), None when it is anything else."""
    parts = [_ITEM.fullmatch(part) for part in _ITEM_LIST.split(text)]
    if not text or any(part is None for part in parts):
        return None
    marks = _ITEM_LIST.findall(text)
    said = [_item(part) for part in parts if part is not None]
    return "".join(f"{one}{', ' if mark == '、' else mark}" for one, mark in zip(said, [*marks, ""], strict=True))


def _item(part: re.Match[str]) -> str:
    words = rows()
    if part["none"]:
        sign = re.match(_SIGN, part["none"])
        name = part["none"].removeprefix(sign[0]) if sign else part["none"]
        return f"{sign[0] if sign else ''}{words.get(name, name)}: not reported"
    unit = _UNITS.get(part["unit"], "")
    return f"{part['sign'] or ''}{words.get(part['label'], part['label'])} {part['figure']}{f' {unit}' if unit else ''}"


def _days(text: str) -> str:
    """Return a text with its days in English: 7 Feb."""
    return _DAY.sub(lambda day: f"{day[2]} {_MONTHS[(int(day[1]) - 1) % 12]} ", text).strip()


@cache
def rows() -> dict[str, str]:
    """Return the English of every sentence and word."""
    text = resources.files("handlers.wording").joinpath("english.csv").read_text("utf-8")
    return {row["zh"]: row["en"] for row in csv.DictReader(text.splitlines())}


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the sentences as patterns with their English, those with most words of their own first."""
    whole = [(zh, en) for zh, en in rows().items() if zh[-1] in "。,:?!…」" or _GAP.search(zh) or len(zh) > 12]
    whole.sort(key=lambda row: -len(_GAP.sub("", row[0])))
    return tuple((_pattern(zh), en) for zh, en in whole)


def _pattern(chinese: str) -> re.Pattern[str]:
    pieces = _GAP.split(chinese)
    parts = [_gap_of(one, first=not pieces[0] and n == 1) if n % 2 else re.escape(one) for n, one in enumerate(pieces)]
    return re.compile("".join(parts) + ("" if chinese[-1] in "。!?:" else "(?:$|(?=;))"))


def _gap_of(name: str, *, first: bool) -> str:
    """Return what a gap takes: what people wrote may hold several sentences, all else is part of one."""
    if name == "day":
        return r"(?P<day>今天|昨天|\d{1,2}月\d{1,2}日)"
    return f"(?P<{name}>{'.' if name.startswith('raw') and not first else '[^。]'}{{0,600}}?)"
