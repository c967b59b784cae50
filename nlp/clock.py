"""Times of day: 17:00, 下午5点半, 晚八点, 20点到次日8点, and the parts of a day; each with its span."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.numerals import read_numeral

PERIODS = {
    "凌晨": "am", "清晨": "am", "清早": "am", "一大早": "am", "早上": "am", "早晨": "am", "上午": "am", "早间": "am",
    "晨": "am", "早": "am",
    "中午": "noon", "午": "noon", "正午": "noon", "午间": "noon", "下午": "pm", "午后": "pm", "傍晚": "night",
    "晚上": "night",
    "晚间": "night",
    "夜里": "night", "夜间": "night", "半夜": "night", "深夜": "night", "夜晚": "night", "晚": "night",
    "夜": "night", "午夜": "night",
}  # fmt: skip
_PART = "|".join(sorted(PERIODS, key=len, reverse=True))
_HOUR = r"(?:[01]?\d|2[0-4]|二十[一二三四]|二十|十[一二三四五六七八九]|十|[零一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九]|[一二三四五六七八九])"
_TIME = lazy(
    rf"(?P<part>{_PART})?\s*(?:的)?\s*"
    rf"(?:(?<![\d.])(?P<h24>{_HOUR}):(?P<m24>[0-5]\d)(?::(?P<s24>[0-5]\d))?(?![\d])"
    rf"|(?<![\d.第])(?P<hour>{_HOUR})\s*(?:点钟?|时(?!候|间|段|常|刻))(?!\d{{3}}|[名个份户人]|心"
    rf"|\d{{1,9}}\s*(?:公斤|斤|米|毫米|%|倍|万|元|块))"
    rf"(?:(?P<half>半)|(?P<quarter>[一三123])刻|(?P<minute>{_MINUTE})(?:分(?!钟)"
    rf"|(?![\d个户人名位岁台辆公斤米度元块倍%]))(?:(?P<second>{_MINUTE})秒)?|[整多])?钟?)",
    many=True,
)
_MERIDIEM = lazy(r"\s*(?P<half>[ap])\.?m\.?(?![a-z])", re.IGNORECASE)
_TO = lazy(
    r"\s*(?:-+|~+|—+|–|至|到|→)\s*(?P<next>次日|第二天|翌日|隔天|明天|明日|今天|今日|今|当日|当天"
    r"|明)?(?P<date>\d{1,2}月\d{1,2}[日号])?\s*"
)


class Time(NamedTuple):
    """A time of day: span, hour 0..24, minute, and the word for the part of the day when one was said."""

    start: int
    end: int
    hour: int
    minute: int = 0
    second: int = 0
    part: str | None = None
    exact: bool = True

    def clock(self) -> str:
        """Return HH:MM, 24:00 as 00:00."""
        return f"{self.hour % 24:02d}:{self.minute:02d}"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch between two times; `overnight` when the text or the order of the two says so."""

    start: int
    end: int
    opens: Time
    closes: Time
    overnight: bool = False


def _in_day(hour: int, part: str | None) -> int:
    """Return *hour* on the 24-hour clock, given the part of the day in which it lies."""
    if part is None or hour > 12:
        return hour
    period = PERIODS[part]
    if part in ("凌晨", "半夜", "深夜", "夜里", "午夜") and hour < 6:
        return hour
    if period == "am":
        return 0 if hour == 12 and part == "凌晨" else hour
    if period == "noon":
        return hour + 12 if hour < 4 else hour
    if hour == 12:
        return 24 if period == "night" else 12
    return hour + 12


def _time(found: re.Match[str], part: str | None = None) -> Time | None:
    hour = read_numeral(found["h24"] or found["hour"])
    if hour is None or hour > 24:
        return None
    minute = read_numeral(found["m24"] or found["minute"] or "") or 0
    if found["half"]:
        minute = 30
    elif found["quarter"]:
        minute = {"一": 15, "1": 15, "2": 30, "三": 45, "3": 45}[found["quarter"]]
    second = read_numeral(found["s24"] or found["second"] or "") or 0
    part = found["part"] or part
    end = found.end()
    meridiem = _MERIDIEM.match(found.string, end)
    if meridiem:
        part, end = "早上" if meridiem["half"] in "aA" else "下午", meridiem.end()
    return Time(found.start(), end, _in_day(int(hour), part), int(minute), int(second), part)


@lru_cache(maxsize=64)
def scan_times(text: str) -> tuple[Time, ...]:
    """Return every time of day in *text* (normalised), in order.

    >>> [t.clock() for t in scan_times("下午5点半到晚八点,次日8:30,3点心")]
    ['17:30', '20:00', '08:30']
    """
    if "点" not in text and ":" not in text and "时" not in text:
        return ()
    return tuple(time for found in _TIME.finditer(text) if (time := _time(found)) is not None)


def scan_spans(text: str, times: Sequence[Time] | None = None) -> list[TimeSpan]:
    """Return every stretch "from … to …" in *text*; a second time without a part of the day takes the first one's."""
    times = scan_times(text) if times is None else times
    out: list[TimeSpan] = []
    for opens, closes in itertools.pairwise(times):
        bridge = _TO.fullmatch(text, opens.end, closes.start)
        if bridge is None or (out and out[-1].closes is opens):
            continue
        later = bridge["next"] in ("次日", "第二天", "翌日", "隔天", "明天", "明日", "明")
        closes = _follows(opens, closes, later or bool(bridge["date"]))
        overnight = later or (closes.hour, closes.minute) <= (opens.hour, opens.minute)
        out.append(TimeSpan(opens.start, closes.end, opens, closes, overnight))
    return out


def _follows(opens: Time, closes: Time, later: bool) -> Time:
    """Read 下午3点到6点 as 15 to 18, but 晚8点到8点 as overnight."""
    if closes.part is not None or later or opens.part is None or closes.hour > 12:
        return closes
    hour = _in_day(closes.hour, opens.part)
    if hour <= opens.hour:
        return closes
    return Time(closes.start, closes.end, hour, closes.minute, closes.second, opens.part)


_PERIOD_WORD = lazy(
    r"早班|白班|中班|晚班|夜班|通宵|(?:今|昨|明|前天|当)?(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上"
    r"|夜里|夜间|晚间)|(?:今|昨|明|当)[早晚晨]|(?<=\()[早中晚](?=\))|(?<=[日号\d])[早晚](?=[\s:,。]|$|体温|测)",
    many=True,
)


def period_of(text: str) -> tuple[str, int, int] | None:
    """Return the part of the day that *text* names (am, noon, pm, night) with its span, None when it names none."""
    found = _PERIOD_WORD.search(text)
    while found is not None and text[found.end() : found.end() + 1] == "好" and found.end() - found.start() == 2:
        found = _PERIOD_WORD.search(text, found.end())  # 晚上好 is a greeting
    if found is None:
        return None
    word = found[0]
    shifts = {"早班": "am", "白班": "am", "中班": "pm", "晚班": "night", "夜班": "night", "通宵": "night"}
    period = shifts.get(word) or next(
        PERIODS[part] for part in sorted(PERIODS, key=len, reverse=True) if word.endswith(part)
    )
    return period, found.start(), found.end()
