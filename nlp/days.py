"""Days as people write them (今日, 2月7日, 2.7, 24号, 正月初三, 上周五), resolved against the moment of sending."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lunardate import LunarDate

from nlp.lazy import lazy
from nlp.numerals import read_numeral

ZONE = ZoneInfo("Asia/Shanghai")
_AHEAD = timedelta(days=14)
"""A bare date up to two weeks ahead is the coming one; beyond that it is last year's: reports look back."""

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
_YEAR = r"(?:\d{4}|\d{2}|[一二零三四五六七八九]{3,4}|两千(?:零?[一二三四五六七八九十]{0,3}))"
_WEEKDAY = "一二三四五六日天末"
_WORDS = "|".join(sorted(_RELATIVE, key=len, reverse=True))
_NOT_A_DAY = (
    r"(?!楼|栋|幢|门|院|线|电池|机|车|卡|棚|桥|岗|路|球|矿|井|仓|房|厂|区|点位|网格|单元|小区|哨|亭|服务|普查|病|文"
    r"|令|村民|位)"
)
_DAY = lazy(
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
    rf"|(?P<only>(?<![\d.第楼栋幢单元a-zA-Z-])(?P<od>3[01]|[12]\d|[1-9]|{_N})[ \t]*(?:日(?!期|报)"
    rf"|号){_NOT_A_DAY}(?![\d]+号?楼))"
    rf"|(?P<ago>(?P<an>\d{{1,2}}|[一二两三四五六七八九十]{{1,9}})天(?P<at>之?前|之?后|以前|以后))"
    rf"|(?P<dot>(?<![\d./·-])(?P<dm>1[0-2]|0?[1-9])(?P<sep>[./·])(?P<dd>3[01]|[12]\d|0?[1-9])(?![\d./·%]|[/.]\d))",
    many=True,
)
_LUNAR_DAY = {"初": 0, "十": 10, "廿": 20, "卅": 30}
_LUNAR_MONTH = {"正": 1, "大年": 1, "年": 1, "冬": 11, "腊": 12}
# 2.7 and 2/7 are dates only where a date stands: at the head of a line or before a verb of coming
_DOT_BEFORE = lazy(r"(?:^|[\n【\[(】\])、,;:。!日报]|接龙|打卡|登记|上报|体温|情况|\s)\s*$")
_DOT_AFTER = lazy(r"\s*(?:$|[\n】\])]|[日号]|\s|[,:。、]|[一-鿿])")
_UNIT_AFTER = lazy(
    r"\s*(?:度|℃|°|万|千|百|公?斤|米|毫米|元|块|吨|升|亩|%|倍|人|户|公里|小时|个|袋|瓶|包|桶|箱|盒|平|级|斤"
    r"|厘米|m|M|k|正常)"
)
_ARRIVAL = lazy(r"\s*(?:回|返|到(?!\d|[今昨明])|抵|来(?!源)|入)")


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


class _Now(NamedTuple):
    """The day of sending and which way a date without its year leans: past, year or next (see `scan_days`)."""

    today: date
    lean: str = "past"

    def choose(self, found: list[date]) -> date | None:
        """Return the one meant of the days (oldest first) on which a date without its year can fall."""
        if self.lean == "next":
            return next((day for day in found if day >= self.today), None)
        latest = self.today + _AHEAD if self.lean == "past" else date(self.today.year, 12, 31)
        return next((day for day in reversed(found) if day <= latest), None)


def _nearest(now: _Now, month: int, day: int) -> date | None:
    years = range(now.today.year - 4, now.today.year + 5)
    return now.choose([found for year in years if (found := _made(year, month, day)) is not None])


def _lunar(now: _Now, month: int, day: int) -> date | None:
    found = [_solar(year, month, day) for year in (now.today.year - 1, now.today.year, now.today.year + 1)]
    return now.choose([one for one in found if one is not None])


def _solar(year: int, month: int, day: int) -> date | None:
    try:
        made: date = LunarDate(year, month, day).toSolarDate()
    except ValueError:
        return None
    return made


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


