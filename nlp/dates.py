"""Days as people write them (今日, 2月7日, 2.7, 24号, 正月初三, 上周五), resolved against the moment of sending."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lunardate import LunarDate

from nlp.clock import Time, scan_times
from nlp.numerals import read_numeral

ZONE = ZoneInfo("Asia/Shanghai")
_AHEAD = timedelta(days=7)
"""A bare date up to a week ahead is the coming one; beyond that it is last year's: reports look back."""

_RELATIVE = {
    "大前天": -3, "大前": -3, "前天": -2, "前日": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1,
    "昨儿": -1, "昨早": -1,
    "昨下午": -1, "昨上午": -1, "今天": 0, "今日": 0, "今儿": 0, "今早": 0, "今晚": 0, "今晨": 0, "今夜": 0,
    "今上午": 0, "今下午": 0,
    "本日": 0, "当天": 0, "当日": 0, "即日": 0, "大后天": 3, "后天": 2, "后日": 2, "明天": 1, "明日": 1, "明早": 1,
    "明晚": 1, "明儿": 1,
    "明上午": 1, "明下午": 1, "大大后天": 4, "次日": 1,
}  # fmt: skip
_N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?|卅[一]?)"
_YEAR = r"(?:\d{4}|\d{2}|[一二零三四五六七八九]{4}|两千(?:零?[一二三四五六七八九十]{0,3}))"
_WEEKDAY = "一二三四五六日天末"
_WORDS = "|".join(sorted(_RELATIVE, key=len, reverse=True))
_NOT_A_DAY = (
    r"(?!楼|栋|幢|门|院|线|电池|机|车|卡|棚|桥|岗|路|球|矿|井|仓|房|厂|区|点位|网格|单元|小区|哨|亭|服务|病|文"
    r"|令|村民|位)"
)
_DAY = re.compile(
    rf"(?P<full>(?P<y>{_YEAR})\s*年\s*(?P<ym>{_N})\s*月\s*(?P<yd>{_N})\s*[日号]?)"
    rf"|(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d\d)\s?[-./·年 ]\s?(?P<im>0?[1-9]|1[0-2])\s?[-./·月 ]\s?(?P<id>3[01]"
    rf"|[12]\d|0?[1-9])(?!\d{{3}}))"
    rf"|(?P<tight>(?<!\d)(?P<ty>20\d\d)(?P<tm>0[1-9]|1[0-2])(?P<td>0[1-9]|[12]\d|3[01])(?!\d))"
    rf"|(?P<lunar>(?:农历|阴历)?(?P<lm>正月|腊月|冬月|大年|年"
    rf"|[二三四五六七八九十]月)?(?P<ld>初[一二三四五六七八九十]|(?<=正月|腊月|大年|冬月)(?:二十|廿|十"
    rf"|三十)[一二三四五六七八九]?))"
    rf"|(?P<fest>除夕|年三十|大年三十|元宵节?|元旦)"
    rf"|(?P<md>(?P<m>{_N}|本|这个|上个|上|下个|下|同|当)月\s*(?P<d>{_N})\s*(?:[日号]|(?!\d"
    rf"|[个户人点.:年月、例名天]|日|号)))"
    rf"|(?P<word>{_WORDS})"
    rf"|(?P<week>(?P<wk>上上个?|上个?|本|这个?|下下个?|下个?)?(?:周|星期|礼拜)(?P<wd>[{_WEEKDAY}])(?!期|[到至]?[期]))"
    rf"|(?P<only>(?<![\d.第楼栋幢单元a-zA-Z-])(?P<od>3[01]|[12]\d|[1-9]|{_N})\s*(?:日|号){_NOT_A_DAY}(?![\d]+号?楼))"
    rf"|(?P<ago>(?P<an>\d{{1,2}}|[一二两三四五六七八九十]{{1,9}})天(?P<at>之?前|之?后|以前|以后))"
    rf"|(?P<dot>(?<![\d./·-])(?P<dm>1[0-2]|0?[1-9])(?P<sep>[./·])(?P<dd>3[01]|[12]\d|0?[1-9])(?![\d./·%]|[/.]\d))"
)
_LUNAR_DAY = {"初": 0, "十": 10, "廿": 20, "卅": 30}
_LUNAR_MONTH = {"正": 1, "大年": 1, "年": 1, "冬": 11, "腊": 12}
# 2.7 and 2/7 are dates only where a date stands: at the head of a line or before a verb of coming
_DOT_BEFORE = re.compile(r"(?:^|[\n【\[(】\])、,;:。!日报]|接龙|打卡|登记|上报|体温|情况|\s)\s*$")
_DOT_AFTER = re.compile(r"\s*(?:$|[\n】\])]|[日号]|\s|[,:。、]|[一-鿿])")
_UNIT_AFTER = re.compile(
    r"\s*(?:度|℃|°|万|千|百|公?斤|米|毫米|元|块|吨|升|亩|%|倍|人|户|公里|小时|个|袋|瓶|包|桶|箱|盒|平|级|斤"
    r"|厘米|m|M|k|正常)"
)
_ARRIVAL = re.compile(r"\s*(?:回|返|到(?!\d|[今昨明])|抵|来(?!源)|入)")


