"""The access token's row: one process at a time asks the platform for a new one, and everybody uses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from store.models.outbox import access_token

ASK_EVERY = timedelta(seconds=60)  # at most one question a minute, whatever is said about the token
REFUSED_REST = timedelta(minutes=20)  # three wrong secrets an hour: more of them get our address banned
ASK_AGAIN = timedelta(seconds=5)  # after a question that got no proper answer
LEASE = timedelta(seconds=6)

_C = access_token.c


@dataclass(frozen=True, slots=True)
class Kept:
    """The token as it stands; `value` is None before the first one."""

    value: str | None
    fetched_at: datetime | None
    expires_at: datetime | None
    asked_at: datetime | None
    lease_until: datetime | None
    refused: int
    refused_at: datetime | None

    def wait_s(self, now: datetime) -> float:
        """Return in how many seconds the platform may be asked again; 0 when it may be now."""
        rests = [self.asked_at + ASK_EVERY] if self.asked_at else []
        if self.lease_until:  # somebody asks just now, or died asking: then nothing came of it and the next may ask
            rests = [self.lease_until]
        if self.refused and self.refused_at:
            rests.append(self.refused_at + REFUSED_REST)
        return max([(rest - now).total_seconds() for rest in rests] + [0.0])


class TokenRepo:
    """The row of one app, within one transaction. *key* names the app and the secret's version, never the secret."""

    def __init__(self, connection: Connection, key: str) -> None:
        self._connection, self._key = connection, key

    def read(self) -> Kept:
        """Return what is kept."""
        columns = (_C.value, _C.fetched_at, _C.expires_at, _C.asked_at, _C.lease_until, _C.refused, _C.refused_at)
        row = self._connection.execute(select(*columns).where(_C.key == self._key)).one_or_none()
        return Kept(*row) if row else Kept(None, None, None, None, None, 0, None)

    def lease(self, now: datetime) -> bool:
        """Take the right to ask the platform; False when another process has it or asked less than a minute ago."""
        free = or_(_C.lease_until.is_(None), _C.lease_until <= now)
        # a lease that was never given back is that of somebody who died asking
        asked = or_(_C.asked_at.is_(None), _C.asked_at <= now - ASK_EVERY, _C.lease_until.is_not(None))
        refused = or_(_C.refused == 0, _C.refused_at <= now - REFUSED_REST)
        taking = {"lease_until": now + LEASE, "asked_at": now}
        mine = update(access_token).where(_C.key == self._key, free, asked, refused).values(taking)
        if self._connection.execute(mine).rowcount:
            return True
        if self._connection.execute(select(_C.key).where(_C.key == self._key)).first():
            return False
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(access_token).values(key=self._key, refused=0, **taking))
        except IntegrityError:  # another process was faster
            return False
        return True

    def keep(self, value: str, now: datetime, expires_at: datetime) -> None:
        """Keep a new token."""
        self._write(value=value, fetched_at=now, expires_at=expires_at, refused=0, refused_at=None)

    def refuse(self, now: datetime) -> None:
        """Note that the platform refused the secret."""
        self._write(refused=_C.refused + 1, refused_at=now)

    def release(self, now: datetime) -> None:
        """Give the right to ask back after a question that got no proper answer; it may be asked again soon."""
        self._write(asked_at=now - ASK_EVERY + ASK_AGAIN)

    def _write(self, **values: Any) -> None:
        statement = update(access_token).where(_C.key == self._key)
        self._connection.execute(statement.values(lease_until=None, **values))
