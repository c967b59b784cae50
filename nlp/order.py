"""A leader's loose directive: whom it is for, until when, and the words to pass on."""

import re
from dataclasses import dataclass
from datetime import datetime

from nlp.dates import read_deadline
from nlp.lazy import lazy
from nlp.normalize import normalize


@dataclass(frozen=True, slots=True)
class Order:
    """A directive as typed.

    `level` is township, village, grid or household, None when only a place was named; `role` lead or gridworker;
    `places` are the names as typed (empty: the sender's whole subtree); `deadline_at` aware UTC.
    `start`/`end` are the span of `body` in the raw text.
    """

    body: str
    level: str | None
    role: str | None
    places: tuple[str, ...] = ()
    deadline_at: datetime | None = None
    urgent: bool = False
    drill: bool = False
    counts_asked: bool = False
    start: int = 0
    end: int = 0


_AUDIENCE = {
    "网格长": ("grid", "lead"), "网格员": ("grid", "gridworker"), "格长": ("grid", "lead"), "微网格员": ("grid",
    "gridworker"),
    "村支书": ("village", "lead"), "村书记": ("village", "lead"), "村主任": ("village", "lead"), "村长": ("village",
    "lead"),
    "支书": ("village", "lead"), "社区书记": ("village", "lead"), "村干部": ("village", "lead"),
    "村两委": ("village", "lead"),
    "镇领导": ("township", "lead"), "乡镇领导": ("township", "lead"), "包村干部": ("village", "lead"),
    "乡镇": ("township", None), "乡镇街道": ("township", None), "街道": ("township", None), "镇": ("township",
    None), "镇街": ("township", None),
    "村": ("village", None), "村居": ("village", None), "社区": ("village", None), "村社区": ("village", None),
    "行政村": ("village", None),
    "网格": ("grid", None), "格": ("grid", None), "村网格": ("grid", None), "小组": ("grid", None),
    "户": ("household", None), "住户": ("household", None), "居民": ("household", None), "村民": ("household", None),
    "群众": ("household", None), "家庭": ("household", None), "农户": ("household", None), "居民群": ("household",
    None),
    "人": (None, None), "人员": (None, None), "干部": (None, "lead"), "单位": (None, None),
}  # fmt: skip
_WHO = "|".join(sorted(_AUDIENCE, key=len, reverse=True))
_ALL = r"(?:所有的?|全部的?|全体的?|各个?|每个?|全)"
_PLACE = r"(?!所有|全[部体]|各|每|请)[一-鿿0-9]{1,12}?" + (
    r"(?:镇|乡|街道|村(?!支?书|[长民])|社区|网格(?![长员])|格(?![长员])|组|办事处)"
)
_PLACES = rf"{_PLACE}(?:\s*(?:、|,|和|及|与|\s)\s*{_PLACE})*"
_ALSO = rf"(?:(?:群|们)?\s*(?:以?及|和|与|跟|、)\s*(?:{_ALL})?\s*(?P<{{}}>{_WHO}))?"
_TARGET = (
    rf"(?:全(?:镇|乡|街道|县|村|社区|区)的?)?(?P<places>(?:{_PLACES})?)\s*的?\s*(?:(?P<all>{_ALL})\s*"
    rf"(?P<who>{_WHO}){_ALSO.format('also')}(?:群|们)?"
    rf"|(?P<bare>网格长|网格员|村支书|村书记|居民|住户|村民){_ALSO.format('besides')}(?:群|们)?)?"
)
_FLAG = lazy(r"^\s*[\[【(#]?\s*(?P<flag>特急|加急|紧急|急|演练|实战演练)(?:通知)?\s*[\]】)]?\s*[!:,。、\s]*(?=\S)")
# inside the order the word alone is part of what is said: 紧急转移, 急需口罩
_LATE_FLAG = lazy(
    r"^\s*(?:[\[【(#]\s*(?P<marked>特急|加急|紧急|急|演练|实战演练)(?:通知)?\s*[\]】)]"
    r"|(?P<bare>特急|加急|紧急|急|演练)(?:通知)?\s*[!:,。、])\s*[!:,。、\s]*(?=\S)"
)
_SEND = lazy(
    (
        rf"(?:请|帮我|麻烦)?(?:给|向)\s*{_TARGET}\s*(?:群?发(?:个|一个|一条|条|下|一下)?(?:通知|消息|信息|指令)?"
        rf"|下发|通知(?:一下)?|说(?:一下)?)\s*[:,。]?\s*(?P<body>.+)"
    ),
    re.S,
)
_TELL = lazy(
    rf"(?:请|帮我|麻烦)?(?:通知|发给|下发给?|转告|告诉)(?:一下|到)?\s*{_TARGET}\s*[:,。]?\s*(?P<body>.+)", re.S
)
_ADDRESS = lazy(
    (
        rf"@?\s*(?:全(?:镇|乡|街道|县|村|社区"
        rf"|区)的?)?(?P<places>(?:{_PLACES})?)\s*的?\s*(?P<all>{_ALL})\s*(?P<who>{_WHO}){_ALSO.format('also')}(?P<bare>)(?:群"
        rf"|们)?(?:注意)?\s*[:,。\s]\s*(?P<body>.+)"
    ),
    re.S,
)
_CAST = lazy(r"(?:群发|全发|发通知|下通知)\s*[:,]?\s*(?P<body>.+)", re.S)
_COUNTS = lazy(
    r"报数|报个数|报人数|报户数|报一?下(?:人|户|个)?数|回数|(?:报|上报|统计|反馈"
    r"|回复)[^,。;\n]{0,10}(?:数|多少|几户|几人|情况表)|数字?报(?:上来|过来|给)"
)
_SPLIT = lazy(r"\s*(?:、|,|和|及|与|\s)\s*")
_LEVEL_OF_PLACE = (
    ("网格", "grid"),
    ("格", "grid"),
    ("村", "village"),
    ("社区", "village"),
    ("镇", "township"),
    ("乡", "township"),
    ("街道", "township"),
)


