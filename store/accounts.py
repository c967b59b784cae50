"""Sign-in: argon2id hashes, sessions on the server, a lock that grows with failures.

Hashing takes 20 to 50 ms and 19 MiB: callers do it outside the transaction (`matches`), so that nobody at the
sign-in page holds up the messages coming in.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from store.models import account, person, session

IDLE_AFTER = timedelta(minutes=15)
ENDS_AFTER = timedelta(hours=8)
LOCK_FROM = 5
_LOCK_AT_MOST = timedelta(hours=1)
_TOUCH_EVERY = timedelta(seconds=30)
_KEEP_SESSIONS = timedelta(days=1)  # handlers.domain.privacy.SECRET_HASH
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor for argon2id
_NOBODY = _HASHER.hash(secrets.token_hex(16))  # checked for unknown accounts, so that they take as long
_AT_ONCE = threading.BoundedSemaphore(2)  # a crowd at the sign-in page must not take the memory of the process


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account it is and the hash of the password."""

    person_id: int
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `stale` says that it is time to `touch` it."""

    person_id: int
    stale: bool


class AccountRepo:
    """Passwords and sessions of people on duty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_password(self, person_id: int, password: str, now: datetime) -> None:
        """Set the password, lift any lock, and end every session of the person."""
        values = {"password_hash": _HASHER.hash(password), "failures": 0, "locked_until": None, "changed_at": now}
        changed = self._connection.execute(update(account).where(account.c.person_id == person_id).values(**values))
        if changed.rowcount == 0:
            self._connection.execute(insert(account).values(person_id=person_id, **values))
        self.end_all(person_id, now)

    def find(self, userid: str) -> Account | None:
        """Return the account of somebody still with us, None when there is none or no password was set."""
        query = (
            select(account.c.person_id, account.c.password_hash)
            .join(person, person.c.id == account.c.person_id)
            .where(person.c.userid == userid.lower(), person.c.active)
        )
        row = self._connection.execute(query).one_or_none()
        return Account(*row) if row else None

    def settle(self, person_id: int, right: bool, now: datetime) -> bool | None:
        """Count one try whose password was *right* or not, and return whether it lets in; None while locked.

        The lock is looked at here, in the writing transaction: guesses made side by side do not slip past it.
        """
        query = select(account.c.failures, account.c.locked_until).where(account.c.person_id == person_id)
        failures, locked_until = self._connection.execute(query).one()
        if locked_until is not None and locked_until > now:
            return None
        failures = 0 if right else failures + 1
        values = {"failures": failures, "locked_until": now + _wait(failures) if failures >= LOCK_FROM else None}
        self._connection.execute(update(account).where(account.c.person_id == person_id).values(**values))
        return right

    def open_session(self, person_id: int, now: datetime) -> str:
        """Return the key of a new session; only its hash is kept. Sessions long over are deleted on the way."""
        self._connection.execute(delete(session).where(session.c.created_at < now - ENDS_AFTER - _KEEP_SESSIONS))
        key = secrets.token_urlsafe(32)
        self._connection.execute(
            insert(session).values(key_hash=_digest(key), person_id=person_id, created_at=now, seen_at=now)
        )
        return key

    def session(self, key: str, now: datetime) -> Session | None:
        """Return the session of *key*, None when it is unknown, ended, idle for 15 min or 8 h old."""
        query = select(session).where(session.c.key_hash == _digest(key), session.c.ended_at.is_(None))
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None or now - row["seen_at"] > IDLE_AFTER or now - row["created_at"] > ENDS_AFTER:
            return None
        return Session(row["person_id"], now - row["seen_at"] > _TOUCH_EVERY)

    def touch(self, key: str, now: datetime) -> None:
        """Note that the session is in use; one that was ended meanwhile stays ended."""
        query = update(session).where(session.c.key_hash == _digest(key), session.c.ended_at.is_(None))
        self._connection.execute(query.values(seen_at=now))

    def end_session(self, key: str, now: datetime) -> None:
        """Sign out."""
        query = update(session).where(session.c.key_hash == _digest(key), session.c.ended_at.is_(None))
        self._connection.execute(query.values(ended_at=now))

    def end_all(self, person_id: int, now: datetime) -> None:
        """End every session of a person."""
        query = update(session).where(session.c.person_id == person_id, session.c.ended_at.is_(None))
        self._connection.execute(query.values(ended_at=now))


def matches(known: Account | None, password: str) -> bool:
    """Return whether it is the account's password; for no account the same work, and False."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(known.password_hash if known else _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return right and known is not None


def _wait(failures: int) -> timedelta:
    """Return the lock after so many failures in a row: 30 s after the fifth, doubling, an hour at most."""
    return min(timedelta(seconds=30 * 2 ** min(failures - LOCK_FROM, 10)), _LOCK_AT_MOST)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
