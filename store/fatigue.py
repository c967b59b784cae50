"""How many messages somebody had, counted from the outbox itself; what was kept back, and who waived the cap."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.fatigue import Held, Waiver
from handlers.domain.letter import Purpose, State
from store.models import delivery, directive, held_message, parcel, receipt, waiver
from store.pieces import pieces

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_D, _P, _H, _V = delivery.c, parcel.c, held_message.c, waiver.c
_NOT_RUNG = [State.CANCELLED.value, State.LATE.value, State.FAILED.value]
_NOT_OURS = [Purpose.REPLY.value, Purpose.RECALL.value, Purpose.UPDATE_CARD.value]
"""An answer to somebody's own words, and what changes an earlier card, ring nobody."""
_RANG = (_D.state.not_in(_NOT_RUNG), _D.purpose.not_in(_NOT_OURS))
_OF_RESIDENTS = text("parcel.channel IN ('kf', 'official_account')")  # spelt as the index has it
_OF_HOUSEHOLDS = text("delivery.person_id IS NULL AND delivery.chat_id IS NULL")


class FatigueRepo:
    """Keeps `handlers.burden_ports.Fatigue` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- counting ----------------------------------------------------------------------------------------------------

    def had(self, person_ids: Iterable[int], since: datetime) -> Mapping[int, int]:
        """Return how many messages people on duty had since a moment; those with none are left out."""
        found: dict[int, int] = {}
        for piece in pieces(person_ids, 900):
            counted = select(_D.person_id, func.count()).where(_D.person_id.in_(piece), _D.created_at >= since, *_RANG)
            found.update({row[0]: row[1] for row in self._connection.execute(counted.group_by(_D.person_id))})
        return found

    def had_at(self, labels: Iterable[str], since: datetime) -> Mapping[str, int]:
        """Return how many messages residents had since a moment, by the label of their address."""
        found: dict[str, int] = {}
        for piece in pieces(labels, 900):
            counted = select(_P.target, func.count()).where(
                _OF_RESIDENTS, _P.target.in_(piece), _P.created_at >= since, _P.purpose.not_in(_NOT_OURS),
                _P.state.not_in(("cancelled", "late", "failed")),
            )  # fmt: skip
            found.update({row[0]: row[1] for row in self._connection.execute(counted.group_by(_P.target))})
        return found

    def to_people(self, person_ids: Iterable[int], since: datetime, until: datetime) -> int:
        """Return how many messages these people had within a span."""
        return self._sum(_D.person_id, person_ids, since, until)

    def to_households(self, household_ids: Iterable[int], since: datetime, until: datetime) -> int:
        """Return how many messages the phones of these households had within a span."""
        return self._sum(_D.node_id, household_ids, since, until, _OF_HOUSEHOLDS)

    def _sum(self, column: Any, ids: Iterable[int], since: datetime, until: datetime, *more: Any) -> int:
        total = 0
        for piece in pieces(ids, 900):
            span = (column.in_(piece), _D.created_at >= since, _D.created_at < until)
            total += self._connection.scalar(select(func.count()).where(*span, *more, *_RANG)) or 0
        return total

    def receipts_asked(self, person_ids: Iterable[int], since: datetime, until: datetime) -> int:
        """Return how many receipts these people were asked for within a span."""
        total = 0
        d, r = directive.c, receipt.c
        for piece in pieces(person_ids, 900):
            asked = (
                select(func.count())
                .select_from(receipt.join(directive, d.id == r.directive_id))
                .where(r.person_id.in_(piece), d.issued_at >= since, d.issued_at < until)
            )
            total += self._connection.scalar(asked) or 0
        return total

    # -- kept back ---------------------------------------------------------------------------------------------------

    def hold(self, rows: Iterable[Held]) -> None:
        """Note what does not go out now, and why."""
        kept = [
            {
                "person_id": one.person_id, "directive_id": one.directive_id, "purpose": one.purpose, "had": one.had,
                "cap": one.cap, "state": one.state, "due_at": one.due_at, "made_at": one.made_at,
            }
            for one in rows
        ]  # fmt: skip
        if kept:
            self._connection.execute(insert(held_message), kept)

    def any_due(self, now: datetime) -> bool:
        """Return whether a digest is due."""
        return self._connection.scalar(select(_H.id).where(_H.due_at <= now).limit(1)) is not None

    def due(self, now: datetime, limit: int = 500) -> tuple[Held, ...]:
        """Return what a digest brings now: everything of the people whose turn it is, a bounded number of people."""
        whose = select(_H.person_id).where(_H.due_at <= now).distinct().order_by(_H.person_id).limit(limit)
        people = list(self._connection.scalars(whose))
        rows = select(held_message).where(_H.person_id.in_(people), _H.due_at <= now)
        return tuple(_held(row) for row in self._connection.execute(rows.order_by(_H.person_id, _H.id)))

    def of_directive(self, directive_id: int) -> tuple[Held, ...]:
        """Return what of a directive was kept back, whatever became of it."""
        rows = select(held_message).where(_H.directive_id == directive_id)
        return tuple(_held(row) for row in self._connection.execute(rows.order_by(_H.id)))

    def heard_at(self, directive_id: int) -> Mapping[int, datetime]:
        """Return when those heard of a directive whose card was kept back; who still waits is left out."""
        rows = select(_H.person_id, _H.ended_at).where(
            _H.directive_id == directive_id, _H.purpose == Purpose.CARD.value, _H.state.in_(("sent", "freed"))
        )
        return {person_id: ended_at for person_id, ended_at in self._connection.execute(rows) if ended_at is not None}

    def end(self, ids: Iterable[int], state: str, now: datetime) -> int:
        """Take waiting rows off the list; returns how many still waited."""
        gone = 0
        for piece in pieces(ids, 900):
            mine = update(held_message).where(_H.id.in_(piece), _H.state == "waiting")
            gone += self._connection.execute(mine.values(state=state, due_at=None, ended_at=now)).rowcount
        return gone

    def kept_back(self, person_ids: Iterable[int], since: datetime, until: datetime) -> int:
        """Return how many messages did not ring these people at once within a span."""
        total = 0
        for piece in pieces(person_ids, 900):
            span = (_H.person_id.in_(piece), _H.made_at >= since, _H.made_at < until)
            total += self._connection.scalar(select(func.count()).where(*span)) or 0
        return total

    # -- waived ------------------------------------------------------------------------------------------------------

    def waive(self, one: Waiver) -> bool:
        """Note that the cap does not hold for a directive, and why; False when that was said before."""
        values = {
            "directive_id": one.directive_id, "node_id": one.node_id, "person_id": one.person_id,
            "reason": one.reason, "at": one.at,
        }  # fmt: skip
        made = _INSERT[self._connection.dialect.name](waiver).values(**values)
        return self._connection.execute(made.on_conflict_do_nothing(index_elements=["directive_id"])).rowcount == 1

    def waived(self, directive_id: int) -> Waiver | None:
        """Return who waived the cap for a directive, None when nobody did."""
        row = self._connection.execute(select(waiver).where(_V.directive_id == directive_id)).one_or_none()
        return _waiver(row) if row else None

    def waivers(self, node_ids: Iterable[int], since: datetime, until: datetime) -> Sequence[Waiver]:
        """Return the waivers for directives of these places within a span, oldest first."""
        found: list[Waiver] = []
        for piece in pieces(node_ids, 900):
            rows = select(waiver).where(_V.node_id.in_(piece), _V.at >= since, _V.at < until)
            found += [_waiver(row) for row in self._connection.execute(rows)]
        return sorted(found, key=lambda one: (one.at, one.directive_id))


def _held(row: Row[Any]) -> Held:
    return Held(
        row.id, row.person_id, row.directive_id, row.purpose, row.had, row.cap, row.state, row.due_at, row.made_at
    )


def _waiver(row: Row[Any]) -> Waiver:
    return Waiver(row.directive_id, row.node_id, row.person_id, row.reason, row.at)
