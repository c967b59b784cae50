"""Sign-in: argon2id hashes, sessions on the server, a lock that grows with failures."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, insert, select, update

from store.models import account, session

IDLE_AFTER = timedelta(minutes=15)
ENDS_AFTER = timedelta(hours=8)
LOCK_FROM = 5
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor for argon2id
_NOBODY = _HASHER.hash("nobody has this")  # checked for unknown accounts, so that they take as long


class AccountRepo:
    """Passwords and sessions of people on duty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_password(self, person_id: int, password: str, now: datetime) -> None:
        """Set the password and end every session of the person."""
        values = {"password_hash": _HASHER.hash(password), "failures": 0, "locked_until": None, "changed_at": now}
        changed = self._connection.execute(update(account).where(account.c.person_id == person_id).values(**values))
        if changed.rowcount == 0:
            self._connection.execute(insert(account).values(person_id=person_id, **values))
        self.end_all(person_id, now)

    def check(self, person_id: int | None, password: str, now: datetime) -> bool:
        """Return whether the password is right and the account not locked; counts failures, same work either way."""
        row = None
        if person_id is not None:
            query = select(account).where(account.c.person_id == person_id)
            row = self._connection.execute(query).mappings().one_or_none()
        right = _matches(row["password_hash"] if row else _NOBODY, password)
        if row is None or (row["locked_until"] is not None and row["locked_until"] > now):
            return False
        failures = 0 if right else row["failures"] + 1
        wait = timedelta(seconds=min(2 ** max(failures - LOCK_FROM, 0) * 30, 3600))
        locked_until = now + wait if failures >= LOCK_FROM else None
        self._connection.execute(
            update(account).where(account.c.person_id == person_id).values(failures=failures, locked_until=locked_until)
        )
        return right

    def open_session(self, person_id: int, now: datetime) -> str:
        """Return the key of a new session; only its hash is kept."""
        key = secrets.token_urlsafe(32)
        self._connection.execute(
            insert(session).values(key_hash=_digest(key), person_id=person_id, created_at=now, seen_at=now)
        )
        return key

    def session(self, key: str, now: datetime) -> int | None:
        """Return whose session this is, None when it is unknown, ended, idle for 15 min or 8 h old."""
        query = select(session).where(session.c.key_hash == _digest(key), session.c.ended_at.is_(None))
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None or now - row["seen_at"] > IDLE_AFTER or now - row["created_at"] > ENDS_AFTER:
            return None
        if now - row["seen_at"] > timedelta(seconds=30):
            self._connection.execute(update(session).where(session.c.key_hash == row["key_hash"]).values(seen_at=now))
        return int(row["person_id"])

    def end_session(self, key: str, now: datetime) -> None:
        """Sign out."""
        query = update(session).where(session.c.key_hash == _digest(key))
        self._connection.execute(query.values(ended_at=now))

    def end_all(self, person_id: int, now: datetime) -> None:
        """End every session of a person."""
        query = update(session).where(session.c.person_id == person_id, session.c.ended_at.is_(None))
        self._connection.execute(query.values(ended_at=now))


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
