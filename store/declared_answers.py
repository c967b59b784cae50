"""What people get on a declaration: the receipt that stands, and the questions they may settle with one tap."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from handlers.domain.declared import Asked, Given
from handlers.domain.receipt_colour import Colour, Receipt
from store.models import colour_receipt, declaration, question
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.subjects import SubjectRepo


class ColourRepo:
    """Receipts within the caller's transaction, sealed under the person's health key: one stands at a time."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def give(self, given: Given, now: datetime) -> Given:
        """Keep a receipt, in the place of the one that stood for the person, and return it with its id."""
        live = (colour_receipt.c.subject_id == given.subject_id) & (colour_receipt.c.state == "live")
        self._connection.execute(update(colour_receipt).where(live).values(state="replaced"))
        receipt = given.receipt
        key_id = self._subjects.health_key(given.subject_id, now)
        assert key_id is not None
        body = {
            "colour": receipt.colour.value,
            "reason": receipt.reason,
            "next": receipt.next_steps,
            "until": receipt.valid_until.isoformat(),
            "ask": receipt.ask,
            "rules": list(receipt.rules),
            "by": receipt.by,
        }
        values = {
            "declaration_id": given.declaration_id,
            "subject_id": given.subject_id,
            "body": self._keys.seal(key_id, body),
            "version": receipt.version,
            "clinician_id": given.clinician_id,
            "made_at": receipt.made_at,
        }
        made = self._connection.execute(insert(colour_receipt).values(**values).returning(colour_receipt.c.id))
        return Given(
            _receipt(int(made.scalar_one()), body, receipt.version, receipt.made_at, receipt.arrived_at),
            given.declaration_id,
            given.subject_id,
            given.clinician_id,
        )

    def of(self, subject_ids: Iterable[int]) -> Mapping[int, Given]:
        """Return the receipt that stands for each of these people; those without one are left out."""
        query = _receipts().where(colour_receipt.c.subject_id.in_(list(subject_ids)), colour_receipt.c.state == "live")
        return {given.subject_id: given for given in self._given(query)}

    def of_declarations(self, declaration_ids: Iterable[int]) -> Mapping[int, Given]:
        """Return the last receipt each of these declarations had, whether it stands or not."""
        query = _receipts().where(colour_receipt.c.declaration_id.in_(list(declaration_ids)))
        return {given.declaration_id: given for given in self._given(query)}

    def lift(self, receipt_id: int) -> bool:
        """Take a receipt back; False when it stands no more."""
        mine = update(colour_receipt).where(colour_receipt.c.id == receipt_id, colour_receipt.c.state == "live")
        return self._connection.execute(mine.values(state="lifted")).rowcount == 1

    def _given(self, query: Select[Any]) -> Sequence[Given]:
        rows = self._connection.execute(query.order_by(colour_receipt.c.id)).all()
        self._keys.load(row.body for row in rows)
        opened = ((row, self._keys.open(row.body)) for row in rows)
        return [
            Given(
                _receipt(row.id, body, row.version, row.made_at, row.arrived_at),
                row.declaration_id,
                row.subject_id,
                row.clinician_id,
            )
            for row, body in opened
            if body is not None
        ]


class QuestionRepo:
    """Questions within the caller's transaction, sealed under the person's own key."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def ask(
        self, declaration_id: int, subject_id: int, kind: str, body: Mapping[str, Any], now: datetime, due_at: datetime
    ) -> Asked:
        """Put a question to the person; one still open about the same thing is taken back first."""
        same = (question.c.subject_id == subject_id) & (question.c.kind == kind) & (question.c.state == "open")
        self._connection.execute(update(question).where(same).values(state="dropped"))
        values = {
            "declaration_id": declaration_id,
            "subject_id": subject_id,
            "kind": kind,
            "body": self._keys.seal(self._subjects.key(subject_id), dict(body)),
            "asked_at": now,
            "due_at": due_at,
        }
        made = self._connection.execute(insert(question).values(**values).returning(question.c.id)).scalar_one()
        return Asked(int(made), declaration_id, subject_id, kind, dict(body), "open", now, due_at)

    def get(self, question_id: int) -> Asked | None:
        """Return one question, None when there is none or it was erased."""
        found = self._questions(select(question).where(question.c.id == question_id))
        return found[0] if found else None

    def settled(self, subject_id: int) -> frozenset[str]:
        """Return the statements the person has answered: nobody is asked twice about the same word."""
        mine = select(question).where(question.c.subject_id == subject_id, question.c.state.in_(("settled", "called")))
        return frozenset(str(asked.body.get("about", "")) for asked in self._questions(mine)) - {""}

    def open_of(self, subject_ids: Iterable[int]) -> tuple[Asked, ...]:
        """Return what these people were asked and have not set right."""
        found: list[Asked] = []
        for piece in pieces(subject_ids, 900):
            mine = select(question).where(question.c.subject_id.in_(piece), question.c.state == "open")
            found += self._questions(mine)
        return tuple(found)

    def due(self, now: datetime, limit: int = 100) -> tuple[Asked, ...]:
        """Return the questions whose day is over."""
        due = select(question).where(question.c.state == "open", question.c.due_at <= now)
        return tuple(self._questions(due.limit(limit)))

    def end(self, question_id: int, state: str, now: datetime) -> bool:
        """Settle a question, or note that somebody is called; False when it was not open."""
        mine = update(question).where(question.c.id == question_id, question.c.state == "open")
        return self._connection.execute(mine.values(state=state, settled_at=now)).rowcount == 1

    def _questions(self, query: Select[Any]) -> list[Asked]:
        rows = self._connection.execute(query.order_by(question.c.id)).all()
        self._keys.load(row.body for row in rows)
        opened = ((row, self._keys.open(row.body)) for row in rows)
        return [
            Asked(r.id, r.declaration_id, r.subject_id, r.kind, body, r.state, r.asked_at, r.due_at)
            for r, body in opened
            if body is not None
        ]


def _receipts() -> Select[Any]:
    joined = colour_receipt.join(declaration, declaration.c.id == colour_receipt.c.declaration_id)
    return select(colour_receipt, declaration.c.arrived_at).select_from(joined)


def _receipt(
    receipt_id: int, body: Mapping[str, Any], version: str, made_at: datetime, arrived_at: datetime
) -> Receipt:
    return Receipt(
        id=receipt_id,
        colour=Colour(body["colour"]),
        reason=body["reason"],
        next_steps=body["next"],
        valid_until=date.fromisoformat(body["until"]),
        ask=body["ask"],
        rules=tuple(body["rules"]),
        version=version,
        made_at=made_at,
        arrived_at=arrived_at,
        by=body["by"],
    )
