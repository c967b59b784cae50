"""Consent as it was said, word by word; what somebody asked about their own data; tasks to look after somebody."""

from sqlalchemy import Boolean, Index, Integer, String, Table

from handlers.domain.privacy import CARE, CONSENT, RIGHTS
from store.columns import PersonSealed, UtcDateTime, personal, plain
from store.models.base import metadata

consent = Table(
    "consent",
    metadata,
    plain("id", Integer, primary_key=True),
    personal("subject_id", Integer, CONSENT, nullable=False),
    plain("purpose", String(12), nullable=False),
    plain("version", Integer, nullable=False),
    plain("state", String(12), nullable=False),
    plain("said_by", String(12), nullable=False),
    plain("guardian", Boolean, nullable=False, default=False),
    plain("way", String(20), nullable=False),
    plain("worker_id", Integer),
    plain("sheet_id", Integer),
    plain("said_at", UtcDateTime, nullable=False),
    Index("ix_consent_subject_id", "subject_id", "purpose"),
)

rights_request = Table(
    "rights_request",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("subject_id", Integer, nullable=False, index=True),
    plain("kind", String(12), nullable=False),
    plain("state", String(12), nullable=False, default="open"),
    plain("asked_at", UtcDateTime, nullable=False),
    plain("due_at", UtcDateTime, nullable=False),
    plain("answered_at", UtcDateTime),
    plain("answered_by", Integer),
    personal("reason", PersonSealed, RIGHTS),
    Index("ix_rights_request_state_due_at", "state", "due_at"),
)

mention = Table(  # which letters say something of a person: they go with the person
    "mention",
    metadata,
    plain("parcel_id", Integer, primary_key=True, autoincrement=False),
    plain("subject_id", Integer, primary_key=True, autoincrement=False, index=True),
)

care_task = Table(
    "care_task",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("kind", String(12), nullable=False),
    plain("subject_id", Integer, nullable=False, index=True),
    plain("node_id", Integer, nullable=False, index=True),
    plain("household_id", Integer),
    plain("declaration_id", Integer),
    plain("state", String(8), nullable=False, default="open"),
    plain("urgent", Boolean, nullable=False, default=False),
    plain("rung", Integer, nullable=False, default=0),
    plain("taker_id", Integer, index=True),
    personal("note", PersonSealed, CARE),
    plain("made_at", UtcDateTime, nullable=False),
    plain("due_at", UtcDateTime),
    plain("closed_at", UtcDateTime),
    Index("ix_care_task_state_due_at", "state", "due_at"),
)
