"""Needs in the database, sealed under the key of whoever of the household they are for."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from handlers.domain.need import REOPEN_WITHIN, Item, Need, NeedState
from store.models import need, node
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.prepared import Prepared, among
from store.subjects import SubjectRepo

_N = need.c


class NeedRepo:
    """Keeps `handlers.four_ones_ports.Needs` within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def add(
        self, household_id: int, subject_id: int, items: Iterable[Item], now: datetime, day: date, inbox_id: int | None
    ) -> Need:
        """Keep a list."""
        kept = tuple(items)
        key_id = self._subjects.health_key(subject_id, now)  # a medicine says what somebody has
        assert key_id is not None
        values: dict[str, Any] = {
            "household_id": household_id,
            "subject_id": subject_id,
            "day": day,
            "body": self._keys.seal(key_id, [one.as_json() for one in kept]),
            "state": NeedState.OPEN.value,
            "inbox_id": inbox_id,
            "said_at": now,
        }
        made = self._connection.execute(insert(need).values(**values).returning(_N.id)).scalar_one()
        return Need(made, household_id, subject_id, kept, NeedState.OPEN, now)

    def waiting(self, household_ids: Iterable[int], now: datetime) -> tuple[Need, ...]:
        """Return what is not closed, and what was closed so lately that it may be opened again; oldest first."""
        homes = list(dict.fromkeys(household_ids))
        since = now - REOPEN_WITHIN
        return tuple(self._opened(_WAITING.all(self._connection, homes=homes, since=since) if homes else []))

    def waiting_under(self, above_ids: Iterable[int], now: datetime) -> tuple[Need, ...]:
        """Return the same of all households right below these nodes, however many households that are."""
        found: list[Need] = []
        for piece in pieces(above_ids, 900):
            below = (
                _going(now - REOPEN_WITHIN).join(node, node.c.id == _N.household_id).where(node.c.parent_id.in_(piece))
            )
            found += self._many(below)
        return tuple(sorted(found, key=lambda one: one.id))

    def move(self, one: Need, to: NeedState, now: datetime, *, by: int | None = None) -> bool:
        """Set where a list stands; False when somebody moved it meanwhile."""
        values: dict[str, Any] = {"state": to.value, "closed_at": now if to is NeedState.CLOSED else None}
        if by is not None:
            values["claimed_by"] = by
        same = (_N.id == one.id) & (_N.state == one.state.value)
        return self._connection.execute(update(need).where(same).values(**values)).rowcount == 1

    def _many(self, query: Select[Any]) -> list[Need]:
        return self._opened(self._connection.execute(query.order_by(_N.id)).all())

    def _opened(self, rows: Sequence[Row[Any]]) -> list[Need]:
        self._keys.load(row.body for row in rows)
        return [self._need(row) for row in rows]

    def _need(self, row: Row[Any]) -> Need:
        kept = self._keys.open(row.body) or ()
        return Need(
            row.id, row.household_id, row.subject_id, tuple(Item.of_json(one) for one in kept), NeedState(row.state),
            row.said_at, row.claimed_by, row.closed_at,
        )  # fmt: skip


def _going(since: Any) -> Select[Any]:
    lately = (_N.state != NeedState.CLOSED.value) | (_N.closed_at >= since)
    return select(need).where(lately, _N.body.is_not(None))


_WAITING = Prepared(_going(bindparam("since")).where(among(_N.household_id, "homes")).order_by(_N.id))
