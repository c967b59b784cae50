"""Who is asking: sessions on the server behind a cookie, and the proof that a form came from our own page."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flask import Request
from werkzeug.wrappers import Response

from bot.parts import Parts
from bot.web.passwords import LONGEST
from handlers.domain.people import Person
from handlers.domain.policy import Action, allows
from store.accounts import matches
from store.work import SqlWork

WELCOME = frozenset(
    {Action.ISSUE, Action.CONFIRM, Action.SEE_COUNTS, Action.ADMIN, Action.SECURITY, Action.AUDIT}
)  # whoever may do none of these anywhere has nothing to do here
_USERID = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_KEY = re.compile(r"[0-9A-Za-z_-]{43}")


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed in: the person with today's posts, and the key of the session."""

    person: Person
    key: str = field(repr=False)


class Sessions:
    """Opens, finds and ends sessions. Only the hash of a key is stored; the key lives in the cookie alone."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        base = urlsplit(parts.settings.base_url)
        self._origin = f"{base.scheme}://{base.netloc}"
        self._secure = base.scheme == "https"
        self._secret = parts.settings.secret_key.encode()
        prefix = "__Host-" if self._secure else ""  # browsers take __Host- over https only
        self.cookie, self.door_cookie = f"{prefix}geying", f"{prefix}geying-door"

    # -- sessions ----------------------------------------------------------------------------------------------------

    def find(self, request: Request) -> Signed | None:
        """Return who is signed in, None for a stranger or a session that is over; notes that the session is in use."""
        key = request.cookies.get(self.cookie, "")
        if not _KEY.fullmatch(key):
            return None
        context = self._parts.counties.context()
        with self._parts.store.read() as work:
            open_one = work.accounts.session(key, context.now)
            person = work.people.get(open_one.person_id, context.day) if open_one else None
        if open_one is None or person is None or not welcome(person):
            return None
        if open_one.stale:
            with self._parts.store.begin() as work:
                work.accounts.touch(key, context.now)
        return Signed(person, key)

    def open(self, userid: str, password: str, request: Request) -> str | None:
        """Return the key of a new session, None for a wrong word, a locked or an unknown account: one answer for all.

        The session the browser came with, if any, ends: a key from before the sign-in is worth nothing after it.
        """
        context = self._parts.counties.context()
        with self._parts.store.read() as work:
            known = work.accounts.find(userid) if _USERID.fullmatch(userid) else None
        right = matches(known, password if len(password) <= LONGEST else "")
        with self._parts.store.begin() as work:
            if known is None:
                work.alarms.sound("sign_in_unknown", "", context.now)
                return None
            if not self._lets_in(known.person_id, right, work, context.now):
                return None
            person = work.people.get(known.person_id, context.day)
            if person is None or not welcome(person):
                work.audit.note(context.now, known.person_id, "sign in", "console", "access", "no post")
                return None
            work.accounts.end_session(request.cookies.get(self.cookie, ""), context.now)
            work.audit.note(context.now, person.id, "sign in", "console", "access", "ok")
            return work.accounts.open_session(person.id, context.now)

    @staticmethod
    def _lets_in(person_id: int, right: bool, work: SqlWork, now: datetime) -> bool:
        let = work.accounts.settle(person_id, right, now)
        if let is None:  # counted, not listed: whoever keeps knocking must not fill the audit chain
            work.alarms.sound("sign_in_locked", f"person {person_id}", now)
        elif not let:
            work.audit.note(now, person_id, "sign in", "console", "access", "refused")
        return bool(let)

    def end(self, signed: Signed) -> None:
        """Sign out."""
        now = self._parts.clock.now()
        with self._parts.store.begin() as work:
            work.accounts.end_session(signed.key, now)
            work.audit.note(now, signed.person.id, "sign out", "console", "access", "ok")

    # -- cookies and forms -------------------------------------------------------------------------------------------

    def give(self, response: Response, key: str) -> None:
        """Put the session's key into the browser."""
        self._set(response, self.cookie, key)
        self._drop(response, self.door_cookie)

    def take(self, response: Response) -> None:
        """Take the session's key back, and whatever else the browser keeps of our pages.

        Not "cookies": that would take those of every other service under the county's domain with it.
        """
        self._drop(response, self.cookie)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'

    def door(self, request: Request) -> str:
        """Return the word by which the sign-in form knows its browser: the one it has, else a new one."""
        word = request.cookies.get(self.door_cookie, "")
        return word if _KEY.fullmatch(word) else secrets.token_urlsafe(32)

    def give_door(self, response: Response, word: str) -> None:
        """Put the sign-in form's word into the browser."""
        self._set(response, self.door_cookie, word)

    def token(self, key: str) -> str:
        """Return the token every form of this session carries: nobody can make it who has not both keys."""
        return hmac.new(self._secret, b"form\0" + key.encode(), hashlib.sha256).hexdigest()

    def genuine(self, request: Request, key: str) -> bool:
        """Return whether a POST came from one of our own pages in this session: its origin, and its token."""
        given = request.form.getlist("token")
        token = given[0] if len(given) == 1 else ""
        return self._ours(request) and hmac.compare_digest(token.encode(), self.token(key).encode())

    def _ours(self, request: Request) -> bool:
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin is None or site not in (None, "same-origin"):
            return False
        # a demo is opened as localhost as well as 127.0.0.1: there the browser itself says that it is the same page
        return origin == self._origin or (site == "same-origin" and urlsplit(origin).netloc == request.host)

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="Strict")

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self._secure, httponly=True, samesite="Strict")


def welcome(person: Person) -> bool:
    """Return whether one of the person's posts gives them anything to do in the console."""
    return any(allows(role, action) for role in person.roles for action in WELCOME)
