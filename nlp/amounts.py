"""Amounts of goods: a number with a measure word of trade (2斤, 半斤, 一斤半, 两三箱, x2), with its span."""

from typing import NamedTuple

from nlp.lazy import lazy
from nlp.nouns import known_at
from nlp.numerals import Number, scan_numbers
from nlp.wordbook import word_lists

_UNITS = [str(unit) for unit in word_lists("trade")["units"]]
_UNIT = lazy(
    rf"\s*(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"(?!人|户|月|小时|星期|天(?!然)|栋|楼|年|学生|老人|孩子|网格|村)(?P<half>半(?![天夜年路个斤袋]))?"
)
_FROM = lazy(r"(?<![\d.\-])(?P<n>\d{1,3})\s?[-~至到]\s?$")
_TO = frozenset("-~至到 ")
_OPENING = frozenset(unit[0] for unit in _UNITS) | {" ", "\t", "\n"}
_TIMES = lazy(r"\s*[*xX×]\s*$")
_MEASURES = lazy(
    r"\s*(?:天|日|号|岁|℃|°|度|小时|分钟|点|时|年|月|层|楼|栋|单元|级|段|户|人|网格|组|%|mg|元|毛|块(?:钱|\d|[一每/]))"
)
_ASKED = lazy(r"[要买带捎拿送缺给来订换需]\s*$")
_CELL_END = lazy(r"\s*(?:$|[\n;,、。])")


class Amount(NamedTuple):
    """How much: the number ("lo-hi" for a range), the measure word ("" when there is none), the span."""

    start: int
    end: int
    value: int | float | str
    unit: str
    approximate: bool = False


def scan_amounts(text: str, masks: list[tuple[int, int]]) -> list[Amount]:
    """Return the amounts in *text* (normalised) outside *masks*, in order.

    >>> [(one.value, one.unit) for one in scan_amounts("半斤糖、一斤半五花肉 白菜*2", [])]
    [(0.5, '斤'), (1.5, '斤'), (2, '')]
    """
    out: list[Amount] = []
    for number in scan_numbers(text):
        covered = any(start < number.end and number.start < end for start, end in masks)
        after = text[max(0, number.start - 1) : number.start]
        if covered or after == "第" or (out and number.start < out[-1].end):
            continue
        made = _amount(text, number)
        if made is not None:
            out.append(made)
    return out


def _amount(text: str, number: Number) -> Amount | None:
    head = max(0, number.start - 4)
    times = _TIMES.search(text[head : number.start])
    start = head + times.start() if times else number.start
    found = _UNIT.match(text, number.end) if text[number.end : number.end + 1] in _OPENING else None
    value = number.said()
    if found is not None:
        if found["half"] and not isinstance(value, str):
            value += 0.5
        ranged = start > 1 and text[start - 1] in _TO
        low = _FROM.search(text, max(0, start - 5), start) if ranged else None
        if low is not None and isinstance(value, int) and int(low["n"]) < value:
            return Amount(low.start(), found.end(), f"{low['n']}-{value}", found["unit"], True)  # 6-8斤
        return Amount(start, found.end(), value, found["unit"], number.approximate)
    if _MEASURES.match(text, number.end):
        return None
    noun = known_at(text, number.end)
    if noun and len(noun) > 1 and _ASKED.search(text, max(0, number.start - 3), number.start):
        return Amount(start, number.end, value, "", number.approximate)
    cell = text[max(0, number.start - 1) : number.start] in ("\t", ":", "=") and _CELL_END.match(text, number.end)
    return Amount(start, number.end, value, "", number.approximate) if times or cell else None
