"""The answer to a sheet that came over a page, until the phone that sent it has fetched it."""

from sqlalchemy import Index, String, Table

from handlers.domain.privacy import SHEET_ANSWER
from store.columns import PhoneSealed, UtcDateTime, personal, plain
from store.models.base import metadata

sheet_answer = Table(
    "sheet_answer",
    metadata,
    plain("at", String(64), primary_key=True),
    personal("body", PhoneSealed, SHEET_ANSWER, nullable=False),
    plain("made_at", UtcDateTime, nullable=False),
    Index("ix_sheet_answer_made_at", "made_at"),
)
