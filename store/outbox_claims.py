"""What came back of the sender's attempts, and what is left over.

Answers are recorded in batches. A lease that runs out belonged to a process that died: its parcels are due again, and
count as attempts nobody answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, text, true, update

from handlers.domain.letter import State
from handlers.domain.limits import STANDARD, Limit
from handlers.domain.message import RESIDENT
from handlers.domain.parcel import Came, Outcome, Parcel
from handlers.domain.retry import ATTEMPTS, RECOGNISED, REPEAT_WITHIN, Fate, Next, Why, after
from store import driver
from store.cipher import FieldCipher
from store.failpoints import reach
from store.models.outbox import delivery, parcel
from store.outbox_taking import QUEUED, Taking
from store.pace import close, door, forget
from store.talks import AlarmRepo
from store.visits import VisitRepo
from store.windows import WindowRepo

_C = parcel.c
_DOUBTFUL = _C.unanswered + _C.lost > 0
_STALE = and_(_C.endpoint == RECOGNISED, _DOUBTFUL, _C.first_attempt_at <= bindparam("stale_at"))
_EXPIRED = and_(_C.expires_at.is_not(None), _C.expires_at <= bindparam("now"))
_TAKEN = driver.sql(
    """UPDATE parcel SET state = 'sent', lease_until = NULL, owner = NULL, ended_at = ?, errcode = ?, error = NULL,
    msgid = COALESCE(?, msgid), response_code = COALESCE(?, response_code)
    WHERE id = ? AND (state = 'flying' OR state = 'queued')"""
)
_ARRIVED = driver.sql(
    """UPDATE delivery SET state = ?, sent_at = ?
    WHERE parcel_id IN ([?]) AND (state = 'queued' OR state = 'unknown')"""
)
_NOT_TAKEN = (
    update(parcel)
    .where(_C.id == bindparam("of"))
    .values(
        state=case((and_(_C.stop, bindparam("fate") == "queued"), "cancelled"), else_=bindparam("fate")),
        due_at=func.coalesce(bindparam("again_at", type_=_C.due_at.type), _C.due_at),
        attempts=_C.attempts - bindparam("uncounted"),
        first_attempt_at=case((and_(bindparam("uncounted") == 1, _C.attempts == 1), None), else_=_C.first_attempt_at),
        unanswered=_C.unanswered + bindparam("no_answer"),
        lease_until=None,
        owner=None,
        ended_at=bindparam("end"),
        errcode=bindparam("code"),
        error=bindparam("reason"),
    )
)
_STILL_FLYING = select(_C.id, _C.attempts).where(_C.id.in_(bindparam("ids", expanding=True)), _C.state == "flying")
_MOVE = update(delivery).where(
    delivery.c.parcel_id.in_(bindparam("ids", expanding=True)), delivery.c.state.in_(("queued", "unknown"))
)

_NEXT = and_(_C.state == "held", _C.after_id.in_(bindparam("ids", expanding=True)))
_GO_NEXT = update(parcel).where(_NEXT).values(state="queued").returning(_C.id)
_STOP_NEXT = update(parcel).where(_NEXT).values(state="failed", ended_at=bindparam("end")).returning(_C.id)


_Step = tuple[Parcel, Outcome, Next]


class Recorded(NamedTuple):
    """What became of a batch: `released` parcels may be claimed now, `fates` counts the batch's own."""

    released: tuple[int, ...]
    fates: Counter[Fate]


