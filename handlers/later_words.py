"""下午吧, 等会儿, 晚上再量, 在忙: until when somebody would rather not be asked."""

import re
from datetime import datetime, time, timedelta

from nlp.normalize import normalize
from nlp.numerals import read_numeral

SOON = timedelta(hours=1)
_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAY = {"上午": time(11, 0), "中午": time(12, 30), "下午": time(15, 0), "傍晚": time(17, 30), "晚上": time(19, 0)}
_DAY |= {"今晚": time(19, 0), "晚饭后": time(19, 0), "午饭后": time(13, 0), "下班后": time(18, 0), "下班": time(18, 0)}
_HEAD = r"(?:好的?|嗯|哦|行|对不起|不好意思|抱歉|我|我们|现在|这会儿?|今天|等|等到|到|还是|[,,。\s])*"
_TAIL = (
    r"(?:再|就|给|回|量|测|报|说|发|看|告诉|联系|打|来|去|弄|你们?|您|我|一下|回家|吧|哈|啊|呢|了|可以|行|好|方便|有空|有时间|"
    r"吗|不|体温|消息|电话|[,,。!!~??\s])*"
)
_AT = re.compile(rf"{_HEAD}(?P<part>上午|中午|下午|傍晚|晚上|今晚)?(?P<hour>{_N})点(?P<half>半)?(?:钟|多|左右)?{_TAIL}")
_PART = re.compile(rf"{_HEAD}(?P<part>{'|'.join(sorted(_DAY, key=len, reverse=True))}){_TAIL}")
_AFTER = re.compile(
    rf"{_HEAD}(?:过|再过|等)?(?:(?P<half>半)个?小时|(?P<hours>{_N})个?(?:小时|钟头)|(?P<minutes>{_N})分钟)"
    rf"(?:以?后|之后)?{_TAIL}"
)
_SOON = re.compile(
    rf"{_HEAD}(?:正?在)?(?:忙(?:着|呢|死了)?|没空|没时间|不方便|开会|开车|上班|在外面|做饭|干活|地里|"
    rf"(?:晚|迟)(?:一)?点儿?|等?一?会儿?|过(?:一)?会儿?|稍后|稍等|待会儿?|回头|等一?下)"
    rf"(?:呢|着|中|在|[,,\s])*(?:晚点儿?|等?会儿?|一会儿?|稍后|回头)?{_TAIL}"
)


def read_later(text: str, local: datetime) -> datetime | None:
    """Return until when *text*, as a whole, puts us off; None when it says anything else. *local* is when it was said.

    >>> noon = datetime(2020, 1, 28, 12, 0)
    >>> [f"{read_later(said, noon):%H:%M}" for said in ("下午吧", "等会儿", "晚上再量", "在忙", "四点半", "半小时后")]
    ['15:00', '13:00', '19:00', '13:00', '16:30', '12:30']
    >>> read_later("下午去买菜", noon), read_later("36.5", noon), read_later("明天吧", noon)
    (None, None, None)
    """
    plain = normalize(text).text.strip()
    if not plain or len(plain) > 24 or "明天" in plain or "后天" in plain:
        return None
    if found := _AT.fullmatch(plain):
        return _at(found, local)
    if found := _AFTER.fullmatch(plain):
        return local + _span(found)
    if found := _PART.fullmatch(plain):
        return _later(datetime.combine(local.date(), _DAY[found["part"]], local.tzinfo), local)
    return local + SOON if _SOON.fullmatch(plain) else None


def _at(found: re.Match[str], local: datetime) -> datetime | None:
    hour = int(read_numeral(found["hour"]) or 0)
    if found["part"] in ("下午", "傍晚", "晚上", "今晚") and hour < 12:
        hour += 12
    minute = 30 if found["half"] else 0
    if hour > 23:
        return None
    moment = datetime.combine(local.date(), time(hour, minute), local.tzinfo)
    if moment <= local and hour < 12 and not found["part"]:
        moment += timedelta(hours=12)
    return _later(moment, local)


def _span(found: re.Match[str]) -> timedelta:
    if found["half"]:
        return timedelta(minutes=30)
    if found["minutes"]:
        return timedelta(minutes=max(int(read_numeral(found["minutes"]) or 0), 10))
    return timedelta(hours=int(read_numeral(found["hours"]) or 1))


def _later(moment: datetime, local: datetime) -> datetime:
    """A time of the day that is over already means soon."""
    return moment if moment > local else local + SOON
