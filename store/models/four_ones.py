"""The four ones: which household is on which plan, the rounds that were opened, one row a contact.

A contact says when a household was asked and how that went, never what it said; who is ill stands under a key.
"""

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import ANSWER, CONTACTED, NEED, ON_PLAN
from store.columns import PersonSealed, UtcDateTime, personal, plain
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
    plain("rung", Integer, nullable=False, default=0),  # how many were asked to act, one after the other
    plain("owner_id", Integer, index=True),
    plain("asked_at", UtcDateTime),
    plain("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("household_id", "day", "slot"),
    Index("ix_contact_due_due_at", "due_at"),
    Index("ix_contact_due_day", "day"),
)

contact_step = Table(  # what was tried, one after the other, and why: never held against anybody
    "contact_step",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("contact_id", Integer, nullable=False, index=True),
    plain("step", String(12), nullable=False),
    personal("why", String(12), CONTACTED, nullable=False),
    plain("person_id", Integer),
    plain("at", UtcDateTime, nullable=False),
    Index("ix_contact_step_at", "at"),
)

visit_word = Table(  # somebody said that they were at a door: whether the household says so too
    "visit_word",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, nullable=False),
    plain("day", Date, nullable=False),
    plain("contact_id", Integer),  # of a visit on a plan; None where only things were brought
    plain("brought", Boolean, nullable=False, default=False),
    plain("person_id", Integer, nullable=False),
    personal("state", String(8), CONTACTED, nullable=False),
    plain("asked_with", Integer),  # the contact whose question it rides on
    plain("said_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
    Index("ix_visit_word_household_id_day", "household_id", "day"),
    Index("ix_visit_word_day", "day"),
)

contact_answer = Table(
    "contact_answer",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("contact_id", Integer, nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("day", Date, nullable=False),
    personal("body", PersonSealed, ANSWER),  # temperature, symptoms, well or not
    plain("speaker", String(16), nullable=False),
    plain("via", String(20), nullable=False),
    plain("inbox_id", Integer),
    plain("state", String(12), nullable=False),
    plain("said_at", UtcDateTime, nullable=False),
)

need = Table(
    "need",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("day", Date, nullable=False),
    personal("body", PersonSealed, NEED),  # what is asked for: a medicine says what somebody has
    plain("state", String(12), nullable=False),
    plain("claimed_by", Integer),
    plain("inbox_id", Integer),
    plain("said_at", UtcDateTime, nullable=False),
    plain("closed_at", UtcDateTime),
)
