"""The ask ledger in the database: one row for each asker and question, written with the contact it belongs to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.ask_ledger import Ask, Asker, AskState
from store.models import ask, asker
from store.pieces import pieces
from store.prepared import Prepared

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_A, _W = ask.c, asker.c
_BETWEEN = "、"
_NOTE = Prepared(insert(ask), [column.name for column in _A if column.name != "id"])
_ASKER = Prepared(select(_W.id).where(*(column == bindparam(column.name) for column in _W if column.name != "id")))
_ANSWERED = Prepared(
    update(ask)
    .where(_A.contact_id == bindparam("contact"), _A.question == bindparam("of_question"))
    .where(_A.state == AskState.ASKED.value)
    .values(state=AskState.ANSWERED.value, answered_at=bindparam("now"))
)


class AskRepo:
    """Keeps `handlers.burden_ports.Asks` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, rows: Iterable[tuple[int, str, Asker, AskState, int | None, int | None]], now: datetime) -> None:
        """Note asks: household, question, who asks, what came of it, the contact, the row that has the answer."""
        kept = list(rows)
        if not kept:
            return
        ids = {one: self._asker(one) for one in {row[2] for row in kept}}
        made = [
            {
                "household_id": household, "question": question, "asker_id": ids[who], "state": state.value,
                "contact_id": contact, "source_id": source, "at": now,
                "answered_at": now if state is AskState.ANSWERED else None,
            }
            for household, question, who, state, contact, source in kept
        ]  # fmt: skip
        _NOTE.many(self._connection, made)

    def _asker(self, one: Asker) -> int:
        """Return the number of an asker as it stands now; a changed plan is another asker."""
        values = {
            "key": one.key, "title": one.title, "department": one.department, "purpose": one.purpose,
            "basis": one.basis, "allows": _BETWEEN.join(one.allows),
        }  # fmt: skip
        found = _ASKER.scalar(self._connection, **values)
        if found is None:
            made = _INSERT[self._connection.dialect.name](asker).values(**values).on_conflict_do_nothing()
            self._connection.execute(made)
            found = _ASKER.scalar(self._connection, **values)
        assert found is not None
        return int(found)

    def answered(self, contact_id: int, question: str, now: datetime) -> int:
        """Note that the question of a contact was answered; returns how many askers have their answer by that."""
        return _ANSWERED.run(self._connection, contact=contact_id, of_question=question, now=now)

    def answered_by(self, household_id: int, question: str, since: datetime, now: datetime) -> int:
        """Note that a household answered a question it was asked at *since* or later, whichever contact it came by."""
        mine = (_A.household_id == household_id) & (_A.question == question) & (_A.at >= since)
        values = {"state": AskState.ANSWERED.value, "answered_at": now}
        return self._connection.execute(
            update(ask).where(mine, _A.state == AskState.ASKED.value).values(**values)
        ).rowcount

    def of_contact(self, contact_id: int) -> tuple[Ask, ...]:
        """Return what was asked in one contact."""
        return tuple(map(_ask, _OF_CONTACT.all(self._connection, contact=contact_id)))

    def recent(self, household_ids: Iterable[int], since: datetime) -> Mapping[int, tuple[Ask, ...]]:
        """Return the ledger of households since a moment, oldest first; those asked nothing are left out."""
        found: dict[int, tuple[Ask, ...]] = {}
        for piece in pieces(household_ids, 900):
            for row in self._connection.execute(_asks().where(_A.household_id.in_(piece), _A.at >= since)):
                one = _ask(row)
                found[one.household_id] = (*found.get(one.household_id, ()), one)
        return found

    def counts(self, household_ids: Iterable[int], since: datetime, until: datetime) -> tuple[int, int, int]:
        """Return of these households within a span: how often a question was put to them, how many asks that spared
        (merged into one, or answered from the ledger), and how many of those were refused the answer."""
        asked = spared = refused = 0
        put = (AskState.ASKED.value, AskState.ANSWERED.value)
        for piece in pieces(household_ids, 900):
            span = select(_A.question, _A.state, func.count(), func.count(func.distinct(_A.contact_id))).where(
                _A.household_id.in_(piece), _A.at >= since, _A.at < until
            )
            for _, state, rows, contacts in self._connection.execute(span.group_by(_A.question, _A.state)):
                asked += contacts if state in put else 0
                spared += rows - contacts if state in put else rows
                refused += rows if state == AskState.REFUSED.value else 0
        return asked, spared, refused


def _asks() -> Any:
    joined = ask.join(asker, _W.id == _A.asker_id)
    named = (_W.key, _W.title, _W.department, _W.purpose, _W.basis, _W.allows)
    return select(ask, *named).select_from(joined).order_by(_A.id)


_OF_CONTACT = Prepared(_asks().where(_A.contact_id == bindparam("contact")))


def _ask(row: Row[Any]) -> Ask:
    allows = tuple(one for one in row.allows.split(_BETWEEN) if one)
    who = Asker(row.key, row.title, row.department, row.purpose, row.basis, allows)
    return Ask(
        row.id, row.household_id, row.question, who, row.contact_id, AskState(row.state), row.at, row.answered_at,
        row.source_id,
    )  # fmt: skip
