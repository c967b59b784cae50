"""The audit chain: each row holds the hash of the one before, so that an edit, a gap or a reordering shows.

The head is anchored in the row count and the last hash that `geying audit verify` prints; rows hold ids, never names.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from store.models import audit

GENESIS = "0" * 64


class AuditRepo:
    """Keeps `handlers.ports.Audit`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, now: datetime, person_id: int | None, action: str, what: str, purpose: str, result: str) -> None:
        """Append one row to the chain, in the transaction it speaks of."""
        if self._connection.dialect.name == "postgresql":  # one appender at a time, or two rows share a predecessor
            self._connection.execute(text("SELECT pg_advisory_xact_lock(7106)"))
        newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
        previous = self._connection.execute(newest).scalar_one_or_none() or GENESIS
        kept = (action[:40], what[:80], purpose[:40], result[:20])
        self._connection.execute(
            insert(audit).values(
                at=now,
                person_id=person_id,
                action=kept[0],
                object=kept[1],
                purpose=kept[2],
                result=kept[3],
                previous=previous,
                hash=_hash(previous, now, person_id, kept),
            )
        )

    def verify(self) -> tuple[int, str, int | None]:
        """Return (rows, head hash, id of the first row that does not follow from the one before, None when sound)."""
        previous, count = GENESIS, 0
        for row_id, stated, made in self._links():
            if stated != (previous, made):
                return count, previous, row_id
            previous, count = made, count + 1
        return count, previous, None

    def _links(self) -> Iterator[tuple[int, tuple[str, str], str]]:
        for row in self._connection.execute(select(audit).order_by(audit.c.id)).mappings():
            kept = (row["action"], row["object"], row["purpose"], row["result"])
            made = _hash(row["previous"], row["at"], row["person_id"], kept)
            yield row["id"], (row["previous"], row["hash"]), made


def _hash(previous: str, at: datetime, person_id: int | None, kept: tuple[str, ...]) -> str:
    parts = (previous, f"{at.timestamp():.6f}", str(person_id), *kept)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
