"""Moments and stretches of time as people say them, resolved: 明天下午3点至8点, 两小时前, 上个月15号."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nlp.clock import PERIODS, Time, TimeSpan, scan_spans, scan_times
from nlp.days import Day, scan_days
from nlp.lazy import lazy
from nlp.numerals import read_numeral

_N = r"\d{1,4}(?:\.\d)?|[一二三四五六七八九十百两半]{1,5}"
_UNITS = {
    "秒": timedelta(seconds=1), "秒钟": timedelta(seconds=1), "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "刻钟": timedelta(minutes=15), "小时": timedelta(hours=1), "钟头": timedelta(hours=1), "天": timedelta(days=1),
    "日": timedelta(days=1), "周": timedelta(days=7), "星期": timedelta(days=7), "礼拜": timedelta(days=7),
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_MEASURE = rf"(?P<n>{_N})\s*(?:个)?(?P<and>半)?(?:个)?\s*(?P<unit>{_UNIT})(?P<half>半)?(?P<sub>钟)?"
_AGO = lazy(rf"(?:{_MEASURE})\s*(?P<way>之?前|以前|之?后|以后|之?内|以内|以来)(?:里|之内)?")
_PAST = lazy(rf"(?P<lead>过去的?|最近的?|近|未来|今后|再过|接下来的?)\s*(?:{_MEASURE})里?")
_WORK_DAYS = lazy(r"(?P<n>\d{1,3})个?工作日(?:之?内|以内|后)")
_YEARS = lazy(rf"(?P<n>{_N})\s*(?P<unit>年|个月|个?季度)\s*(?P<way>之?前|以前|之?后|以后)")
_MONTH = lazy(
    r"(?P<shift>上一?个?|这个?|本|当|下一?个?|同)月(?!\s*(?:\d|[一二三四五六七八九十]{1,3}[日号]))"
    r"|(?P<m>1[0-2]|0?[1-9]|[一二三四五六七八九]|十[一二]?)月"
    r"(?:份)?(?!\s*(?:\d|[一二三四五六七八九十初廿]))"
)
_PART = lazy(r"(?P<which>前|头|最后|后)\s*(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*天")
_ALONE = {
    "上午": (8, 12),
    "下午": (12, 16),
    "晚上": (16, 20),
    "中午": (11, 13),
    "早上": (8, 12),
    "夜里": (20, 24),
    "早间": (8, 12),
    "早": (8, 12),
}
_WORDS = "|".join(sorted(PERIODS, key=len, reverse=True))
_YEAR_ONLY = lazy(r"(?<!\d)(?:19|20)\d\d(?!\d|[-/.年])")
_MONTHS = lazy(
    r"(?<!\d)(?P<y1>(?:19|20)\d\d)[./](?P<m1>0?[1-9]|1[0-2])\s*[-~至到]\s*(?P<y2>(?:19"
    r"|20)\d\d)(?:[./](?P<m2>0?[1-9]|1[0-2]))?(?!\d)"
)
_NOW = lazy(r"现在|目前|此刻|最近(?!的?\s*\d)|全天")
_FROM_ON = lazy(r"第(?P<n>\d|[一二三四五六七八九])天起")
_NUMERIC = lazy(
    r"(?<![\d.-])(?P<a>\d{4}|\d{1,2})[-/.](?P<b>1[0-2]|0?[1-9])[-/.](?P<c>\d{4}|\d{2}|\d)(?=[012]\d:|(?!\d))(?![./])"
)
_MONTH_DAY = lazy(r"(?<![\d.-])(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d.-])")
_YEAR_WORD = lazy(r"(?P<w>[去前明后今])年\s*$")
_BARE_HOUR = lazy(
    rf"(?P<part>{_WORDS})?(?P<h>\d{{1,2}}"
    rf"|[一二三四五六七八九十]{{1,3}})(?P<to>\s*[~至到-]\s*)(?=(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})点)"
)
_LIMIT = lazy(r"\s*(?:左右)?\s*(?P<way>之?前|以前|之?后|以后)")
_COVER = "\u25a1"
_TO = lazy(r"\s*(?:-+|~+|—+|–|至|到)\s*")
_SECOND = timedelta(seconds=1)


class Moment(NamedTuple):
    """A stretch of time named in a text: span, when it opens and closes; None where it has no such end."""

    start: int
    end: int
    opens: datetime | None
    closes: datetime | None


def read_moments(text: str, now: datetime) -> list[Moment]:
    """Return the moments that *text* (normalised) names, in order, as naive or aware as *now*.

    A bare month and day is the one of this year; a bare time of day is today's. Days run from 00:00:00 to 23:59:59.

    >>> [one.opens.isoformat() for one in read_moments("明天下午3点", datetime(2021, 6, 14, 1, 6))]
    ['2021-06-15T15:00:00']
    """
    taken = _relative(text, now)
    taken += _months(_blank(text, taken), now)
    free = _blank(text, taken)
    days = _numeric(free, now)
    days += [_in_year(free, day) for day in scan_days(_covered(free, days), now, lean="year")]
    days.sort(key=lambda day: day.start)
    timed = _covered(free, [day for day in days if day.said in ("full", "dotted")])
    times = list(scan_times(timed))
    spans = scan_spans(timed, times)
    for opens, closes in _bare_hours(timed, times):
        times = [one for one in times if one.end != closes.end]
        spans = [one for one in spans if one.end != closes.end]
        times += [opens, closes]
        spans.append(TimeSpan(opens.start, closes.end, opens, closes))
    named = _timed(free, now, days, times, spans)
    return _joined(text, sorted([*taken, *named], key=lambda one: one.start))


def _blank(text: str, spans: list[Moment] | list[tuple[int, int]]) -> str:
    for one in spans:
        text = text[: one[0]] + " " * (one[1] - one[0]) + text[one[1] :]
    return text


def _covered(text: str, days: list[Day]) -> str:
    """Return *text* with its numeric dates covered, so that no part of one is read as an hour."""
    for day in days:
        text = text[: day.start] + _COVER * (day.end - day.start) + text[day.end :]
    return text


def _bare_hours(text: str, times: list[Time]) -> list[tuple[Time, Time]]:
    """Return the first hours that leave their 点 to the second, with it: 9~12点半, 早上五到六点."""
    out = []
    for found in _BARE_HOUR.finditer(text):
        closes = next((one for one in times if one.start <= found.end() < one.end), None)
        opens = scan_times(f"{found['part'] or ''}{found['h']}点")
        if closes is not None and opens:
            last = closes
            if closes.part is None and opens[0].part is not None and closes.hour < 12 <= opens[0].hour:
                last = closes._replace(hour=closes.hour + 12)
            out.append((opens[0]._replace(start=found.start(), end=found.end("h")), last._replace(start=found.end())))
    return out


def _numeric(text: str, now: datetime) -> list[Day]:
    out = []
    for found in _NUMERIC.finditer(text):
        first, month, last = found["a"], int(found["b"]), found["c"]
        if len(first) == 4:
            year, day = int(first), int(last)
        elif len(last) == 4:
            year, day = int(last), int(first)
        elif len(first) == 2 and int(last) <= 31:
            year, day = _century(int(first)), int(last)
        else:
            year, day = _century(int(last)), int(first)
        out += _day(found, year, month, day)
    for found in _MONTH_DAY.finditer(_covered(text, out)):
        out += _day(found, now.year, int(found["m"]), int(found["d"]))
    return out


def _century(year: int) -> int:
    return year + (2000 if year < 69 else 1900)


def _day(found: re.Match[str], year: int, month: int, day: int) -> list[Day]:
    try:
        return [Day(found.start(), found.end(), date(year, month, day), "full")]
    except ValueError:
        return []


def _in_year(text: str, day: Day) -> Day:
    found = _YEAR_WORD.search(text[: day.start])
    if not found:
        return day
    moved = day.day.year + {"去": -1, "前": -2, "明": 1, "后": 2, "今": 0}[found["w"]]
    return day._replace(start=found.start(), day=day.day.replace(year=moved))


def _amount(found: re.Match[str]) -> timedelta:
    count = 0.5 if found["n"] == "半" else float(read_numeral(found["n"]) or 0)
    return _UNITS[found["unit"]] * (count + (0.5 if found["and"] or found["half"] else 0))


def _relative(text: str, now: datetime) -> list[Moment]:
    out: list[Moment] = []
    for found in _PAST.finditer(text):
        step = _amount(found)
        if found["lead"] == "再过":
            out.append(Moment(*found.span(), now + step, None))
        else:
            ahead = found["lead"][:2] in ("未来", "今后", "接下")
            out.append(Moment(*found.span(), now if ahead else now - step, now + step if ahead else now))
    free = _blank(text, out)
    out += [_ago(found, now) for found in _AGO.finditer(free)]
    out += [_years(found, now) for found in _YEARS.finditer(free)]
    for found in _WORK_DAYS.finditer(free):
        out.append(Moment(*found.span(), now, _end(_after_work_days(now, int(found["n"])))))
    for found in _FROM_ON.finditer(free):
        out.append(Moment(*found.span(), _midnight(now + timedelta(days=int(read_numeral(found["n"]) or 1) - 1)), None))
    for found in _NOW.finditer(free):
        out.append(Moment(*found.span(), *((_midnight(now), _end(now)) if found[0] == "全天" else (now, now))))
    return out


def _ago(found: re.Match[str], now: datetime) -> Moment:
    step, way = _amount(found), found["way"]
    whole = found["unit"] in ("天", "日", "周", "星期", "礼拜")
    if way.endswith("内"):
        return Moment(*found.span(), now, _end(now + step) if whole else now + step)
    if way == "以来":
        return Moment(*found.span(), now - step, _end(now))
    at = now - step if "前" in way else now + step
    if "前" in way and not whole:
        return Moment(*found.span(), at - min(step, _UNITS[found["unit"]]), at)
    if whole and at.time() == now.time():
        return Moment(*found.span(), _midnight(at), _end(at))
    return Moment(*found.span(), at, at + step)


def _years(found: re.Match[str], now: datetime) -> Moment:
    count = int(read_numeral(found["n"]) or 0) * (-1 if "前" in found["way"] else 1)
    months = count * 12 if found["unit"] == "年" else count * (3 if "季" in found["unit"] else 1)
    at = _shifted(now, months)
    return Moment(*found.span(), _midnight(at), _end(at))


def _shifted(now: datetime, months: int) -> datetime:
    total = now.year * 12 + now.month - 1 + months
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=total // 12, month=total % 12 + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=total // 12, month=total % 12 + 1, day=min(now.day, 28))


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _end(at: datetime) -> datetime:
    return _midnight(at) + timedelta(days=1) - _SECOND


def _after_work_days(now: datetime, days: int) -> datetime:
    while days:
        now += timedelta(days=1)
        days -= now.weekday() < 5
    return now


def _months(text: str, now: datetime) -> list[Moment]:
    out: list[Moment] = []
    for found in _MONTHS.finditer(text):
        first = _midnight(now.replace(year=int(found["y1"]), month=int(found["m1"]), day=1))
        last = now.replace(year=int(found["y2"]), month=int(found["m2"] or 12), day=1)
        out.append(Moment(*found.span(), first, _month_end(last)))
    free = _blank(text, out)
    for found in _MONTH.finditer(free):
        out.append(_month(found, free, now))
    for found in _YEAR_ONLY.finditer(_blank(text, out)) if text.strip().isdigit() else ():
        first = _midnight(now.replace(year=int(found[0]), month=1, day=1))
        out.append(Moment(*found.span(), first, first.replace(year=first.year + 1) - _SECOND))
    return out


def _month(found: re.Match[str], text: str, now: datetime) -> Moment:
    if found["m"]:
        first = _midnight(now.replace(month=int(read_numeral(found["m"]) or 1), day=1))
    else:
        shift = -1 if found["shift"].startswith("上") else (1 if found["shift"].startswith("下") else 0)
        first = _midnight(_shifted(now.replace(day=1), shift))
    last = _month_end(first)
    part = _PART.match(text, found.end())
    if part is None:
        return Moment(*found.span(), first, last)
    count = timedelta(days=int(read_numeral(part["n"]) or 1))
    if part["which"] in ("前", "头"):
        return Moment(found.start(), part.end(), first, first + count - _SECOND)
    return Moment(found.start(), part.end(), last + _SECOND - count, last)


def _month_end(first: datetime) -> datetime:
    return _shifted(_midnight(first.replace(day=1)), 1) - _SECOND


def _timed(text: str, now: datetime, days: list[Day], times: list[Time], spans: list[TimeSpan]) -> list[Moment]:
    out: list[Moment] = []
    used: set[int] = set()
    inside = {id(time) for span in spans for time in (span.opens, span.closes)}
    for span in spans:
        opens, at = _at(text, now, days, span.opens, used)
        later = opens.date() + timedelta(days=1 if span.overnight else 0)
        named = [day for day in days if span.opens.end <= day.start < span.closes.start and day.said != "word"]
        closes = _clock(opens, span.closes, named[0].day if named else later)
        used |= {id(day) for day in days if span.opens.end <= day.start < span.closes.end}
        out.append(Moment(at, span.end, opens, closes))
    for time_ in times:
        if id(time_) in inside:
            continue
        opens, at = _at(text, now, days, time_, used)
        out.append(_limited(text, now, Moment(at, time_.end, opens, opens)))
    out += [_whole_day(text, now, day) for day in days if id(day) not in used]
    return out + _parts(text, now, out)


def _limited(text: str, now: datetime, one: Moment) -> Moment:
    """6点前 runs from now till then, 8点以后 from then on."""
    found = _LIMIT.match(text, one.end)
    if found is None:
        return one
    if "前" in found["way"]:
        return Moment(one.start, found.end(), now, one.closes)
    return Moment(one.start, found.end(), one.opens, None)


def _clock(now: datetime, time_: Time, day: object) -> datetime:
    base = now.replace(year=day.year, month=day.month, day=day.day)  # type: ignore[attr-defined]
    return _midnight(base) + timedelta(hours=time_.hour, minutes=time_.minute, seconds=time_.second)


def _at(text: str, now: datetime, days: list[Day], time_: Time, used: set[int]) -> tuple[datetime, int]:
    near = [day for day in days if 0 <= time_.start - day.end <= 2 or day.end == time_.start + 1]
    if not near:
        return _clock(now, time_, now.date()), time_.start
    day = near[-1]
    used.add(id(day))
    # 今晚6点: the word of the day holds the part of the day
    part = (
        "晚上" if text[day.start : day.end].endswith(("晚", "夜")) and time_.part is None and time_.hour < 12 else None
    )
    hour = time_.hour + 12 if part else time_.hour
    return _clock(now, time_._replace(hour=hour), day.day), day.start


def _whole_day(text: str, now: datetime, day: Day) -> Moment:
    at = now.replace(year=day.day.year, month=day.day.month, day=day.day.day)
    part = re.match(r"\s*(上午|下午|晚上|早上|早间|中午|早)", text[day.end :])
    if part:
        opens, closes = _ALONE[part[1]]
        return Moment(
            day.start,
            day.end + part.end(),
            _midnight(at) + timedelta(hours=opens),
            _midnight(at) + timedelta(hours=closes),
        )
    return Moment(day.start, day.end, _midnight(at), _end(at))


def _parts(text: str, now: datetime, known: list[Moment]) -> list[Moment]:
    out = []
    for found in re.finditer("|".join(sorted(_ALONE, key=len, reverse=True)), text):
        if found[0] not in PERIODS or any(one.start <= found.start() < one.end for one in known) or len(found[0]) < 2:
            continue
        opens, closes = _ALONE[found[0]]
        out.append(
            Moment(*found.span(), _midnight(now) + timedelta(hours=opens), _midnight(now) + timedelta(hours=closes))
        )
    return out


def _joined(text: str, moments: list[Moment]) -> list[Moment]:
    """Join two moments with 至 or ~ between them, and 9月10号,11号,12号 into one stretch."""
    out: list[Moment] = []
    for one in moments:
        before = out[-1] if out else None
        if before is not None and one.start >= before.end and _TO.fullmatch(text, before.end, one.start):
            out[-1] = Moment(before.start, one.end, before.opens, one.closes)
        else:
            out.append(one)
    return out
