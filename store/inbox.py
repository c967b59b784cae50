"""The inbox: insert once under the unique key, whatever the way in (door, spool, quarantine)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store.cipher import FieldCipher
from store.engine import Database


class Row(NamedTuple):
    """One arrived message, its body sealed already."""

    key: str
    channel: str
    kind: str
    sender: str | None
    chat: str | None
    body: bytes
    sent_at: datetime
    received_at: datetime


def row(
    key: str,
    channel: str,
    kind: str,
    sender: str | None,
    chat: str | None,
    body: bytes,
    sent_at: datetime,
    now: datetime,
) -> Row:
    """Return the row of an arrived message; *body* is the message as decrypted, and is sealed here."""
    return Row(key, channel, kind, sender, chat, FieldCipher.current().seal(body), sent_at, now)


_COLUMNS = "key, channel, kind, sender, chat, body, sent_at, received_at, state, attempts, due_at, destroyed"
_INTO = f"INSERT INTO inbox ({_COLUMNS}) VALUES {{}} ON CONFLICT (key) DO NOTHING"  # noqa: S608
_SQLITE_ROW = "(?,?,?,?,?,?,?,?,'new',0,?,0)"
_POSTGRESQL = _INTO.format("(%s,%s,%s,%s,%s,%s,%s,%s,'new',0,%s,false)")
AT_ONCE = 64  # rows a statement on SQLite


def insert_new(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert *rows*; one whose key is there already is the same message again and changes nothing.

    Straight to the driver: this is the one statement a platform's patience hangs on, and SQLAlchemy's
    parameter processing costs five times the insert itself.
    """
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        for first in range(0, len(rows), AT_ONCE):
            cursor.execute(*_sqlite(rows[first : first + AT_ONCE]))
    else:
        cursor.executemany(_POSTGRESQL, [(*made, made.received_at) for made in rows])
    cursor.close()


class InboxWriter:
    """Commits whole batches to the inbox, for the one thread of a process that does nothing else.

    On SQLite a batch is one statement that commits by itself, on a connection of its own. A thread that asks the
    driver for BEGIN, INSERT and COMMIT asks three times for the interpreter's lock afterwards, and each time waits for
    the event loop to be idle; one call is a third more messages a second, and lets the loop work while it writes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: Any = None

    def write(self, rows: Sequence[Row]) -> None:
        """Return once *rows* are committed; whatever the driver raises when they are not, and then none is."""
        if self._database.sqlite and len(rows) <= AT_ONCE:
            with self._database.turn_to_write():
                self._write_alone(rows)
        else:
            with self._database.begin() as connection:
                insert_new(connection, rows)

    def close(self) -> None:
        """Give the connection back; the next batch makes another."""
        own, self._own = self._own, None
        if own is not None:
            own.close()

    def _write_alone(self, rows: Sequence[Row]) -> None:
        if self._own is None:
            self._own = self._database.own_connection()
        try:
            self._own.execute(*_sqlite(rows)).close()
        except Exception:
            self.close()
            raise


def _sqlite(rows: Sequence[Row]) -> tuple[str, list[Any]]:
    return _statement(len(rows)), [value for made in rows for value in _sqlite_values(made)]


@lru_cache(maxsize=AT_ONCE)
def _statement(rows: int) -> str:
    return _INTO.format(",".join([_SQLITE_ROW] * rows))


def _sqlite_values(made: Row) -> tuple[Any, ...]:
    received = _text(made.received_at)
    return (*made[:6], _text(made.sent_at), received, received)


def _text(moment: datetime) -> str:
    """The form SQLAlchemy's own DateTime reads back on SQLite."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds")
