"""The four silences (四种没回话) told apart: it did not arrive, it was not seen as far as we know, they are busy, or
there is nothing to say. None is a fault, and none is taken for another.

Neither 微信客服 nor the 公众号 says that a message was read: seen is only what somebody's own word proves.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from handlers.domain.four_ones import ContactState
from handlers.domain.letter import State


class Silence(StrEnum):
    """Why nothing was heard."""

    NOT_DELIVERED = "not_delivered"  # the channel refused, there is none, or it has not gone out
    NOT_SEEN = "not_seen"  # the platform took it; that anybody looked is not known
    BUSY = "busy"  # they said so, and have not answered since
    NOTHING = "nothing"  # all well: they need not answer, or said so


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rows say of a household on one day. `asked`: a question went to the outbox, and `delivery` is how far
    it came; `unreachable`: no channel took one. `busy_until` as read back, "" when they said nothing of the kind."""

    household_id: int
    state: ContactState | None = None
    asked: bool = False
    delivery: State | None = None
    unreachable: bool = False
    busy_until: str = ""
    quiet: bool = False
    well: bool = False


_WAITING = frozenset({ContactState.ASKED, ContactState.CALLING, ContactState.VISITING, ContactState.LATE})


def silence(found: Evidence) -> Silence | None:
    """Return which silence it is; None where nobody asked, or where somebody spoke of something.

    >>> silence(Evidence(1, ContactState.ASKED, asked=True, delivery=State.SENT))
    <Silence.NOT_SEEN: 'not_seen'>
    >>> silence(Evidence(1, ContactState.ASKED, asked=True, delivery=State.UNKNOWN))
    <Silence.NOT_DELIVERED: 'not_delivered'>
    >>> silence(Evidence(1, quiet=True)), silence(Evidence(1, ContactState.OPEN)) is None
    (<Silence.NOTHING: 'nothing'>, True)
    """
    if found.state in _WAITING:
        if found.busy_until:
            return Silence.BUSY
        if found.asked:
            return Silence.NOT_SEEN if found.delivery is State.SENT else Silence.NOT_DELIVERED
        return Silence.NOT_DELIVERED if found.unreachable else None
    if found.state is ContactState.ANSWERED:
        return Silence.NOTHING if found.well else None
    quiet = found.state in (None, ContactState.DROPPED) and found.quiet
    return Silence.NOTHING if quiet else None


def counted(found: Iterable[Silence | None]) -> dict[Silence, int]:
    """Return how many households are silent in which way, in the order of the kinds; those of none are left out."""
    counts = Counter(one for one in found if one is not None)
    return {kind: counts[kind] for kind in Silence if counts[kind]}
