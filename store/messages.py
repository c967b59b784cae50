"""The inbox as the dispatcher sees it: what is due, taken once, kept when it failed; and the quarantine beside it."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.message import RESIDENT, Channel
from store.inbox import Row, insert_new
from store.models import inbox, quarantine
from store.prepared import Prepared, among

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
TRIES = 5
AGAIN_AFTER = timedelta(seconds=20)
QUARANTINE_CAP = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it lies in the inbox; `body` is the message as decrypted, "" once destroyed."""

    id: int
    key: str
    channel: str
    kind: str
    sender: str | None
    chat: str | None
    body: str
    sent_at: datetime
    received_at: datetime
    attempts: int


def _take() -> Any:
    """Return the statement that takes one message, unless an earlier one of the same sender waits.

    2=6 must not overtake the report it corrects; the order is that of `due`, or a backlog that came in shuffled would
    hold itself up for ever.
    """
    earlier = inbox.alias()
    said_before = or_(
        earlier.c.sent_at < inbox.c.sent_at,
        and_(earlier.c.sent_at == inbox.c.sent_at, earlier.c.id < inbox.c.id),
    )
    waits = (earlier.c.sender == inbox.c.sender) & (earlier.c.state == "new") & (earlier.c.attempts == 0)
    first = ~exists().where(waits, earlier.c.sent_at <= inbox.c.sent_at, said_before)  # the former for the index alone
    this = (inbox.c.id == bindparam("wanted")) & (inbox.c.state == "new") & first
    columns = (getattr(inbox.c, name) for name in Kept.__dataclass_fields__)
    return update(inbox).where(this).values(state="done").returning(*columns)


_NEW = text("inbox.state = 'new'")  # spelt as the index has it
_DUE = Prepared(
    select(inbox.c.id)
    .where(_NEW, inbox.c.due_at <= bindparam("now"))
    .order_by(inbox.c.sent_at, inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
_THIS = inbox.c.id == bindparam("wanted")
_TAKE = Prepared(_take())
_SETTLE = Prepared(update(inbox).where(_THIS), ("intent",))
_FORGET = Prepared(update(inbox).where(_THIS).values(body=None, destroyed=True))
_LEFT = Prepared(select(inbox.c.id).where(among(inbox.c.id, "ids"), inbox.c.state == "new"))


class InboxRepo:
    """Reads and settles inbox rows; inserting is `store.inbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: datetime, limit: int = 400) -> tuple[int, ...]:
        """Return the ids of what waits to be handled, in the order it was said."""
        return tuple(row.id for row in _DUE.all(self._connection, now=now, most=limit))

    def left(self, ids: Sequence[int]) -> list[int]:
        """Return which of these still wait to be handled, in the same order."""
        rows = _LEFT.all(self._connection, ids=ids) if ids else ()
        new = {row.id for row in rows}
        return [inbox_id for inbox_id in ids if inbox_id in new]

    def take(self, inbox_id: int) -> Kept | None:
        """Mark a message handled and return it; None when somebody else has it. A rollback gives it back."""
        row = _TAKE.first(self._connection, wanted=inbox_id)
        return Kept(**{**row._asdict(), "body": row.body or ""}) if row else None

    def settle(self, inbox_id: int, intent: str) -> None:
        """Note what a message turned out to be."""
        _SETTLE.run(self._connection, wanted=inbox_id, intent=intent[:32])

    def forget(self, inbox_id: int) -> None:
        """Destroy a message's text at once: it was not ours to keep (a stranger's, or private data in a group)."""
        _FORGET.run(self._connection, wanted=inbox_id)

    def failed(self, inbox_id: int, now: datetime) -> bool:
        """Count a failed try; True when it was the last and the message now waits for a person."""
        tried = update(inbox).where(inbox.c.id == inbox_id, inbox.c.state == "new")
        again = tried.values(attempts=inbox.c.attempts + 1, due_at=now + AGAIN_AFTER)
        attempts = self._connection.execute(again.returning(inbox.c.attempts)).scalar_one_or_none()
        if attempts is None or attempts < TRIES:
            return False
        self._connection.execute(tried.values(state="failed"))
        return True

    def sender(self, inbox_id: int) -> str | None:
        """Return which account of ours sent a message; None for a resident's, who is answered otherwise."""
        staff = inbox.c.channel.not_in([channel.value for channel in RESIDENT])
        wanted = select(inbox.c.sender).where(inbox.c.id == inbox_id, staff)
        return self._connection.execute(wanted).scalar_one_or_none()

    def destroy(self, before: datetime, limit: int = 2000) -> int:
        """Destroy the texts received before a moment (their retention is over); the rows stay. Returns how many."""
        old = select(inbox.c.id).where(
            inbox.c.received_at < before, inbox.c.destroyed.is_(False), inbox.c.state != "new"
        )
        query = update(inbox).where(inbox.c.id.in_(old.limit(limit).scalar_subquery()))
        return self._connection.execute(query.values(body=None, destroyed=True)).rowcount

    def waiting(self) -> int:
        """Return how many messages wait to be handled."""
        query = select(func.count()).select_from(inbox).where(_NEW)
        return int(self._connection.execute(query).scalar_one())

    def unread(self, until: datetime) -> int:
        """Return how many of the staff's messages received until then were never tried; one that failed is not waited
        for."""
        others = [*(channel.value for channel in RESIDENT), Channel.PAGE.value]
        query = select(func.count()).where(
            _NEW, inbox.c.attempts == 0, inbox.c.received_at <= until, inbox.c.channel.not_in(others)
        )
        return int(self._connection.execute(query).scalar_one())

    def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows from the spool; those already there are the same messages."""
        insert_new(self._connection, rows)

    def quarantine(self, row: Row, stamped_at: datetime) -> bool:
        """Keep a rightly signed but stale message apart; False when the quarantine is full."""
        count = select(func.count()).select_from(quarantine).where(quarantine.c.released_at.is_(None))
        if int(self._connection.execute(count).scalar_one()) >= QUARANTINE_CAP:
            return False
        values = {
            "key": row.key,
            "channel": row.channel,
            "body": _packed(row),
            "stamped_at": stamped_at,
            "received_at": row.received_at,
        }
        made = _INSERT[self._connection.dialect.name](quarantine).values(**values)
        self._connection.execute(made.on_conflict_do_nothing(index_elements=["key"]))
        return True

    def quarantined(self) -> int:
        """Return how many messages lie in quarantine."""
        query = select(func.count()).select_from(quarantine).where(quarantine.c.released_at.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def release(self, now: datetime) -> int:
        """Move everything in quarantine to the inbox (an operator's decision); returns how many messages."""
        waiting = self._connection.execute(
            select(quarantine.c.id, quarantine.c.body).where(quarantine.c.released_at.is_(None))
        ).all()
        if waiting:
            insert_new(self._connection, [_unpacked(body) for _, body in waiting])
            ids = [row_id for row_id, _ in waiting]
            self._connection.execute(update(quarantine).where(quarantine.c.id.in_(ids)).values(released_at=now))
        return len(waiting)


def _packed(row: Row) -> str:
    return json.dumps(
        {
            **row._asdict(),
            "body": base64.b64encode(row.body).decode(),
            "sent_at": row.sent_at.isoformat(),
            "received_at": row.received_at.isoformat(),
        }
    )


def _unpacked(packed: str) -> Row:
    kept = json.loads(packed)
    kept["body"] = base64.b64decode(kept["body"])
    kept["sent_at"] = datetime.fromisoformat(kept["sent_at"])
    kept["received_at"] = datetime.fromisoformat(kept["received_at"])
    return Row(**kept)
