"""Sign-in, and who read what."""

from sqlalchemy import Index, Integer, String, Table

from handlers.domain.privacy import LOOKED, SECRET_HASH
from store.columns import UtcDateTime, personal, plain
from store.models.base import metadata

account = Table(
    "account",
    metadata,
    plain("person_id", Integer, primary_key=True),
    personal("password_hash", String(200), SECRET_HASH, nullable=False),
    plain("failures", Integer, nullable=False, default=0),
    plain("locked_until", UtcDateTime),
    plain("changed_at", UtcDateTime, nullable=False),
)

session = Table(
    "session",
    metadata,
    personal("key_hash", String(64), SECRET_HASH, primary_key=True),
    plain("person_id", Integer, nullable=False, index=True),
    plain("created_at", UtcDateTime, nullable=False),
    plain("seen_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
)

audit_anchor = Table(  # where the chain begins after its old rows were destroyed
    "audit_anchor",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("cut_at", UtcDateTime, nullable=False),
    plain("rows", Integer, nullable=False),
    plain("hash", String(64), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("at", UtcDateTime, nullable=False),
    personal("person_id", Integer, LOOKED),
    plain("action", String(40), nullable=False),
    plain("object", String(80), nullable=False),
    plain("purpose", String(40), nullable=False),
    plain("result", String(20), nullable=False),
    plain("previous", String(64), nullable=False),
    plain("hash", String(64), nullable=False, unique=True),
    Index("ix_audit_at", "at"),
    Index("ix_audit_object", "object"),
)