def _month_day(found: re.Match[str], now: _Now) -> date | None:
    word, day = found["m"], _number(found["d"])
    shift = {"本": 0, "这个": 0, "同": 0, "当": 0, "上": -1, "上个": -1, "下": 1, "下个": 1}.get(word)
    if shift is None:
        return _nearest(now, _number(word), day)
    month = now.today.year * 12 + now.today.month - 1 + shift
    return _made(month // 12, month % 12 + 1, day)


def _weekday(found: re.Match[str], today: date) -> date:
    index = {"日": 6, "天": 6, "末": 5}.get(found["wd"], "一二三四五六".find(found["wd"]))
    monday = today - timedelta(days=today.weekday())
    week = (found["wk"] or "").replace("个", "")
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(week, 0)
    return monday + timedelta(days=index + 7 * weeks)


def _day_only(now: _Now, day: int) -> date | None:
    """Return that day of this month, of the last, or of the next, whichever the lean takes."""
    first = now.today.replace(day=1)
    last = (first - timedelta(days=1)).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    if now.lean == "year":
        return (
            _made(first.year, first.month, day)
            or _made(last.year, last.month, day)
            or _made(last.year - (last.month == 1), (last.month + 10) % 12 + 1, day)
        )
    starts = (last, first, following)
    return now.choose([one for start in starts if (one := _made(start.year, start.month, day)) is not None])


def _dotted(found: re.Match[str], text: str, now: _Now) -> date | None:
    start, end = found.span()
    if _UNIT_AFTER.match(text, end) or not _DOT_AFTER.match(text, end):
        return None
    if not _ARRIVAL.match(text, end) and not _DOT_BEFORE.search(text, max(0, start - 4), start):
        return None
    if found["sep"] != "." and (len(found[0]) < 3 or text[end : end + 1] == "/"):
        return None
    return _nearest(now, int(found["dm"]), int(found["dd"]))


def _resolve(found: re.Match[str], text: str, now: _Now) -> tuple[date | None, str]:
    if found["word"]:
        return now.today + timedelta(days=_RELATIVE[found["word"]]), "word"
    if found["md"]:
        return _month_day(found, now), "month_day"
    if found["full"]:
        return _made(_full_year(found["y"], now.today), _number(found["ym"]), _number(found["yd"])), "full"
    if found["iso"]:
        return _made(int(found["iy"]), int(found["im"]), int(found["id"])), "full"
    if found["tight"]:
        return _made(int(found["ty"]), int(found["tm"]), int(found["td"])), "full"
    if found["dot"]:
        return _dotted(found, text, now), "dotted"
    if found["only"]:
        return _day_only(now, _number(found["od"])), "day_only"
    if found["week"]:
        return _weekday(found, now.today), "weekday"
    if found["ago"]:
        days = _number(found["an"])
        return now.today + timedelta(days=days if "后" in found["at"] else -days), "ago"
    if found["fest"]:
        return _festival(found["fest"], now), "lunar"
    month = found["lm"] or "正月"
    number = _LUNAR_MONTH.get(month.removesuffix("月")) or _number(month.removesuffix("月"))
    if month == "大年" and _lunar_day(found["ld"]) > 20:
        number = 12  # 大年二十九 is the last days of the old year
    return _lunar(now, number, _lunar_day(found["ld"])), "lunar"


def _festival(name: str, now: _Now) -> date | None:
    if name.startswith("元宵"):
        return _lunar(now, 1, 15)
    if name == "元旦":
        return _nearest(now, 1, 1)
    eves = [_solar(year, 1, 1) for year in range(now.today.year - 1, now.today.year + 3)]
    return now.choose([eve - timedelta(days=1) for eve in eves if eve is not None])


_HINT = re.compile(r"[日号月天晚早晨夜儿初节夕末周期拜./·-]|20\d\d|今|昨|明|十")


@lru_cache(maxsize=64)
def scan_days(text: str, sent_at: datetime, lean: str = "past") -> tuple[Day, ...]:
    """Return every day named in *text* (normalised), in order, resolved against the moment it was sent.

    A date without its year *lean*s to the nearest past (up to two weeks ahead is still the coming one), to this
    "year", or to the "next" such day.

    >>> at = datetime(2020, 2, 8, 18, tzinfo=ZONE)
    >>> [d.day.isoformat() for d in scan_days("今日,昨晚,2月7日,正月初三,24号,2.7 体温,36.5", at)]
    ['2020-02-08', '2020-02-07', '2020-02-07', '2020-01-27', '2020-01-24', '2020-02-07']
    """
    return tuple(_days(text, _Now(local_day(sent_at), lean))) if _HINT.search(text) else ()


def _days(text: str, now: _Now) -> Iterator[Day]:
    for found in _DAY.finditer(text):
        day, said = _resolve(found, text, now)
        if day is not None:
            yield Day(found.start(), found.end(), day, said)
