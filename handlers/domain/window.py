"""When a resident may be written to: for a while, and so many times, after he spoke or came.

The platform keeps these windows and refuses what falls outside them; we keep them as well, as rows, and ask before we
send. A window says only that the platform will take a message, never that somebody reads it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.domain.household import Address
from handlers.domain.message import Channel


class Opening(StrEnum):
    """What opens a window."""

    WORD = "word"  # he wrote, or tapped an item of a menu we sent
    DEED = "deed"  # he followed, scanned a code, or pressed the account's own menu


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `count` messages within `lasts`; we stop `margin` earlier, as something is always under way."""

    lasts: timedelta
    count: int
    margin: timedelta
    source: str


RULES: Mapping[tuple[Channel, Opening], Rule] = {
    (Channel.KF, Opening.WORD): Rule(timedelta(hours=48), 5, timedelta(minutes=1), "D 94677"),
    (Channel.OFFICIAL_ACCOUNT, Opening.WORD): Rule(timedelta(hours=48), 5, timedelta(minutes=1), "MP kf/intro"),
    (Channel.OFFICIAL_ACCOUNT, Opening.DEED): Rule(timedelta(minutes=1), 3, timedelta(seconds=5), "MP kf/intro"),
}
LONGEST = max(rule.lasts for rule in RULES.values())


@dataclass(frozen=True, slots=True)
class Window:
    """One window of one resident. `shut_at`: the platform said that it is closed, whatever we had counted."""

    channel: Channel
    opening: Opening
    opened_at: datetime
    shut_at: datetime | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.channel, self.opening]

    def holds(self, now: datetime) -> bool:
        """Return whether the window is open by the clock and nobody shut it."""
        return self.shut_at is None and now < self.opened_at + self.rule.lasts - self.rule.margin

    def left(self, sent: Iterable[datetime]) -> int:
        """Return how many messages still fit; *sent* are the moments at which earlier ones went out."""
        return max(self.rule.count - sum(moment >= self.opened_at for moment in sent), 0)


class Standing(StrEnum):
    """Whether a resident can be written to now, and if not, why; the values are for the operator."""

    OPEN = "能发"
    USED_UP = "对方说一句之后最多发5条,已发满"
    OVER = "超过48小时没说过话"
    SHUT = "平台不让发"
    NEVER = "从没在这里说过话"
    LEFT = "已取消关注"


def standing(windows: Iterable[Window], sent: Sequence[datetime], now: datetime, *, left: bool = False) -> Standing:
    """Return how a resident stands on one channel. *left*: he stopped following and did not come back.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 2, 8, 12, tzinfo=UTC)
    >>> spoke = Window(Channel.KF, Opening.WORD, noon)
    >>> later = noon + timedelta(hours=1)
    >>> standing([spoke], [], later).name, standing([spoke], [later] * 5, later).name, standing([], [], later).name
    ('OPEN', 'USED_UP', 'NEVER')
    """
    if left:
        return Standing.LEFT
    known = list(windows)
    if not known:
        return Standing.NEVER
    holding = [window for window in known if window.holds(now)]
    if any(window.left(sent) for window in holding):
        return Standing.OPEN
    if holding:
        return Standing.USED_UP
    newest = max(known, key=lambda window: window.opened_at)
    return Standing.SHUT if newest.shut_at is not None else Standing.OVER


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody can be reached now: `address` is None when no address of theirs can, and `why` says so for each."""

    address: Address | None
    why: tuple[tuple[str, Standing], ...] = ()


def way(addresses: Sequence[Address], standings: Mapping[Address, Standing]) -> Way:
    """Return the first of *addresses* that can be written to now, in their order; without one, 够不着 and why.

    >>> kf, account = Address("kf", "a"), Address("official_account", "b")
    >>> way([kf, account], {kf: Standing.OVER, account: Standing.OPEN}).address == account
    True
    >>> way([kf], {kf: Standing.OVER})
    Way(address=None, why=(('kf', <Standing.OVER: '超过48小时没说过话'>),))
    """
    asked = [one for one in addresses if one in standings]
    open_ = next((one for one in asked if standings[one] is Standing.OPEN), None)
    return Way(open_, () if open_ else tuple((one.channel, standings[one]) for one in asked))
