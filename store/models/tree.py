"""Nodes, people, roles, chats: the county's command tree as imported, with dates.

`valid_from` is the first day a row holds, `valid_to` the first day it no longer does; None is open on that side.
"""

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import STAFF, STAFF_KEY
from store.columns import Sealed, SealedJson, UtcDateTime, personal, plain
from store.models.base import metadata

node = Table(
    "node",
    metadata,
    plain("id", Integer, primary_key=True, autoincrement=False),  # given by store.tree: parents before children
    plain("code", String(64), nullable=False),
    plain("name", String(120), nullable=False),
    plain("level", String(32), nullable=False),
    plain("parent_id", Integer, ForeignKey("node.id")),
    plain("branch", String(32)),
    plain("origin", String(12), nullable=False, default="hierarchy"),  # or "roster": an import leaves those alone
    plain("valid_from", Date),
    plain("valid_to", Date),
    UniqueConstraint("code", "valid_from"),
)

node_alias = Table(
    "node_alias",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("alias", String(120), nullable=False),
    UniqueConstraint("node_id", "alias"),
)

person = Table(
    "person",
    metadata,
    plain("id", Integer, primary_key=True),
    personal("userid", String(64), STAFF_KEY, nullable=False, unique=True),
    personal("name", Sealed, STAFF, nullable=False),
    personal("phones", SealedJson, STAFF),
    plain("active", Boolean, nullable=False, default=True),
    plain("language", String(2)),
)

role = Table(
    "role",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, ForeignKey("person.id"), nullable=False, index=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("role", String(32), nullable=False),
    plain("valid_from", Date),
    plain("valid_to", Date),
    UniqueConstraint("person_id", "node_id", "role", "valid_from"),
)

leave = Table(
    "leave",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, ForeignKey("person.id"), nullable=False, index=True),
    plain("substitute_id", Integer, ForeignKey("person.id")),
    plain("first_day", Date, nullable=False),
    plain("last_day", Date, nullable=False),
)

chat = Table(
    "chat",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False, index=True),
    plain("channel", String(32), nullable=False),
    plain("address", String(200), nullable=False),
    plain("name", String(120)),
    plain("capabilities", JSON),
    plain("active", Boolean, nullable=False, default=True),
    plain("bound_at", UtcDateTime),
    UniqueConstraint("channel", "address"),
)

bind_code = Table(
    "bind_code",
    metadata,
    plain("code", String(16), primary_key=True),
    plain("node_id", Integer, ForeignKey("node.id"), nullable=False),
    plain("expires_at", UtcDateTime, nullable=False),
    plain("used_at", UtcDateTime),
)

hierarchy_version = Table(
    "hierarchy_version",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("sha256", String(64), nullable=False),
    plain("imported_at", UtcDateTime, nullable=False),
    plain("summary", JSON, nullable=False),
)
