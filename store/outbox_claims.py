"""The sender's side of the outbox: what is due, claimed, answered, left over.

A claim is one compare-and-swap under a lease; whoever holds the lease sends. What came back is recorded in batches. A
lease that runs out belonged to a process that died: its parcels are due again, and count as attempts nobody answered.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, not_, or_, select, update

from handlers.domain.letter import Purpose, State
from handlers.domain.limits import STANDARD, Limit, member_key
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Outcome, Parcel
from handlers.domain.retry import ATTEMPTS, RECOGNISED, REPEAT_WITHIN, Fate, Next, after
from store.failpoints import reach
from store.models.inbox import alarm
from store.models.outbox import delivery, parcel
from store.pace import Pace, close, door, forget

UNFINISHED = ("queued", "held", "flying")
REFERRED_AGAIN_AFTER = timedelta(seconds=3)
ALARM_EVERY = timedelta(hours=1)

_C = parcel.c
_DOUBTFUL = _C.unanswered + _C.lost > 0
_STALE = and_(_C.endpoint == RECOGNISED, _DOUBTFUL, _C.first_attempt_at <= bindparam("stale_at"))
_EXPIRED = and_(_C.expires_at.is_not(None), _C.expires_at <= bindparam("now"))
_CLAIMABLE = and_(
    _C.id.in_(bindparam("ids", expanding=True)),
    _C.state == "queued",
    _C.due_at <= bindparam("now"),
    not_(_EXPIRED),
    not_(_STALE),
)
_TAKE = {
    "state": "flying",
    "lease_until": bindparam("lease"),
    "holder": bindparam("holder"),
    "attempts": _C.attempts + 1,
    "first_attempt_at": func.coalesce(_C.first_attempt_at, bindparam("now", type_=_C.due_at.type)),
}
_TAKE["owner"] = _TAKE.pop("holder")
_TAKEN = (
    _C.id, _C.purpose, _C.channel, _C.endpoint, _C.body, _C.people, _C.priority, _C.attempts, _C.unanswered, _C.lost,
    _C.created_at, _C.first_attempt_at, _C.directive_id, _C.target, _C.followed, _C.refers_to, _C.due_at,
)  # fmt: skip
_CLAIM = update(parcel).where(_CLAIMABLE).values(_TAKE).returning(*_TAKEN)
_CLAIM_SKIPPING = (
    update(parcel)
    .where(_C.id.in_(select(_C.id).where(_CLAIMABLE).order_by(_C.id).with_for_update(skip_locked=True)))
    .values(_TAKE)
    .returning(*_TAKEN)
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
_DUE = (
    select(_C.id)
    .where(_C.state == "queued", _C.due_at <= bindparam("now"))
    .order_by(_C.priority.desc(), _C.due_at, _C.id)
    .limit(bindparam("most"))
)
_PRIORITIES = select(_C.id, _C.priority).where(_C.id.in_(bindparam("ids", expanding=True)))
_RECORD = (
    update(parcel)
    .where(
        _C.id == bindparam("of"),
        or_(
            and_(_C.state == "flying", _C.attempts == bindparam("attempt")),
            and_(bindparam("taken") == 1, or_(_C.state == "flying", _C.state == "queued")),
        ),
    )
    .values(
        state=case((and_(_C.stop, bindparam("fate") == "queued"), "cancelled"), else_=bindparam("fate")),
        due_at=func.coalesce(bindparam("again_at", type_=_C.due_at.type), _C.due_at),
        attempts=_C.attempts - bindparam("uncounted"),
        first_attempt_at=case(
            (and_(bindparam("uncounted") == 1, _C.attempts == 1), None), else_=_C.first_attempt_at
        ),
        unanswered=_C.unanswered + bindparam("no_answer"),
        lease_until=None,
        owner=None,
        ended_at=bindparam("end"),
        errcode=bindparam("code"),
        error=bindparam("reason"),
        msgid=func.coalesce(bindparam("message"), _C.msgid),
        response_code=func.coalesce(bindparam("handle", type_=_C.response_code.type), _C.response_code),
    )
)  # fmt: skip
_MOVE = update(delivery).where(
    delivery.c.parcel_id.in_(bindparam("ids", expanding=True)), delivery.c.state.in_(("queued", "unknown"))
)

_NEXT = and_(_C.state == "held", _C.after_id.in_(bindparam("ids", expanding=True)))
_GO_NEXT = update(parcel).where(_NEXT).values(state="queued").returning(_C.id)
_STOP_NEXT = update(parcel).where(_NEXT).values(state="failed", ended_at=bindparam("end")).returning(_C.id)


class Claims:
    """What the sender asks of the outbox, within one transaction."""

    def __init__(self, connection: Connection, limits: Sequence[Limit] = STANDARD) -> None:
        self._connection, self._limits = connection, limits

    def due(self, now: datetime, limit: int = 1000) -> tuple[int, ...]:
        """Return the parcels that may be sent now, the most urgent first."""
        return tuple(self._connection.scalars(_DUE, {"now": now, "most": limit}))

    def priorities(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the priority of each of these parcels that exists."""
        rows = self._connection.execute(_PRIORITIES, {"ids": list(ids)})
        return {row.id: row.priority for row in rows}

    def next_due_at(self) -> datetime | None:
        """Return when the next parcel is due, None when nothing waits."""
        found: datetime | None = self._connection.scalar(select(func.min(_C.due_at)).where(_C.state == "queued"))
        return found

    def claim(self, ids: Sequence[int], now: datetime, lease: timedelta, owner: str) -> tuple[Parcel, ...]:
        """Return those of *ids* that are now the caller's to send, the most urgent first.

        Left out: what is not due, what somebody else holds, what has expired, and what a limit makes wait (its
        `due_at` is moved). A batch that was never tried goes without the members who have had enough; they get a
        parcel of their own, later.
        """
        statement = _CLAIM if self._connection.dialect.name == "sqlite" else _CLAIM_SKIPPING
        values = {"ids": list(ids), "now": now, "stale_at": now - REPEAT_WITHIN}
        rows = self._connection.execute(statement, values | {"lease": now + lease, "holder": owner}).all()
        reach("outbox.claim.taken")
        if not rows:
            return ()
        taken = [_parcel(row) for row in sorted(rows, key=lambda row: (-row.priority, row.due_at, row.id))]
        ready = self._referring(taken, now) if any(one.refers_to for one in taken) else taken
        return self._paced(ready, now)

    def _paced(self, taken: Sequence[Parcel], now: datetime) -> tuple[Parcel, ...]:
        pace = Pace(self._connection, now.timestamp(), self._limits)
        pace.load(taken)
        going, waiting = [], []
        for one in taken:
            wait = pace.wait_s(one)
            if wait > 0 and len(one.to) > 1:
                one, wait = self._split(one, pace, now, wait)
            if wait > 0:
                waiting.append({"of": one.id, "again_at": now + timedelta(seconds=wait)})
            else:
                pace.spend(one)
                going.append(one)
        pace.save()
        if waiting:
            self._connection.execute(_PUT_BACK, waiting)
        reach("outbox.claim.paced")
        return tuple(going)

    def _split(self, one: Parcel, pace: Pace, now: datetime, wait: float) -> tuple[Parcel, float]:
        """Return the parcel without its hot members, and how long it still has to wait; unchanged when it may not."""
        hot = pace.hot(one)
        others = pace.wait_s(one, without=hot)
        cold = tuple(address for address in one.to if member_key(address) not in hot)
        if one.attempts > 1 or one.followed or not cold or not hot or others > 0:
            return one, wait
        apart = tuple(address for address in one.to if member_key(address) in hot)
        row = self._connection.execute(select(parcel).where(_C.id == one.id)).one()
        if row.after_id is not None:
            return one, wait
        copy = {name: value for name, value in row._mapping.items() if name != "id"}
        copy |= {
            "state": "queued", "attempts": 0, "first_attempt_at": None, "lease_until": None, "owner": None,
            "due_at": now + timedelta(seconds=max(hot.values())), "body": {**one.body, "to": list(apart)},
            "people": len(apart), "target": apart[0] if len(apart) == 1 else None,
        }  # fmt: skip
        made: int = self._connection.execute(insert(parcel).values(copy).returning(_C.id)).scalar_one()
        kept = replace(one, body={**one.body, "to": list(cold)}, to=cold, people=len(cold))
        self._connection.execute(update(parcel).where(_C.id == one.id).values(body=kept.body, people=kept.people))
        self._connection.execute(
            update(delivery).where(delivery.c.parcel_id == one.id, delivery.c.address.in_(apart)).values(parcel_id=made)
        )
        reach("outbox.claim.split")
        return kept, 0.0

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
            gone = {"state": "cancelled", "ended_at": now, "error": "nothing to take back", "owner": None}
            self._connection.execute(update(parcel).where(_C.id.in_(void)).values(gone))
        return ready

    def record(self, results: Iterable[tuple[Parcel, Outcome]], now: datetime) -> tuple[int, ...]:
        """Write what came back; returns the parcels that may go because the one before them did.

        An answer that comes after its lease ran out counts only when the platform took the parcel.
        """
        steps = [(one, outcome, after(one, outcome, now)) for one, outcome in results]
        if not steps:
            return ()
        self._connection.execute(_RECORD, [_row(*step, now) for step in steps])
        reach("outbox.record.parcels")
        self._move_deliveries(steps, now)
        self._close_doors(steps, now)
        self._spend_handles(steps)
        for one, outcome, step in steps:
            if step.alarm:
                code = "" if outcome.code is None else f" {outcome.code}"
                sound(self._connection, "send", f"{one.endpoint}{code}: {step.why}", now)
        reach("outbox.record.deliveries")
        return self._release(steps, now)

    def _move_deliveries(self, steps: Sequence[tuple[Parcel, Outcome, Next]], now: datetime) -> None:
        moved: dict[tuple[State, bool], list[int]] = defaultdict(list)
        for one, outcome, step in steps:
            if outcome.invalid and step.fate is Fate.SENT:
                self._invalid(one, outcome.invalid, now)
            if step.delivery is not State.QUEUED:
                moved[step.delivery, step.fate is Fate.AGAIN].append(one.id)
        for (state, again), ids in moved.items():
            values: dict[str, Any] = {"state": state.value}
            if state in (State.SENT, State.RELAYING):
                values["sent_at"] = now
            elif not again:
                values["ended_at"] = now
            self._connection.execute(_MOVE.values(values), {"ids": ids})
        if again_ids := [one.id for one, _, step in steps if step.fate is Fate.AGAIN]:
            stopped = select(_C.id).where(_C.id.in_(again_ids), _C.state == "cancelled")
            self._connection.execute(
                update(delivery)
                .where(delivery.c.parcel_id.in_(stopped), delivery.c.state == "queued")
                .values(state=State.CANCELLED.value, ended_at=now)
            )

    def _invalid(self, one: Parcel, invalid: Sequence[str], now: datetime) -> None:
        """Fail the deliveries to addresses the platform did not know; it names them in lower case."""
        refused = [address.lower() for address in invalid]
        named = and_(delivery.c.parcel_id == one.id, func.lower(delivery.c.address).in_(refused))
        self._connection.execute(update(delivery).where(named).values(state=State.FAILED.value, ended_at=now))

    def _close_doors(self, steps: Sequence[tuple[Parcel, Outcome, Next]], now: datetime) -> None:
        doors: dict[str, float] = {}
        for one, _, step in steps:
            if step.freeze_s:
                doors[door(one)] = max(doors.get(door(one), 0.0), now.timestamp() + step.freeze_s)
        close(self._connection, doors)

    def _spend_handles(self, steps: Sequence[tuple[Parcel, Outcome, Next]]) -> None:
        """Forget the code of a card that was closed for everybody: it works once."""
        spent = [
            one.refers_to for one, _, step in steps
            if one.refers_to and step.fate is Fate.SENT and one.endpoint == "message/update_template_card"
        ]  # fmt: skip
        if spent:
            self._connection.execute(update(parcel).where(_C.id.in_(spent)).values(response_code=None))

    def _release(self, steps: Sequence[tuple[Parcel, Outcome, Next]], now: datetime) -> tuple[int, ...]:
        """Let the next part of a long text go, or fail with the part before it."""
        followed = [(one.id, step.fate) for one, _, step in steps if one.followed]
        if not followed:
            return ()
        failed = [id_ for id_, fate in followed if fate is Fate.FAILED]
        while failed:
            failed = list(self._connection.scalars(_STOP_NEXT, {"ids": failed, "end": now}))
            values = {"state": State.FAILED.value, "ended_at": now}
            self._connection.execute(_MOVE.values(values), {"ids": failed})
        passed = [id_ for id_, fate in followed if fate in (Fate.SENT, Fate.UNKNOWN)]
        return tuple(self._connection.scalars(_GO_NEXT, {"ids": passed}))

    def abandon(self, owner: str, now: datetime) -> int:
        """Make due again what *owner* held when it died; returns how many. For a process that starts under the name
        of one that is surely gone."""
        return self._give_back(_C.owner == owner, now)

    def sweep(self, now: datetime) -> int:
        """Make due again what was claimed and not answered within its lease; returns how many."""
        forget(self._connection, now.timestamp())
        return self._give_back(_C.lease_until <= now, now)

    def _give_back(self, whose: Any, now: datetime) -> int:
        enough = or_(_C.stop, _C.attempts >= ATTEMPTS)
        back = (
            update(parcel)
            .where(_C.state == "flying", whose)
            .values(
                state=case((enough, "unknown"), else_="queued"),
                lost=_C.lost + 1,
                lease_until=None,
                owner=None,
                error="lost with its process",
            )
            .returning(_C.id, _C.state)
        )
        rows = self._connection.execute(back).all()
        ids = [row.id for row in rows]
        if ids:
            self._connection.execute(_MOVE.values(state=State.UNKNOWN.value), {"ids": ids})
        if given_up := [row.id for row in rows if row.state == "unknown"]:
            self._connection.execute(_GO_NEXT, {"ids": given_up})
        reach("outbox.sweep.released")
        return len(ids)

    def expire(self, now: datetime) -> int:
        """Mark what may not be sent any more: late, or unknown when it was tried. Returns how many people's share is
        late."""
        values = {"now": now, "stale_at": now - REPEAT_WITHIN}
        waits = _C.state.in_(("queued", "held"))
        tried = update(parcel).where(waits, or_(and_(_EXPIRED, _DOUBTFUL), _STALE))
        tried = tried.values(state="unknown", ended_at=now, error="too late to try again")
        unsure = list(self._connection.scalars(tried.returning(_C.id), values))
        late = update(parcel).where(waits, _EXPIRED).values(state="late", ended_at=now)
        ids = list(self._connection.scalars(late.returning(_C.id), {"now": now}))
        if unsure:
            self._connection.execute(_MOVE.values(ended_at=now), {"ids": unsure})
            sound(self._connection, "send", "no answer, and too late to try again", now)
        count = 0
        if ids:
            count = self._connection.execute(_MOVE.values(state=State.LATE.value, ended_at=now), {"ids": ids}).rowcount
        reach("outbox.expire.marked")
        return count


