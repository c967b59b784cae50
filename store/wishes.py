"""Households that want to be left alone until something is the matter."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import wish

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_BETWEEN = ","


class WishRepo:
    """Keeps `handlers.burden_ports.Wishes` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, household_id: int, plans: Iterable[str], now: datetime) -> None:
        """Note the wish, with the plans the household left altogether; those it left before stay noted."""
        kept = dict.fromkeys([*(self.get(household_id) or ()), *plans])
        values = {"plans": _BETWEEN.join(kept), "said_at": now}
        made = _INSERT[self._connection.dialect.name](wish).values(household_id=household_id, **values)
        self._connection.execute(made.on_conflict_do_update(index_elements=["household_id"], set_=values))

    def get(self, household_id: int) -> tuple[str, ...] | None:
        """Return the plans a household left when it asked to be left alone, None when it did not ask."""
        found = self._connection.scalar(select(wish.c.plans).where(wish.c.household_id == household_id))
        return None if found is None else tuple(one for one in found.split(_BETWEEN) if one)

    def said_at(self, household_id: int) -> datetime | None:
        """Return when a household last asked to be left alone, None when it did not."""
        return self._connection.scalar(select(wish.c.said_at).where(wish.c.household_id == household_id))

    def drop(self, household_id: int) -> bool:
        """Forget the wish; False when there was none."""
        return self._connection.execute(delete(wish).where(wish.c.household_id == household_id)).rowcount == 1
