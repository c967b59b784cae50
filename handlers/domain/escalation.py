"""Escalation: who is told next about a receipt that does not come. Decided purely, with the reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.domain.directive import ANSWERED, LIVE, Directive, Receipt

LATE_AFTER = timedelta(minutes=10)  # a reminder this late was missed while we were down: marked, not sent


class Why(StrEnum):
    """Why something is, or is not, sent now."""

    ANSWERED = "answered"
    ENDED = "the directive ended"
    NOT_YET = "not yet due"
    LADDER_ENDED = "nobody left to tell"
    PEACE = "war is over: one private reminder is all"
    QUIET = "quiet hours"
    LATE = "due while we were down"
    CLIMB = "silent past its time"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about one receipt: tell whom, and when to look again (None: never)."""

    why: Why
    tell: str | None
    rung: int
    due_at: datetime | None


def step(receipt: Receipt, directive: Directive, now: datetime, loud_at: datetime, *, compulsory: bool) -> Step:
    """Return the next step for *receipt*.

    *loud_at* is *now*, or the end of the quiet hours when *now* lies in them. *compulsory* says whether the mode in
    force now allows a ladder: one copied in war does not go on climbing in peace.
    """
    if receipt.state in ANSWERED:
        return Step(Why.ANSWERED, None, receipt.rung, None)
    if directive.state not in LIVE:
        return Step(Why.ENDED, None, receipt.rung, None)
    if receipt.rung >= len(directive.ladder) or receipt.due_at is None:
        return Step(Why.LADDER_ENDED, None, receipt.rung, None)
    if receipt.due_at > now:
        return Step(Why.NOT_YET, None, receipt.rung, receipt.due_at)
    if loud_at > now:
        return Step(Why.QUIET, None, receipt.rung, loud_at)
    tell = directive.ladder[receipt.rung][1]
    if not compulsory and (receipt.rung > 0 or tell != "self"):
        return Step(Why.PEACE, None, receipt.rung, None)
    following = directive.rung_due_at(receipt.rung + 1)
    if now - receipt.due_at > LATE_AFTER:
        # look again soon, at the next rung: the chase goes on, only this reminder is skipped
        return Step(Why.LATE, None, receipt.rung + 1, max(following, now) if following else None)
    return Step(Why.CLIMB, tell, receipt.rung + 1, following)
