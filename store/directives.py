"""Directives and receipts as rows; every change of state is a compare-and-swap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from handlers.domain.directive import (
    LIVE,
    UNSENT,
    Audience,
    Directive,
    Kind,
    Reach,
    Receipt,
    ReceiptState,
    State,
)
from handlers.domain.letter import State as Sent
from store.models import delivery, receipt
from store.models import directive as table
from store.sequence import next_value


class DirectiveRepo:
    """Keeps `handlers.ports.Directives`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """Return the next visible number; numbers are never used twice."""
        return next_value(self._connection, "directive")

    def add(self, draft: Directive) -> Directive:
        """Store *draft* and return it with its id."""
        made = self._connection.execute(insert(table).values(**_values(draft)).returning(table.c.id))
        return replace(draft, id=made.scalar_one())

    def get(self, directive_id: int) -> Directive | None:
        """Return the directive of that id."""
        return self._one(table.c.id == directive_id)

    def by_number(self, number: int) -> Directive | None:
        """Return the directive of that visible number."""
        return self._one(table.c.number == number)

    def move(self, directive: Directive, was: Iterable[State]) -> bool:
        """Write *directive* if its state still is one of *was*; False when somebody was faster."""
        states = [state.value for state in was]
        changed = self._connection.execute(
            update(table).where(table.c.id == directive.id, table.c.state.in_(states)).values(**_values(directive))
        )
        return changed.rowcount == 1

    def due(self, states: Iterable[State], now: datetime, limit: int = 50) -> tuple[Directive, ...]:
        """Return those in *states* whose moment has come, oldest first."""
        query = select(table).where(table.c.state.in_([s.value for s in states]), table.c.due_at <= now)
        return self._many(query.order_by(table.c.due_at, table.c.id).limit(limit))

    def awaiting_second(self, now: datetime) -> tuple[Directive, ...]:
        """Return those that wait for a second person's yes and may still have it, oldest first."""
        query = select(table).where(table.c.state == State.SECOND.value, table.c.due_at > now)
        return self._many(query.order_by(table.c.id).limit(200))

    def steered_by(self, person_id: int, states: Iterable[State], since: datetime) -> tuple[Directive, ...]:
        """Return what this person may steer and that was made since, newest first; notices of a cancel left out."""
        query = select(table).where(
            (table.c.author_id == person_id) | (table.c.confirmer_id == person_id),
            table.c.state.in_([s.value for s in states]),
            table.c.created_at >= since,
            table.c.kind != Kind.CANCEL.value,
        )
        return self._many(query.order_by(table.c.id.desc()).limit(20))

    def awaiting(
        self, person_id: int, now: datetime, states: Iterable[ReceiptState] = (ReceiptState.WAITING,)
    ) -> tuple[Directive, ...]:
        """Return the live directives that wait for this person's receipt, or on which it is in one of *states*, oldest
        first."""
        query = (
            select(table)
            .join(receipt, receipt.c.directive_id == table.c.id)
            .where(
                receipt.c.person_id == person_id,
                receipt.c.state.in_([s.value for s in states]),
                table.c.state.in_([s.value for s in LIVE]),
            )
        )
        return self._many(query.order_by(table.c.id))

    def live(self, scope_ids: Iterable[int]) -> tuple[Directive, ...]:
        """Return what is in force with one of these scopes, newest first."""
        query = select(table).where(
            table.c.scope_id.in_(list(scope_ids)),
            table.c.state.in_([s.value for s in LIVE]),
            table.c.kind != Kind.CANCEL.value,
        )
        return self._many(query.order_by(table.c.id.desc()))

    def any_due(self, states: Iterable[State], now: datetime) -> bool:
        """Return whether the moment of a directive in *states* has come."""
        waits = table.c.state.in_([s.value for s in states])
        query = select(table.c.id).where(waits, table.c.due_at <= now).limit(1)
        return self._connection.execute(query).first() is not None

    def follower(self, directive_id: int) -> Directive | None:
        """Return the newest correction or cancel of a directive that was sent, None when there is none."""
        sent = table.c.state.not_in([s.value for s in (*UNSENT, State.DROPPED)])
        query = select(table).where(table.c.refers_to == directive_id, sent).order_by(table.c.id.desc()).limit(1)
        found = self._many(query)
        return found[0] if found else None

    def relayed(self, directive_id: int) -> frozenset[int]:
        """Return the household groups (by the chat's id) into which somebody says they pasted the directive."""
        done = (delivery.c.directive_id == directive_id) & (delivery.c.state == Sent.DONE.value)
        query = select(delivery.c.chat_id).where(done, delivery.c.relay_code.is_not(None))
        return frozenset(chat_id for chat_id in self._connection.scalars(query) if chat_id is not None)

    def relays_waiting(self, person_id: int) -> tuple[tuple[str, int], ...]:
        """Return (code, the group's chat id) of everything this person was asked to paste and has not, of directives
        in force, oldest first."""
        waits = delivery.c.state.in_([s.value for s in (Sent.SENT, Sent.UNKNOWN, Sent.RELAYING)])
        live = table.c.state.in_([s.value for s in LIVE])
        query = (
            select(delivery.c.relay_code, delivery.c.chat_id)
            .join(table, table.c.id == delivery.c.directive_id)
            .where(delivery.c.person_id == person_id, delivery.c.relay_code.is_not(None), waits, live)
        )
        return tuple((code, chat_id) for code, chat_id in self._connection.execute(query.order_by(delivery.c.id)))

    def recent(self, limit: int = 50) -> tuple[Directive, ...]:
        """Return the newest directives, drafts that were never sent left out."""
        query = select(table).where(table.c.number.is_not(None)).order_by(table.c.id.desc()).limit(limit)
        return self._many(query)

    def _one(self, condition: Any) -> Directive | None:
        row = self._connection.execute(select(table).where(condition)).mappings().one_or_none()
        return _directive(row) if row else None

    def _many(self, query: Any) -> tuple[Directive, ...]:
        return tuple(_directive(row) for row in self._connection.execute(query).mappings())


