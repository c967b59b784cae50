"""The four ones: which household is on which plan, the rounds that were opened, one row a contact.

A contact says when a household was asked and how that went, never what it said; who is ill stands under a key.
"""

from sqlalchemy import Boolean, Date, Index, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import CONTACTED, ON_PLAN
from store.columns import UtcDateTime, personal, plain
from store.models.base import metadata

enrolment = Table(
    "enrolment",
    metadata,
    plain("household_id", Integer, primary_key=True, autoincrement=False),
    personal("plan", String(32), ON_PLAN, primary_key=True),
    plain("first_day", Date, nullable=False),
    plain("last_day", Date),
    plain("normal_days", Integer, nullable=False, default=0),
    plain("normal_on", Date),
    plain("exception_only", Boolean, nullable=False, default=False),
    plain("since_at", UtcDateTime, nullable=False),
    Index("ix_enrolment_last_day", "last_day"),
)

contact_round = Table(
    "contact_round",
    metadata,
    plain("day", Date, primary_key=True),
    plain("slot", Integer, primary_key=True, autoincrement=False),  # minutes of the local day
    plain("state", String(8), nullable=False),
    plain("done_to", Integer, nullable=False, default=0),  # the last household that was put down
    plain("opened_at", UtcDateTime, nullable=False),
)

contact_due = Table(
    "contact_due",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, nullable=False),
    plain("day", Date, nullable=False),
    plain("slot", Integer, nullable=False),
    plain("kinds", Integer, nullable=False),
    personal("state", String(8), CONTACTED, nullable=False),
    plain("late", Boolean, nullable=False, default=False),
    plain("due_at", UtcDateTime),
    plain("owner_id", Integer, index=True),
    plain("asked_at", UtcDateTime),
    plain("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("household_id", "day", "slot"),
    Index("ix_contact_due_due_at", "due_at"),
    Index("ix_contact_due_day", "day"),
)
