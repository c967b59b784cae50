"""How fast the platform lets us send, and how fast we do: settings with their date and source.

Beyond some of these limits the platform answers 45009 and closes the door for a while; beyond the member's limit it
drops what is sent and says nothing, so we keep well below. A limit is kept by the generic cell rate algorithm: one
number a key, the moment at which it is idle again. In any stretch of `per_s` seconds at most
`burst + rate * per_s` pass, and that sum is what stands below the platform's number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.domain.message import Channel

MINUTE_S, HOUR_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` at once and `rate` a second after that; the platform allows `allowed` in `per_s` seconds."""

    scope: str
    per_s: float
    allowed: int
    burst: float
    rate: float
    since: str
    source: str

    @property
    def most(self) -> float:
        """Return how many can pass in any stretch of `per_s` seconds."""
        return self.burst + self.rate * self.per_s

    def wait_s(self, free_at: float, now: float, weight: float) -> float:
        """Return how many seconds *weight* more have to wait. What is larger than the burst goes alone, when idle."""
        room = max(self.burst - weight, 0.0) / self.rate
        return max(free_at - room - now, 0.0)

    def spend(self, free_at: float, now: float, weight: float) -> float:
        """Return the moment at which the key is idle again after *weight* more."""
        return max(free_at, now) + weight / self.rate


class Charge(NamedTuple):
    """What one attempt costs under one limit. A tuple, because every message makes several."""

    key: str
    limit: Limit
    weight: float


# The numbers of a corp of the smallest size; a larger one may pass a table of its own.
STANDARD: tuple[Limit, ...] = (
    Limit("member", MINUTE_S, 30, 9, 16 / 60, "2025-09-24", "D 90236: excess dropped without an error"),
    Limit("api-minute", MINUTE_S, 10_000, 3_000, 6_000 / 60, "2023-08-28", "D 90312: 45009, closed for 60 s"),
    Limit("api-hour", HOUR_S, 150_000, 20_000, 33.0, "2023-08-28", "D 90312: 45009, closed for 60 min"),
    Limit("group-minute", MINUTE_S, 20_000, 4_000, 14_000 / 60, "2026-02", "D 90248: person-times, 45009"),
    Limit("group-hour", HOUR_S, 150_000, 20_000, 33.0, "2026-02", "D 90248: person-times of a small corp"),
    Limit("robot", MINUTE_S, 20, 3, 15 / 60, "2025-09-24", "D 99110: 20 a minute and key"),
    Limit("bot", MINUTE_S, 30, 9, 16 / 60, "2026-08", "D 101463: 30 a minute and chat, 1,000 an hour"),
)


_EVERY_CALL = frozenset({"api-minute", "api-hour"})
_EACH_TARGET = frozenset({"robot", "bot"})
_CHANNEL_OF = {
    "group-minute": Channel.APPCHAT,
    "group-hour": Channel.APPCHAT,
    "robot": Channel.GROUP_ROBOT,
    "bot": Channel.AIBOT,
}


def of_kind(channel: Channel, endpoint: str, limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """Return those of *limits* that calls of this kind are charged to; `charges` asks no others for anything."""
    return tuple(
        limit
        for limit in limits
        if limit.scope in _EVERY_CALL
        or (limit.scope == "member" and endpoint == "message/send")
        or _CHANNEL_OF.get(limit.scope) is channel
    )


def charges(
    channel: Channel, endpoint: str, target: str | None, to: Sequence[str], people: int, limits: Sequence[Limit]
) -> Iterator[Charge]:
    """Yield what one call costs. *to* are the addresses it names, *people* how many will see it."""
    for limit in limits:
        scope = limit.scope
        if scope in _EVERY_CALL:
            yield Charge(f"{scope} {endpoint}", limit, 1)
        elif scope == "member":
            if endpoint == "message/send":
                for address in to:
                    yield Charge(member_key(address), limit, 1)
        elif _CHANNEL_OF.get(scope) is channel:
            yield Charge(f"{scope} {target}", limit, 1) if scope in _EACH_TARGET else Charge(scope, limit, people)


def member_key(address: str) -> str:
    """Return the key of a member's own limit; the platform does not tell account ids apart by case."""
    return f"member {address.lower()}"


def off_the_half_hour(at: datetime, key: int) -> datetime:
    """Return *at*, moved by 1 to 5 minutes when it falls into a minute :00 or :30, always the same way for a *key*.

    The platform asks for it, because everybody's timers send then. For timers only, not for what somebody waits for.

    >>> from datetime import UTC
    >>> off_the_half_hour(datetime(2022, 3, 1, 8, 30, 5, tzinfo=UTC), 7).strftime("%H:%M:%S")
    '08:34:53'
    """
    if at.minute not in (0, 30):
        return at
    return at.replace(second=0, microsecond=0) + timedelta(seconds=60 + (key * 7919) % 240)
