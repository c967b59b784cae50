"""What people on duty say about how much is asked of whom: 问过 3-101, 减负账单, 破例 D-17 原因 今晚要用."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from nlp.normalize import normalize


class BurdenKind(StrEnum):
    """What was said; none of the values is another word's."""

    ASKED = "burden_asked"
    BILL = "burden_bill"
    WAIVE = "burden_waive"


@dataclass(frozen=True, slots=True)
class BurdenWord:
    """One word: the door as typed, the directive's number, the month, the reason; what was not said is "" or 0."""

    kind: BurdenKind
    door: str = ""
    number: int = 0
    year: int = 0
    month: int = 0
    reason: str = field(default="", repr=False)


_ASKED = re.compile(
    r"(?:问过|问了)[\s::]*(?P<door>[^\s,。;??]{1,24}?)(?:什么|些什么|吗|没有?)?[??。!\s]*"
    r"|(?P<after>[^\s,。;??]*\d[^\s,。;??]{0,12}?)[\s,:]*(?:都)?问过(?:什么|些什么|吗|没有?)?[??。!\s]*"
)
_BILL = re.compile(
    r"(?:看(?:看|一下)?)?(?:(?P<y1>20\d{2})年)?(?:(?P<m1>\d{1,2})月(?:份)?的?)?(?:减负|打扰)账单?"
    r"[\s::]*(?:(?P<y2>20\d{2})年)?(?:(?P<m2>\d{1,2})月(?:份)?)?[??。!\s]*"
)
_WAIVE = re.compile(
    r"破例(?:发)?[\s::,]*(?:[Dd]\s*[-_—–－]?\s*(?P<n>\d{1,6}))?[\s::,]*(?:(?:原因|理由|因为)(?:是)?[\s::,]*)?(?P<why>.*)",
    re.DOTALL,
)


def read_burden(text: str) -> BurdenWord | None:
    """Return what *text* (mention stripped) says as a whole, None when it is anything else.

    >>> read_burden("问过 3-101").door, read_burden("3-101问过什么?").door, read_burden("减负账单 1月").month
    ('3-101', '3-101', 1)
    >>> read_burden("破例 D-17 原因 今晚大风").number, read_burden("破例 D-17 原因 今晚大风").reason
    (17, '今晚大风')
    >>> read_burden("问过邻居,说出门了") is None
    True
    """
    raw = text.strip()
    if not raw or len(raw) > 200:
        return None
    if waived := _WAIVE.fullmatch(raw):  # as typed: the reason is kept word for word
        return BurdenWord(BurdenKind.WAIVE, number=int(waived["n"] or 0), reason=waived["why"].strip())
    plain = normalize(raw).text.strip()
    if bill := _BILL.fullmatch(plain):
        return BurdenWord(
            BurdenKind.BILL, year=int(bill["y1"] or bill["y2"] or 0), month=int(bill["m1"] or bill["m2"] or 0)
        )
    asked = _ASKED.fullmatch(plain)
    door = (asked["door"] or asked["after"] or "") if asked else ""
    return BurdenWord(BurdenKind.ASKED, door) if door and re.search(r"\d|户|家", door) else None
