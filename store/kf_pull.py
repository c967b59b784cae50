"""How far each kf account has been pulled. The cursor moves in the transaction that stores what came with it, and only
whoever holds the lease moves it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.models import kf_pull

LEASE = timedelta(seconds=40)  # longer than a pull may take, its token and its one repeat included
TOKEN_LIFE = timedelta(minutes=9)  # the platform says ten
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_C = kf_pull.c


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull that is now the caller's. `asked` counts the hints so far; `token` is None when the last is too old."""

    open_kfid: str
    cursor: str
    token: str | None = field(repr=False)
    asked: int
    failures: int
    pulled_at: datetime | None


class PullRepo:
    """Keeps `handlers.ports.Pulls`; within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, open_kfid: str, token: str | None, now: datetime) -> None:
        """Note that there is something to pull."""
        values: dict[str, Any] = {"due_at": now}
        if token:
            values |= {"token": token, "token_at": now}
        made = _INSERT[self._connection.dialect.name](kf_pull).values(
            open_kfid=open_kfid, asked=1, failures=0, **values
        )
        again = made.on_conflict_do_update(index_elements=["open_kfid"], set_={**values, "asked": _C.asked + 1})
        self._connection.execute(again)

    def known(self, open_kfid: str) -> bool:
        """Return whether that account was ever asked about."""
        return self._connection.execute(select(_C.asked).where(_C.open_kfid == open_kfid)).first() is not None

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the accounts that wait to be pulled and that nobody is pulling."""
        free = or_(_C.lease_until.is_(None), _C.lease_until <= now)
        return tuple(self._connection.scalars(select(_C.open_kfid).where(_C.due_at <= now, free)))

    def lease(self, open_kfid: str, owner: str, now: datetime) -> Pull | None:
        """Take the account; None when it is not due or somebody has it."""
        free = or_(_C.lease_until.is_(None), _C.lease_until <= now)
        mine = update(kf_pull).where(_C.open_kfid == open_kfid, _C.due_at <= now, free)
        mine = mine.values(owner=owner, lease_until=now + LEASE)
        columns = (_C.open_kfid, _C.cursor, _C.token, _C.token_at, _C.asked, _C.failures, _C.pulled_at)
        row = self._connection.execute(mine.returning(*columns)).one_or_none()
        if row is None:
            return None
        fresh = row.token_at is not None and now - row.token_at < TOKEN_LIFE
        return Pull(row.open_kfid, row.cursor, row.token if fresh else None, row.asked, row.failures, row.pulled_at)

    def advance(self, open_kfid: str, owner: str, cursor: str, now: datetime) -> bool:
        """Move the cursor and renew the lease; False when the lease is no longer the caller's, and nothing moved."""
        mine = update(kf_pull).where(_C.open_kfid == open_kfid, _C.owner == owner, _C.lease_until > now)
        moved = mine.values(cursor=cursor, lease_until=now + LEASE, pulled_at=now, failures=0)
        return self._connection.execute(moved).rowcount == 1

    def release(self, open_kfid: str, owner: str, asked: int, again_at: datetime, *, failed: bool = False) -> None:
        """Give the account back, due at *again_at*; at once when a hint came meanwhile and nothing went wrong."""
        mine = update(kf_pull).where(_C.open_kfid == open_kfid, _C.owner == owner)
        due_at = again_at if failed else case((_C.asked == asked, again_at), else_=_C.due_at)
        failures = _C.failures + 1 if failed else 0
        self._connection.execute(mine.values(owner=None, lease_until=None, due_at=due_at, failures=failures))

    def abandon(self, owner: str, now: datetime) -> int:
        """Give back what a dead process was pulling under `owner/…`; returns how many accounts."""
        held = update(kf_pull).where(_C.owner.startswith(f"{owner}/", autoescape=True))
        return self._connection.execute(held.values(owner=None, lease_until=None, due_at=now)).rowcount
