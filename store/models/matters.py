"""Cases by form packs (事项): what somebody asks for about themselves, sealed under their own key, step by step."""

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Table

from handlers.domain.privacy import MATTER, MATTER_DAY
from store.columns import PersonSealed, UtcDateTime, personal, plain
from store.models.base import metadata

matter = Table(
    "matter",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("pack", String(32), nullable=False),
    plain("node_id", Integer, nullable=False),
    plain("household_id", Integer),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    personal("body", PersonSealed, MATTER),  # the fields as told
    plain("state", String(10), nullable=False),
    plain("step", String(32)),
    plain("agreed", String(8), nullable=False),  # how the person said yes: self, face, phone
    plain("asked", String(32)),  # the field being asked
    plain("brought_by", Integer, index=True),  # who on duty brought it
    plain("contact_id", Integer),  # through whom of the household it came
    plain("assignee_id", Integer, index=True),
    plain("rung", Integer, nullable=False, default=0),
    plain("due_at", UtcDateTime, index=True),
    personal("destroy_on", Date, MATTER_DAY),
    plain("opened_at", UtcDateTime, nullable=False),
    plain("moved_at", UtcDateTime, nullable=False),
    plain("closed_at", UtcDateTime),
    Index("ix_matter_destroy_on", "destroy_on"),
)

matter_step = Table(
    "matter_step",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("matter_id", Integer, nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("step", String(32), nullable=False),
    personal("note", PersonSealed, MATTER),
    plain("by_id", Integer),
    plain("at", UtcDateTime, nullable=False),
)
