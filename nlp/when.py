"""The day and hours a record speaks of: date, span of days, as of, start and end, part of the day."""

import itertools
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from nlp.clock import Time, TimeSpan, period_of, scan_spans, scan_times
from nlp.days import Day, scan_days
from nlp.lazy import lazy
from nlp.types import Slot

_AS_OF = lazy(r"(?:截至|截止)(?:到|至)?(?:目前|现在|当前)?\s*$")
_DAY_BRIDGE = lazy(r"\s*(?:晚上?|早上?|下午|夜里)?\s*(?:-+|~+|—+|–|至|到)\s*")
_ARRIVED = re.compile(
    r"\s*(?:从[一-鿿]{1,6})?(?:自驾|坐车|坐火车|乘[一-鿿]{1,3})?(?:刚|才|就)?(?:返回|返乡|回来|回村"
    r"|回家|回的|回$|回\s|回,|回\)|回|返|到家|到的|抵达|来的|到达)"
)
_COMPARED = re.compile(r"(?:同|跟|和|与|比|较|照)\s*$")
_FUTURE = re.compile(r"\s*(?:起|之?前|以前|开始|后)")


class When(NamedTuple):
    """What a text says of time: the slots, and the spans that are dates and times and so hold no figures."""

    slots: tuple[Slot, ...]
    masks: tuple[tuple[int, int], ...]
    arrivals: tuple[Day, ...] = ()


def _bracketed(text: str, at: int) -> bool:
    before = text[:at]
    opened = before.rfind("(")
    return opened > before.rfind(")") and opened > before.rfind("\n")


def _free(days: Sequence[Day], spans: list[TimeSpan], text: str) -> list[Day]:
    inside = [day for day in days if not any(span.start < day.start < span.end for span in spans)]
    return [
        day
        for day in inside
        if not _FUTURE.match(text, day.end)
        and not _COMPARED.search(text, max(0, day.start - 2), day.start)
        and day.day.year > 1900
        and day.said != "ago"
    ]


def _range(days: Sequence[Day], text: str) -> tuple[Day, Day] | None:
    for first, second in itertools.pairwise(days):
        if _DAY_BRIDGE.fullmatch(text, first.end, second.start):
            return first, second
    return None


@lru_cache(maxsize=64)
def read_when(text: str, sent_at: datetime) -> When:
    """Return the time slots of *text* (normalised): date, date_start, date_end, as_of, start, end, period."""
    days = scan_days(text, sent_at)
    times = scan_times(text)
    if not days and not times:
        part: list[Slot] = []
        _period(text, part)
        return When(tuple(part), ())
    spans = scan_spans(text, times)
    named: list[Day | Time | TimeSpan] = [*days, *times, *spans]
    masks = tuple((one.start, one.end) for one in named)
    arrivals = tuple(day for day in days if _ARRIVED.match(text, day.end))
    free = [day for day in _free(days, spans, text) if day not in arrivals]
    if len(free) > 1 or "明" in text or "后天" in text:
        free = [day for day in free if day.said != "word" or day.day <= sent_at.date()]  # 剩6户明天补
    out: list[Slot] = []
    taken = _as_of(text, days, times, out)
    between = _range(free, text)
    if between is not None:
        words = between[0].said == "word" and between[1].said == "word"
        if not words:  # 昨晚到今早 names a night, not two days
            out += [Slot("date_start", between[0].day.isoformat(), between[0].start, between[0].end)]
            out += [Slot("date_end", between[1].day.isoformat(), between[1].start, between[1].end)]
        return When(tuple(out), masks, arrivals)
    span = next((one for one in spans if not taken), None)
    if span is not None:
        out += [Slot("start", span.opens.clock(), span.opens.start, span.opens.end)]
        out += [Slot("end", span.closes.clock(), span.closes.start, span.closes.end)]
    _date(text, free, span, out)
    if span is None and not taken:
        _period(text, out)
    return When(tuple(out), masks, arrivals)


def _as_of(text: str, days: Sequence[Day], times: Sequence[Time], out: list[Slot]) -> bool:
    for time in times:
        before = text[: time.start]
        near = [day for day in days if 0 <= time.start - day.end <= 2]
        head = before[: near[-1].start] if near else before
        if _AS_OF.search(head) or re.match(r"\s*(?:止|为止)", text[time.end :]):
            out.append(Slot("as_of", time.clock(), time.start, time.end))
            return True
    return False


def _date(text: str, free: list[Day], span: TimeSpan | None, out: list[Slot]) -> None:
    for day in free:
        alone = text[day.start - 1 : day.start] == "(" and text[day.end : day.end + 1] == ")"
        if _bracketed(text, day.start) and not alone and not text[: day.start].strip().startswith("("):
            continue
        if span is not None and span.overnight and 0 <= span.start - day.end <= 1 and day.said != "word":
            continue  # 2月8日20:00至2月9日8:00 belongs to no one day
        out.append(Slot("date", day.day.isoformat(), day.start, day.end))
        return


_ASIDE = lazy(r"\([^()\n]{2,}\)")
_OVERNIGHT = lazy(r"昨晚.{0,2}[至到].{0,2}今")


def _period(text: str, out: list[Slot]) -> None:
    plain = _ASIDE.sub(lambda inner: " " * len(inner[0]), text) if "(" in text else text
    found = period_of(plain)
    other = period_of(plain[found[2] :]) if found is not None else None
    if other is not None and found is not None and other[0] != found[0]:
        return  # 上午30户,下午36户: the report is of the whole day
    if found is not None and not _OVERNIGHT.search(text):
        out.append(Slot("period", found[0], found[1], found[2]))
