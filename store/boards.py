"""Counts for the boards of the four ones, by the node right above the households; and calls given to somebody else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, func, select, update

from handlers.domain.four_ones import ContactState
from handlers.domain.need import NeedState
from handlers.domain.visit_word import VisitState
from store.models import contact_due, need, node, visit_word
from store.pieces import pieces

T = TypeVar("T")
_C, _N, _H, _V = contact_due.c, need.c, node.c, visit_word.c


class BoardRepo:
    """Keeps `handlers.duty_ports.Boards` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contacts(self, above_ids: Iterable[int], day: date) -> Mapping[int, Mapping[ContactState, int]]:
        """Return how many contacts of *day* stand where, under each of the nodes; one without any is left out."""
        return self._counted(_C, ContactState, above_ids, _C.day == day)

    def needs(self, above_ids: Iterable[int]) -> Mapping[int, Mapping[NeedState, int]]:
        """Return how many lists stand where, under each of the nodes; those closed or destroyed count for nothing."""
        still = (_N.state != NeedState.CLOSED.value, _N.body.is_not(None))
        return self._counted(_N, NeedState, above_ids, *still)

    def visits(self, above_ids: Iterable[int], day: date) -> Mapping[int, Mapping[VisitState, int]]:
        """Return of how many visits of *day* it is whose word, under each of the nodes."""
        return self._counted(_V, VisitState, above_ids, _V.day == day)

    def _counted(
        self, rows: Any, state: Callable[[str], T], above_ids: Iterable[int], *which: ColumnElement[bool]
    ) -> Mapping[int, Mapping[T, int]]:
        """Return how many rows of a table's columns *rows* stand in each state, by the node above their household."""
        found: dict[int, dict[T, int]] = defaultdict(dict)
        for piece in pieces(above_ids, 900):
            counted = (
                select(_H.parent_id, rows.state, func.count().label("n"))
                .join(node, _H.id == rows.household_id)
                .where(*which, _H.parent_id.in_(piece))
                .group_by(_H.parent_id, rows.state)
            )
            for row in self._connection.execute(counted):
                found[row.parent_id][state(row.state)] = row.n
        return found

    def give_calls(self, person_id: int, to_id: int, above_ids: Iterable[int], since: date) -> int:
        """Let *to_id* have the calls and visits under these nodes that wait for a person; returns how many."""
        waiting = [ContactState.CALLING.value, ContactState.VISITING.value]
        theirs = (_C.owner_id == person_id) & _C.state.in_(waiting) & (_C.day >= since)
        moved = 0
        for piece in pieces(above_ids, 900):
            under = _C.household_id.in_(select(_H.id).where(_H.parent_id.in_(piece)))
            given = update(contact_due).where(theirs, under).values(owner_id=to_id)
            moved += self._connection.execute(given).rowcount
        return moved
