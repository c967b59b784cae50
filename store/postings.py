"""Where something hangs and which steps are done where; said again it stays one row, taken back it keeps its date."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from handlers.domain.posting import Post
from store.models import posting, step_done

_P, _D = posting.c, step_done.c


class PostingRepo:
    """Keeps `handlers.knock_ports.Postings` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self, round_id: int, place_id: int, building: str, by: int, inbox_id: int | None, now: datetime,
        amount: int | None = None,
    ) -> bool:  # fmt: skip
        """Note that it hangs at a building; False when that stands already, with that amount."""
        this = {"round_id": round_id, "place_id": place_id, "building": building}
        return self._put(posting, this, {"by_id": by, "inbox_id": inbox_id, "at": now, "amount": amount}, "amount")

    def take_back(self, round_id: int, place_id: int, building: str, now: datetime) -> bool:
        """Note that it does not hang there after all; False when nothing said that it does."""
        this = (_P.round_id == round_id) & (_P.place_id == place_id) & (_P.building == building)
        change = update(posting).where(this, _P.undone_at.is_(None)).values(undone_at=now)
        return self._connection.execute(change).rowcount == 1

    def of(self, round_id: int) -> Mapping[int, tuple[Post, ...]]:
        """Return where it hangs, by place."""
        query = select(posting).where(_P.round_id == round_id, _P.undone_at.is_(None)).order_by(_P.id)
        found: dict[int, list[Post]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.place_id, []).append(Post(row.place_id, row.building, row.by_id, row.at, row.amount))
        return {place: tuple(rows) for place, rows in found.items()}

    def step(self, round_id: int, place_id: int, step: str, by: int, now: datetime) -> bool:
        """Note that a step is done at a place; False when it was."""
        this = {"round_id": round_id, "place_id": place_id, "step": step}
        return self._put(step_done, this, {"by_id": by, "at": now})

    def unstep(self, round_id: int, place_id: int, step: str, now: datetime) -> bool:
        """Note that a step is not done after all; False when it was not."""
        this = (_D.round_id == round_id) & (_D.place_id == place_id) & (_D.step == step)
        change = update(step_done).where(this, _D.undone_at.is_(None)).values(undone_at=now)
        return self._connection.execute(change).rowcount == 1

    def steps(self, round_id: int) -> Mapping[int, frozenset[str]]:
        """Return the steps that are done, by place."""
        query = select(_D.place_id, _D.step).where(_D.round_id == round_id, _D.undone_at.is_(None))
        found: dict[int, set[str]] = {}
        for place, step in self._connection.execute(query):
            found.setdefault(place, set()).add(step)
        return {place: frozenset(steps) for place, steps in found.items()}

    def _put(self, table: Table, this: dict[str, Any], values: dict[str, Any], differs: str = "") -> bool:
        where = [table.c[key] == value for key, value in this.items()]
        row = self._connection.execute(select(table).where(*where)).one_or_none()
        if row is None:
            self._connection.execute(insert(table).values(**this, **values))
            return True
        if row.undone_at is None and (not differs or getattr(row, differs) == values[differs]):
            return False
        self._connection.execute(update(table).where(table.c.id == row.id).values(**values, undone_at=None))
        return True
