"""打扰账: how many messages one person gets in a day, how many are enough, and what waits when it is.

Counted from what stands in the outbox; answers to what somebody said themselves do not count. An alarm, a receipt asked
for, a decision, the medicine lane, and whatever is urgent are never kept back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

RESIDENT, OTHER = "resident", "other"


@dataclass(frozen=True, slots=True)
class Fatigue:
    """A county's caps a day, by role, `resident` and `other`; a role without one has no cap. `digest` are the local
    times at which what was kept back comes in one message."""

    peace: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    war: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    digest: tuple[time, ...] = (time(12, 0), time(17, 30))

    def cap(self, roles: Iterable[str], *, war: bool) -> int | None:
        """Return how many messages a day are enough for somebody of these roles, None for no end; of several posts
        the largest counts.

        >>> Fatigue(MappingProxyType({"gridworker": 9, "other": 5})).cap(["gridworker", "grid_lead"], war=False)
        9
        >>> Fatigue().cap(["gridworker"], war=True) is None
        True
        """
        caps = self.war if war else self.peace
        held = [caps.get(role, caps.get(OTHER)) for role in roles]
        known = [one for one in held if one is not None]
        return max(known) if known and len(known) == len(held) else None

    def next_digest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when the next digest is; the first of tomorrow when today's are over."""
        local = now.astimezone(zone)
        for day in (local.date(), local.date() + timedelta(days=1)):
            for at in sorted(self.digest):
                moment = datetime.combine(day, at, zone)
                if moment > now:
                    return moment.astimezone(now.tzinfo)
        raise ValueError("no digest at all")


@dataclass(frozen=True, slots=True)
class Held:
    """One message that did not go out at once: whose, of which directive, how many they had. `state`: waiting, sent
    (in a digest), freed (somebody waived the cap), unsent (it is not sent at all), dropped (nothing to send any more).
    """

    id: int
    person_id: int
    directive_id: int | None
    purpose: str
    had: int
    cap: int
    state: str
    due_at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """破例: somebody sent a directive in spite of the cap. `reason` is what they wrote, None once it was destroyed."""

    directive_id: int
    node_id: int
    person_id: int
    reason: str | None = field(repr=False)
    at: datetime


def over(had: Mapping[int, int], caps: Mapping[int, int | None]) -> frozenset[int]:
    """Return who had enough already.

    >>> sorted(over({1: 5, 2: 4}, {1: 5, 2: 5, 3: None}))
    [1]
    """
    return frozenset(who for who, cap in caps.items() if cap is not None and had.get(who, 0) >= cap)


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the local day of *now* began."""
    local = now.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
