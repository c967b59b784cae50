"""What others say of somebody: the worker who keeps the register, and lists a health authority signed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from handlers.domain.consistency import Source, Statement
from handlers.domain.receipt_colour import OfficialList
from store.models import official_list, statement
from store.subjects import name_index


class StatementRepo:
    """Reads and writes statements and official lists within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        household_id: int,
        name: str,
        said: Statement,
        expires_on: date,
        *,
        said_by_id: int | None = None,
        list_id: int | None = None,
    ) -> int:
        """Keep what somebody says of a person of a household; the same source's earlier word about them goes."""
        index = name_index(household_id, name)
        c = statement.c
        same = (c.household_id == household_id) & (c.name_index == index) & (c.source == said.source.value)
        if list_id is None:
            self._connection.execute(statement.delete().where(same))
        body = {
            "away": said.away,
            "origin": said.origin,
            "places": list(said.places),
            "arrived": said.arrived.isoformat() if said.arrived else None,
        }
        values = {
            "source": said.source.value,
            "list_id": list_id,
            "household_id": household_id,
            "name_index": index,
            "body": body,
            "said_by_id": said_by_id,
            "said_on": said.said_on,
            "expires_on": expires_on,
        }
        return int(self._connection.execute(insert(statement).values(**values).returning(c.id)).scalar_one())

    def of(self, household_id: int, name: str, day: date) -> tuple[Statement, ...]:
        """Return what others say of the person on *day*; what ran out, or whose list was withdrawn, says nothing."""
        c = statement.c
        joined = statement.outerjoin(official_list, official_list.c.id == c.list_id)
        query = select(statement, official_list.c.issuer, official_list.c.basis, official_list.c.withdrawn_at)
        mine = (c.household_id == household_id) & (c.name_index == name_index(household_id, name))
        rows = self._connection.execute(query.select_from(joined).where(mine, c.expires_on >= day).order_by(c.id))
        return tuple(_statement(row.body, row) for row in rows if row.withdrawn_at is None)

    def import_list(
        self,
        listed: OfficialList,
        kind: str,
        sha256: str,
        signature: str,
        people: Iterable[tuple[int, str, Statement]],
        now: datetime,
    ) -> int | None:
        """Keep a list whose signature was checked, and who it names; None when this very list is here already."""
        c = official_list.c
        if self._connection.execute(select(c.id).where(c.sha256 == sha256)).first():
            return None
        earlier = (c.name == listed.id) & c.withdrawn_at.is_(None)
        self._connection.execute(update(official_list).where(earlier).values(withdrawn_at=now))
        values = {
            "name": listed.id,
            "kind": kind,
            "issuer": listed.issuer,
            "basis": listed.basis,
            "issued_on": listed.issued_on,
            "expires_on": listed.expires_on,
            "places": "、".join(sorted(listed.places)),
            "sha256": sha256,
            "signature": signature,
            "imported_at": now,
        }
        made = int(self._connection.execute(insert(official_list).values(**values).returning(c.id)).scalar_one())
        for household_id, name, said in people:
            self.add(household_id, name, said, listed.expires_on, list_id=made)
        return made

    def withdraw_list(self, name: str, now: datetime) -> int:
        """Take back every list of that name that stands; returns how many. Who it names is not asked any more."""
        mine = update(official_list).where(official_list.c.name == name, official_list.c.withdrawn_at.is_(None))
        return self._connection.execute(mine.values(withdrawn_at=now)).rowcount

    def lists(self, day: date) -> tuple[OfficialList, ...]:
        """Return the lists in force on *day*."""
        c = official_list.c
        query = select(official_list).where(c.withdrawn_at.is_(None), c.issued_on <= day, c.expires_on >= day)
        return tuple(
            OfficialList(
                row.name,
                row.issuer,
                row.basis,
                row.issued_on,
                row.expires_on,
                frozenset(row.places.split("、")) - {""},
            )
            for row in self._connection.execute(query.order_by(c.id))
        )


def _statement(body: Mapping[str, Any], row: Any) -> Statement:
    arrived = body.get("arrived")
    return Statement(
        Source(row.source),
        row.said_on,
        bool(body["away"]),
        body.get("origin", ""),
        tuple(body.get("places", ())),
        date.fromisoformat(arrived) if arrived else None,
        row.issuer or "",
        row.basis or "",
    )