class Claims(Taking):
    """The sender's side of the outbox, within one transaction: `Taking`, and what is below. `barred` counts what was
    claimed and could not go."""

    def __init__(self, connection: Connection, limits: Sequence[Limit] = STANDARD) -> None:
        super().__init__(connection, limits)
        self.barred: Counter[Fate] = Counter()

    def claim(self, ids: Sequence[int], now: datetime, lease: timedelta, owner: str) -> tuple[Parcel, ...]:
        """Return those of *ids* that are now the caller's to send; what a resident's closed window bars has failed."""
        taken = super().claim(ids, now, lease, owner)
        barred = WindowRepo(self._connection).barred(taken, now) if any(_of_resident(one) for one in taken) else {}
        if barred:
            shut = [(one, Outcome(Came.SHUT, note=barred[one.id])) for one in taken if one.id in barred]
            self.barred += self.record(shut, now).fates
        return tuple(one for one in taken if one.id not in barred)

    def record(self, results: Iterable[tuple[Parcel, Outcome]], now: datetime) -> "Recorded":
        """Write what came back; returns what became of it, and the parcels that may go because the one before did.

        An answer that comes after its lease ran out counts only when the platform took the parcel.
        """
        steps = [(one, outcome, after(one, outcome, now)) for one, outcome in results]
        taken = [step for step in steps if step[2].fate is Fate.SENT]
        others = self._still_ours([step for step in steps if step[2].fate is not Fate.SENT])
        self._taken(taken, now)
        if others:
            self._not_taken(others, now)
        reach("outbox.record.deliveries")
        for one, outcome, step in (*taken, *others):
            if step.alarm:
                code = "" if outcome.code is None else f" {outcome.code}"
                AlarmRepo(self._connection).sound("send", f"{one.endpoint}{code}:{step.why}", now)
        self._close(others, now)
        followed = [step for step in (*taken, *others) if step[0].followed]
        released = self._release(followed, now) if followed else ()
        return Recorded(released, Counter(step.fate for _, _, step in (*taken, *others)))

    def freeze(self, one: Parcel, extra: Mapping[str, Any]) -> None:
        """Add to the body what every repeat of the parcel must say as well."""
        self._connection.execute(update(parcel).where(_C.id == one.id).values(body={**one.body, **extra}))

    def _close(self, steps: Sequence[_Step], now: datetime) -> None:
        """Remember what a resident's platform said: closed until they speak, or no such notices."""
        shut = [one.target for one, _, step in steps if step.shut and one.target]
        if shut:
            WindowRepo(self._connection).shut(shut, now)
        for one, _, step in steps:
            if step.refused and one.target and "template_id" in one.body:
                VisitRepo(self._connection).refuse(one.target, [one.body["template_id"]], now)

    def _still_ours(self, steps: Sequence[_Step]) -> list[_Step]:
        if not steps:
            return []
        rows = self._connection.execute(_STILL_FLYING, {"ids": [one.id for one, _, _ in steps]})
        flying = {(row.id, row.attempts) for row in rows}
        return [step for step in steps if (step[0].id, step[0].attempts) in flying]

    def _taken(self, steps: Sequence[_Step], now: datetime) -> None:
        moment = driver.moment(self._connection, now)
        cipher = FieldCipher.current()
        rows = []
        ids: dict[State, list[int]] = {}
        for one, outcome, step in steps:
            code = outcome.response_code
            rows.append(
                (moment, outcome.code, outcome.msgid, cipher.seal(code.encode()) if code is not None else None, one.id)
            )
            ids.setdefault(step.delivery, []).append(one.id)
            if outcome.invalid:
                self._invalid(one, outcome.invalid, now)
        driver.many(self._connection, _TAKEN, rows)
        reach("outbox.record.parcels")
        for state, of in ids.items():
            driver.rows(self._connection, _ARRIVED, state.value, now, of)
        self._spend_handles(steps)

    def _not_taken(self, steps: Sequence[_Step], now: datetime) -> None:
        self._connection.execute(_NOT_TAKEN, [_row(*step, now) for step in steps])
        moved: dict[tuple[State, bool], list[int]] = defaultdict(list)
        doors: dict[str, float] = defaultdict(float)
        for one, _, step in steps:
            if step.delivery is not State.QUEUED:
                moved[step.delivery, step.fate is Fate.AGAIN].append(one.id)
            if step.why is Why.MEDIA:
                self.freeze(one, {"media_id": None})
            if step.freeze_s:
                doors[door(one)] = max(doors[door(one)], now.timestamp() + step.freeze_s)
        for (state, again), ids in moved.items():
            ended = None if again else now
            self._connection.execute(_MOVE.values(state=state.value, ended_at=ended), {"ids": ids})
        again_ids = [one.id for one, _, step in steps if step.fate is Fate.AGAIN]
        stopped = select(_C.id).where(_C.id.in_(again_ids), _C.state == "cancelled")
        spared = update(delivery).where(delivery.c.parcel_id.in_(stopped), delivery.c.state == "queued")
        self._connection.execute(spared.values(state=State.CANCELLED.value, ended_at=now))
        close(self._connection, doors)

    def _invalid(self, one: Parcel, invalid: Sequence[str], now: datetime) -> None:
        """Fail the deliveries to addresses the platform did not know; it names them in lower case."""
        refused = [address.lower() for address in invalid]
        named = and_(delivery.c.parcel_id == one.id, func.lower(delivery.c.address).in_(refused))
        self._connection.execute(update(delivery).where(named).values(state=State.FAILED.value, ended_at=now))

    def _spend_handles(self, steps: Sequence[_Step]) -> None:
        """Forget the code of a card that was closed for everybody: it works once."""
        spent = [
            one.refers_to for one, _, step in steps
            if one.refers_to and step.fate is Fate.SENT and one.endpoint == "message/update_template_card"
        ]  # fmt: skip
        if spent:
            self._connection.execute(update(parcel).where(_C.id.in_(spent)).values(response_code=None))

    def _release(self, steps: Sequence[_Step], now: datetime) -> tuple[int, ...]:
        """Let the next part of a long text go, or fail with the part before it."""
        failed = [one.id for one, _, step in steps if step.fate is Fate.FAILED]
        while failed:
            failed = list(self._connection.scalars(_STOP_NEXT, {"ids": failed, "end": now}))
            values = {"state": State.FAILED.value, "ended_at": now}
            self._connection.execute(_MOVE.values(values), {"ids": failed})
        passed = [one.id for one, _, step in steps if step.fate in (Fate.SENT, Fate.UNKNOWN)]
        return tuple(self._connection.scalars(_GO_NEXT, {"ids": passed}))

    def abandon(self, owner: str | None, now: datetime) -> int:
        """Make due again what *owner* held when it died; returns how many. None means everybody: for the only process
        there is, as it starts, so that nothing waits for the leases of the one before it."""
        return self._give_back(true() if owner is None else _C.owner == owner, now)

    def sweep(self, now: datetime) -> int:
        """Make due again what was claimed and not answered within its lease; returns how many."""
        forget(self._connection, now.timestamp())
        return self._give_back(_C.lease_until <= now, now)

    def _give_back(self, whose: Any, now: datetime) -> int:
        enough = or_(_C.stop, _C.attempts >= ATTEMPTS)
        back = (
            update(parcel)
            .where(text("parcel.state = 'flying'"), whose)
            .values(
                state=case((enough, "unknown"), else_="queued"),
                lost=_C.lost + 1,
                lease_until=None,
                owner=None,
                error="进程中断时正在发",
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
        waits = _C.state.in_(("queued", "held"))
        unknown = {"state": "unknown", "ended_at": now, "error": Why.TOO_LATE.value}
        unsure: list[int] = []
        for tried in ((QUEUED, _STALE), (waits, _DOUBTFUL, _EXPIRED)):
            gone = update(parcel).where(*tried).values(unknown).returning(_C.id)
            unsure += self._connection.scalars(gone, {"now": now, "stale_at": now - REPEAT_WITHIN})
        late = update(parcel).where(waits, _EXPIRED).values(state="late", ended_at=now)
        ids = list(self._connection.scalars(late.returning(_C.id), {"now": now}))
        if unsure:
            self._connection.execute(_MOVE.values(ended_at=now), {"ids": unsure})
            AlarmRepo(self._connection).sound("send", f"{RECOGNISED}:{Why.TOO_LATE}", now)
        count = 0
        if ids:
            count = self._connection.execute(_MOVE.values(state=State.LATE.value, ended_at=now), {"ids": ids}).rowcount
        reach("outbox.expire.marked")
        return count


def _of_resident(one: Parcel) -> bool:
    return one.channel in RESIDENT


def _row(one: Parcel, outcome: Outcome, step: Next, now: datetime) -> dict[str, Any]:
    return {
        "of": one.id,
        "fate": step.fate.value,
        "again_at": step.due_at,
        "uncounted": int(not step.counted),
        "no_answer": int(outcome.came is Came.UNANSWERED),
        "end": None if step.fate is Fate.AGAIN else now,
        "code": outcome.code,
        "reason": f"{step.why}: {outcome.note}"[:120] if outcome.note else step.why.value,
    }