def _values(directive: Directive) -> dict[str, Any]:
    reach = directive.reach
    return {
        "number": directive.number,
        "kind": directive.kind.value,
        "refers_to": directive.refers_to,
        "author_id": directive.author_id,
        "confirmer_id": directive.confirmer_id,
        "scope_id": directive.scope_id,
        "body": directive.body,
        "audience": directive.audience.as_json(),
        "ladder": [list(rung) for rung in directive.ladder],
        "compulsory": directive.compulsory,
        "urgent": directive.urgent,
        "drill": directive.drill,
        "state": directive.state.value,
        "reach": None if reach is None else [getattr(reach, name) for name in reach.__dataclass_fields__],
        "created_at": directive.created_at,
        "due_at": directive.due_at,
        "deadline_at": directive.deadline_at,
        "issued_at": directive.issued_at,
        "ended_at": directive.ended_at,
        "reviewed_at": directive.reviewed_at,
    }


def _directive(row: RowMapping) -> Directive:
    kept = dict(row)
    kept["kind"], kept["state"] = Kind(kept["kind"]), State(kept["state"])
    kept["audience"] = Audience.of_json(kept["audience"])
    kept["ladder"] = tuple((minutes, tell) for minutes, tell in kept["ladder"])
    kept["reach"] = Reach(*kept["reach"]) if kept["reach"] else None
    return Directive(**kept)


