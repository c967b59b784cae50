"""Declarations in the database: each sheet once, what was said sealed under the keys of the person.

Nothing of health is opened here without a word of who looks and what for: it is noted in the audit chain, in the same
transaction, for every person looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.consent import Speaker, Way
from handlers.domain.declared import Said, SaidState, SheetKept
from handlers.domain.facts import Facts
from store.audit import AuditRepo
from store.cipher import FieldCipher
from store.models import declaration, sheet
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.subjects import SubjectRepo

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_HEALTH = frozenset({"symptoms", "celsius"})


class DeclarationRepo:
    """Reads and writes declarations within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo, audit: AuditRepo) -> None:
        self._connection, self._keys, self._subjects, self._audit = connection, keys, subjects, audit

    # -- sheets --------------------------------------------------------------------------------------------------------

    def begin(self, kept: SheetKept, people: int) -> SheetKept | None:
        """Keep the sheet and return it with its id; None when its key is here already, whoever brought it."""
        values = {
            "key": kept.key,
            "digest": kept.digest,
            "place_id": kept.place_id,
            "household_id": kept.household_id,
            "way": kept.way.value,
            "worker_id": kept.worker_id,
            "people": people,
            "made_at": kept.made_at,
            "arrived_at": kept.arrived_at,
        }
        made = _INSERT[self._connection.dialect.name](sheet).values(**values)
        new = made.on_conflict_do_nothing(index_elements=["key"]).returning(sheet.c.id)
        sheet_id = self._connection.execute(new).scalar_one_or_none()
        return None if sheet_id is None else _sheet({"id": sheet_id, **values})

    def sheet(self, key: str) -> SheetKept | None:
        """Return the sheet of that key, None when it never came."""
        row = self._connection.execute(select(sheet).where(sheet.c.key == key)).mappings().one_or_none()
        return _sheet(dict(row)) if row else None

    def sheet_of(self, sheet_id: int) -> SheetKept | None:
        """Return the sheet of that id."""
        row = self._connection.execute(select(sheet).where(sheet.c.id == sheet_id)).mappings().one_or_none()
        return _sheet(dict(row)) if row else None

    def digest(self, words: str) -> str:
        """Return a keyed digest of what a sheet says."""
        return FieldCipher.current().index(f"sheet:{words}")

    # -- what was said -------------------------------------------------------------------------------------------------

    def add(self, said: Said, now: datetime) -> Said:
        """Keep what one person said, in the place of the live one it supersedes, and return it with its id."""
        assert said.facts is not None
        kept = said.facts.as_json()
        health = {key: value for key, value in kept.items() if key in _HEALTH}
        journey = {key: value for key, value in kept.items() if key not in _HEALTH}
        health_key = self._subjects.health_key(said.subject_id, now) if health else None
        values = {
            "sheet_id": said.sheet_id,
            "row": said.row,
            "subject_id": said.subject_id,
            "node_id": said.node_id,
            "day": said.day,
            "said_by": said.said_by.value,
            "journey": self._keys.seal(self._subjects.key(said.subject_id), journey),
            "health": self._keys.seal(health_key, health) if health_key else None,
            "state": said.state.value,
            "supersedes": said.supersedes,
            "destroy_on": said.destroy_on,
            "made_at": said.made_at,
            "arrived_at": said.arrived_at,
        }
        if said.supersedes is not None:
            self.set_state(said.supersedes, SaidState.SUPERSEDED)
        made = self._connection.execute(insert(declaration).values(**values).returning(declaration.c.id)).scalar_one()
        return replace(said, id=int(made))

    def set_state(self, declaration_id: int, state: SaidState) -> None:
        """Change where a declaration stands; what was said stays."""
        mine = update(declaration).where(declaration.c.id == declaration_id)
        self._connection.execute(mine.values(state=state.value))

    def get(self, declaration_id: int) -> Said | None:
        """Return one declaration. For our own work: to show it, go through `look`."""
        found = self._many(select(declaration).where(declaration.c.id == declaration_id))
        return found[0] if found else None

    def of_sheet(self, sheet_id: int) -> tuple[Said, ...]:
        """Return what one sheet said, in the order of its rows."""
        return self._many(select(declaration).where(declaration.c.sheet_id == sheet_id).order_by(declaration.c.id))

    def of_subject(self, subject_id: int, *, live: bool = False) -> tuple[Said, ...]:
        """Return what was said about one person, oldest first; only what stands when *live*."""
        query = select(declaration).where(declaration.c.subject_id == subject_id)
        if live:
            query = query.where(declaration.c.state == SaidState.LIVE.value)
        return self._many(query.order_by(declaration.c.made_at, declaration.c.id))

    def last(self, subject_ids: Iterable[int]) -> Mapping[int, Said]:
        """Return what stands last for each of these people; those who never declared are left out."""
        found: dict[int, Said] = {}
        for piece in pieces(subject_ids, 900):
            query = select(declaration).where(
                declaration.c.subject_id.in_(piece), declaration.c.state == SaidState.LIVE.value
            )
            found.update((said.subject_id, said) for said in self._many(query.order_by(*_ORDER)))
        return found

    def look(
        self, node_ids: Iterable[int], since: date, by: int | None, purpose: str, now: datetime
    ) -> tuple[Said, ...]:
        """Return what stands for these nodes since that day, for somebody to see: each person looked at is noted."""
        found = self.standing(node_ids, since)
        self.looked((said.subject_id for said in found), by, purpose, now)
        return found

    def standing(self, node_ids: Iterable[int], since: date) -> tuple[Said, ...]:
        """Return what stands for these nodes since that day. For our own work: what is shown of it is noted by
        `looked`."""
        found: list[Said] = []
        for piece in pieces(node_ids, 900):
            query = select(declaration).where(
                declaration.c.node_id.in_(piece),
                declaration.c.day >= since,
                declaration.c.state == SaidState.LIVE.value,
            )
            found += self._many(query.order_by(*_ORDER))
        return tuple(found)

    def said_on(self, subject_ids: Iterable[int], day: date) -> Mapping[int, tuple[Said, ...]]:
        """Return all that was said of these people that day, oldest first, what was said anew since then too."""
        found: dict[int, tuple[Said, ...]] = {}
        kept = (SaidState.LIVE.value, SaidState.SUPERSEDED.value)
        for piece in pieces(subject_ids, 900):
            mine = declaration.c.subject_id.in_(piece) & (declaration.c.day == day) & declaration.c.state.in_(kept)
            for said in self._many(select(declaration).where(mine).order_by(*_ORDER)):
                found[said.subject_id] = (*found.get(said.subject_id, ()), said)
        return found

    def looked(self, subject_ids: Iterable[int], by: int | None, purpose: str, now: datetime) -> None:
        """Note each of these people as looked at, once."""
        for subject_id in dict.fromkeys(subject_ids):
            self._audit.note(now, by, "look", f"subject:{subject_id}", purpose, "shown")

    def _many(self, query: Select[Any]) -> tuple[Said, ...]:
        rows = self._connection.execute(query).all()
        self._keys.load(blob for row in rows for blob in (row.journey, row.health))
        return tuple(self._said(row) for row in rows)

    def _said(self, row: Row[Any]) -> Said:
        journey, health = self._keys.open(row.journey), self._keys.open(row.health)
        return Said(
            id=row.id,
            sheet_id=row.sheet_id,
            row=row.row,
            subject_id=row.subject_id,
            node_id=row.node_id,
            day=row.day,
            said_by=Speaker(row.said_by),
            facts=None if journey is None else Facts.of_json({**journey, **(health or {})}),
            state=SaidState(row.state),
            supersedes=row.supersedes,
            destroy_on=row.destroy_on,
            made_at=row.made_at,
            arrived_at=row.arrived_at,
        )


_ORDER = (declaration.c.made_at, declaration.c.id)


def _sheet(row: Mapping[str, Any]) -> SheetKept:
    return SheetKept(
        row["id"],
        row["key"],
        row["digest"],
        row["place_id"],
        row["household_id"],
        Way(row["way"]),
        row["worker_id"],
        row["made_at"],
        row["arrived_at"],
    )
