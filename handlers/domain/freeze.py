"""The freeze (定稿): from what moment a day's report no longer changes but by correction."""

from datetime import date, datetime, time


def frozen_at(day: date, freeze: time, like: datetime) -> datetime:
    """Return the moment *day* freezes, in the zone of the aware local datetime *like*."""
    return datetime.combine(day, freeze, tzinfo=like.tzinfo)


def is_frozen_for(day: date, local_now: datetime, freeze: time) -> bool:
    """Return whether *day*'s report is frozen already at the aware local time.

    >>> from zoneinfo import ZoneInfo
    >>> now = datetime(2026, 2, 8, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> is_frozen_for(date(2026, 2, 8), now, time(16)), is_frozen_for(date(2026, 2, 9), now, time(16))
    (True, False)
    """
    return local_now >= frozen_at(day, freeze, local_now)
