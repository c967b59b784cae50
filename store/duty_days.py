"""Handovers, days off and orders for papers in the database."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from handlers.domain.duty_days import DayOff, Handover, OffWhy, PaperKind, PaperOrder
from store.models import day_off, handover, paper_order, parcel
from store.pieces import pieces

_P, _H, _D = paper_order.c, handover.c, day_off.c
PAPER_FOR = timedelta(days=1)
"""A file that was not fetched by then is made again when asked for again."""


class PaperOrderRepo:
    """Keeps `handlers.duty_ports.PaperOrders` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, kind: PaperKind, node_id: int | None, person_id: int, now: datetime) -> int:
        """Note what is wanted; asked for twice before it is made, it is made once."""
        same = (_P.kind == kind.value) & (_P.person_id == person_id) & _P.made_at.is_(None)
        same &= _P.node_id.is_(None) if node_id is None else _P.node_id == node_id
        before = self._connection.scalar(select(_P.id).where(same))
        if before is not None:
            return int(before)
        values = {"kind": kind.value, "node_id": node_id, "person_id": person_id, "asked_at": now}
        return int(self._connection.execute(insert(paper_order).values(**values).returning(_P.id)).scalar_one())

    def waiting(self) -> tuple[PaperOrder, ...]:
        """Return what is to be made, oldest first."""
        rows = self._connection.execute(select(paper_order).where(_P.made_at.is_(None)).order_by(_P.id).limit(20))
        return tuple(PaperOrder(r.id, PaperKind(r.kind), r.node_id, r.person_id, r.asked_at) for r in rows)

    def take(self, order_id: int, now: datetime) -> bool:
        """Note that it is made; False when somebody else made it meanwhile."""
        mine = (_P.id == order_id) & _P.made_at.is_(None)
        return self._connection.execute(update(paper_order).where(mine).values(made_at=now)).rowcount == 1

    def sent(self, order_id: int, parcel_id: int) -> None:
        """Note by which parcel it goes out."""
        self._connection.execute(update(paper_order).where(_P.id == order_id).values(parcel_id=parcel_id))

    def over(self, now: datetime) -> tuple[int, ...]:
        """Return the orders whose file may go: it was sent, erased, or nobody could be sent it for a day."""
        ended = select(_P.id).join(parcel, parcel.c.id == _P.parcel_id, isouter=True)
        gone = or_(parcel.c.ended_at.is_not(None), parcel.c.body.is_(None), parcel.c.id.is_(None))
        old = or_(gone, _P.made_at < now - PAPER_FOR)
        return tuple(self._connection.scalars(ended.where(_P.made_at.is_not(None), old).order_by(_P.id).limit(200)))

    def forget(self, ids: Iterable[int]) -> None:
        """Delete orders that are over."""
        for piece in pieces(ids, 900):
            self._connection.execute(delete(paper_order).where(_P.id.in_(piece)))