def _flags(text: str) -> tuple[str, bool, bool]:
    urgent = drill = False
    while flag := _FLAG.match(text):
        urgent |= "急" in flag["flag"]
        drill |= "演练" in flag["flag"]
        text = text[flag.end() :]
    return text, urgent, drill


def _late_flags(text: str) -> tuple[str, bool, bool]:
    urgent = drill = False
    while flag := _LATE_FLAG.match(text):
        word = flag["marked"] or flag["bare"]
        urgent |= "急" in word
        drill |= "演练" in word
        text = text[flag.end() :]
    return text, urgent, drill


def _matched(text: str) -> re.Match[str] | None:
    for pattern in (_SEND, _TELL, _ADDRESS):
        found = pattern.match(text)
        if found and (found["places"] or found["who"] or found["bare"]):
            return found if _told(found) else None
    return _CAST.match(text)


_Audience = tuple[str | None, str | None]


def _both(one: _Audience, two: _Audience) -> _Audience | None:
    """Return the audience that holds both: residents hear with their grid's people, a village with its grids; None
    when no one audience does."""
    levels, roles = {one[0], two[0]}, {one[1], two[1]}
    role = roles.pop() if len(roles) == 1 else None
    for level, below in (("household", {"household", "grid"}), ("village", {"village", "grid"})):
        if levels <= below and level in levels:
            return level, role
    return (one[0], role) if len(levels) == 1 else None


def _told(found: re.Match[str]) -> _Audience | None:
    """Return who *found* names as level and role, None when it names two that no one audience holds."""
    groups = found.groupdict()
    who = groups.get("who") or groups.get("bare")
    if not who:
        return None, None
    also = groups.get("also") or groups.get("besides")
    return _both(_AUDIENCE[who], _AUDIENCE[also]) if also else _AUDIENCE[who]


def _audience(found: re.Match[str]) -> tuple[str | None, str | None, tuple[str, ...]]:
    places = tuple(part for part in _SPLIT.split(found.groupdict().get("places") or "") if part)
    level, role = _told(found) or (None, None)
    if level or role or any(found.groupdict().get(name) for name in ("who", "bare")):
        return level, role, places
    level = next((level for ending, level in _LEVEL_OF_PLACE if places and places[-1].endswith(ending)), None)
    return level, None, places


def is_order(text: str) -> bool:
    """Return whether *text* (mention stripped) opens as a directive does."""
    rest, _, _ = _flags(normalize(text).text.strip())
    return _matched(rest) is not None


def read_order(text: str, sent_at: datetime) -> Order | None:
    """Return the directive that *text* (mention stripped) gives, None when it gives none.

    *sent_at* aware; the deadline is read from the body in Asia/Shanghai and returned in UTC.
    """
    plain = normalize(text)
    rest, urgent, drill = _flags(plain.text.strip())
    found = _matched(rest)
    if found is None:
        return None
    level, role, places = _audience(found)
    body, late_urgent, late_drill = _late_flags(found["body"].strip())
    body = body.strip()
    if not body:
        return None
    at = plain.text.rfind(body)
    start, end = plain.span(at, at + len(body))
    return Order(
        text[start:end] if end - start >= len(body) else body, level, role, places, read_deadline(body, sent_at),
        urgent or late_urgent, drill or late_drill, bool(_COUNTS.search(body)), start, end,
    )  # fmt: skip