def _parcel(row: Row[Any]) -> Parcel:
    body = row.body
    return Parcel(
        row.id, Purpose(row.purpose), Channel(row.channel), row.endpoint, body, tuple(body["to"]), row.people,
        row.priority, row.attempts, row.unanswered, row.lost, row.created_at, row.first_attempt_at, row.directive_id,
        row.target, row.followed, row.refers_to,
    )  # fmt: skip


def _row(one: Parcel, outcome: Outcome, step: Next, now: datetime) -> dict[str, Any]:
    return {
        "of": one.id,
        "attempt": one.attempts,
        "taken": int(step.fate is Fate.SENT),
        "fate": step.fate.value,
        "again_at": step.due_at,
        "uncounted": int(not step.counted),
        "no_answer": int(outcome.came is Came.UNANSWERED),
        "end": None if step.fate is Fate.AGAIN else now,
        "code": outcome.code,
        "reason": None if step.fate is Fate.SENT else f"{step.why}: {outcome.note}"[:120] if outcome.note else step.why,
        "message": outcome.msgid,
        "handle": outcome.response_code,
    }


def sound(connection: Connection, kind: str, detail: str, now: datetime) -> None:
    """Raise an alarm; the same one within the hour counts up instead of piling up."""
    same = and_(
        alarm.c.kind == kind,
        alarm.c.detail == detail,
        alarm.c.closed_at.is_(None),
        alarm.c.raised_at > now - ALARM_EVERY,
    )
    if connection.execute(update(alarm).where(same).values(count=alarm.c.count + 1)).rowcount == 0:
        connection.execute(insert(alarm).values(kind=kind, detail=detail[:300], raised_at=now, count=1))
