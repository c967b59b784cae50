"""Reports as read, the counters kept up with them, and the frozen daily report."""

from sqlalchemy import JSON, Boolean, Date, Index, Integer, String, Table, UniqueConstraint

from store.columns import Exact, UtcDateTime, plain
from store.models.base import metadata

report = Table(
    "report",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, nullable=False),
    plain("day", Date, nullable=False),
    plain("template", String(32), nullable=False),
    plain("part", String(60), nullable=False, default=""),
    plain("period", String(8), nullable=False, default=""),
    plain("slots", JSON, nullable=False),
    plain("flags", JSON, nullable=False),
    plain("status", String(12), nullable=False),
    plain("reporter_id", Integer, nullable=False),
    plain("reporter_role", String(32), nullable=False),
    plain("inbox_id", Integer),
    plain("on_behalf", Boolean, nullable=False, default=False),
    plain("drill", Boolean, nullable=False, default=False),
    plain("definition", String(8), nullable=False),
    plain("supersedes", Integer),
    plain("received_at", UtcDateTime, nullable=False),
    Index("ix_report_day_node_id", "day", "node_id", "template"),
    Index("ix_report_reporter_id", "reporter_id", "received_at"),
)

tally = Table(
    "tally",
    metadata,
    plain("node_id", Integer, primary_key=True),
    plain("day", Date, primary_key=True),
    plain("template", String(32), primary_key=True),
    plain("metric", String(60), primary_key=True),
    plain("own", Exact, nullable=False),
    plain("own_said", Integer, nullable=False),
    plain("below", Exact, nullable=False),
    plain("below_said", Integer, nullable=False),
    Index("ix_tally_day", "day"),
)

daily = Table(
    "daily",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("node_id", Integer, nullable=False),
    plain("day", Date, nullable=False),
    plain("issue", Integer, nullable=False),
    plain("as_of", UtcDateTime, nullable=False),
    plain("frozen", JSON, nullable=False),
    plain("text", String, nullable=False),
    plain("made_at", UtcDateTime, nullable=False),
    plain("posted_at", UtcDateTime),
    UniqueConstraint("node_id", "day"),
)
