"""Directives, what is owed on them, and the modes that give them their powers."""

from sqlalchemy import JSON, Boolean, Index, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import SENT_TEXT, TEXT
from store.columns import Sealed, SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

directive = Table(
    "directive",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("number", Integer, unique=True),
    plain("kind", String(10), nullable=False, default="new"),
    plain("refers_to", Integer),
    plain("author_id", Integer, nullable=False),
    plain("confirmer_id", Integer),
    plain("scope_id", Integer, nullable=False),
    personal("body", Sealed, SENT_TEXT, nullable=False),
    plain("audience", JSON, nullable=False),
    plain("ladder", JSON, nullable=False),
    plain("compulsory", Boolean, nullable=False, default=False),
    plain("urgent", Boolean, nullable=False, default=False),
    plain("drill", Boolean, nullable=False, default=False),
    plain("state", String(12), nullable=False),
    plain("reach", JSON),
    plain("created_at", UtcDateTime, nullable=False),
    plain("due_at", UtcDateTime),
    plain("deadline_at", UtcDateTime),
    plain("issued_at", UtcDateTime),
    plain("ended_at", UtcDateTime),
    plain("reviewed_at", UtcDateTime),
    Index("ix_directive_state_due_at", "state", "due_at"),
)

receipt = Table(
    "receipt",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("directive_id", Integer, nullable=False),
    plain("person_id", Integer, nullable=False, index=True),
    plain("node_id", Integer, nullable=False),
    plain("state", String(12), nullable=False, default="waiting"),
    plain("via", String(12)),
    personal("blocker", Sealed, TEXT),
    plain("answered_at", UtcDateTime),
    plain("rung", Integer, nullable=False, default=0),
    plain("due_at", UtcDateTime),
    UniqueConstraint("directive_id", "person_id"),
    Index("ix_receipt_due_at", "due_at"),
)

mode = Table(
    "mode",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, nullable=False, index=True),
    plain("kind", String(8), nullable=False),
    plain("issuer_id", Integer, nullable=False),
    plain("basis", String(300), nullable=False),
    plain("starts_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
)

talk = Table(
    "talk",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, nullable=False),
    plain("place", String(200), nullable=False),
    plain("topic", String(20), nullable=False),
    plain("subject_id", Integer),
    personal("body", SealedJson, TEXT),
    plain("said_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime, nullable=False),
    Index("ix_talk_person_id_topic", "person_id", "topic"),
)

sequence = Table(
    "sequence",
    metadata,
    plain("name", String(40), primary_key=True),
    plain("value", Integer, nullable=False),
)
