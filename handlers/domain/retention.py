"""When something is old enough to be destroyed, and when the clock is not to be believed about it.

What is kept how long stands beside each column (`handlers.domain.privacy`); here is only the arithmetic of time. A
purge that a wrong clock set off cannot be undone, a day's delay can: after a jump nothing is destroyed until the clock
has run evenly for a day, or somebody said that it is right.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STEP = timedelta(hours=36)
"""A clock that moved further than this between two looks jumped, or nobody looked for long: it is watched first."""
WATCH_FOR = timedelta(hours=24)
BACK_AT_MOST = timedelta(minutes=5)


class Trust(StrEnum):
    """Whether things may be destroyed by this clock now."""

    GOOD = "it ran evenly"
    FIRST = "nobody looked before"
    JUMPED = "it jumped, or nobody looked for long"
    BACK = "it went back"
    WATCHED = "it is being watched"


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of the clock: the last moment it was believed (`good_at`), the last look (`seen_at`), and
    since when it is watched, None while it is believed."""

    good_at: datetime | None = None
    seen_at: datetime | None = None
    since: datetime | None = None


def look(watch: Watch, now: datetime) -> tuple[Watch, Trust]:
    """Return what is to be remembered, and whether the clock is believed at *now*.

    A clock that is put back to where it was is believed again at once; time really lost (a server that stood still for
    a week) is believed after a day.

    >>> from datetime import UTC
    >>> at = datetime(2020, 2, 8, tzinfo=UTC)
    >>> good = Watch(at, at)
    >>> look(good, at + timedelta(hours=1))[1].name, look(good, at + timedelta(days=400))[1].name
    ('GOOD', 'JUMPED')
    """
    if watch.good_at is None or watch.seen_at is None:
        return Watch(now, now), Trust.FIRST
    if -BACK_AT_MOST <= now - watch.good_at <= STEP:
        return Watch(max(now, watch.good_at), now), Trust.GOOD
    steady = watch.since is not None and -BACK_AT_MOST <= now - watch.seen_at <= STEP
    if not steady or watch.since is None:
        return Watch(watch.good_at, now, now), Trust.BACK if now < watch.good_at else Trust.JUMPED
    if now - watch.since < WATCH_FOR:
        return Watch(watch.good_at, now, watch.since), Trust.WATCHED
    return Watch(now, now), Trust.GOOD


def believe(now: datetime) -> Watch:
    """Return what is remembered once somebody said that the clock is right."""
    return Watch(now, now)
