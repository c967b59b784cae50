"""What goes on around the people on duty: papers they asked for, handovers to a substitute, days off, lists of the day.

A handover and an order for a paper name staff by number and households not at all: what they hold is looked up when it
is shown. Why somebody has a day off is sealed and goes first.
"""

from sqlalchemy import Date, Index, Integer, String, Table

from handlers.domain.privacy import DAY_OFF, LISTED
from store.columns import Sealed, UtcDateTime, personal, plain
from store.models.base import metadata

paper_order = Table(
    "paper_order",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("kind", String(12), nullable=False),
    plain("node_id", Integer),
    plain("person_id", Integer, nullable=False),
    plain("asked_at", UtcDateTime, nullable=False),
    plain("made_at", UtcDateTime),
    plain("parcel_id", Integer),
)

handover = Table(
    "handover",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, nullable=False),
    plain("substitute_id", Integer, nullable=False, index=True),
    plain("first_day", Date, nullable=False),
    plain("last_day", Date, nullable=False),
    plain("due_at", UtcDateTime),
    plain("told_at", UtcDateTime),
    plain("confirmed_at", UtcDateTime),
    plain("ended_at", UtcDateTime),
    Index("ix_handover_due_at", "due_at"),
)

day_off = Table(
    "day_off",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, nullable=False),
    plain("day", Date, nullable=False),
    personal("why", Sealed, DAY_OFF, nullable=False),  # rest or unwell: never a temperature
    plain("asked_id", Integer),  # who was asked to stand in
    plain("arranged_at", UtcDateTime),
    plain("said_at", UtcDateTime, nullable=False),
    Index("ix_day_off_day", "day"),
)

list_round = Table(  # the lists of one day, put down piece by piece
    "list_round",
    metadata,
    plain("day", Date, primary_key=True),
    plain("state", String(8), nullable=False),
    plain("done_to", Integer, nullable=False, default=0),  # the last person that was put down
    plain("opened_at", UtcDateTime, nullable=False),
)

day_list = Table(  # one row a person and day: it decides that a list goes out once
    "day_list",
    metadata,
    plain("person_id", Integer, primary_key=True, autoincrement=False),
    plain("day", Date, primary_key=True),
    personal("state", String(8), LISTED, nullable=False),
    plain("at", UtcDateTime, nullable=False),
    Index("ix_day_list_day", "day"),
)
