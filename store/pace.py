"""How fast we send, kept in rows: the same on SQLite and PostgreSQL, and nothing is forgotten when Redis is.

A row says when its key is idle again (seconds since the epoch); `handlers.domain.limits` does the arithmetic. A
`closed …` key keeps a whole endpoint, or one robot, shut until then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, text

from handlers.domain.limits import STANDARD, Charge, Limit, charges, of_kind
from handlers.domain.message import Channel
from handlers.domain.parcel import Parcel
from store import driver
from store.models.outbox import pace

_UPSERT = "ON CONFLICT (key) DO UPDATE SET free_at = excluded.free_at"
_SAVE = driver.sql(f"INSERT INTO pace (key, free_at) VALUES (?, ?) {_UPSERT}")  # noqa: S608 - no value in it
_TOUCH = driver.sql("INSERT INTO pace (key, free_at) VALUES (?, 0) ON CONFLICT (key) DO NOTHING")
_LOAD = driver.sql("SELECT key, free_at FROM pace WHERE key IN ([?])")
_LOCK = driver.sql("SELECT key, free_at FROM pace WHERE key IN ([?]) ORDER BY key FOR UPDATE")
_CLOSE = text(f"INSERT INTO pace (key, free_at) VALUES (:key, :until) {_UPSERT} WHERE pace.free_at < :until")  # noqa: S608
_FORGET = delete(pace).where(pace.c.free_at < bindparam("now"))


class Pace:
    """The limits as they stand within one transaction; what is spent is written by `save`."""

    def __init__(self, connection: Connection, now_s: float, limits: Sequence[Limit] = STANDARD) -> None:
        self._connection, self._now, self._limits = connection, now_s, limits
        self._charges: dict[int, tuple[Charge, ...]] = {}
        self._free: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        self._ahead: dict[str, float] = {}

    def load(self, parcels: Iterable[Parcel]) -> None:
        """Read (on PostgreSQL: lock, always in one order) what *parcels* will be charged to."""
        keys = set()
        limits: dict[tuple[Channel, str], tuple[Limit, ...]] = {}
        for one in parcels:
            kind = (one.channel, one.endpoint)
            if kind not in limits:
                limits[kind] = of_kind(*kind, self._limits)
            made = self._charges[one.id] = tuple(charges(*kind, one.target, one.to, one.people, limits[kind]))
            keys.add(door(one))
            keys.update(charge.key for charge in made)
        if not keys:
            return
        if driver.is_sqlite(self._connection):  # its transaction is alone already
            self._free = dict(driver.rows(self._connection, _LOAD, keys))
        else:
            driver.many(self._connection, _TOUCH, [(key,) for key in sorted(keys) if not key.startswith("closed ")])
            self._free = dict(driver.rows(self._connection, _LOCK, sorted(keys)))

    def wait_s(self, parcel: Parcel, without: Collection[str] = ()) -> float:
        """Return how many seconds *parcel* has to wait; 0 when it may go. Charges named in *without* do not count."""
        wait = max(self._free.get(door(parcel), 0.0) - self._now, 0.0)
        for charge in self._charges[parcel.id]:
            free_at = self._free.get(charge.key)
            if free_at is None or (free_at <= self._now and not self._ahead) or charge.key in without:
                continue
            wait = max(wait, self._wait(charge))
        return wait

    def hot(self, parcel: Parcel) -> dict[str, float]:
        """Return the members *parcel* names who have had enough for now, as key → seconds to wait."""
        found = {c.key: self._wait(c) for c in self._charges[parcel.id] if c.limit.scope == "member"}
        return {key: wait for key, wait in found.items() if wait > 0}

    def spend(self, parcel: Parcel, without: Collection[str] = ()) -> None:
        """Charge one attempt, but for the charges named in *without*."""
        for key, limit, weight in self._charges[parcel.id]:
            if key not in without:
                self._free[key] = self._spent[key] = limit.spend(self._free.get(key, 0.0), self._now, weight)

    def queue(self, parcel: Parcel) -> None:
        """Let those that come after wait behind *parcel*, so that not all of them come back for the same free place."""
        for charge in self._charges[parcel.id]:
            if self._wait(charge) > 0:
                free_at = max(self._free.get(charge.key, 0.0), self._ahead.get(charge.key, 0.0))
                self._ahead[charge.key] = charge.limit.spend(free_at, self._now, charge.weight)

    def save(self) -> None:
        """Write what was spent."""
        if self._spent:
            driver.many(self._connection, _SAVE, sorted(self._spent.items()))

    def _wait(self, charge: Charge) -> float:
        free_at = max(self._free.get(charge.key, 0.0), self._ahead.get(charge.key, 0.0))
        return charge.limit.wait_s(free_at, self._now, charge.weight)


def door(parcel: Parcel) -> str:
    """Return what shuts when the platform refuses *parcel* for its quota: the robot's door, else the endpoint's."""
    if parcel.channel is Channel.GROUP_ROBOT or parcel.channel is Channel.AIBOT:
        return f"closed {parcel.target}"
    return f"closed {parcel.endpoint}"


def close(connection: Connection, doors: Mapping[str, float]) -> None:
    """Keep *doors* shut until the given moments, or longer when they already are."""
    if doors:
        connection.execute(_CLOSE, [{"key": key, "until": until} for key, until in sorted(doors.items())])


def forget(connection: Connection, now_s: float) -> None:
    """Drop the keys that are idle: they say nothing, and some of them name a person."""
    connection.execute(_FORGET, {"now": now_s})
