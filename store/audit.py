"""The audit chain: each row holds the hash of the one before, so that an edit, a gap or a reordering shows.

The head is anchored in the row count and the last hash that `geying audit verify` prints; rows hold ids, never names.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text

from store.models import audit, audit_anchor

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
        previous = self._connection.execute(newest).scalar_one_or_none()
        if previous is None:
            previous = (self._anchor() or (0, GENESIS))[1]
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

    def cut(self, before: datetime, now: datetime) -> int:
        """Destroy the rows before a moment, the oldest only and without a gap; the chain goes on from an anchor.

        Returns how many. The anchor keeps how many rows there ever were and the hash the next one follows from.
        """
        first_kept = select(func.min(audit.c.id)).where(audit.c.at >= before)
        bound = self._connection.execute(first_kept).scalar_one_or_none()
        old = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
        last = self._connection.execute(old if bound is None else old.where(audit.c.id < bound)).one_or_none()
        if last is None:
            return 0
        earlier = self._anchor()
        gone = self._connection.execute(delete(audit).where(audit.c.id <= last.id)).rowcount
        rows = (earlier[0] if earlier else 0) + gone
        self._connection.execute(insert(audit_anchor).values(cut_at=now, rows=rows, hash=last.hash))
        return gone

    def _anchor(self) -> tuple[int, str] | None:
        newest = select(audit_anchor.c.rows, audit_anchor.c.hash).order_by(audit_anchor.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return (row.rows, row.hash) if row else None

    def verify(self) -> tuple[int, str, int | None]:
        """Return (rows, head hash, id of the first row that does not follow from the one before, None when sound).

        Rows destroyed with their retention are counted; the first one left follows from the anchor.
        """
        count, previous = self._anchor() or (0, GENESIS)
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
