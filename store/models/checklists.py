"""What a checkpoint does with everybody who comes, where a place words it its own way; else as the county does."""

from sqlalchemy import JSON, ForeignKey, Integer, String, Table

from store.columns import UtcDateTime, plain
from store.models.base import metadata

checklist = Table(
    "checklist",
    metadata,
    plain("node_id", Integer, ForeignKey("node.id"), primary_key=True),
    plain("title", String(60), nullable=False),
    plain("items", JSON, nullable=False),
    plain("written_by", Integer, nullable=False),
    plain("written_at", UtcDateTime, nullable=False),
)
