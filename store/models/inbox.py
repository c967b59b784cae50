"""What came in: one row a distinct message or event, kept before the platform gets its 200."""

from sqlalchemy import Boolean, Index, Integer, String, Table, text

from handlers.domain.privacy import STAFF_KEY, TEXT
from store.columns import Sealed, UtcDateTime, personal, plain
from store.models.base import metadata

inbox = Table(
    "inbox",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key", String(100), nullable=False, unique=True),
    plain("channel", String(16), nullable=False),
    plain("kind", String(32), nullable=False),
    personal("sender", String(64), STAFF_KEY),
    plain("chat", String(200)),
    personal("body", Sealed, TEXT),
    plain("sent_at", UtcDateTime),
    plain("received_at", UtcDateTime, nullable=False),
    plain("state", String(8), nullable=False, default="new"),
    plain("attempts", Integer, nullable=False, default=0),
    plain("due_at", UtcDateTime, nullable=False),
    plain("intent", String(32)),
    plain("destroyed", Boolean, nullable=False, default=False),
    Index("ix_inbox_new", "sent_at", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index("ix_inbox_received_at", "received_at"),
    Index("ix_inbox_sender_state_sent_at", "sender", "state", "sent_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key", String(100), nullable=False, unique=True),
    plain("channel", String(16), nullable=False),
    personal("body", Sealed, TEXT, nullable=False),
    plain("stamped_at", UtcDateTime),
    plain("received_at", UtcDateTime, nullable=False),
    plain("released_at", UtcDateTime),
)

alarm = Table(
    "alarm",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("kind", String(40), nullable=False),
    plain("detail", String(300), nullable=False),
    plain("raised_at", UtcDateTime, nullable=False),
    plain("count", Integer, nullable=False, default=1),
    plain("closed_at", UtcDateTime),
    Index("ix_alarm_kind_closed_at", "kind", "closed_at"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    plain("process", String(40), primary_key=True),
    plain("beat_at", UtcDateTime, nullable=False),
)
