"""The sender's side of the outbox: what is due, and taking it.

A claim is one compare-and-swap under a lease; whoever holds the lease sends. The limits are rows of the same
transaction: what would break one is put back with a later `due_at`, and never refused.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, text, update

from handlers.domain.letter import Purpose
from handlers.domain.limits import STANDARD, Limit, member_key
from handlers.domain.message import Channel
from handlers.domain.parcel import Parcel
from handlers.domain.retry import RECOGNISED, REPEAT_WITHIN
from store import driver
from store.cipher import FieldCipher
from store.failpoints import reach
from store.models.outbox import delivery, parcel
from store.pace import Pace

UNFINISHED = ("queued", "held", "flying")
REFERRED_AGAIN_AFTER = timedelta(seconds=3)

_C = parcel.c
_CLAIMABLE = f"""id IN ([?]) AND state = 'queued' AND due_at <= ? AND (expires_at IS NULL OR expires_at > ?)
  AND NOT (endpoint = '{RECOGNISED}' AND unanswered + lost > 0 AND first_attempt_at <= ?)"""
_TAKE = """UPDATE parcel SET state = 'flying', lease_until = ?, owner = ?, attempts = attempts + 1,
  first_attempt_at = COALESCE(first_attempt_at, ?) WHERE """
_TAKEN = """ RETURNING id, purpose, channel, endpoint, body, people, priority, attempts, unanswered, lost, created_at,
  first_attempt_at, directive_id, target, followed, refers_to, due_at"""
_CLAIM = driver.sql(_TAKE + _CLAIMABLE + _TAKEN)
_CLAIM_SKIPPING = driver.sql(
    f"{_TAKE} id IN (SELECT id FROM parcel WHERE {_CLAIMABLE} ORDER BY id FOR UPDATE SKIP LOCKED) {_TAKEN}"  # noqa: S608
)
_PUT_BACK = (
    update(parcel)
    .where(_C.id == bindparam("of"))
    .values(
        state="queued",
        due_at=bindparam("again_at"),
        lease_until=None,
        owner=None,
        attempts=_C.attempts - 1,
        first_attempt_at=case((_C.attempts == 1, None), else_=_C.first_attempt_at),
    )
)
_PURPOSES, _CHANNELS = {str(one): one for one in Purpose}, {str(one): one for one in Channel}
QUEUED = text("parcel.state = 'queued'")  # spelt out: an index over part of a table is found by its words
_DUE = (
    select(_C.id)
    .where(QUEUED, _C.due_at <= bindparam("now"))
    .order_by(_C.priority.desc(), _C.due_at, _C.id)
    .limit(bindparam("most"))
)
_PRIORITIES = driver.sql("SELECT id, priority FROM parcel WHERE id IN ([?])")


class Taking:
    """What the sender asks of the outbox, within one transaction."""

    def __init__(self, connection: Connection, limits: Sequence[Limit] = STANDARD) -> None:
        self._connection, self._limits = connection, limits

    def due(self, now: datetime, limit: int = 1000) -> tuple[int, ...]:
        """Return the parcels that may be sent now, the most urgent first."""
        return tuple(self._connection.scalars(_DUE, {"now": now, "most": limit}))

    def priorities(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the priority of each of these parcels that exists."""
        return dict(driver.rows(self._connection, _PRIORITIES, list(ids)))

    def next_due_at(self) -> datetime | None:
        """Return when the next parcel is due, None when nothing waits."""
        found: datetime | None = self._connection.scalar(select(func.min(_C.due_at)).where(QUEUED))
        return found

    def claim(self, ids: Sequence[int], now: datetime, lease: timedelta, owner: str) -> tuple[Parcel, ...]:
        """Return those of *ids* that are now the caller's to send, the most urgent first.

        Left out: what is not due, what somebody else holds, what has expired, and what a limit makes wait (its
        `due_at` is moved). A batch that was never tried goes without the members who have had enough; they get a
        parcel of their own, later.
        """
        statement = _CLAIM if driver.is_sqlite(self._connection) else _CLAIM_SKIPPING
        taking = (now + lease, owner, now)
        rows = driver.rows(self._connection, statement, *taking, list(ids), now, now, now - REPEAT_WITHIN)
        reach("outbox.claim.taken")
        if not rows:
            return ()
        taken = [_parcel(row) for row in sorted(rows, key=lambda row: (-row[6], row[16], row[0]))]
        ready = self._referring(taken, now) if any(one.refers_to for one in taken) else taken
        return self._paced(ready, now)

    def _paced(self, taken: Sequence[Parcel], now: datetime) -> tuple[Parcel, ...]:
        pace = Pace(self._connection, now.timestamp(), self._limits)
        pace.load(taken)
        going, waiting = [], []
        for one in taken:
            hot: dict[str, float] = {}
            wait = pace.wait_s(one)
            if wait > 0 and len(one.to) > 1:
                hot = pace.hot(one)
                if pace.wait_s(one, without=hot) == 0 and (rest := self._split(one, hot, now)):
                    one, wait = rest, 0.0
            if wait > 0:
                waiting.append({"of": one.id, "again_at": _later(now, wait)})
                pace.queue(one)
            else:
                pace.spend(one, without=hot)
                going.append(one)
        pace.save()
        if waiting:
            self._connection.execute(_PUT_BACK, waiting)
        reach("outbox.claim.paced")
        return tuple(going)

    def _split(self, one: Parcel, hot: Mapping[str, float], now: datetime) -> Parcel | None:
        """Return the parcel without its hot members, who get one of their own for later; None when it may not change:
        once tried it is frozen, and parts of one text stay together."""
        cold = tuple(address for address in one.to if member_key(address) not in hot)
        row = self._connection.execute(select(parcel).where(_C.id == one.id)).one()
        if not cold or one.attempts > 1 or one.followed or row.after_id is not None:
            return None
        apart = tuple(address for address in one.to if member_key(address) in hot)
        copy = {name: value for name, value in row._mapping.items() if name != "id"}
        copy |= {
            "state": "queued", "attempts": 0, "first_attempt_at": None, "lease_until": None, "owner": None,
            "due_at": _later(now, max(hot.values())), "body": {**one.body, "to": list(apart)},
            "people": len(apart), "target": apart[0] if len(apart) == 1 else None,
        }  # fmt: skip
        made: int = self._connection.execute(insert(parcel).values(copy).returning(_C.id)).scalar_one()
        kept = replace(one, body={**one.body, "to": list(cold)}, to=cold, people=len(cold))
        self._connection.execute(update(parcel).where(_C.id == one.id).values(body=kept.body, people=kept.people))
        theirs = update(delivery).where(delivery.c.parcel_id == one.id, delivery.c.address.in_(apart))
        self._connection.execute(theirs.values(parcel_id=made))
        reach("outbox.claim.split")
        return kept

    def _referring(self, taken: Sequence[Parcel], now: datetime) -> list[Parcel]:
        """Return the parcels with what they need of the parcel they are about; wait for one that is still under way,
        and drop what has nothing to take back."""
        ids = {one.refers_to for one in taken if one.refers_to}
        wanted = select(_C.id, _C.state, _C.msgid, _C.response_code).where(_C.id.in_(ids))
        found = {row.id: row for row in self._connection.execute(wanted)}
        ready, waiting, void = [], [], []
        for one in taken:
            about = found.get(one.refers_to) if one.refers_to else None
            handle = about and (about.msgid if one.endpoint == "message/recall" else about.response_code)
            if not one.refers_to or handle:
                ready.append(replace(one, refers=handle))
            elif about and about.state in UNFINISHED:
                waiting.append({"of": one.id, "again_at": now + REFERRED_AGAIN_AFTER})
            else:
                void.append(one.id)
        if waiting:
            self._connection.execute(_PUT_BACK, waiting)
        if void:
            gone = {"state": "cancelled", "ended_at": now, "error": "没有可撤回的", "owner": None}
            self._connection.execute(update(parcel).where(_C.id.in_(void)).values(gone))
        return ready


def _later(now: datetime, wait_s: float) -> datetime:
    """Return the moment to look again: a whole millisecond at least, or rounding makes it now, for ever."""
    return now + timedelta(milliseconds=ceil(wait_s * 1000))


def _parcel(row: Sequence[Any]) -> Parcel:
    """Return the parcel of a row of `_TAKEN`, as the driver gives it."""
    body: dict[str, Any] = json.loads(FieldCipher.current().open(bytes(row[4])).decode())
    created_at, tried_at = driver.read_moment(row[10]), driver.read_moment(row[11])
    return Parcel(
        row[0], _PURPOSES[row[1]], _CHANNELS[row[2]], row[3], body, tuple(body["to"]), row[5], row[6], row[7], row[8],
        row[9], created_at, tried_at, row[12], row[13], bool(row[14]), row[15],
    )  # fmt: skip
