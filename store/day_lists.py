"""Lists of the day: one row a (person, day) decides that it goes out once; a day is put down piece by piece."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.day_list import ListDue, Listed
from handlers.domain.four_ones import RoundState
from store.models import day_list, list_round

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_R, _L = list_round.c, day_list.c


class DayListRepo:
    """Keeps `handlers.duty_ports.DayLists` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, day: date) -> Mapping[date, RoundState]:
        """Return how the days from *day* on stand; where there are none, the last one before."""
        rows = self._connection.execute(select(_R.day, _R.state).where(_R.day >= day)).all()
        if not rows:
            before = select(_R.day, _R.state).where(_R.day < day).order_by(_R.day.desc())
            rows = self._connection.execute(before.limit(1)).all()
        return {row.day: RoundState(row.state) for row in rows}

    def begin(self, due: ListDue, now: datetime) -> int | None:
        """Take the day: returns the person it has come to, None when it is done, or missed and to stay so.

        Whoever asks at the same time waits here until our transaction ends, and then goes on where it ended.
        """
        made = _INSERT[self._connection.dialect.name](list_round).values(
            day=due.day, state=RoundState.OPENING.value, done_to=0, opened_at=now
        )
        self._connection.execute(made.on_conflict_do_nothing(index_elements=["day"]))
        row = self._connection.execute(select(_R.state, _R.done_to).where(_R.day == due.day).with_for_update()).one()
        if row.state == RoundState.OPENING.value:
            return int(row.done_to)
        if row.state == RoundState.OPEN.value or not due.send:
            return None
        again = {"state": RoundState.OPENING.value, "done_to": 0}
        self._connection.execute(update(list_round).where(_R.day == due.day).values(**again))
        return 0

    def put(self, day: date, rows: Mapping[int, Listed], now: datetime) -> frozenset[int]:
        """Put people down for a day; returns who was not yet, or only as late by a clock that ran ahead."""
        if not rows:
            return frozenset()
        values = [{"person_id": who, "day": day, "state": how.value, "at": now} for who, how in rows.items()]
        made = _INSERT[self._connection.dialect.name](day_list).values(values)
        stale = (_L.state == Listed.LATE.value) & (made.excluded.state != Listed.LATE.value)
        put = made.on_conflict_do_update(
            index_elements=["person_id", "day"], set_={"state": made.excluded.state, "at": now}, where=stale
        )
        return frozenset(self._connection.scalars(put.returning(_L.person_id)))

    def done(self, due: ListDue, done_to: int, *, whole: bool) -> None:
        """Note how far a day has come; *whole*: nobody is left."""
        ended = RoundState.OPEN if due.send else RoundState.MISSED
        values = {"done_to": done_to, "state": (ended if whole else RoundState.OPENING).value}
        self._connection.execute(update(list_round).where(_R.day == due.day).values(**values))

    def shut(self, day: date) -> None:
        """Let a day that was put down as missed stand as it is: nobody hears of it any more."""
        self._connection.execute(update(list_round).where(_R.day == day).values(state=RoundState.OPEN.value))

    def of(self, day: date) -> Mapping[int, Listed]:
        """Return what became of the lists of a day, by person."""
        rows = self._connection.execute(select(_L.person_id, _L.state).where(_L.day == day).order_by(_L.person_id))
        return {row.person_id: Listed(row.state) for row in rows}
