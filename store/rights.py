"""Tokens that open /me, requests about one's own data with their time, and who looked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from handlers.domain.chats import make_code, read_code
from handlers.domain.declared import Looked
from handlers.domain.rights import Grant, RequestState, RightKind, RightsRequest
from store.models import audit, me_token, rights_request
from store.person_keys import PersonKeys
from store.subjects import SubjectRepo


class RightsRepo:
    """Within the caller's transaction. Only a hash of a token is kept."""

    def __init__(self, connection: Connection, keys: PersonKeys, subjects: SubjectRepo) -> None:
        self._connection, self._keys, self._subjects = connection, keys, subjects

    def grant(
        self, now: datetime, until: datetime, *, sheet_id: int | None = None, subject_id: int | None = None
    ) -> str:
        """Return a new token (192 bits) that opens what one sheet said, or all of one person."""
        token = secrets.token_urlsafe(24)
        values = {"hash": _digest(token), "sheet_id": sheet_id, "subject_id": subject_id}
        self._connection.execute(insert(me_token).values(**values, made_at=now, expires_at=until))
        return token

    def opens(self, token: str, now: datetime) -> Grant | None:
        """Return what the token opens; None when it opens nothing, whatever the reason."""
        mine = (me_token.c.hash == _digest(token)) & me_token.c.ended.is_(False) & (me_token.c.expires_at > now)
        row = self._connection.execute(select(me_token).where(mine)).one_or_none()
        return None if row is None else Grant(row.sheet_id, row.subject_id, row.expires_at)

    def read_out(self, subject_id: int, now: datetime, until: datetime) -> str:
        """Return a code of ten letters and digits (50 bits) for a worker to read out, good once."""
        code = make_code(secrets.choice, 10)
        values = {"hash": _digest(code), "sheet_id": None, "subject_id": subject_id}
        self._connection.execute(insert(me_token).values(**values, made_at=now, expires_at=until))
        return code

    def exchange(self, code: str, now: datetime, until: datetime) -> str | None:
        """Return a token for a code that was read out, which then opens nothing more; None when it opens nothing."""
        found = self.opens(read_code(code), now) if len(read_code(code)) == 10 else None
        if found is None or found.subject_id is None:
            return None
        used = update(me_token).where(me_token.c.hash == _digest(read_code(code)), me_token.c.ended.is_(False))
        if self._connection.execute(used.values(ended=True)).rowcount != 1:
            return None
        return self.grant(now, until, subject_id=found.subject_id)

    def end_tokens(self, *, sheet_ids: Iterable[int] = (), subject_id: int | None = None) -> None:
        """Let these tokens open nothing any more."""
        theirs = or_(me_token.c.sheet_id.in_(list(sheet_ids)), me_token.c.subject_id == subject_id)
        self._connection.execute(update(me_token).where(theirs).values(ended=True))

    def ask(self, subject_id: int, kind: RightKind, now: datetime, due_at: datetime) -> RightsRequest:
        """Keep a request and return it; the same one still open is returned instead."""
        c = rights_request.c
        held = self._many((c.subject_id == subject_id) & (c.kind == kind.value) & (c.state == RequestState.OPEN.value))
        if held:
            return held[0]
        values = {"subject_id": subject_id, "kind": kind.value, "asked_at": now, "due_at": due_at}
        made = self._connection.execute(insert(rights_request).values(**values).returning(c.id)).scalar_one()
        return RightsRequest(int(made), subject_id, kind, RequestState.OPEN, now, due_at)

    def answer(
        self, request: RightsRequest, state: RequestState, now: datetime, by: int | None = None, reason: str = ""
    ) -> bool:
        """Answer a request; a refusal carries its reason. False when it was answered already."""
        c = rights_request.c
        sealed = None
        if reason and self._keys.alive(key_id := self._subjects.key(request.subject_id)):
            sealed = self._keys.seal(key_id, reason)
        mine = update(rights_request).where(c.id == request.id, c.state == RequestState.OPEN.value)
        values = {"state": state.value, "answered_at": now, "answered_by": by, "reason": sealed}
        return self._connection.execute(mine.values(**values)).rowcount == 1

    def get(self, request_id: int) -> RightsRequest | None:
        """Return the request of that id."""
        found = self._many(rights_request.c.id == request_id)
        return found[0] if found else None

    def of(self, subject_id: int) -> tuple[RightsRequest, ...]:
        """Return what was asked about the person, oldest first."""
        return self._many(rights_request.c.subject_id == subject_id)

    def overdue(self, now: datetime) -> tuple[RightsRequest, ...]:
        """Return the requests that should have been answered by now."""
        c = rights_request.c
        return self._many((c.state == RequestState.OPEN.value) & (c.due_at <= now))

    def looked(self, subject_id: int, limit: int = 200) -> tuple[Looked, ...]:
        """Return who looked at, or used, what is held about the person, newest first."""
        mine = select(audit).where(audit.c.object == f"subject:{subject_id}")
        rows = self._connection.execute(mine.order_by(audit.c.id.desc()).limit(limit))
        return tuple(Looked(row.at, row.person_id, row.action, row.purpose) for row in rows)

    def _many(self, condition: Any) -> tuple[RightsRequest, ...]:
        rows = self._connection.execute(select(rights_request).where(condition).order_by(rights_request.c.id)).all()
        self._keys.load(row.reason for row in rows)
        return tuple(
            RightsRequest(
                row.id,
                row.subject_id,
                RightKind(row.kind),
                RequestState(row.state),
                row.asked_at,
                row.due_at,
                row.answered_at,
                row.answered_by,
                self._keys.open(row.reason) or "",
            )
            for row in rows
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
