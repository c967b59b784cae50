"""Codes of places in the database: issued, read, replaced by a newer print, revoked.

A token is `secret(16) | signature(8)`. The secret is random and sealed at rest; the signature and the look-up index are
keyed, so that a copy of the database opens no door, and a guess is turned away before any query is made.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from handlers.domain.place_code import GRACE, CodeKind, PlaceCode
from store.cipher import FieldCipher
from store.models import node, place_code
from store.pieces import pieces
from store.prepared import Prepared

_SECRET_BYTES, _SIGNATURE_BYTES = 16, 8
_ASKED_AT_ONCE = 1_000


class PlaceCodeRepo:
    """Reads and writes codes within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, token: str, now: datetime) -> PlaceCode | None:
        """Return what the token stands for; None for one that is forged, run out, replaced too long ago, revoked, of a
        place that is gone, or nothing at all: one answer, so that nothing is learnt by trying."""
        secret = _signed(token)
        if secret is None:
            return None
        row = self._connection.execute(_OF_TOKEN, {"index": _lookup(secret), "moment": now}).one_or_none()
        if row is None or not hmac.compare_digest(row.secret, _text(secret)):
            return None
        return _code(row, token)

    def read_many(self, tokens: Iterable[str], now: datetime) -> Mapping[str, PlaceCode]:
        """Return what each of the tokens stands for, as `read` does for one, in one look-up; those that open nothing
        are left out."""
        found: dict[str, PlaceCode] = {}
        for piece in pieces(tokens, _ASKED_AT_ONCE):
            named = {_lookup(secret): (token, secret) for token in piece if (secret := _signed(token)) is not None}
            dialect = self._connection.dialect.name
            asked = {"indices": json.dumps(list(named)) if dialect == "sqlite" else list(named), "moment": now}
            for row in self._connection.execute(_OF_TOKENS[dialect], asked) if named else ():
                token, secret = named[row.lookup]
                if hmac.compare_digest(row.secret, _text(secret)):
                    found[token] = _code(row, token)
        return found

    def issue(self, node_id: int, kind: CodeKind, now: datetime, valid_for: timedelta | None = None) -> PlaceCode:
        """Return the code that hangs at the place now, a new one when there is none; *valid_for* counts for new ones.

        Asking again gives the same token: a poster may be printed twice.
        """
        return self.issue_many(((node_id, kind),), now, valid_for)[node_id]

    def issue_many(
        self, places: Iterable[tuple[int, CodeKind]], now: datetime, valid_for: timedelta | None = None
    ) -> Mapping[int, PlaceCode]:
        """Return the codes of many places by node, as `issue` does for one."""
        wanted = dict(places)
        found: dict[int, PlaceCode] = {}
        for piece in pieces(wanted, _ASKED_AT_ONCE):
            self._lock(piece)
            found |= self._current({node_id: wanted[node_id] for node_id in piece}, now)
            new = {node_id: wanted[node_id] for node_id in piece if node_id not in found}
            if new:
                self._insert(new, now, None if valid_for is None else now + valid_for)
                found |= self._current(new, now)
        return found

    def of_node(self, node_id: int) -> tuple[PlaceCode, ...]:
        """Return every code the place ever had, newest first; whether one still opens is for `read` to say."""
        return tuple(_code(row) for row in _OF_NODE.all(self._connection, node=node_id))

    def due(
        self, made_before: datetime, ends_before: datetime, now: datetime, limit: int
    ) -> tuple[tuple[int, CodeKind], ...]:
        """Return the places whose present code is older than *made_before* or runs out before *ends_before*."""
        c = place_code.c
        old = or_(c.made_at <= made_before, c.expires_at <= ends_before)
        here = place_code.join(node, node.c.id == c.node_id)
        chosen = select(c.node_id, c.kind).select_from(here).order_by(c.id)
        chosen = chosen.where(c.replaced_at.is_(None), node.c.valid_to.is_(None), _readable(now), old)
        found = self._connection.execute(chosen.limit(limit)).all()
        return tuple((row.node_id, CodeKind(row.kind)) for row in found)

    def rotate(
        self, places: Iterable[tuple[int, CodeKind]], now: datetime, grace: timedelta = GRACE,
        valid_for: timedelta | None = None,
    ) -> Mapping[int, PlaceCode]:  # fmt: skip
        """Return new codes by node; the previous print is read until *grace* from now, all earlier ones no more."""
        wanted = dict(places)
        c = place_code.c
        for piece in pieces(wanted, _ASKED_AT_ONCE):
            self._lock(piece)
            mine = c.node_id.in_(piece) & c.revoked_at.is_(None)
            earlier = update(place_code).where(mine, c.replaced_at.is_not(None), _readable(now))
            self._connection.execute(earlier.values(expires_at=now))
            last = update(place_code).where(
                mine, c.replaced_at.is_(None), or_(c.expires_at.is_(None), c.expires_at > now)
            )
            soon = now + grace
            self._connection.execute(
                last.where(c.expires_at < soon).values(replaced_at=now)
            )  # runs out sooner by itself
            self._connection.execute(last.values(replaced_at=now, expires_at=soon))
        return self.issue_many(wanted.items(), now, valid_for)

    def revoke(self, node_id: int, why: str, now: datetime) -> int:
        """Make every code of the place worth nothing at once, and say how many were good; *why* names no person."""
        mine = update(place_code).where(place_code.c.node_id == node_id, _readable(now))
        return self._connection.execute(mine.values(revoked_at=now, revoked_why=why[:60])).rowcount

    def hand_over(self, from_id: int, to_id: int, now: datetime, grace: timedelta = GRACE) -> int:
        """Let what still hangs at a place that is gone open its successor, for *grace*; returns how many do."""
        c = place_code.c
        last = self._connection.execute(
            select(c.serial).where(c.node_id == to_id).order_by(c.serial.desc()).limit(1)
        ).scalar_one_or_none()
        rows = self._connection.execute(
            select(c.id, c.expires_at).where(c.node_id == from_id, _readable(now)).order_by(c.serial)
        ).all()
        for serial, row in enumerate(rows, start=(last or 0) + 1):
            until = min(row.expires_at or now + grace, now + grace)
            moved = {"node_id": to_id, "serial": serial, "replaced_at": now, "expires_at": until}
            self._connection.execute(update(place_code).where(c.id == row.id).values(moved))
        return len(rows)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _lock(self, node_ids: Sequence[int]) -> None:
        """Let one transaction at a time issue for a place; SQLite's write transaction is that already."""
        if self._connection.dialect.name == "postgresql":
            places = select(node.c.id).where(node.c.id.in_(node_ids)).order_by(node.c.id)
            self._connection.execute(places.with_for_update(key_share=True)).all()

    def _current(self, wanted: Mapping[int, CodeKind], now: datetime) -> dict[int, PlaceCode]:
        c = place_code.c
        chosen = select(place_code).where(c.node_id.in_(wanted), c.replaced_at.is_(None), _readable(now))
        rows = self._connection.execute(chosen.order_by(c.serial))
        return {row.node_id: _code(row) for row in rows if row.kind == wanted[row.node_id]}

    def _insert(self, new: Mapping[int, CodeKind], now: datetime, expires_at: datetime | None) -> None:
        c = place_code.c
        last: dict[tuple[int, str], int] = {}
        for row in self._connection.execute(select(c.node_id, c.kind, c.serial).where(c.node_id.in_(new))):
            last[row.node_id, row.kind] = max(row.serial, last.get((row.node_id, row.kind), 0))
        self._connection.execute(insert(place_code), [*self._rows(new, last, now, expires_at)])

    @staticmethod
    def _rows(
        new: Mapping[int, CodeKind], last: Mapping[tuple[int, str], int], now: datetime, expires_at: datetime | None
    ) -> Iterator[dict[str, Any]]:
        for node_id, kind in new.items():
            secret = secrets.token_bytes(_SECRET_BYTES)
            yield {
                "node_id": node_id, "kind": kind.value, "serial": last.get((node_id, kind.value), 0) + 1,
                "lookup": _lookup(secret), "secret": _text(secret), "made_at": now, "expires_at": expires_at,
            }  # fmt: skip


