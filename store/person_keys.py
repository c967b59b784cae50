"""A key per person: what it sealed can be read while the key is there, and nowhere once it is destroyed.

The key is 32 random bytes under a random id, wrapped by the deployment's data key. Destroying it overwrites the
wrapped bytes and leaves a tombstone, which is applied again to a database that comes back from a copy. A sealed value
is `version(1) | key id(16) | nonce(12) | ciphertext+tag`.
"""

import json
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.errors import Unreadable
from store.models import person_key, tombstone
from store.pieces import pieces
from store.prepared import Prepared, among

_VERSION = b"\x01"
_MAKE = Prepared(insert(person_key), ("key_id", "wrapped", "made_at"))
_FETCH = Prepared(select(person_key.c.key_id, person_key.c.wrapped).where(among(person_key.c.key_id, "ids")))
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class PersonKeys:
    """Makes, uses and destroys keys within the caller's transaction; opened ones are held no longer than it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: dict[str, AESGCM | None] = {}

    def make(self, now: datetime) -> str:
        """Return the id of a new key."""
        key_id, key = secrets.token_hex(16), os.urandom(32)
        _MAKE.run(self._connection, key_id=key_id, wrapped=key, made_at=now)
        self._open[key_id] = AESGCM(key)
        return key_id

    def make_many(self, count: int, now: datetime) -> list[str]:
        """Return the ids of *count* new keys."""
        drawn = {secrets.token_hex(16): os.urandom(32) for _ in range(count)}
        if drawn:
            rows = [{"key_id": key_id, "wrapped": key, "made_at": now} for key_id, key in drawn.items()]
            self._connection.execute(insert(person_key), rows)
        self._open.update((key_id, AESGCM(key)) for key_id, key in drawn.items())
        return list(drawn)

    def load(self, sealed: Iterable[bytes | None]) -> None:
        """Fetch the keys of many sealed values in one query, before they are opened."""
        self._fetch(key_of(value) for value in sealed if value)

    def alive(self, key_id: str | None) -> bool:
        """Return whether the key is there."""
        return key_id is not None and self._key(key_id) is not None

    def seal(self, key_id: str, value: Any) -> bytes:
        """Return the JSON value *value* sealed under the key; Unreadable when the key was destroyed."""
        key = self._key(key_id)
        if key is None:
            raise Unreadable("这个人的密钥已销毁")
        clear = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        head, nonce = _VERSION + bytes.fromhex(key_id), os.urandom(12)
        return head + nonce + key.encrypt(nonce, clear, head)

    def open(self, sealed: bytes | None) -> Any:
        """Return what was sealed; None when there is nothing, or the key was destroyed. Unreadable when altered."""
        if sealed is None:
            return None
        key = self._key(key_of(sealed))
        if key is None:
            return None
        try:
            return json.loads(key.decrypt(sealed[17:29], sealed[29:], sealed[:17]))
        except (InvalidTag, ValueError) as error:
            raise Unreadable("密文被改动,或密钥不对") from error

    def destroy(self, key_ids: Iterable[str | None], because: str, now: datetime) -> int:
        """Destroy these keys and leave a tombstone for each; returns how many were still there."""
        wanted = [key_id for key_id in key_ids if key_id]
        gone = 0
        for piece in pieces(wanted, 900):
            alive = person_key.c.key_id.in_(piece) & person_key.c.destroyed_at.is_(None)
            change = update(person_key).where(alive).values(wrapped=None, destroyed_at=now)
            gone += self._connection.execute(change).rowcount
            stones = [{"key_id": key_id, "erased_at": now, "because": because} for key_id in piece]
            made = _INSERT[self._connection.dialect.name](tombstone).on_conflict_do_nothing(index_elements=["key_id"])
            self._connection.execute(made, stones)
            self._open.update(dict.fromkeys(piece))
        return gone

    def _key(self, key_id: str) -> AESGCM | None:
        self._fetch([key_id])
        return self._open[key_id]

    def _fetch(self, key_ids: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(key_id for key_id in key_ids if key_id not in self._open))
        if not wanted:
            return
        found = {row.key_id: row.wrapped for row in _FETCH.all(self._connection, ids=wanted)}
        for key_id in wanted:
            wrapped = found.get(key_id)
            self._open[key_id] = AESGCM(wrapped) if wrapped else None


def key_of(sealed: bytes) -> str:
    """Return the id of the key that a value is sealed under: it stands before it, in the clear."""
    return sealed[1:17].hex()
