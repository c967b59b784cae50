"""The outbox: letters are put here in the transaction that makes them necessary, and never sent from there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, and_, func, select, text, update

from handlers.domain.delivery import parcels
from handlers.domain.letter import Letter, Relay, State
from handlers.domain.parcel import ParcelDraft
from store import driver
from store.columns import SealedJson
from store.failpoints import reach
from store.models.outbox import delivery, parcel
from store.outbox_claims import Claims
from store.outbox_taking import QUEUED, UNFINISHED
from store.prepared import Prepared

Moment = Callable[[datetime | None], Any]

_P, _D = parcel.c, delivery.c
_OPEN_RELAY = _D.state.in_(("queued", "sent", "unknown", "relaying"))
_BODY = SealedJson()
_PARCEL = driver.sql(
    """INSERT INTO parcel (id, purpose, channel, endpoint, target, body, people, priority, state, due_at, expires_at,
    attempts, unanswered, lost, directive_id, after_id, followed, refers_to, stop, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?, ?)"""
)
_DELIVERY = driver.sql(
    """INSERT INTO delivery (parcel_id, directive_id, purpose, node_id, person_id, chat_id, address, state, relay_code,
    created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)"""
)
_LAST = Prepared(select(func.max(_P.id).label("last")))
_OF_RESIDENTS = text("parcel.channel IN ('kf', 'official_account')")  # spelt as the index has it


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel as it stands. `handle` says whether its cards can still be closed for everybody."""

    id: int
    purpose: str
    channel: str
    state: str
    people: int
    msgid: str | None
    handle: bool
    due_at: datetime
    ended_at: datetime | None
    error: str | None


class OutboxRepo(Claims):
    """Implements `handlers.ports.Outbox`, and for the sender `Claims`."""

    def put(self, letters: Sequence[Letter], now: datetime) -> tuple[int, ...]:
        """Plan *letters* and store the parcels and deliveries they become; returns the parcels' ids."""
        drafts = [draft for letter in letters for draft in parcels(letter)]
        if not drafts:
            return ()
        ids = self._ids(len(drafts))
        moment = cache(partial(driver.moment, self._connection))  # most letters of a batch are due at one moment
        driver.many(self._connection, _PARCEL, [self._parcel(*row, moment, now) for row in _in_order(ids, drafts)])
        reach("outbox.put.parcels")
        made_at = moment(now)
        rows = [row for id_, draft in _whole(ids, drafts) for row in _deliveries(id_, draft, made_at)]
        driver.many(self._connection, _DELIVERY, rows)
        reach("outbox.put.deliveries")
        return ids

    def _ids(self, count: int) -> tuple[int, ...]:
        """Return the next ids, in order; on SQLite nobody else can draw any before this transaction ends."""
        if driver.is_sqlite(self._connection):
            last = _LAST.scalar(self._connection) or 0
            return tuple(range(last + 1, last + 1 + count))
        sequence = func.pg_get_serial_sequence("parcel", "id")
        drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return tuple(sorted(self._connection.scalars(drawn)))

    def _parcel(
        self, id_: int, draft: ParcelDraft, before: int | None, followed: bool, moment: Moment, now: datetime
    ) -> tuple[Any, ...]:
        return (
            id_, draft.purpose.value, draft.channel.value, draft.endpoint, draft.target,
            _BODY.process_bind_param(draft.body, self._connection.dialect), draft.people, draft.priority,
            "held" if draft.follows else "queued", moment(draft.due_at), moment(draft.expires_at), draft.directive_id,
            before, followed, draft.refers_to, False, moment(now),
        )  # fmt: skip

    def cancel(self, directive_id: int, now: datetime, purposes: Iterable[str] | None = None) -> int:
        """Stop what has not gone out yet; returns how many deliveries that spares.

        What is under way right now is not called back, but it is not tried again either. A delivery that may have
        arrived stays unknown.
        """
        which = [_P.directive_id == directive_id]
        whose = [_D.directive_id == directive_id, _D.state == "queued"]
        if purposes is not None:
            wanted = [str(purpose) for purpose in purposes]
            which.append(_P.purpose.in_(wanted))
            whose.append(_D.purpose.in_(wanted))
        stop = update(parcel).where(*which, _P.state.in_(("queued", "held")))
        self._connection.execute(stop.values(state="cancelled", ended_at=now))
        self._connection.execute(update(parcel).where(*which, _P.state == "flying").values(stop=True))
        stopped = select(_P.id).where(*which, _P.state == "cancelled")
        spared = update(delivery).where(*whose, _D.parcel_id.in_(stopped))
        count: int = self._connection.execute(spared.values(state=State.CANCELLED.value, ended_at=now)).rowcount
        reach("outbox.cancel.stopped")
        return count

    def revive(self, directive_id: int, now: datetime) -> int:
        """Queue again what failed for good, after the operator has mended the cause; returns how many parcels."""
        failed = and_(_P.directive_id == directive_id, _P.state == "failed", _P.unanswered + _P.lost == 0)
        again = {"state": "queued", "attempts": 0, "first_attempt_at": None, "due_at": now, "ended_at": None}
        ids = list(self._connection.scalars(update(parcel).where(failed).values(again).returning(_P.id)))
        back = update(delivery).where(_D.parcel_id.in_(ids), _D.state == "failed")
        self._connection.execute(back.values(state=State.QUEUED.value, ended_at=None))
        return len(ids)

    def reach(self, directive_id: int) -> Mapping[tuple[str, str], int]:
        """Return how many deliveries of *directive_id* stand where, by (purpose, state)."""
        counted = select(_D.purpose, _D.state, func.count()).where(_D.directive_id == directive_id)
        rows = self._connection.execute(counted.group_by(_D.purpose, _D.state))
        return {(purpose, state): count for purpose, state, count in rows}

    def parcels_of(self, directive_id: int, purpose: str) -> tuple[ParcelRow, ...]:
        """Return the parcels that brought, or may yet bring, somebody this part of the directive."""
        gone_out = _P.state.in_(("flying", "sent", "unknown")) | (_P.unanswered + _P.lost > 0)
        wanted = select(parcel).where(_P.directive_id == directive_id, _P.purpose == str(purpose), gone_out)
        return tuple(_as_row(row) for row in self._connection.execute(wanted.order_by(_P.id)))

    def not_arrived(self, label: str, msgid: str, now: datetime) -> bool:
        """Fail what was taken under *msgid* for that resident and, as we hear, did not arrive; False when it is not
        ours."""
        mine = update(parcel).where(_OF_RESIDENTS, _P.target == label, _P.msgid == msgid, _P.state == "sent")
        ids = list(self._connection.scalars(mine.values(state="failed", error="平台说没送到").returning(_P.id)))
        gone = update(delivery).where(_D.parcel_id.in_(ids), _D.state == "sent")
        self._connection.execute(gone.values(state=State.FAILED.value, ended_at=now))
        return bool(ids)

    def relay(self, code: str, person_id: int | None = None) -> Relay | None:
        """Return the latest open relay of that code (a code is distinct for one person only), None when none is."""
        which = [_D.relay_code == code.upper(), _OPEN_RELAY]
        if person_id is not None:
            which.append(_D.person_id == person_id)
        row = self._connection.execute(select(delivery).where(*which).order_by(_D.id.desc()).limit(1)).one_or_none()
        return _relay(row) if row else None

    def relay_done(self, code: str, person_id: int, now: datetime) -> Relay | None:
        """Mark the person's relay done and return it; None when that person has no open relay of that code."""
        found = self.relay(code, person_id)
        if found is None:
            return None
        mine = update(delivery).where(_D.id == found.id, _OPEN_RELAY)
        row = self._connection.execute(mine.values(state=State.DONE.value, ended_at=now).returning(delivery)).first()
        return _relay(row) if row else None

    def relays_left(self, directive_id: int | None, person_id: int) -> int:
        """Return how many relays of that directive the person still has to make."""
        which = and_(_D.directive_id == directive_id, _D.person_id == person_id, _D.relay_code.is_not(None))
        return self._connection.scalar(select(func.count()).select_from(delivery).where(which, _OPEN_RELAY)) or 0

    def backlog(self, now: datetime) -> tuple[int, datetime | None]:
        """Return how many parcels are not finished, and since when the oldest that is due waits."""
        count = self._connection.scalar(select(func.count()).where(_P.state.in_(UNFINISHED))) or 0
        oldest = select(func.min(_P.due_at)).where(QUEUED, _P.due_at <= now)
        return count, self._connection.scalar(oldest)


