"""Isolation episodes in the database. The days of an episode are always those its standing decisions say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Episode, Paper, Span, standing
from store.models import decision, delivery, episode, parcel
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.prepared import Prepared
from store.subjects import SubjectRepo

_E, _D = episode.c, decision.c
_OF_HOUSEHOLD = Prepared(select(episode).where(_E.household_id == bindparam("home")).order_by(_E.id))
_UNDERWAY = (DecisionState.SENDING.value, DecisionState.CALLING.value)


class IsolationRepo:
    """Keeps `handlers.four_ones_ports.Isolations` within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def open(self, subject_id: int, household_id: int, node_id: int, paper: Paper, by: int, now: datetime) -> Decision:
        """Begin an episode with the decision that opens it."""
        values = {"subject_id": subject_id, "household_id": household_id, "node_id": node_id, "made_at": now}
        made = insert(episode).values(state="open", started_on=paper.start, expected_on=paper.until, **values)
        episode_id = self._connection.execute(made.returning(_E.id)).scalar_one()
        return self._add(episode_id, subject_id, DecisionKind.OPEN, paper, by, now)

    def decide(self, one: Episode, kind: DecisionKind, paper: Paper, by: int, now: datetime) -> Decision:
        """Add a decision to an episode."""
        made = self._add(one.id, one.subject_id, kind, paper, by, now)
        self._recount(one.id)
        return made

    def _add(
        self, episode_id: int, subject_id: int, kind: DecisionKind, paper: Paper, by: int, now: datetime
    ) -> Decision:
        values: dict[str, Any] = {
            "episode_id": episode_id,
            "subject_id": subject_id,
            "kind": kind.value,
            "body": self._keys.seal(self._subjects.key(subject_id), paper.as_json()),
            "state": DecisionState.SENDING.value,
            "entered_by": by,
            "entered_at": now,
        }
        made = self._connection.execute(insert(decision).values(**values).returning(_D.id)).scalar_one()
        return Decision(made, episode_id, subject_id, kind, paper, DecisionState.SENDING, by, now)

    def move(
        self, one: Decision, to: DecisionState, now: datetime, *, how: str = "", parcels: Iterable[int] = ()
    ) -> bool:
        """Set how far the household knows; False when it was moved meanwhile, or was undone."""
        values: dict[str, Any] = {"state": to.value, "told_how": how or one.told_how}
        if to is DecisionState.TOLD:
            values["told_at"] = now
        last = max(parcels, default=None)
        if last is not None:
            values["parcel_id"] = last
        same = (_D.id == one.id) & (_D.state == one.state.value)
        moved = self._connection.execute(update(decision).where(same).values(**values)).rowcount == 1
        if moved and to is DecisionState.UNDONE:
            self._recount(one.episode_id)
        return moved

    def recall(self, one: Decision, now: datetime) -> bool:
        """Stop the message that tells of a decision; False when it went out, or there is none."""
        mine = select(_D.parcel_id).where(_D.id == one.id).scalar_subquery()
        waiting = (parcel.c.id == mine) & (parcel.c.state == "queued")
        if self._connection.execute(update(parcel).where(waiting).values(state="cancelled", ended_at=now)).rowcount:
            spared = update(delivery).where(delivery.c.parcel_id == mine, delivery.c.state == "queued")
            self._connection.execute(spared.values(state="cancelled", ended_at=now))
            return True
        return False

    def _recount(self, episode_id: int) -> None:
        span = standing(self.decisions(episode_id))
        values: dict[str, Any] = {"started_on": None, "expected_on": None, "ended_on": None, "state": "undone"}
        if span is not None:
            values = {"started_on": span.started_on, "expected_on": span.expected_on, "ended_on": span.ended_on}
            values["state"] = "open" if span.ended_on is None else "ended"
        self._connection.execute(update(episode).where(_E.id == episode_id).values(**values))

    def get(self, episode_id: int) -> Episode | None:
        """Return the episode of that number; None when there is none."""
        return self.many([episode_id]).get(episode_id)

    def many(self, ids: Iterable[int]) -> Mapping[int, Episode]:
        """Return the episodes of these numbers; absent ones are left out."""
        found = [one for piece in pieces(ids, 900) for one in self._episodes(select(episode).where(_E.id.in_(piece)))]
        return {one.id: one for one in found}

    def decisions(self, episode_id: int) -> tuple[Decision, ...]:
        """Return every decision of an episode, oldest first."""
        return self._decisions(select(decision).where(_D.episode_id == episode_id).order_by(_D.id))

    def of_subject(self, subject_id: int) -> tuple[Episode, ...]:
        """Return the person's episodes, oldest first; those entered by mistake have no span."""
        return self._episodes(select(episode).where(_E.subject_id == subject_id).order_by(_E.id))

    def of_household(self, household_id: int) -> tuple[Episode, ...]:
        """Return the episodes of a household's people, oldest first."""
        return tuple(map(_episode, _OF_HOUSEHOLD.all(self._connection, home=household_id)))

    def open_at(self, node_ids: Iterable[int], limit: int = 200) -> tuple[Episode, ...]:
        """Return the open episodes at these grids, the oldest first."""
        found: list[Episode] = []
        for piece in pieces(node_ids, 900):
            here = select(episode).where(_E.node_id.in_(piece), _E.state == "open")
            found += self._episodes(here.order_by(_E.started_on, _E.id).limit(limit))
        return tuple(found[:limit])

    def underway(self, now: datetime, limit: int = 200) -> tuple[tuple[Decision, str], ...]:
        """Return what waits for its message to go out, with the state of that message."""
        waiting = select(_D.id, delivery.c.state).join(delivery, delivery.c.parcel_id == _D.parcel_id)
        waiting = waiting.where(_D.state == DecisionState.SENDING.value, delivery.c.state != "queued")
        states = {row.id: str(row.state) for row in self._connection.execute(waiting.order_by(_D.id).limit(limit))}
        rows = self._decisions(select(decision).where(_D.id.in_(list(states))).order_by(_D.id))
        return tuple((one, states[one.id]) for one in rows)

    def _episodes(self, query: Select[Any]) -> tuple[Episode, ...]:
        return tuple(_episode(row) for row in self._connection.execute(query).all())

    def _decisions(self, query: Select[Any]) -> tuple[Decision, ...]:
        rows = self._connection.execute(query).all()
        self._keys.load(row.body for row in rows)
        return tuple(self._decision(row) for row in rows)

    def _decision(self, row: Row[Any]) -> Decision:
        kept = self._keys.open(row.body)
        return Decision(
            row.id, row.episode_id, row.subject_id, DecisionKind(row.kind), Paper.of_json(kept) if kept else None,
            DecisionState(row.state), row.entered_by, row.entered_at, row.told_at, row.told_how,
        )  # fmt: skip


def _episode(row: Row[Any]) -> Episode:
    known = row.started_on is not None and row.expected_on is not None
    span = Span(row.started_on, row.expected_on, row.ended_on) if known else None
    return Episode(row.id, row.subject_id, row.household_id, row.node_id, span)
