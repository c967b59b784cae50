"""Matters in the database: what was told is sealed under the key of the person it is about, and goes with it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from handlers.domain.matter import Agreed, Matter, MatterState
from store.models import matter, matter_step
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.subjects import SubjectRepo

_M, _S = matter.c, matter_step.c
_SHOWN = 40


class MatterRepo:
    """Keeps `handlers.matter_ports.Matters` within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def add(self, draft: Matter) -> Matter:
        """Keep a new matter and return it with its id."""
        values: dict[str, Any] = {
            "pack": draft.pack,
            "node_id": draft.node_id,
            "household_id": draft.household_id,
            "subject_id": draft.subject_id,
            "body": self._sealed(draft.subject_id, dict(draft.body)),
            "state": draft.state.value,
            "agreed": draft.agreed.value,
            "asked": draft.asked,
            "brought_by": draft.brought_by,
            "contact_id": draft.contact_id,
            "destroy_on": draft.destroy_on,
            "opened_at": draft.opened_at,
            "moved_at": draft.moved_at,
        }
        row = self._connection.execute(insert(matter).values(**values).returning(matter)).one()
        return self._matter(row)

    def get(self, matter_id: int) -> Matter | None:
        """Return the matter of that id, None when there is none."""
        row = self._connection.execute(select(matter).where(_M.id == matter_id)).one_or_none()
        return self._matter(row) if row else None

    def fill(self, one: Matter, body: Mapping[str, str], asked: str | None, now: datetime) -> Matter:
        """Keep what was told so far and which field is asked next, and return it so."""
        values = {"body": self._sealed(one.subject_id, dict(body)), "asked": asked, "moved_at": now}
        change = update(matter).where(_M.id == one.id, _M.state == one.state.value).values(**values)
        self._connection.execute(change)
        return self.get(one.id) or one

    def move(
        self, one: Matter, to: MatterState, now: datetime, *, step: str | None = None, assignee_id: int | None = None,
        due_at: datetime | None = None, destroy_on: date | None = None,
    ) -> bool:  # fmt: skip
        """Set where a matter stands; False when somebody moved it meanwhile. `step`, `assignee_id` None: as before."""
        values: dict[str, Any] = {
            "state": to.value,
            "moved_at": now,
            "due_at": due_at,
            "destroy_on": destroy_on,
            "rung": 0,
            "asked": None,
            "closed_at": None if to is MatterState.OPEN else now,
        }
        values |= {"step": step} if step is not None else {}
        values |= {"assignee_id": assignee_id} if assignee_id is not None else {}
        same = (_M.id == one.id) & (_M.state == one.state.value) & _M.step.is_not_distinct_from(one.step)
        return self._connection.execute(update(matter).where(same).values(**values)).rowcount == 1

    def put_off(self, one: Matter, due_at: datetime, rung: int) -> bool:
        """Look at it again at *due_at*; False when it was moved, or somebody else did so."""
        same = (_M.id == one.id) & (_M.state == one.state.value) & _M.due_at.is_not_distinct_from(one.due_at)
        return self._connection.execute(update(matter).where(same).values(due_at=due_at, rung=rung)).rowcount == 1

    def note(self, one: Matter, step: str, words: str, by: int | None, now: datetime) -> None:
        """Keep what was done, beside what was done before."""
        values = {
            "matter_id": one.id,
            "subject_id": one.subject_id,
            "step": step,
            "note": self._sealed(one.subject_id, words) if words else None,
            "by_id": by,
            "at": now,
        }
        self._connection.execute(insert(matter_step).values(**values))

    def steps(self, one: Matter) -> tuple[tuple[str, str, datetime], ...]:
        """Return what was done, oldest first: the step, the words, the moment."""
        rows = self._connection.execute(select(matter_step).where(_S.matter_id == one.id).order_by(_S.id)).all()
        return tuple((row.step, self._keys.open(row.note) or "", row.at) for row in rows)

    def of_staff(self, person_id: int) -> tuple[Matter, ...]:
        """Return the open matters somebody on duty works on or brought, oldest first."""
        mine = or_(_M.assignee_id == person_id, _M.brought_by == person_id)
        return self._many(select(matter).where(mine, _M.state == MatterState.OPEN.value).order_by(_M.id).limit(_SHOWN))

    def of_subjects(self, subject_ids: Iterable[int]) -> tuple[Matter, ...]:
        """Return the open matters about these people, oldest first."""
        found: list[Matter] = []
        for piece in pieces(subject_ids, 900):
            theirs = _M.subject_id.in_(piece) & (_M.state == MatterState.OPEN.value)
            found += self._many(select(matter).where(theirs).order_by(_M.id).limit(_SHOWN))
        return tuple(found)

    def due(self, now: datetime, limit: int = 100) -> tuple[Matter, ...]:
        """Return the open matters that stand still, those due longest first."""
        query = select(matter).where(_M.due_at <= now, _M.state == MatterState.OPEN.value)
        return self._many(query.order_by(_M.due_at).limit(limit))

    def _sealed(self, subject_id: int, value: Any) -> bytes | None:
        key_id = self._subjects.key(subject_id)
        return self._keys.seal(key_id, value) if self._keys.alive(key_id) else None

    def _many(self, query: Select[Any]) -> tuple[Matter, ...]:
        rows = self._connection.execute(query).all()
        self._keys.load(row.body for row in rows)
        return tuple(self._matter(row) for row in rows)

    def _matter(self, row: Row[Any]) -> Matter:
        return Matter(
            row.id, row.pack, row.node_id, row.household_id, row.subject_id, MatterState(row.state), Agreed(row.agreed),
            row.opened_at, row.moved_at, MappingProxyType(self._keys.open(row.body) or {}), row.step, row.asked,
            row.brought_by, row.contact_id, row.assignee_id, row.rung, row.due_at, row.destroy_on,
        )  # fmt: skip
