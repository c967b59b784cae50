"""Days in an answer: 明天, 今天到后天, 2月22日."""

from datetime import date, datetime

from nlp.dates import scan_days
from nlp.normalize import normalize


def read_days(words: str, sent_at: datetime) -> tuple[date, date] | None:
    """Return the first and last day named in *words*, relative to *sent_at*; None when none is named.

    >>> from datetime import UTC
    >>> read_days("今天到明天", datetime(2026, 2, 8, 4, tzinfo=UTC))
    (datetime.date(2026, 2, 8), datetime.date(2026, 2, 9))
    """
    days = [found.day for found in scan_days(normalize(words).text, sent_at)]
    return (min(days), max(days)) if days else None
