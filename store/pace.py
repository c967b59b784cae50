"""How fast we send, kept in rows: the same on SQLite and PostgreSQL, and nothing is forgotten when Redis is.

A row says when its key is idle again (seconds since the epoch); `handlers.domain.limits` does the arithmetic. A
`closed …` key keeps a whole endpoint, or one robot, shut until then.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, text

from handlers.domain.limits import STANDARD, Charge, Limit, charges
from handlers.domain.message import Channel
from handlers.domain.parcel import Parcel
from store.models.outbox import pace

_UPSERT = "ON CONFLICT (key) DO UPDATE SET free_at = excluded.free_at"
_SAVE = text(f"INSERT INTO pace (key, free_at) VALUES (:key, :free_at) {_UPSERT}")  # noqa: S608 - no value in it
_CLOSE = text(f"INSERT INTO pace (key, free_at) VALUES (:key, :free_at) {_UPSERT} WHERE pace.free_at < :free_at")  # noqa: S608
_TOUCH = text("INSERT INTO pace (key, free_at) VALUES (:key, 0) ON CONFLICT (key) DO NOTHING")
_LOAD = select(pace.c.key, pace.c.free_at).where(pace.c.key.in_(bindparam("keys", expanding=True)))
_LOCK = _LOAD.order_by(pace.c.key).with_for_update()
_FORGET = delete(pace).where(pace.c.free_at < bindparam("now"))


class Pace:
    """The limits as they stand within one transaction; what is spent is written by `save`."""

    def __init__(self, connection: Connection, now_s: float, limits: Sequence[Limit] = STANDARD) -> None:
        self._connection, self._now, self._limits = connection, now_s, limits
        self._free: dict[str, float] = {}
        self._spent: dict[str, float] = {}

    def load(self, parcels: Iterable[Parcel]) -> None:
        """Read (on PostgreSQL: lock, always in one order) what *parcels* will be charged to."""
        keys = {key for one in parcels for key in (*(c.key for c in self._charges(one)), door(one))}
        if self._connection.dialect.name != "sqlite" and keys:
            ordered = sorted(key for key in keys if not key.startswith("closed "))
            self._connection.execute(_TOUCH, [{"key": key} for key in ordered])
            rows = self._connection.execute(_LOCK, {"keys": sorted(keys)})
        else:
            rows = self._connection.execute(_LOAD, {"keys": list(keys)})
        self._free = {row.key: row.free_at for row in rows}

    def wait_s(self, parcel: Parcel, without: Mapping[str, float] | None = None) -> float:
        """Return how many seconds *parcel* has to wait; 0 when it may go. Charges named in *without* do not count."""
        waits = [max(self._free.get(door(parcel), 0.0) - self._now, 0.0)]
        waits += [self._wait(charge) for charge in self._charges(parcel) if not without or charge.key not in without]
        return max(waits)

    def hot(self, parcel: Parcel) -> dict[str, float]:
        """Return the members *parcel* names who have had enough for now, as key → seconds to wait."""
        found = {c.key: self._wait(c) for c in self._charges(parcel) if c.limit.scope == "member"}
        return {key: wait for key, wait in found.items() if wait > 0}

    def spend(self, parcel: Parcel) -> None:
        """Charge one attempt."""
        for charge in self._charges(parcel):
            self._free[charge.key] = self._spent[charge.key] = charge.limit.spend(
                self._free.get(charge.key, 0.0), self._now, charge.weight
            )

    def save(self) -> None:
        """Write what was spent."""
        if self._spent:
            self._connection.execute(_SAVE, [{"key": k, "free_at": at} for k, at in self._spent.items()])

    def _wait(self, charge: Charge) -> float:
        return charge.limit.wait_s(self._free.get(charge.key, 0.0), self._now, charge.weight)

    def _charges(self, parcel: Parcel) -> Iterable[Charge]:
        return charges(parcel.channel, parcel.endpoint, parcel.target, parcel.to, parcel.people, self._limits)


def door(parcel: Parcel) -> str:
    """Return what shuts when the platform refuses *parcel* for its quota: the robot's door, else the endpoint's."""
    if parcel.channel is Channel.GROUP_ROBOT or parcel.channel is Channel.AIBOT:
        return f"closed {parcel.target}"
    return f"closed {parcel.endpoint}"


def close(connection: Connection, doors: Mapping[str, float]) -> None:
    """Keep *doors* shut until the given moments, or longer when they already are."""
    if doors:
        connection.execute(_CLOSE, [{"key": key, "free_at": until} for key, until in sorted(doors.items())])


def forget(connection: Connection, now_s: float) -> None:
    """Drop the keys that are idle: they say nothing, and some of them name a person."""
    connection.execute(_FORGET, {"now": now_s})
