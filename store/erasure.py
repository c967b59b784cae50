"""Erasure: a person's keys are destroyed, and all they sealed is taken out beside; numbers that name nobody stay.

What was written about them in letters and typed from their addresses goes too. The tombstone that is left behind is
applied again when the database comes back from a copy (`store.tombstones`). While a written decision on somebody's
isolation runs, it stays with the name it is about, and nothing else: it goes when its own time is over.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, insert, select, text, update

from handlers.domain.declared import SaidState
from handlers.domain.threshold import TaskState
from store.models import (
    care_task,
    colour_receipt,
    contact_answer,
    decision,
    declaration,
    delivery,
    episode,
    inbox,
    matter,
    matter_step,
    me_token,
    mention,
    need,
    parcel,
    question,
    rights_request,
    sheet,
    sheet_answer,
    statement,
    subject,
    tombstone,
)
from store.person_keys import PersonKeys, key_of
from store.pieces import pieces
from store.prepared import Prepared

_MENTION = Prepared(insert(mention), ("parcel_id", "subject_id"))
_OF_RESIDENTS = text("parcel.channel IN ('kf', 'official_account')")  # spelt as the index has it
_UNDER_KEYS = (
    (subject, "profile"),
    (declaration, "journey"),
    (declaration, "health"),
    (colour_receipt, "body"),
    (question, "body"),
    (care_task, "note"),
    (rights_request, "reason"),
    (decision, "body"),
    (contact_answer, "body"),
    (need, "body"),
    (matter, "body"),
    (matter_step, "note"),
)
"""Every column that a person's own keys seal; `tests/declaration` compares it with the models."""


