"""Tasks to look after somebody: made in the transaction that makes them necessary, taken by one, closed with a word."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from handlers.domain.threshold import CareTask, TaskKind, TaskState
from store.models import care_task
from store.person_keys import PersonKeys
from store.subjects import SubjectRepo


class CareTaskRepo:
    """Reads and moves tasks within the caller's transaction; a change of state is a compare-and-swap."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def open(self, task: CareTask) -> CareTask:
        """Keep a new task and return it with its id; one of its kind still open about the person is taken for it."""
        held = self._many(_OPEN.where(care_task.c.subject_id == task.subject_id, care_task.c.kind == task.kind.value))
        if held:
            self._join(held[0], task)
            return self.get(held[0].id) or held[0]
        values: dict[str, Any] = {
            "kind": task.kind.value,
            "subject_id": task.subject_id,
            "node_id": task.node_id,
            "household_id": task.household_id,
            "declaration_id": task.declaration_id,
            "state": task.state.value,
            "urgent": task.urgent,
            "rung": task.rung,
            "note": self._sealed(task.subject_id, task.note),
            "made_at": task.made_at,
            "due_at": task.due_at,
        }
        made = self._connection.execute(insert(care_task).values(**values).returning(care_task.c.id)).scalar_one()
        return self._many(select(care_task).where(care_task.c.id == made))[0]

    def _join(self, held: CareTask, task: CareTask) -> None:
        """What the second one says is not lost: its words, that it is urgent, the newer declaration."""
        values: dict[str, Any] = {"declaration_id": task.declaration_id or held.declaration_id}
        if task.urgent and not held.urgent:
            values |= {"urgent": True, "due_at": task.due_at}
        if task.note:
            values["note"] = self._sealed(task.subject_id, f"{held.note};{task.note}" if held.note else task.note)
        self._connection.execute(update(care_task).where(care_task.c.id == held.id).values(**values))

    def get(self, task_id: int) -> CareTask | None:
        """Return the task of that id."""
        found = self._many(select(care_task).where(care_task.c.id == task_id))
        return found[0] if found else None

    def due(self, now: datetime, limit: int = 500) -> tuple[CareTask, ...]:
        """Return the tasks to look at now, those due longest first."""
        return self._many(_OPEN.where(care_task.c.due_at <= now).order_by(care_task.c.due_at).limit(limit))

    def waiting(self, node_ids: Iterable[int], kinds: Iterable[TaskKind], limit: int = 100) -> tuple[CareTask, ...]:
        """Return what is open or taken at these nodes: the urgent first, then by age."""
        named = [kind.value for kind in kinds]
        query = _OPEN.where(care_task.c.node_id.in_(list(node_ids)), care_task.c.kind.in_(named))
        return self._many(query.order_by(care_task.c.urgent.desc(), care_task.c.made_at, care_task.c.id).limit(limit))

    def of_subject(self, subject_id: int) -> tuple[CareTask, ...]:
        """Return every task about one person, oldest first."""
        return self._many(select(care_task).where(care_task.c.subject_id == subject_id).order_by(care_task.c.id))

    def take(self, task_id: int, person_id: int, due_at: datetime) -> bool:
        """Give the task to the person; False when it is closed, or somebody else has it."""
        free = (care_task.c.id == task_id) & (care_task.c.state == TaskState.OPEN.value)
        mine = (care_task.c.id == task_id) & (care_task.c.taker_id == person_id)
        change = update(care_task).where((free | mine) & (care_task.c.state != TaskState.CLOSED.value))
        values = {"state": TaskState.TAKEN.value, "taker_id": person_id, "due_at": due_at}
        return self._connection.execute(change.values(**values)).rowcount == 1

    def close(self, task: CareTask, note: str, now: datetime) -> bool:
        """End the task with a word about it; False when it had ended."""
        open_still = (care_task.c.id == task.id) & (care_task.c.state != TaskState.CLOSED.value)
        values = {
            "state": TaskState.CLOSED.value,
            "note": self._sealed(task.subject_id, note),
            "closed_at": now,
            "due_at": None,
        }
        return self._connection.execute(update(care_task).where(open_still).values(**values)).rowcount == 1

    def remark(self, task: CareTask, words: str) -> None:
        """Add words to an open task; what stood there stays before them."""
        held = self.get(task.id)
        if held is not None and held.state is not TaskState.CLOSED:
            note = f"{held.note};{words}" if held.note else words
            sealed = self._sealed(task.subject_id, note)
            self._connection.execute(update(care_task).where(care_task.c.id == task.id).values(note=sealed))

    def advance(self, task_id: int, rung: int, due_at: datetime | None) -> None:
        """Note who was told, and when to look again."""
        mine = update(care_task).where(care_task.c.id == task_id, care_task.c.state != TaskState.CLOSED.value)
        self._connection.execute(mine.values(rung=rung, due_at=due_at))

    def _sealed(self, subject_id: int, note: str) -> bytes | None:
        """Seal under the health key where there is one: the word dies with that consent."""
        if not note:
            return None
        key_id = self._subjects.health_key(subject_id)
        if not self._keys.alive(key_id):
            key_id = self._subjects.key(subject_id)
        return self._keys.seal(key_id, note) if key_id and self._keys.alive(key_id) else None

    def _many(self, query: Select[Any]) -> tuple[CareTask, ...]:
        rows = self._connection.execute(query).all()
        self._keys.load(row.note for row in rows)
        return tuple(self._task(row) for row in rows)

    def _task(self, row: Row[Any]) -> CareTask:
        return CareTask(
            id=row.id,
            kind=TaskKind(row.kind),
            subject_id=row.subject_id,
            node_id=row.node_id,
            household_id=row.household_id,
            declaration_id=row.declaration_id,
            state=TaskState(row.state),
            urgent=row.urgent,
            made_at=row.made_at,
            due_at=row.due_at,
            rung=row.rung,
            taker_id=row.taker_id,
            closed_at=row.closed_at,
            note=self._keys.open(row.note) or "",
        )


_OPEN = select(care_task).where(care_task.c.state != TaskState.CLOSED.value)