def is_ours(token: str) -> bool:
    """Return whether we signed the token once, whatever became of it: what a door can tell without the database."""
    return _signed(token) is not None


def _readable(now: Any) -> ColumnElement[bool]:
    c = place_code.c
    return c.revoked_at.is_(None) & or_(c.expires_at.is_(None), c.expires_at > now)


_OPENS = (
    select(place_code)
    .join(node, node.c.id == place_code.c.node_id)
    .where(_readable(bindparam("moment", type_=place_code.c.expires_at.type)), node.c.valid_to.is_(None))
)
_OF_NODE = Prepared(
    select(place_code).where(place_code.c.node_id == bindparam("node")).order_by(place_code.c.id.desc())
)
_OF_TOKEN = _OPENS.where(place_code.c.lookup == bindparam("index"))
_GIVEN = func.json_each(bindparam("indices", type_=String)).table_valued("value")
_OF_TOKENS = {  # one statement however many: a list spelled out in it is another statement for each length
    "sqlite": _OPENS.where(place_code.c.lookup.in_(select(_GIVEN.c.value))),
    "postgresql": _OPENS.where(place_code.c.lookup == func.any(bindparam("indices", type_=ARRAY(String)))),
}
"""Made once: building a statement anew costs half as much as asking the database."""


def _code(row: Row[Any], token: str | None = None) -> PlaceCode:
    if token is None:
        secret = base64.urlsafe_b64decode(row.secret + "==")
        token = _text(secret + _signature(secret))
    return PlaceCode(
        row.id,
        row.node_id,
        CodeKind(row.kind),
        row.serial,
        row.made_at,
        token,
        row.expires_at,
        row.replaced_at is not None,
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signature(secret: bytes) -> bytes:
    return bytes.fromhex(FieldCipher.current().index("place code signed " + _text(secret)))[:_SIGNATURE_BYTES]


def _lookup(secret: bytes) -> str:
    return FieldCipher.current().index("place code found by " + _text(secret))


def _signed(token: str) -> bytes | None:
    """Return the secret of a token that we signed, None for any other text."""
    try:
        raw = base64.b64decode(token.encode("ascii"), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    secret, signature = raw[:_SECRET_BYTES], raw[_SECRET_BYTES:]
    good = len(raw) == _SECRET_BYTES + _SIGNATURE_BYTES and hmac.compare_digest(signature, _signature(secret))
    return secret if good else None
