"""A visit (一趟入户) as it is known: somebody on duty says they were at the door, and whether the household says so.

No place is measured and nothing is photographed: a digit of the household is what closes it, and where none comes the
worker's word stands as that, and as no more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class VisitState(StrEnum):
    """Whose word it is."""

    SAID = "said"  # the worker's; the household was not asked: no channel, or it was not the hour for it
    WAITS = "waits"  # the household is asked with a question that is due today anyway
    ASKED = "asked"  # it was asked, and has not said
    CONFIRMED = "yes"
    DENIED = "no"


UNHEARD = frozenset({VisitState.SAID, VisitState.WAITS, VisitState.ASKED})
"""The household has not said: it is the worker's word."""
HEARD = frozenset({VisitState.CONFIRMED, VisitState.DENIED})


@dataclass(frozen=True, slots=True)
class VisitWord:
    """One visit. `contact_id`: of a plan's visit; `brought`: things were; `asked_with`: the contact whose question it
    was asked in, None when it was asked by itself."""

    id: int
    household_id: int
    day: date
    contact_id: int | None
    brought: bool
    person_id: int
    state: VisitState
    said_at: datetime
    asked_with: int | None = None