class Day(NamedTuple):
    """A day named in a text: its span, the date, and how it was said.

    `said` is word, full, month_day, day_only, lunar, weekday, ago or dotted.
    """

    start: int
    end: int
    day: date
    said: str


def local_day(at: datetime) -> date:
    """Return the calendar day of *at* in Asia/Shanghai; a naive moment is taken as local."""
    return (at if at.tzinfo is None else at.astimezone(ZONE)).date()


def _nearest(today: date, month: int, day: int) -> date | None:
    """Return that day in the year that puts it nearest behind *today* (or up to a week ahead)."""
    for year in (today.year + 1, today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today + _AHEAD:
            return found
    return None


def _lunar(today: date, month: int, day: int) -> date | None:
    for year in (today.year + 1, today.year, today.year - 1):
        try:
            found: date = LunarDate(year, month, day).toSolarDate()
        except ValueError:
            continue
        if found <= today + _AHEAD:
            return found
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    value = read_numeral("二十" + text[1:] if text.startswith("廿") else text)
    return int(value or 0)


def _full_year(text: str, today: date) -> int:
    value = _number(text)
    return value if value >= 100 else today.year // 100 * 100 + value


def _lunar_day(text: str) -> int:
    return _number(text[1:]) if text.startswith("初") else _number(text)


def _month_day(found: re.Match[str], today: date) -> date | None:
    word, day = found["m"], _number(found["d"])
    shift = {"本": 0, "这个": 0, "同": 0, "当": 0, "上": -1, "上个": -1, "下": 1, "下个": 1}.get(word)
    if shift is None:
        return _nearest(today, _number(word), day)
    month = today.year * 12 + today.month - 1 + shift
    return _made(month // 12, month % 12 + 1, day)


def _weekday(found: re.Match[str], today: date) -> date:
    index = {"日": 6, "天": 6, "末": 5}.get(found["wd"], "一二三四五六".find(found["wd"]))
    monday = today - timedelta(days=today.weekday())
    week = (found["wk"] or "").replace("个", "")
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(week, 0)
    return monday + timedelta(days=index + 7 * weeks)


def _day_only(today: date, day: int) -> date | None:
    """Return the day of this month, or of the last one when it lies more than a week ahead."""
    first = today.replace(day=1)
    for start in (first, (first - timedelta(days=1)).replace(day=1)):
        found = _made(start.year, start.month, day)
        if found is not None and found <= today + _AHEAD:
            return found
    return None


def _dotted(found: re.Match[str], text: str, today: date) -> date | None:
    start, end = found.span()
    if _UNIT_AFTER.match(text, end) or not _DOT_AFTER.match(text, end):
        return None
    if not _ARRIVAL.match(text, end) and not _DOT_BEFORE.search(text, max(0, start - 4), start):
        return None
    if found["sep"] != "." and (len(found[0]) < 3 or text[end : end + 1] == "/"):
        return None
    return _nearest(today, int(found["dm"]), int(found["dd"]))


def _resolve(found: re.Match[str], text: str, today: date) -> tuple[date | None, str]:
    if found["word"]:
        return today + timedelta(days=_RELATIVE[found["word"]]), "word"
    if found["md"]:
        return _month_day(found, today), "month_day"
    if found["full"]:
        return _made(_full_year(found["y"], today), _number(found["ym"]), _number(found["yd"])), "full"
    if found["iso"]:
        return _made(int(found["iy"]), int(found["im"]), int(found["id"])), "full"
    if found["tight"]:
        return _made(int(found["ty"]), int(found["tm"]), int(found["td"])), "full"
    if found["dot"]:
        return _dotted(found, text, today), "dotted"
    if found["only"]:
        return _day_only(today, _number(found["od"])), "day_only"
    if found["week"]:
        return _weekday(found, today), "weekday"
    if found["ago"]:
        days = _number(found["an"])
        return today + timedelta(days=days if "后" in found["at"] else -days), "ago"
    if found["fest"]:
        return _festival(found["fest"], today), "lunar"
    month = found["lm"] or "正月"
    number = _LUNAR_MONTH.get(month.removesuffix("月")) or _number(month.removesuffix("月"))
    if month == "大年" and _lunar_day(found["ld"]) > 20:
        number = 12  # 大年二十九 is the last days of the old year
    return _lunar(today, number, _lunar_day(found["ld"])), "lunar"


def _festival(name: str, today: date) -> date | None:
    if name.startswith("元宵"):
        return _lunar(today, 1, 15)
    if name == "元旦":
        return _nearest(today, 1, 1)
    new_year = _lunar(today + timedelta(days=1), 1, 1)
    return None if new_year is None else new_year - timedelta(days=1)


_HINT = re.compile(r"[日号月天晚早晨夜儿初节夕末周期拜./·-]|20\d\d|今|昨|明|十")


@lru_cache(maxsize=64)
def scan_days(text: str, sent_at: datetime) -> tuple[Day, ...]:
    """Return every day named in *text* (normalised), in order, resolved against the moment it was sent.

    >>> at = datetime(2020, 2, 8, 10, tzinfo=UTC)
    >>> [d.day.isoformat() for d in scan_days("今日,昨晚,2月7日,正月初三,24号,2.7 体温,36.5", at)]
    ['2020-02-08', '2020-02-07', '2020-02-07', '2020-01-27', '2020-01-24', '2020-02-07']
    """
    return tuple(_days(text, local_day(sent_at))) if _HINT.search(text) else ()


def _days(text: str, today: date) -> Iterator[Day]:
    for found in _DAY.finditer(text):
        day, said = _resolve(found, text, today)
        if day is not None:
            yield Day(found.start(), found.end(), day, said)


_LIMIT_BEFORE = re.compile(r"(?:截止|截至|限|最迟|最晚|务必|务于|于|在|必须)[^,。;\n]{0,6}$")
_LIMIT_AFTER = re.compile(r"\s*(?:之前|以前|前|止|内|为止|截止|交|报|之内)")
_SPAN = re.compile(
    r"(?P<half>半)(?:个)?(?:小时|钟头)|(?P<n>\d{1,3}"
    r"|[一二两三四五六七八九十]{1,9})(?P<and>个半)?\s*(?:个)?(?P<unit>小时|钟头|分钟|天|日)(?:之内|以内|内)"
)
_DAY_END = re.compile(r"(?P<off>下班|收工|天黑)(?:之?前|以前)?|(?P<inside>之?内|之?前|以前|晚?之?前)")


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
    days = [day for day in scan_days(text, sent_at) if day.day >= here.date()]
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
