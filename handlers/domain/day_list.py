"""The list of the day: in the morning each worker on duty hears once what waits for them, if anything does.

A (person, day) is put down once, whoever ticks and however often; a day whose morning passed while nobody ticked is
put down as late, and nobody hears of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.domain.four_ones import LOOK_BACK, FourOnes, RoundState


class Listed(StrEnum):
    """What became of one person's list of one day."""

    SENT = "sent"
    NOTHING = "nothing"  # nothing was to be done: nobody is rung for that
    ENOUGH = "enough"  # they had enough messages that day; 今天 shows it when they ask
    LATE = "late"  # the morning had passed


@dataclass(frozen=True, slots=True)
class ListDue:
    """What to do about a day's lists now. `send` False: only put its people down as late. `late`: say so in it."""

    day: date
    send: bool
    late: bool = False


def lists_due(
    four: FourOnes, known: Mapping[date, RoundState], now: datetime, zone: ZoneInfo
) -> tuple[ListDue, ...]:  # fmt: skip
    """Return the days whose lists are to be put down at *now*, oldest first; *known* are the last days', all of them.

    A clock that ran ahead and came back finds the day it called late, and sends its lists when it is still morning.
    """
    if four.list_at is None:
        return ()
    today = now.astimezone(zone).date()
    first = max(min(known, default=today), today - LOOK_BACK)
    found = []
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        starts_at, state = datetime.combine(day, four.list_at, zone), known.get(day)
        if starts_at > now or state is RoundState.OPEN:
            continue
        send = now < datetime.combine(day, four.list_until, zone)
        if not send and (state is RoundState.MISSED or not known):
            continue
        found.append(ListDue(day, send, now > starts_at + four.late_after))
    return tuple(found)