def _whole(ids: Sequence[int], drafts: Sequence[ParcelDraft]) -> Iterator[tuple[int, ParcelDraft]]:
    """Yield the last parcel of each letter and batch: its deliveries hang there."""
    for at, (id_, draft) in enumerate(zip(ids, drafts, strict=True)):
        if at + 1 == len(drafts) or not drafts[at + 1].follows:
            yield id_, draft


def _in_order(ids: Sequence[int], drafts: Sequence[ParcelDraft]) -> Iterator[tuple[int, ParcelDraft, int | None, bool]]:
    """Yield id, draft, the id of the part it follows, and whether another part follows it."""
    for at, (id_, draft) in enumerate(zip(ids, drafts, strict=True)):
        followed = at + 1 < len(drafts) and drafts[at + 1].follows
        yield id_, draft, ids[at - 1] if draft.follows else None, followed


def _deliveries(parcel_id: int, draft: ParcelDraft, made_at: Any) -> Iterator[tuple[Any, ...]]:
    for one in draft.to:
        yield (
            parcel_id, draft.directive_id, draft.purpose.value, one.node_id, one.person_id, one.chat_id,
            draft.target or one.address,  # a robot's key is a secret: its label stands here
            one.relay_code.upper() if one.relay_code else None, made_at,
        )  # fmt: skip


def _as_row(row: Row[Any]) -> ParcelRow:
    return ParcelRow(
        row.id,
        row.purpose,
        row.channel,
        row.state,
        row.people,
        row.msgid,
        row.response_code is not None,
        row.due_at,
        row.ended_at,
        row.error,
    )


def _relay(row: Row[Any]) -> Relay:
    return Relay(row.id, row.relay_code, row.directive_id, row.person_id, row.chat_id, row.node_id, State(row.state))