class HandoverRepo:
    """Keeps `handlers.duty_ports.Handovers` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, person_id: int, substitute_id: int, first_day: date, last_day: date, due_at: datetime) -> int:
        """Put a handover down; one that overlaps of the same person ends: the latest word counts."""
        same = (_H.person_id == person_id) & (_H.last_day >= first_day) & (_H.first_day <= last_day)
        over = {"ended_at": due_at, "due_at": None}
        self._connection.execute(update(handover).where(same, _H.ended_at.is_(None)).values(**over))
        values = {
            "person_id": person_id, "substitute_id": substitute_id, "first_day": first_day, "last_day": last_day,
            "due_at": due_at,
        }  # fmt: skip
        return int(self._connection.execute(insert(handover).values(**values).returning(_H.id)).scalar_one())

    def due(self, now: datetime, limit: int = 50) -> tuple[Handover, ...]:
        """Return the handovers about which something is to be done now."""
        return self._many(select(handover).where(_H.due_at <= now).order_by(_H.due_at, _H.id).limit(limit))

    def told(self, one: Handover, now: datetime, due_at: datetime | None) -> bool:
        """Note that the substitute was sent it; look again at *due_at*."""
        fresh = (_H.id == one.id) & _H.told_at.is_(None) & _H.ended_at.is_(None)
        return self._moved(fresh, told_at=now, due_at=due_at)

    def settle(self, one: Handover, due_at: datetime | None = None) -> bool:
        """Look at it again at *due_at*, or no more."""
        return self._moved((_H.id == one.id) & (_H.due_at == one.due_at), due_at=due_at)

    def confirm(self, one: Handover, now: datetime) -> bool:
        """Note that the substitute said 接了."""
        fresh = (_H.id == one.id) & _H.confirmed_at.is_(None) & _H.ended_at.is_(None)
        return self._moved(fresh, confirmed_at=now, due_at=None)

    def end(self, person_id: int, now: datetime, begun_by: date | None = None) -> int:
        """End what a person handed over: they are back; with *begun_by* only what had begun by then."""
        mine = (_H.person_id == person_id) & _H.ended_at.is_(None)
        if begun_by is not None:
            mine &= _H.first_day <= begun_by
        over = {"ended_at": now, "due_at": None}
        return self._connection.execute(update(handover).where(mine).values(**over)).rowcount

    def of_substitute(self, person_id: int, day: date) -> tuple[Handover, ...]:
        """Return what was handed to a person for *day*, oldest first."""
        return self._many(self._holding(day).where(_H.substitute_id == person_id))

    def of_people(self, ids: Iterable[int], day: date) -> tuple[Handover, ...]:
        """Return what these people handed over for *day*, oldest first."""
        found: list[Handover] = []
        for piece in pieces(ids, 900):
            found += self._many(self._holding(day).where(_H.person_id.in_(piece)))
        return tuple(found)

    def of(self, handover_id: int) -> Handover | None:
        """Return the handover of that number."""
        return next(iter(self._many(select(handover).where(_H.id == handover_id))), None)

    @staticmethod
    def _holding(day: date) -> Select[Any]:
        now = (_H.first_day <= day) & (_H.last_day >= day) & _H.ended_at.is_(None)
        return select(handover).where(now).order_by(_H.id)

    def _moved(self, which: Any, **values: Any) -> bool:
        return self._connection.execute(update(handover).where(which).values(**values)).rowcount == 1

    def _many(self, query: Select[Any]) -> tuple[Handover, ...]:
        return tuple(_handover(row) for row in self._connection.execute(query))


def _handover(row: Row[Any]) -> Handover:
    return Handover(
        row.id, row.person_id, row.substitute_id, row.first_day, row.last_day, row.due_at, row.told_at, row.confirmed_at
    )


class DayOffRepo:
    """Keeps `handlers.duty_ports.DaysOff` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, person_id: int, day: date, why: OffWhy, asked_id: int | None, now: datetime) -> DayOff:
        """Note a day off; the latest word of the day counts."""
        self._connection.execute(delete(day_off).where(_D.person_id == person_id, _D.day == day))
        values = {"person_id": person_id, "day": day, "why": why.value, "asked_id": asked_id, "said_at": now}
        made = self._connection.execute(insert(day_off).values(**values).returning(_D.id)).scalar_one()
        return DayOff(made, person_id, day, why, asked_id)

    def arranged(self, one: DayOff, by: int, now: datetime) -> bool:
        """Note that *by* stands in; False when somebody was first."""
        mine = (_D.id == one.id) & _D.arranged_at.is_(None)
        values = {"arranged_at": now, "asked_id": by}
        return self._connection.execute(update(day_off).where(mine).values(**values)).rowcount == 1

    def drop(self, person_id: int, since: date, until: date | None = None) -> int:
        """Forget a person's days off from *since* on (to *until*): they are back."""
        mine = (_D.person_id == person_id) & (_D.day >= since)
        if until is not None:
            mine &= _D.day <= until
        return self._connection.execute(delete(day_off).where(mine)).rowcount

    def asked_of(self, person_id: int, day: date) -> tuple[DayOff, ...]:
        """Return the days off for which a person was asked to stand in and has not said so, oldest first."""
        mine = (_D.asked_id == person_id) & (_D.day == day) & _D.arranged_at.is_(None)
        return self._many(select(day_off).where(mine).order_by(_D.id))

    def on(self, day: date, ids: Iterable[int]) -> tuple[DayOff, ...]:
        """Return the days off of these people on *day*."""
        found: list[DayOff] = []
        for piece in pieces(ids, 900):
            found += self._many(select(day_off).where(_D.day == day, _D.person_id.in_(piece)).order_by(_D.id))
        return tuple(found)

    def _many(self, query: Select[Any]) -> tuple[DayOff, ...]:
        rows = self._connection.execute(query)
        return tuple(DayOff(r.id, r.person_id, r.day, OffWhy(r.why), r.asked_id, r.arranged_at) for r in rows)
