"""Days and deadlines as people write them; the days themselves are scanned in `days.py`."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from nlp.clock import Time, scan_times
from nlp.days import ZONE, Day, local_day, scan_days
from nlp.lazy import lazy
from nlp.numerals import read_numeral

__all__ = ["ZONE", "Day", "local_day", "read_deadline", "scan_days"]
_LIMIT_BEFORE = lazy(r"(?:截止|截至|限|最迟|最晚|务必|务于|于|在|必须)[^,。;\n]{0,6}$")
_LIMIT_AFTER = lazy(r"\s*(?:之前|以前|前|止|内|为止|截止|交|报|之内)")
_SPAN = lazy(
    r"(?P<half>半)(?:个)?(?:小时|钟头)|(?P<n>\d{1,3}"
    r"|[一二两三四五六七八九十]{1,9})(?P<and>个半)?\s*(?:个)?(?P<unit>小时|钟头|分钟|天|日)(?:之内|以内|内)"
)
_DAY_END = lazy(r"(?P<off>下班|收工|天黑)(?:之?前|以前)?|(?P<inside>之?内|之?前|以前|晚?之?前)")


def read_deadline(text: str, sent_at: datetime) -> datetime | None:
    """Return the moment (aware UTC) by which *text* wants something done, None when it names none.

    *sent_at* aware; the words are read in Asia/Shanghai. A time without a day is the next such time.

    >>> at = datetime(2020, 2, 8, 0, 5, tzinfo=UTC)
    >>> texts = ("今天下午5点前", "明早8点", "4点半", "2小时内")
    >>> [read_deadline(text, at).astimezone(ZONE).strftime("%d %H:%M") for text in texts]
    ['08 17:00', '09 08:00', '08 16:30', '08 10:05']
    """
    here = sent_at.astimezone(ZONE)
    within = _within(text, here)
    if within is not None:
        return within.astimezone(UTC)
    days = [day for day in scan_days(text, sent_at, "next") if day.day >= here.date()]
    times = scan_times(text)
    chosen = _deadline_time(text, times)
    at: datetime | None = (
        _end_of_day(text, days, here) if chosen is None else _joined(chosen, _day_for(text, chosen, days), here)
    )
    return None if at is None else at.astimezone(UTC)


def _within(text: str, here: datetime) -> datetime | None:
    found = _SPAN.search(text)
    if found is None:
        return None
    if found["half"]:
        return here + timedelta(minutes=30)
    amount = (read_numeral(found["n"]) or 0) + (0.5 if found["and"] else 0)
    unit = found["unit"]
    if unit in ("天", "日"):
        return here + timedelta(days=amount)
    return here + (timedelta(minutes=amount) if unit == "分钟" else timedelta(hours=amount))


def _deadline_time(text: str, times: Sequence[Time]) -> Time | None:
    for time_ in times:
        if _LIMIT_AFTER.match(text, time_.end) or _LIMIT_BEFORE.search(text, max(0, time_.start - 10), time_.start):
            return time_
    return times[0] if times else None


def _day_for(text: str, chosen: Time, days: list[Day]) -> date | None:
    before = [day for day in days if day.end <= chosen.start + 1]
    return before[-1].day if before else None


def _joined(chosen: Time, day: date | None, here: datetime) -> datetime:
    first = datetime.combine(day or here.date(), time(), ZONE) + timedelta(hours=chosen.hour, minutes=chosen.minute)
    if day is not None:
        if chosen.part is None and chosen.hour < 8 and first <= here and first + timedelta(hours=12) > here:
            return first + timedelta(hours=12)  # 今天5点前, said at noon
        return first
    steps = (
        (timedelta(), timedelta(hours=12), timedelta(days=1))
        if chosen.part is None
        else (timedelta(), timedelta(days=1))
    )
    if chosen.part is None and chosen.hour < 7 and first > here:
        return first + timedelta(hours=12)  # 4点半 said before dawn still means the afternoon
    for step in steps:
        if chosen.hour + step.seconds // 3600 <= 24 and first + step > here:
            return first + step
    return first + timedelta(days=1)


def _end_of_day(text: str, days: list[Day], here: datetime) -> datetime | None:
    for found in _DAY_END.finditer(text):
        near = [day for day in days if 0 <= found.start() - day.end <= 2]
        if found["off"]:
            return datetime.combine(near[-1].day if near else here.date(), time(18), ZONE)
        if near:
            day = near[-1]
            noon = "中午" in text[day.end : found.start()]
            return datetime.combine(day.day, time(12 if noon else 23, 0 if noon else 59), ZONE)
    noon_found = re.search(r"(?:中午|午饭)(?:之?前|以前)", text)
    if noon_found:
        before = [day for day in days if day.end <= noon_found.start() + 1]
        return datetime.combine(before[-1].day if before else here.date(), time(12), ZONE)
    return None
