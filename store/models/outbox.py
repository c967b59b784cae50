"""What goes out. A parcel is one frozen platform call; a delivery is one letter to one address.

A parcel's body never changes once it was attempted: the platform recognises a repeat only by identical JSON.

States of a parcel: held (its predecessor goes first) → queued → flying (claimed, under a lease) → sent, unknown,
failed; or cancelled, late. `due_at` is when it may be tried next.
"""

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Table, text

from handlers.domain.privacy import SECRET, SENT_TEXT, STAFF_KEY
from store.columns import Sealed, SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

parcel = Table(
    "parcel",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("purpose", String(16), nullable=False),
    plain("channel", String(16), nullable=False),
    plain("endpoint", String(40), nullable=False),
    plain("target", String(200)),
    personal("body", SealedJson, SENT_TEXT),
    plain("people", Integer, nullable=False, default=1),
    plain("priority", Integer, nullable=False, default=0),
    plain("state", String(10), nullable=False, default="queued"),
    plain("due_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime),
    plain("lease_until", UtcDateTime),
    plain("owner", String(40)),
    plain("attempts", Integer, nullable=False, default=0),
    plain("unanswered", Integer, nullable=False, default=0),
    plain("lost", Integer, nullable=False, default=0),
    plain("first_attempt_at", UtcDateTime),
    plain("ended_at", UtcDateTime),
    plain("errcode", Integer),
    plain("error", String(120)),
    plain("msgid", String(200)),
    personal("response_code", Sealed, SECRET),
    plain("directive_id", Integer, index=True),
    plain("after_id", Integer),
    plain("followed", Boolean, nullable=False, default=False),
    plain("refers_to", Integer),
    plain("stop", Boolean, nullable=False, default=False),
    plain("created_at", UtcDateTime, nullable=False),
    *(
        Index(name, *columns, sqlite_where=text(only), postgresql_where=text(only))
        for name, columns, only in (
            ("ix_parcel_queued", ("due_at", "priority"), "state = 'queued'"),
            ("ix_parcel_flying", ("lease_until",), "state = 'flying'"),
            ("ix_parcel_expires_at", ("expires_at",), "expires_at IS NOT NULL"),
            ("ix_parcel_after_id", ("after_id",), "after_id IS NOT NULL"),
            ("ix_parcel_resident", ("target", "first_attempt_at"), "channel IN ('kf', 'official_account')"),
        )
    ),
)

delivery = Table(
    "delivery",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("parcel_id", Integer, ForeignKey("parcel.id"), index=True),
    plain("directive_id", Integer, index=True),
    plain("purpose", String(16), nullable=False),
    plain("node_id", Integer),
    plain("person_id", Integer),
    plain("chat_id", Integer),
    personal("address", String(200), STAFF_KEY, nullable=False),
    plain("state", String(12), nullable=False, default="queued"),
    plain("relay_code", String(16)),
    plain("sent_at", UtcDateTime),
    plain("ended_at", UtcDateTime),
    plain("created_at", UtcDateTime, nullable=False),
    Index("ix_delivery_relay_code", "relay_code"),
    Index("ix_delivery_person_id", "person_id", "created_at"),  # what somebody had today: the fatigue is counted here
    Index(
        "ix_delivery_household",
        "node_id",
        "created_at",
        sqlite_where=text("person_id IS NULL AND chat_id IS NULL"),
        postgresql_where=text("person_id IS NULL AND chat_id IS NULL"),
    ),
)

pace = Table(
    "pace",
    metadata,
    personal("key", String(200), STAFF_KEY, primary_key=True),
    plain("free_at", Float, nullable=False),
)

access_token = Table(
    "access_token",
    metadata,
    plain("key", String(64), primary_key=True),  # of the app, never of its secret
    personal("value", Sealed, SECRET),
    plain("fetched_at", UtcDateTime),
    plain("expires_at", UtcDateTime),
    plain("asked_at", UtcDateTime),
    plain("lease_until", UtcDateTime),
    plain("refused", Integer, nullable=False, default=0),
    plain("refused_at", UtcDateTime),
)
