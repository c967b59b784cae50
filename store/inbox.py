"""The inbox: insert once under the unique key, whatever the way in (door, spool, quarantine)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store.cipher import FieldCipher


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
_SQLITE = f"INSERT INTO inbox ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,'new',0,?,0) ON CONFLICT (key) DO NOTHING"  # noqa: S608
_POSTGRESQL = (
    f"INSERT INTO inbox ({_COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,'new',0,%s,false) ON CONFLICT (key) DO NOTHING"  # noqa: S608
)


def insert_new(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert *rows*; one whose key is there already is the same message again and changes nothing.

    Straight to the driver: this is the one statement a platform's patience hangs on, and SQLAlchemy's
    parameter processing costs five times the insert itself.
    """
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany(_SQLITE, [_sqlite_values(made) for made in rows])
    else:
        cursor.executemany(_POSTGRESQL, [(*made, made.received_at) for made in rows])
    cursor.close()


def _sqlite_values(made: Row) -> tuple[Any, ...]:
    received = _text(made.received_at)
    return (*made[:6], _text(made.sent_at), received, received)


def _text(moment: datetime) -> str:
    """The form SQLAlchemy's own DateTime reads back on SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
