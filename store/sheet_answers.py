"""Answers to sheets, each under a key that its phone alone has: we make it from what the phone sends, and keep none.

Whoever has this table, the data key and every copy of both reads nothing of it. `at` names the sheet: it follows from
the phone's key and the words of the sheet, so the same sheet sent again finds the same answer.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import sheet_answer
from store.pieces import pieces

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_C = sheet_answer.c


def name_of(key: str, form: bytes) -> str:
    """Return what names a sheet: the same for the same words under the same key, and nothing can be read out of it.

    >>> len(name_of("k" * 22, b"a=1")), name_of("k" * 22, b"a=1") == name_of("k" * 22, b"a=2")
    (43, False)
    """
    digest = hashlib.sha256(b"geying-sheet\0" + key.encode() + b"\0" + form).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class SheetAnswers:
    """Within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, at: str, key: str, answer: Mapping[str, Any], now: datetime) -> None:
        """Keep the answer for whoever has *key*; the first one stays."""
        nonce = os.urandom(12)
        clear = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = nonce + _cipher(at, key).encrypt(nonce, clear, at.encode())
        made = _INSERT[self._connection.dialect.name](sheet_answer).values(at=at, body=sealed, made_at=now)
        self._connection.execute(made.on_conflict_do_nothing(index_elements=["at"]))

    def get(self, at: str, key: str) -> Mapping[str, Any] | None:
        """Return the answer; None when there is none yet, or not for that key."""
        sealed = self._connection.execute(select(_C.body).where(_C.at == at)).scalar_one_or_none()
        if sealed is None:
            return None
        try:
            found: Mapping[str, Any] = json.loads(_cipher(at, key).decrypt(sealed[:12], sealed[12:], at.encode()))
        except (InvalidTag, ValueError):
            return None
        return found

    def forget(self, names: Iterable[str]) -> None:
        """Destroy the answers to these sheets at once."""
        for piece in pieces(names, 900):
            self._connection.execute(delete(sheet_answer).where(_C.at.in_(piece)))

    def destroy(self, before: datetime, limit: int = 2000) -> int:
        """Destroy the answers made before a moment; returns how many."""
        old = select(_C.at).where(_C.made_at < before).limit(limit)
        return self._connection.execute(delete(sheet_answer).where(_C.at.in_(old.scalar_subquery()))).rowcount


def _cipher(at: str, key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"geying-answer\0" + key.encode() + b"\0" + at.encode()).digest())