class Erasure:
    """Within the caller's transaction; keeps `handlers.declaring_ports.Erasure`."""

    def __init__(self, connection: Connection, keys: PersonKeys) -> None:
        self._connection, self._keys = connection, keys

    def erase(self, subject_id: int, because: str, now: datetime) -> bool:
        """Leave nothing readable of the person; False when there is no such person, or it was done before."""
        row = self._connection.execute(select(subject).where(subject.c.id == subject_id)).one_or_none()
        if row is None or row.erased_at is not None:
            return False
        if self.isolated(subject_id):
            return self._erase_beside(row, because, now)
        self._keys.destroy([row.key_id, row.health_key_id], because, now)
        self._take_out(subject_id, now)
        self._drop_statements(row)
        gone = update(subject).where(subject.c.id == subject_id)
        self._connection.execute(gone.values(profile=None, name_index=None, member_id=None, erased_at=now))
        return True

    def isolated(self, subject_id: int) -> bool:
        """Return whether a written decision on the person runs: entered, and not ended."""
        e = episode.c
        running = select(e.id).where(e.subject_id == subject_id, e.started_on.is_not(None), e.ended_on.is_(None))
        return self._connection.scalar(running.limit(1)) is not None

    def _erase_beside(self, row: Row[Any], because: str, now: datetime) -> bool:
        """Leave the decision that runs and whom it is about; all else is gone, from every copy as well."""
        self._keys.destroy([row.health_key_id], because, now)
        self._connection.execute(update(subject).where(subject.c.id == row.id).values(health_key_id=None))
        for table, column in _UNDER_KEYS:
            if table is not subject and table is not decision:
                self._null(table, row.id, column)
        self._end_said(row.id)
        self._end_matters(row.id)
        over = episode.c.subject_id == row.id, episode.c.ended_on.is_not(None)
        of_over = decision.c.episode_id.in_(select(episode.c.id).where(*over))
        self._connection.execute(update(decision).where(of_over).values(body=None))
        days = {"started_on": None, "expected_on": None, "ended_on": None}
        self._connection.execute(update(episode).where(*over).values(state="erased", **days))
        self._end_tasks(row.id, now)
        self._drop_letters(row.id, now, but=select(decision.c.parcel_id).where(decision.c.subject_id == row.id))
        self._drop_answers(_sheets_of(row.id))
        self._drop_statements(row)
        self._rekey(row.id, because, now)
        return True

    def forget_talk(self, channel: str, address: str, label: str, now: datetime) -> None:
        """Leave nothing of what was said from a resident's address, and of what it was answered. What came meanwhile
        and nobody read yet stays until it was read: it may be a call for help."""
        typed = (inbox.c.sender == address) & (inbox.c.channel == channel) & (inbox.c.state != "new")
        self._connection.execute(update(inbox).where(typed).values(body=None, sender=None, destroyed=True))
        theirs = and_(_OF_RESIDENTS, parcel.c.target == label, parcel.c.channel == channel)
        self._connection.execute(update(parcel).where(theirs, parcel.c.ended_at.is_not(None)).values(body=None))

    def erase_health(self, subject_id: int, because: str, now: datetime) -> bool:
        """Leave nothing readable of the person's health; who they are and where they came from stays. False: none."""
        chosen = select(subject.c.health_key_id).where(subject.c.id == subject_id)
        key_id = self._connection.execute(chosen).scalar_one_or_none()
        if key_id is None:
            return False
        self._keys.destroy([key_id], because, now)
        self._null(declaration, subject_id, "health")
        self._null(colour_receipt, subject_id, "body")
        self._null(contact_answer, subject_id, "body")
        self._null(need, subject_id, "body")
        self._drop_letters(subject_id, now)
        self._drop_answers(_sheets_of(subject_id))
        self._end_tasks(subject_id, now)
        self._connection.execute(update(subject).where(subject.c.id == subject_id).values(health_key_id=None))
        return True

    def erase_sheet(self, subject_id: int, sheet_id: int, because: str, now: datetime) -> bool:
        """Leave nothing readable of what one sheet said of the person; what others said stays, under new keys.

        With nothing else to keep, the person is erased. False when the sheet said nothing of them.
        """
        theirs = declaration.c.subject_id == subject_id
        rows = self._connection.execute(select(declaration).where(theirs)).all()
        gone = [row.id for row in rows if row.sheet_id == sheet_id]
        if not gone:
            return False
        if len(gone) == len(rows):
            return self.erase(subject_id, because, now)
        for table in (colour_receipt, question):
            about = table.c.declaration_id.in_(gone)
            self._connection.execute(update(table).where(about).values(body=None, state="dropped"))
        values = {"journey": None, "health": None, "state": SaidState.ERASED.value, "destroy_on": None}
        self._connection.execute(update(declaration).where(declaration.c.id.in_(gone)).values(**values))
        tasks = care_task.c.declaration_id.in_(gone) & (care_task.c.state != TaskState.CLOSED.value)
        over = {"state": TaskState.CLOSED.value, "closed_at": now, "due_at": None, "note": None}
        self._connection.execute(update(care_task).where(tasks).values(**over))
        self._drop_letters(subject_id, now)
        self._drop_answers(select(sheet.c.id).where(sheet.c.id == sheet_id))
        self._rekey(subject_id, because, now)
        return True

    def _rekey(self, subject_id: int, because: str, now: datetime) -> None:
        """Seal what stays under new keys and destroy the old ones, so that no copy opens what was taken out."""
        row = self._connection.execute(select(subject).where(subject.c.id == subject_id)).one()
        new = {row.key_id: self._keys.make(now)}
        if row.health_key_id is not None:
            new[row.health_key_id] = self._keys.make(now)
        for table, column in _UNDER_KEYS:
            ids = select(table.c.id, table.c[column]).where(_whose(table, subject_id), table.c[column].is_not(None))
            for row_id, sealed in self._connection.execute(ids).all():
                fresh = new.get(key_of(sealed))
                kept = self._keys.open(sealed)
                anew = self._keys.seal(fresh, kept) if fresh and kept is not None else None
                self._connection.execute(update(table).where(table.c.id == row_id).values({column: anew}))
        keys = {"key_id": new[row.key_id], "health_key_id": new.get(row.health_key_id)}
        self._connection.execute(update(subject).where(subject.c.id == subject_id).values(**keys))
        self._keys.destroy([row.key_id, row.health_key_id], because, now)

    def stop_letters(self, subject_id: int, now: datetime) -> None:
        """Let nothing that is still to go out about the person go out; what was sent keeps no words."""
        self._drop_letters(subject_id, now)

    def mention(self, subject_id: int, parcel_ids: Iterable[int]) -> None:
        """Note which letters say something of the person."""
        rows = [{"parcel_id": parcel_id, "subject_id": subject_id} for parcel_id in parcel_ids]
        _MENTION.many(self._connection, rows)

    def stones(self) -> Mapping[str, datetime]:
        """Return the tombstones: the id of each destroyed key, and when it was destroyed."""
        rows = self._connection.execute(select(tombstone.c.key_id, tombstone.c.erased_at))
        return {row.key_id: row.erased_at for row in rows}

    def reapply(self, key_ids: Iterable[str], now: datetime) -> int:
        """Destroy again what came back from a copy: these keys and all they sealed. Returns how many people."""
        again = 0
        for piece in pieces(key_ids, 900):
            whole = select(subject.c.id).where(subject.c.key_id.in_(piece), subject.c.erased_at.is_(None))
            for subject_id in self._connection.scalars(whole).all():
                again += self.erase(subject_id, "restored", now)
            health = select(subject.c.id).where(subject.c.health_key_id.in_(piece), subject.c.erased_at.is_(None))
            for subject_id in self._connection.scalars(health).all():
                again += self.erase_health(subject_id, "restored", now)
            self._keys.destroy(piece, "restored", now)
        return again

    def _take_out(self, subject_id: int, now: datetime) -> None:
        for table, column in ((declaration, "health"), (declaration, "journey"), (colour_receipt, "body")):
            self._null(table, subject_id, column)
        self._null(question, subject_id, "body")
        self._null(rights_request, subject_id, "reason")
        self._end_isolation(subject_id)
        self._end_said(subject_id)
        self._end_matters(subject_id)
        self._end_tasks(subject_id, now)
        self._drop_letters(subject_id, now)
        self._drop_answers(_sheets_of(subject_id))
        self._connection.execute(update(me_token).where(me_token.c.subject_id == subject_id).values(ended=True))

    def _end_said(self, subject_id: int) -> None:
        values = {"state": SaidState.ERASED.value, "destroy_on": None}
        self._connection.execute(update(declaration).where(declaration.c.subject_id == subject_id).values(**values))
        self._connection.execute(update(question).where(question.c.subject_id == subject_id).values(state="dropped"))

    def _drop_statements(self, row: Row[Any]) -> None:
        if row.household_id is not None and row.name_index is not None:
            said = (statement.c.household_id == row.household_id) & (statement.c.name_index == row.name_index)
            self._connection.execute(statement.delete().where(said))

    def _drop_answers(self, sheet_ids: Select[tuple[int]]) -> None:
        """The answers that wait for a phone say what the sheets said."""
        names = select(sheet.c.key).where(sheet.c.id.in_(sheet_ids))
        self._connection.execute(sheet_answer.delete().where(sheet_answer.c.at.in_(names)))

    def _null(self, table: Table, subject_id: int, column: str) -> None:
        self._connection.execute(update(table).where(table.c.subject_id == subject_id).values({column: None}))

    def _end_tasks(self, subject_id: int, now: datetime) -> None:
        """A task about health ends with the data it was about; its note is not readable any more."""
        self._null(care_task, subject_id, "note")
        open_still = (care_task.c.subject_id == subject_id) & (care_task.c.state != TaskState.CLOSED.value)
        over = {"state": TaskState.CLOSED.value, "closed_at": now, "due_at": None}
        self._connection.execute(update(care_task).where(open_still).values(**over))

    def _end_isolation(self, subject_id: int) -> None:
        """Nobody is asked about a person who is not known here any more; what the decisions said is gone."""
        self._null(decision, subject_id, "body")
        self._null(contact_answer, subject_id, "body")
        self._null(need, subject_id, "body")
        days = {"started_on": None, "expected_on": None, "ended_on": None}
        self._connection.execute(
            update(episode).where(episode.c.subject_id == subject_id).values(state="erased", **days)
        )

    def _end_matters(self, subject_id: int) -> None:
        """Nothing goes on about somebody who is not known here any more."""
        self._null(matter, subject_id, "body")
        self._null(matter_step, subject_id, "note")
        ended = {"state": "erased", "due_at": None, "destroy_on": None, "asked": None}
        self._connection.execute(update(matter).where(matter.c.subject_id == subject_id).values(**ended))

    def _drop_letters(self, subject_id: int, now: datetime, but: Select[Any] | None = None) -> None:
        """What was to be sent about the person is not sent; what was sent keeps no words. *but*: letters that stay."""
        theirs = select(mention.c.parcel_id).where(mention.c.subject_id == subject_id)
        if but is not None:
            theirs = theirs.where(mention.c.parcel_id.not_in(but.where(decision.c.parcel_id.is_not(None))))
        waiting = update(parcel).where(parcel.c.id.in_(theirs), parcel.c.state.in_(("queued", "held")))
        self._connection.execute(waiting.values(state="cancelled", ended_at=now))
        flying = update(parcel).where(parcel.c.id.in_(theirs), parcel.c.state == "flying")
        self._connection.execute(flying.values(stop=True))
        ended = update(parcel).where(parcel.c.id.in_(theirs), parcel.c.ended_at.is_not(None))
        self._connection.execute(ended.values(body=None))
        stopped = select(parcel.c.id).where(parcel.c.id.in_(theirs), parcel.c.state == "cancelled")
        spared = update(delivery).where(delivery.c.parcel_id.in_(stopped), delivery.c.state == "queued")
        self._connection.execute(spared.values(state="cancelled", ended_at=now))


def _whose(table: Table, subject_id: int) -> ColumnElement[bool]:
    return table.c.id == subject_id if table is subject else table.c.subject_id == subject_id


def _sheets_of(subject_id: int) -> Select[tuple[int]]:
    return select(declaration.c.sheet_id).where(declaration.c.subject_id == subject_id)
