"""Consent as it was said, append-only: the newest word for a purpose counts, every word before it stays as proof."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select

from handlers.domain.consent import Consent, ConsentPurpose, ConsentState, Speaker, Way
from store.models import consent
from store.pieces import pieces


class ConsentRepo:
    """Reads and adds words of consent within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, subject_id: int, said: Iterable[Consent], *, worker_id: int | None = None, sheet_id: int | None = None
    ) -> None:
        """Keep what was said for one person."""
        rows = [
            {
                "subject_id": subject_id,
                "purpose": one.purpose.value,
                "version": one.version,
                "state": one.state.value,
                "said_by": one.said_by.value,
                "guardian": one.guardian,
                "way": one.way.value,
                "worker_id": worker_id,
                "sheet_id": sheet_id if one.sheet_id is None else one.sheet_id,
                "said_at": one.at,
            }
            for one in said
        ]
        if rows:
            self._connection.execute(insert(consent), rows)

    def of(self, subject_id: int) -> tuple[Consent, ...]:
        """Return every word said for the person, oldest first."""
        return self.of_many([subject_id]).get(subject_id, ())

    def of_many(self, subject_ids: Iterable[int]) -> Mapping[int, tuple[Consent, ...]]:
        """Return every word said for each of these people; those nobody asked are left out."""
        found: dict[int, tuple[Consent, ...]] = {}
        for piece in pieces(subject_ids, 900):
            query = select(consent).where(consent.c.subject_id.in_(piece)).order_by(consent.c.id)
            for row in self._connection.execute(query):
                word = Consent(
                    ConsentPurpose(row.purpose),
                    row.version,
                    ConsentState(row.state),
                    Speaker(row.said_by),
                    row.guardian,
                    Way(row.way),
                    row.said_at,
                    row.sheet_id,
                )
                found[row.subject_id] = (*found.get(row.subject_id, ()), word)
        return found
