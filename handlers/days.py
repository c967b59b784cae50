"""Days in an answer: 明天, 今天到后天, 2月22日, 3天."""

import re
from datetime import date, datetime

from nlp.dates import scan_days
from nlp.normalize import normalize
from nlp.numerals import read_numeral

_SPAN = re.compile(
    r"(?<!第)(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*个?(?P<unit>天|周|星期)(?![一二三四五六日天])"
)


def read_days(words: str, sent_at: datetime) -> tuple[date, date] | None:
    """Return the first and last day named in *words*, relative to *sent_at*; None when none is named.

    >>> from datetime import UTC
    >>> read_days("今天到明天", datetime(2026, 2, 8, 4, tzinfo=UTC))
    (datetime.date(2026, 2, 8), datetime.date(2026, 2, 9))
    """
    days = [found.day for found in scan_days(normalize(words).text, sent_at)]
    return (min(days), max(days)) if days else None


def span_days(words: str) -> int | None:
    """Return how many days a span of days or weeks in *words* is, None when there is none.

    >>> [span_days(words) for words in ("请假3天", "请一天假", "休假两周", "下周一请假", "明天请假")]
    [3, 1, 14, None, None]
    """
    found = _SPAN.search(normalize(words).text)
    number = read_numeral(found["n"]) if found else None
    if not found or not number:
        return None
    return int(number) * (1 if found["unit"] == "天" else 7)
