"""What workers and households say of visits; a change is a compare-and-swap and says whether it was made."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from handlers.domain.visit_word import HEARD, VisitState, VisitWord
from store.models import visit_word
from store.pieces import pieces

_V = visit_word.c


class VisitWordRepo:
    """Keeps `handlers.four_ones_ports.VisitWords` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, household_id: int, day: date, person_id: int, now: datetime, *, contact_id: int | None, brought: bool
    ) -> VisitWord:
        """Keep that somebody says they were there."""
        values: dict[str, Any] = {
            "household_id": household_id, "day": day, "contact_id": contact_id, "brought": brought,
            "person_id": person_id, "state": VisitState.SAID.value, "said_at": now,
        }  # fmt: skip
        made = self._connection.execute(insert(visit_word).values(**values).returning(_V.id)).scalar_one()
        return VisitWord(made, household_id, day, contact_id, brought, person_id, VisitState.SAID, now)

    def get(self, word_id: int) -> VisitWord | None:
        """Return the word of that number."""
        row = self._connection.execute(select(visit_word).where(_V.id == word_id)).one_or_none()
        return _word(row) if row else None

    def of_day(self, household_ids: Iterable[int], day: date) -> tuple[VisitWord, ...]:
        """Return what was said of visits to these households on a day, oldest first."""
        found: list[VisitWord] = []
        for piece in pieces(household_ids, 900):
            rows = select(visit_word).where(_V.household_id.in_(piece), _V.day == day)
            found += [_word(row) for row in self._connection.execute(rows)]
        return tuple(sorted(found, key=lambda one: one.id))

    def join(self, one: VisitWord, *, contact_id: int | None, brought: bool, person_id: int) -> None:
        """Let one word stand for both when somebody says it twice: looked in, and brought something."""
        values = {
            "contact_id": one.contact_id or contact_id, "brought": one.brought or brought, "person_id": person_id,
        }  # fmt: skip
        self._connection.execute(update(visit_word).where(_V.id == one.id).values(**values))

    def move(self, one: VisitWord, to: VisitState, now: datetime, *, asked_with: int | None = None) -> bool:
        """Set whose word it is; False when somebody said something meanwhile."""
        values: dict[str, Any] = {"state": to.value, "ended_at": now if to in HEARD else None}
        if asked_with is not None:
            values["asked_with"] = asked_with
        same = (_V.id == one.id) & (_V.state == one.state.value)
        return self._connection.execute(update(visit_word).where(same).values(**values)).rowcount == 1


def _word(row: Row[Any]) -> VisitWord:
    return VisitWord(
        row.id, row.household_id, row.day, row.contact_id, row.brought, row.person_id, VisitState(row.state),
        row.said_at, row.asked_with,
    )  # fmt: skip
