"""One line of a board: how many households were to be asked, what is known of them, what is not; nobody is ranked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from handlers.domain.four_ones import ContactState
from handlers.domain.need import NeedState
from handlers.domain.visit_word import UNHEARD, VisitState


@dataclass(frozen=True, slots=True)
class Count:
    """Contacts of one day under a node, and lists that are open there. What is not answered is not known, never 0.

    At war a household has two contacts a day: these are contacts, not households.

    `ahead` are not due yet. `to_buy` and `to_confirm` are lists of wishes. Of the visits that were made, `visits_said`
    is the workers' word alone; of `visits_heard` the household said so itself.
    """

    answered: int = 0
    ahead: int = 0
    waiting: int = 0
    calls: int = 0
    visits: int = 0
    late: int = 0
    to_buy: int = 0
    to_bring: int = 0
    to_confirm: int = 0
    visits_said: int = 0
    visits_heard: int = 0

    @property
    def planned(self) -> int:
        """Return how many contacts the day has."""
        return self.answered + self.ahead + self.unknown

    @property
    def unknown(self) -> int:
        """Return of how many households nothing is known though their moment came."""
        return self.waiting + self.calls + self.visits + self.late

    @property
    def owed(self) -> bool:
        """Return whether anything is left to do, or was left undone so that nothing is known."""
        return bool(self.unknown or self.to_buy or self.to_bring)

    @property
    def empty(self) -> bool:
        """Return whether there is nothing at all: no plan, no wish."""
        return not (self.planned or self.to_buy or self.to_bring or self.to_confirm)

    def __add__(self, other: "Count") -> "Count":
        """Return both together.

        >>> both = Count(answered=1, calls=2) + Count(calls=1)
        >>> both == Count(answered=1, calls=3)
        True
        """
        return Count(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Count)))


def count(
    contacts: Mapping[ContactState, int], needs: Mapping[NeedState, int], visits: Mapping[VisitState, int]
) -> Count:
    """Return the counts of one node from its states; what was dropped counts for nothing."""
    s, n = ContactState, NeedState
    return Count(
        contacts.get(s.ANSWERED, 0), contacts.get(s.OPEN, 0), contacts.get(s.ASKED, 0), contacts.get(s.CALLING, 0),
        contacts.get(s.VISITING, 0), contacts.get(s.LATE, 0), needs.get(n.OPEN, 0), needs.get(n.CLAIMED, 0),
        needs.get(n.DELIVERED, 0), sum(visits.get(state, 0) for state in UNHEARD), visits.get(VisitState.CONFIRMED, 0),
    )  # fmt: skip


def total(counts: Iterable[Count]) -> Count:
    """Return all of them together."""
    return sum(counts, Count())
