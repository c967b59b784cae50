"""What households answered, sealed under each person's health key: it dies with the person, or with their health."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from handlers.domain.four_ones import Contact
from handlers.domain.wellbeing import Answer, AnswerState, Wellbeing
from store.models import contact_answer
from store.person_keys import PersonKeys
from store.prepared import Prepared
from store.subjects import SubjectRepo

_A = contact_answer.c
_ADD = Prepared(insert(contact_answer).returning(_A.id), [column.name for column in _A if column.name != "id"])
_OF_CONTACT = Prepared(select(contact_answer).where(_A.contact_id == bindparam("contact")).order_by(_A.id))
_SET_STATE = Prepared(
    update(contact_answer).where(_A.id == bindparam("answer"), _A.state != AnswerState.ERASED.value), ("state",)
)


class AnswerRepo:
    """Keeps `handlers.four_ones_ports.Answers` within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def add(
        self, contact: Contact, subject_id: int, said: Wellbeing, speaker: str, via: str, now: datetime, *,
        state: AnswerState = AnswerState.STANDING, inbox_id: int | None = None,
    ) -> Answer:  # fmt: skip
        """Keep what was said; what stands beside it is the caller's to settle."""
        key_id = self._subjects.health_key(subject_id, now)
        assert key_id is not None
        values: dict[str, Any] = {
            "contact_id": contact.id,
            "subject_id": subject_id,
            "day": contact.day,
            "body": self._keys.seal(key_id, said.as_json()),
            "speaker": speaker,
            "via": via,
            "inbox_id": inbox_id,
            "state": state.value,
            "said_at": now,
        }
        made = _ADD.scalar(self._connection, **values)
        return Answer(made, contact.id, subject_id, contact.day, said, speaker, via, state, now)

    def get(self, answer_id: int) -> Answer | None:
        """Return the answer of that number."""
        found = self._many(select(contact_answer).where(_A.id == answer_id))
        return found[0] if found else None

    def of_contact(self, contact_id: int) -> tuple[Answer, ...]:
        """Return all that was said in a contact, oldest first."""
        return self._opened(_OF_CONTACT.all(self._connection, contact=contact_id))

    def of_subject(self, subject_id: int) -> tuple[tuple[datetime, Wellbeing, str], ...]:
        """Return all that was said of a person: when, what, on which way; oldest first."""
        found = self._many(select(contact_answer).where(_A.subject_id == subject_id).order_by(_A.id))
        return tuple((one.said_at, one.said, one.via) for one in found if one.said is not None)

    def set_state(self, answer_id: int, state: AnswerState) -> None:
        """Settle where an answer stands; what was erased stays so."""
        _SET_STATE.run(self._connection, answer=answer_id, state=state.value)

    def _many(self, query: Select[Any]) -> tuple[Answer, ...]:
        return self._opened(self._connection.execute(query).all())

    def _opened(self, rows: Sequence[Row[Any]]) -> tuple[Answer, ...]:
        self._keys.load(row.body for row in rows)
        return tuple(self._answer(row) for row in rows)

    def _answer(self, row: Row[Any]) -> Answer:
        kept = self._keys.open(row.body)
        return Answer(
            row.id, row.contact_id, row.subject_id, row.day, Wellbeing.of_json(kept) if kept is not None else None,
            row.speaker, row.via, AnswerState(row.state), row.said_at,
        )  # fmt: skip
