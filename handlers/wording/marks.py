"""Numerals, times and spans as people write them."""

from datetime import datetime, timedelta

NUMERALS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def numeral(n: int) -> str:
    """Return the circled number of *n*, from 1; plain beyond twenty.

    >>> numeral(1), numeral(21)
    ('①', '(21)')
    """
    return NUMERALS[n - 1] if n <= len(NUMERALS) else f"({n})"


def clock(local: datetime) -> str:
    """Return a local time as people write it: 17:00."""
    return f"{local:%H:%M}"


def day_clock(local: datetime, today: datetime) -> str:
    """Return a local time, with the date when it is not today.

    >>> from datetime import datetime as d
    >>> day_clock(d(2026, 2, 9, 8, 0), d(2026, 2, 8, 9, 0)), day_clock(d(2026, 2, 8, 17, 0), d(2026, 2, 8, 9, 0))
    ('2月9日08:00', '17:00')
    """
    return clock(local) if local.date() == today.date() else f"{local.month}月{local.day}日{local:%H:%M}"


def minutes_of(span: timedelta) -> int:
    """Return *span* in whole minutes, rounded up.

    >>> minutes_of(timedelta(seconds=61))
    2
    """
    return -(-int(span.total_seconds()) // 60)


def brief(text: str, longest: int = 40) -> str:
    """Return the beginning of *text*, on one line, with … where it was cut.

    >>> brief("今晚  排查 "), brief("今天下午5点前把湖北回来的再摸一遍", 8)
    ('今晚 排查', '今天下午5点前…')
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