class ReceiptRepo:
    """Keeps `handlers.ports.Receipts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_many(self, directive_id: int, owed: Sequence[tuple[int, int]], due_at: datetime | None) -> None:
        """Open one receipt a person: (person_id, node_id); the ladder looks at it at *due_at*."""
        rows = [
            {"directive_id": directive_id, "person_id": person, "node_id": node, "state": "waiting", "due_at": due_at}
            for person, node in owed
        ]
        if rows:
            self._connection.execute(insert(receipt), rows)

    def of(self, directive_id: int, person_id: int) -> Receipt | None:
        """Return what this person owes on the directive."""
        found = self._many(receipt.c.directive_id == directive_id, receipt.c.person_id == person_id)
        return found[0] if found else None

    def answer(self, receipt_id: int, state: ReceiptState, via: str, blocker: str | None, now: datetime) -> None:
        """Write the answer; nothing is due on it any more."""
        self._connection.execute(
            update(receipt)
            .where(receipt.c.id == receipt_id)
            .values(state=state.value, via=via, blocker=blocker, answered_at=now, due_at=None)
        )

    def due(self, now: datetime, limit: int = 2000) -> tuple[Receipt, ...]:
        """Return the receipts whose next rung has come, oldest first."""
        query = select(receipt).where(receipt.c.due_at <= now).order_by(receipt.c.due_at, receipt.c.id).limit(limit)
        return tuple(_receipt(row) for row in self._connection.execute(query).mappings())

    def advance(self, moved: Sequence[tuple[int, int, datetime | None]]) -> None:
        """Set rung and next moment of each (receipt_id, rung, due_at)."""
        by_step: dict[tuple[int, datetime | None], list[int]] = {}
        for receipt_id, rung, due_at in moved:
            by_step.setdefault((rung, due_at), []).append(receipt_id)
        for (rung, due_at), ids in by_step.items():
            for first in range(0, len(ids), 500):
                part = ids[first : first + 500]
                self._connection.execute(update(receipt).where(receipt.c.id.in_(part)).values(rung=rung, due_at=due_at))

    def postpone(self, person_id: int, until: datetime) -> int:
        """Let this person's first private reminders wait until then; what comes after them keeps its time."""
        first = (receipt.c.person_id == person_id) & (receipt.c.rung == 0) & (receipt.c.due_at < until)
        waits = update(receipt).where(first, receipt.c.state == ReceiptState.WAITING.value).values(due_at=until)
        return self._connection.execute(waits).rowcount

    def open_at(self, directive_id: int, node_ids: Iterable[int]) -> tuple[Receipt, ...]:
        """Return the receipts of these very nodes that nobody has answered."""
        here = receipt.c.node_id.in_(list(node_ids))
        return self._many(receipt.c.directive_id == directive_id, here, receipt.c.state == ReceiptState.WAITING.value)

    def places(self, directive_id: int) -> int:
        """Return how many nodes owe an answer, or have given one."""
        query = select(func.count(receipt.c.node_id.distinct())).where(receipt.c.directive_id == directive_id)
        return int(self._connection.execute(query).scalar_one())

    def release(self, directive_id: int, now: datetime) -> int:
        """Let everybody off who has not answered: the directive ended."""
        changed = self._connection.execute(
            update(receipt)
            .where(receipt.c.directive_id == directive_id, receipt.c.state == ReceiptState.WAITING.value)
            .values(state=ReceiptState.RELEASED.value, due_at=None, answered_at=now)
        )
        return changed.rowcount

    def carry_done(self, earlier_id: int, later_id: int, now: datetime) -> int:
        """Who has finished the earlier directive owes nothing on its correction; returns how many."""
        done = select(receipt.c.person_id).where(
            receipt.c.directive_id == earlier_id, receipt.c.state == ReceiptState.DONE.value
        )
        carried = update(receipt).where(receipt.c.directive_id == later_id, receipt.c.person_id.in_(done))
        values = {"state": ReceiptState.DONE.value, "via": "carried", "answered_at": now, "due_at": None}
        return self._connection.execute(carried.values(values)).rowcount

    def counts(self, directive_id: int) -> Mapping[ReceiptState, int]:
        """Return how many people stand where."""
        query = select(receipt.c.state, func.count()).where(receipt.c.directive_id == directive_id)
        return {ReceiptState(s): n for s, n in self._connection.execute(query.group_by(receipt.c.state))}

    def waiting(self, directive_id: int) -> tuple[Receipt, ...]:
        """Return who has not answered."""
        return self._many(receipt.c.directive_id == directive_id, receipt.c.state == ReceiptState.WAITING.value)

    def blocked(self, directive_id: int) -> tuple[Receipt, ...]:
        """Return who said 做不了, with the reasons."""
        return self._many(receipt.c.directive_id == directive_id, receipt.c.state == ReceiptState.BLOCKED.value)

    def blocked_since(self, since: datetime) -> tuple[Receipt, ...]:
        """Return every 做不了 said since."""
        return self._many(receipt.c.answered_at >= since, receipt.c.state == ReceiptState.BLOCKED.value)

    def _many(self, *conditions: Any) -> tuple[Receipt, ...]:
        query = select(receipt).where(*conditions).order_by(receipt.c.id)
        return tuple(_receipt(row) for row in self._connection.execute(query).mappings())


def _receipt(row: RowMapping) -> Receipt:
    kept = dict(row)
    kept["state"] = ReceiptState(kept["state"])
    return Receipt(**kept)
