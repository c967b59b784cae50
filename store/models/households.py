"""Households: who lives where, who answers for them, who looks after them, what became of them; and codes of places.

`valid_from` is the first day a row holds, `valid_to` the first day it no longer does; None is open on that side. There
is no column for an identity number, a plate, a face or a position. Who somebody is opens under a key of their own: a
key destroyed is a person erased, here and in every copy.
"""

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import CODE, HOUSEHOLD, HOUSEHOLD_COUNT, HOUSEHOLD_KEY, RESIDENT_HEALTH
from store.columns import PersonSealed, Sealed, SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

household = Table(
    "household",
    metadata,
    plain("household_id", Integer, ForeignKey("node.id"), primary_key=True, autoincrement=False),
    personal("address", Sealed, HOUSEHOLD),
    personal("head_count", Integer, HOUSEHOLD_COUNT),
    personal("about", SealedJson, HOUSEHOLD),  # language, preferred times
    plain("in_group", Boolean),
    plain("updated_at", UtcDateTime, nullable=False),
)

resident = Table(
    "resident",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key_id", String(32), ForeignKey("person_key.key_id"), nullable=False, unique=True),
    plain("health_key_id", String(32), ForeignKey("person_key.key_id"), unique=True),  # destroyed by itself
    personal("profile", PersonSealed, HOUSEHOLD),  # name, age band, language
    personal("health", PersonSealed, RESIDENT_HEALTH),
    plain("updated_at", UtcDateTime, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("resident_id", Integer, ForeignKey("resident.id"), nullable=False, index=True),
    plain("number", Integer, nullable=False),
    plain("valid_from", Date),
    plain("valid_to", Date),
)

contact = Table(
    "contact",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("resident_id", Integer, ForeignKey("resident.id"), index=True),
    plain("key_id", String(32), ForeignKey("person_key.key_id"), unique=True),  # of whoever lives elsewhere
    personal("name", PersonSealed, HOUSEHOLD),  # of whoever lives elsewhere
    plain("relation", String(12), nullable=False),
    plain("position", Integer, nullable=False),
    plain("may_answer", Boolean, nullable=False),
    plain("valid_from", Date),
    plain("valid_to", Date),
)

contact_address = Table(
    "contact_address",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("contact_id", Integer, ForeignKey("contact.id"), nullable=False, index=True),
    plain("channel", String(20), nullable=False),
    personal("address", PersonSealed, HOUSEHOLD, nullable=False),
    personal("lookup", String(32), HOUSEHOLD_KEY, nullable=False, index=True),
    plain("since_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
)

care = Table(
    "care",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("person_id", Integer, ForeignKey("person.id"), nullable=False, index=True),
    plain("role", String(32), nullable=False),
    plain("position", Integer, nullable=False),
    plain("valid_from", Date),
    plain("valid_to", Date),
)

household_change = Table(
    "household_change",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("step", String(12), nullable=False),
    plain("day", Date, nullable=False),
    plain("at", UtcDateTime, nullable=False),
    plain("grid_id", Integer),
    plain("code", String(64), index=True),
    plain("other_id", Integer),
    plain("by_id", Integer),
)

place_code = Table(
    "place_code",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False),
    plain("kind", String(12), nullable=False),
    plain("serial", Integer, nullable=False),
    plain("lookup", String(32), nullable=False, unique=True),
    personal("secret", Sealed, CODE, nullable=False),
    plain("made_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime),
    plain("replaced_at", UtcDateTime),
    plain("revoked_at", UtcDateTime),
    plain("revoked_why", String(60)),
    UniqueConstraint("node_id", "kind", "serial"),
)
