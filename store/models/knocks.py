"""Door-knock rounds and posting campaigns: the round, one row a household, one a building, what each row went through.

A household's row says whether somebody was seen there and how many live there; never who, how they are, or where
they went. `persons` None: not said.
"""

from sqlalchemy import JSON, Boolean, Index, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import KNOCKED, SENT_TEXT
from store.columns import SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

knock_round = Table(
    "knock_round",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("kind", String(8), nullable=False),
    plain("nodes", JSON, nullable=False),  # where it is worked, and all below
    personal("words", SealedJson, SENT_TEXT),  # title, purpose, basis, as their author typed them
    plain("template", String(32)),
    plain("directive_id", Integer),
    plain("author_id", Integer, nullable=False),
    plain("state", String(8), nullable=False),
    plain("done_to", Integer, nullable=False, default=0),  # the last household that was put down
    plain("deadline_at", UtcDateTime),
    plain("due_at", UtcDateTime, index=True),  # when its author hears how it went, then when it closes
    plain("made_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
)

knock = Table(
    "knock",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("round_id", Integer, nullable=False),
    plain("household_id", Integer, nullable=False),
    plain("place_id", Integer, nullable=False),  # the node right above the household
    personal("state", String(8), KNOCKED, nullable=False),
    personal("persons", Integer, KNOCKED),
    plain("rung", Integer, nullable=False, default=0),  # how often nobody was there
    plain("due_at", UtcDateTime),  # when to try again; None: not now
    UniqueConstraint("round_id", "household_id"),
    Index("ix_knock_places", "round_id", "place_id", "state"),
    Index("ix_knock_due_at", "due_at"),
)

knock_step = Table(  # every word about a household, the taken-back ones too
    "knock_step",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("round_id", Integer, nullable=False),
    plain("household_id", Integer, nullable=False),
    personal("state", String(8), KNOCKED, nullable=False),
    personal("persons", Integer, KNOCKED),
    plain("rung", Integer, nullable=False),
    personal("why", String(12), KNOCKED, nullable=False),
    plain("due_at", UtcDateTime),
    plain("by_id", Integer, nullable=False),
    plain("inbox_id", Integer),
    plain("at", UtcDateTime, nullable=False),
    plain("undone", Boolean, nullable=False, default=False),
    Index("ix_knock_step_household", "round_id", "household_id"),
    Index("ix_knock_step_by_id", "by_id", "at"),
)

step_done = Table(  # a step of the round's template, done at a place; a step that was taken back keeps its row
    "step_done",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("round_id", Integer, nullable=False),
    plain("place_id", Integer, nullable=False),
    plain("step", String(32), nullable=False),
    plain("by_id", Integer, nullable=False),
    plain("at", UtcDateTime, nullable=False),
    plain("undone_at", UtcDateTime),
    UniqueConstraint("round_id", "place_id", "step"),
)

posting = Table(  # a building where it hangs; building "" with an amount: so many, not said which
    "posting",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("round_id", Integer, nullable=False),
    plain("place_id", Integer, nullable=False),
    plain("building", String(24), nullable=False),
    plain("amount", Integer),
    plain("by_id", Integer, nullable=False),
    plain("inbox_id", Integer),
    plain("at", UtcDateTime, nullable=False),
    plain("undone_at", UtcDateTime),
    UniqueConstraint("round_id", "place_id", "building"),
)
