"""Who stands where today: who leads a place, who stands in for whom; worked out once from the posts and the leaves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from handlers.domain.people import HolderRow, stand_in
from handlers.domain.policy import ADMINS


class Ancestry(Protocol):
    """The part of a tree that is needed to look upwards."""

    def ancestors(self, node_id: int) -> tuple[int, ...]:
        """Return the ids above the node, nearest first."""
        ...


def leads(role: str) -> bool:
    """Return whether the role answers for its node and what is below it.

    >>> leads("village_lead"), leads("deputy"), leads("gridworker")
    (True, False, False)
    """
    return role.endswith("_lead")


class Staff:
    """The posts of a day with its leaves. Administrators of the system lead nobody and stand in for nobody."""

    def __init__(self, holders: Iterable[HolderRow], leaves: Mapping[int, int | None]) -> None:
        self.leaves = leaves
        self.userids: dict[int, str] = {}
        self._at: dict[int, list[HolderRow]] = defaultdict(list)
        for row in holders:
            self.userids[row.person_id] = row.userid
            if row.role not in ADMINS:
                self._at[row.node_id].append(row)

    def answering(self, person_id: int) -> int | None:
        """Return who answers for the person today and can be reached, None when nobody does."""
        standing = stand_in(person_id, self.leaves)
        return standing if standing in self.userids else None

    def leads_at(self, node_id: int) -> tuple[int, ...]:
        """Return who leads there today, each once: the leads, then their deputies; whoever is away is stood in for."""
        rows = [row for row in self._at.get(node_id, ()) if leads(row.role)]
        rows += [row for row in self._at.get(node_id, ()) if row.role == "deputy"]
        standing = (self.answering(row.person_id) for row in rows)
        return tuple(dict.fromkeys(person_id for person_id in standing if person_id is not None))

    def on_duty_at(self, node_id: int) -> tuple[int, ...]:
        """Return who answers there today, each once; whoever is away is stood in for."""
        standing = (self.answering(row.person_id) for row in self._at.get(node_id, ()))
        return tuple(dict.fromkeys(person_id for person_id in standing if person_id is not None))

    def lead_over(self, node_id: int, tree: Ancestry, *, but: Collection[int] = (), own: bool = True) -> int | None:
        """Return the lead on duty at the node (with *own*), else at the nearest above it; never one of *but*."""
        places = (node_id, *tree.ancestors(node_id)) if own else tree.ancestors(node_id)
        found = (person_id for place in places for person_id in self.leads_at(place) if person_id not in but)
        return next(found, None)

    def beside(self, person_id: int, node_id: int) -> int | None:
        """Return who can answer in the person's stead: their substitute, else whoever shares the post."""
        standing = self.answering(person_id)
        if standing is not None and standing != person_id:
            return standing
        others = (row.person_id for row in self._at.get(node_id, ()) if row.person_id != person_id)
        return next((other for other in others if other not in self.leaves), None)
