"""Checklists that places wrote for themselves; the nearest above a checkpoint is the one that holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from handlers.domain.declaring import Checklist
from store.models import checklist

_C = checklist.c


class ChecklistRepo:
    """Within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def nearest(self, node_ids: Sequence[int]) -> Checklist | None:
        """Return the list of the first of *node_ids* that has one, None when none does."""
        rows = self._connection.execute(select(checklist).where(_C.node_id.in_(list(node_ids)))).all()
        found = {row.node_id: Checklist(row.title, tuple(row.items)) for row in rows}
        return next((found[node] for node in node_ids if node in found), None)

    def put(self, node_id: int, written: Checklist, by: int, now: datetime) -> None:
        """Let the place have this list, instead of any it had."""
        self.drop(node_id)
        values = {"node_id": node_id, "title": written.title, "items": list(written.items)}
        self._connection.execute(insert(checklist).values(**values, written_by=by, written_at=now))

    def drop(self, node_id: int) -> bool:
        """Take the place's own list away; False when it had none."""
        return self._connection.execute(delete(checklist).where(_C.node_id == node_id)).rowcount == 1
