"""Isolation episodes and the written decisions they follow from. What a decision says is sealed under the person's own
key; the days stand beside it, because the days are counted by them."""

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Table

from handlers.domain.privacy import DECISION, EPISODE_DAY
from store.columns import PersonSealed, UtcDateTime, personal, plain
from store.models.base import metadata

episode = Table(
    "episode",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("household_id", Integer, nullable=False, index=True),
    plain("node_id", Integer, nullable=False),  # the grid when it was opened
    personal("started_on", Date, EPISODE_DAY),
    personal("expected_on", Date, EPISODE_DAY),
    personal("ended_on", Date, EPISODE_DAY),
    plain("state", String(8), nullable=False),  # open, ended, undone, erased
    plain("made_at", UtcDateTime, nullable=False),
    Index("ix_episode_node_id", "node_id", "state"),
)

decision = Table(
    "decision",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("episode_id", Integer, ForeignKey("episode.id"), nullable=False, index=True),
    plain("subject_id", Integer, ForeignKey("subject.id"), nullable=False, index=True),
    plain("kind", String(8), nullable=False),
    personal("body", PersonSealed, DECISION),  # issuer, number, basis, appeal, days
    plain("state", String(8), nullable=False),
    plain("entered_by", Integer, nullable=False),
    plain("entered_at", UtcDateTime, nullable=False),
    plain("parcel_id", Integer),  # of the message that tells the household
    plain("told_at", UtcDateTime),
    plain("told_how", String(20), nullable=False, default=""),
    Index("ix_decision_state", "state", "id"),
)
