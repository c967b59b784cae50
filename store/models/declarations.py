"""Declarations: who declared (under a key of their own), what was said, the receipt it got, what is to be set right.

What is sealed under a person's key opens while that key is there: destroying one row of `person_key` destroys it all,
in this database and in every copy of it. Rows beside it hold numbers, codes of state and moments.
"""

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Table

from handlers.domain.privacy import (
    DESTROY_ON,
    HEALTH,
    JOURNEY,
    KEY,
    ME_TOKEN,
    PERSON,
    PERSON_INDEX,
    SAID_OF,
    SAID_OF_INDEX,
)
from store.columns import PersonSealed, SealedBytes, SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

person_key = Table(
    "person_key",
    metadata,
    plain("key_id", String(32), primary_key=True),  # drawn by chance: a tombstone must never name somebody else's
    personal("wrapped", SealedBytes, KEY),
    plain("made_at", UtcDateTime, nullable=False),
    plain("destroyed_at", UtcDateTime),
)

tombstone = Table(
    "tombstone",
    metadata,
    plain("key_id", String(32), primary_key=True),
    plain("erased_at", UtcDateTime, nullable=False),
    plain("because", String(16), nullable=False),  # asked, aged, withdrawn, sunset
)

subject = Table(
    "subject",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key_id", String(32), ForeignKey("person_key.key_id"), nullable=False, unique=True),
    plain("health_key_id", String(32), ForeignKey("person_key.key_id"), unique=True),  # destroyed with that consent
    plain("household_id", Integer),
    plain("member_id", Integer, index=True),  # of the household register, None for somebody not listed there
    personal("profile", PersonSealed, PERSON),  # name, phone, whether a child
    personal("name_index", String(32), PERSON_INDEX),
    plain("made_at", UtcDateTime, nullable=False),
    plain("erased_at", UtcDateTime),
    Index("ix_subject_household_id", "household_id", "name_index"),
)

sheet = Table(
    "sheet",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key", String(64), nullable=False, unique=True),
    plain("digest", String(32), nullable=False),  # keyed: the same key with other words is another sheet
    plain("place_id", Integer, nullable=False),
    plain("household_id", Integer),
    plain("way", String(20), nullable=False),
    plain("worker_id", Integer),
    plain("people", Integer, nullable=False),
    plain("made_at", UtcDateTime, nullable=False),
    plain("arrived_at", UtcDateTime, nullable=False),
    Index("ix_sheet_arrived_at", "arrived_at"),
)

declaration = Table(
    "declaration",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("sheet_id", Integer, ForeignKey("sheet.id"), nullable=False),
    plain("row", String(16), nullable=False),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False),
    plain("node_id", Integer, nullable=False),  # the node its counts stand at: never a household
    plain("day", Date, nullable=False),
    plain("said_by", String(12), nullable=False),
    personal("journey", PersonSealed, JOURNEY),
    personal("health", PersonSealed, HEALTH),
    plain("state", String(12), nullable=False, default="live"),  # live, superseded, withdrawn
    plain("supersedes", Integer),
    personal("destroy_on", Date, DESTROY_ON),
    plain("made_at", UtcDateTime, nullable=False),
    plain("arrived_at", UtcDateTime, nullable=False),
    Index("ix_declaration_sheet_id", "sheet_id"),
    Index("ix_declaration_subject_id", "subject_id", "state"),
    Index("ix_declaration_node_id_day", "node_id", "day"),
    Index("ix_declaration_destroy_on", "destroy_on"),
)

colour_receipt = Table(
    "colour_receipt",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("declaration_id", Integer, ForeignKey("declaration.id"), nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    personal("body", PersonSealed, HEALTH),  # colour, reason, what to do, whom to ask, rules
    plain("version", String(16), nullable=False),
    plain("clinician_id", Integer),  # of a red one
    plain("state", String(12), nullable=False, default="live"),  # live, replaced, lifted
    plain("made_at", UtcDateTime, nullable=False),
)

question = Table(
    "question",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("declaration_id", Integer, ForeignKey("declaration.id"), nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("kind", String(12), nullable=False),  # table, or the source of a disagreement
    personal("body", PersonSealed, JOURNEY),
    plain("state", String(8), nullable=False, default="open"),  # open, settled, called, dropped
    plain("asked_at", UtcDateTime, nullable=False),
    plain("due_at", UtcDateTime),
    plain("settled_at", UtcDateTime),
    Index("ix_question_state_due_at", "state", "due_at"),
)

statement = Table(
    "statement",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("source", String(12), nullable=False),
    plain("list_id", Integer, index=True),
    plain("household_id", Integer, nullable=False),
    personal("name_index", String(32), SAID_OF_INDEX, nullable=False),
    personal("body", SealedJson, SAID_OF, nullable=False),
    plain("said_by_id", Integer),
    plain("said_on", Date, nullable=False),
    plain("expires_on", Date, nullable=False),
    Index("ix_statement_household_id", "household_id", "name_index"),
)

official_list = Table(
    "official_list",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("name", String(32), nullable=False),
    plain("kind", String(8), nullable=False),  # places, people
    plain("issuer", String(120), nullable=False),
    plain("basis", String(120), nullable=False),
    plain("issued_on", Date, nullable=False),
    plain("expires_on", Date, nullable=False),
    plain("places", String, nullable=False, default=""),
    plain("sha256", String(64), nullable=False, unique=True),
    plain("signature", String(100), nullable=False),
    plain("imported_at", UtcDateTime, nullable=False),
    plain("withdrawn_at", UtcDateTime),
)

me_token = Table(
    "me_token",
    metadata,
    personal("hash", String(64), ME_TOKEN, primary_key=True),
    plain("sheet_id", Integer),  # what this sheet said, and no more ...
    plain("subject_id", Integer, index=True),  # ... or all that is held about one person, once it is known to be they
    plain("made_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime, nullable=False),
    plain("ended", Boolean, nullable=False, default=False),
)
