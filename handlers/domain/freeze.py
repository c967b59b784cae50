"""The freeze (定稿): from what moment a day's report no longer changes but by correction, and what is read before."""

from datetime import date, datetime, time, timedelta

SETTLES_AFTER = timedelta(seconds=2)  # a door has written what it took within a second, to the inbox or the spool
READ_FIRST_FOR = timedelta(minutes=3)
AWAY_AFTER = timedelta(minutes=1)  # a tick comes every second: past this nobody ticked, and nobody read


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


def waits_again(hour: datetime, begun_at: datetime | None, now: datetime) -> bool:
    """Return whether the wait for what lies unread begins now: it has not begun today, or all stood still since.

    >>> from datetime import UTC
    >>> hour = datetime(2026, 2, 8, 8, 0, tzinfo=UTC)
    >>> [waits_again(hour, hour, hour + timedelta(minutes=m)) for m in (1, 3, 60)]
    [False, False, True]
    """
    return begun_at is None or begun_at < hour or now > begun_at + READ_FIRST_FOR + AWAY_AFTER


def waits_on(begun_at: datetime, now: datetime) -> bool:
    """Return whether the wait that began then is still on."""
    return now < begun_at + READ_FIRST_FOR
