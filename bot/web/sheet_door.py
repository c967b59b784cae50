"""The door for declarations, asked before Flask: a form is durable before its phone hears so. Knows nothing of servers.

Nothing is read of a form here but its key and its seal; whether it can be taken as it is, is told when it was read
(`bot.take_sheet`). What is forged, run out or not there leaves as the same 404 as an unknown address.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import NamedTuple

from bot.take_sheet import name_in, row_of
from bot.web.callback import Counters
from bot.web.code_book import CodeBook
from bot.web.form_seal import FormSeals
from bot.web.headers import all_headers
from bot.web.knocks import (
    MISSES,
    MISSES_IN,
    SHEETS_IN,
    SHEETS_OF_GATE,
    SHEETS_OF_HOUSEHOLD,
    SHEETS_OF_VISITOR,
    Knocks,
    neighbourhood,
)
from bot.web.plain_pages import Plain, PlainPages
from bot.web.sheet_form import NotAForm, read_head
from handlers.domain.message import Channel
from handlers.domain.place_code import TOKEN_MARKS, CodeKind
from store.inbox import Row

BODY_LIMIT = 64 * 1024
COOKIE = "geying-sheet"
COOKIE_FOR_S = 24 * 3600
FORM_TYPE = "application/x-www-form-urlencoded"
_PATH = re.compile(rf"/d/([0-9A-Za-z_-]{{1,{2 * TOKEN_MARKS}}})")
_ACCEPTED = 202
_SEE_OTHER = 303


class Response(NamedTuple):
    """What goes out."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A POST as a server heard it. `address` is who connected; `body` is longer than the limit when it was too long."""

    token: str = field(repr=False)
    body: bytes = field(repr=False)
    address: str
    host: str
    content_type: str
    accept: str
    origin: str | None
    site: str | None

    @property
    def by_script(self) -> bool:
        """Return whether our own script asks, which reads JSON; else a browser by itself, which shows pages."""
        return self.accept.startswith("application/json")


def token_in(method: str, path: str) -> str | None:
    """Return the token of a declaration that is being posted, None for any other request.

    >>> token_in("POST", "/d/abc"), token_in("GET", "/d/abc"), token_in("POST", "/d/abc/answer")
    ('abc', None, None)
    """
    found = _PATH.fullmatch(path) if method == "POST" else None
    return found[1] if found else None


class SheetDoor:
    """Decides what a posted form is. *clock* gives seconds since the epoch."""

    def __init__(
        self,
        codes: CodeBook,
        knocks: Knocks,
        seals: FormSeals,
        pages: PlainPages,
        clock: Callable[[], float],
        counters: Counters,
        secure: bool,
    ) -> None:
        self.codes, self._knocks, self._seals, self._pages = codes, knocks, seals, pages
        self._clock, self._counters, self._secure = clock, counters, secure
        self._headers = all_headers(secure)

    def row(self, asked: Asked, kind: CodeKind | None) -> Row | Response:
        """Return the inbox row of a form, or the answer to one that is not taken; no *kind*: the code opens nothing."""
        if len(asked.body) > BODY_LIMIT:
            return self.refuse(asked, Plain.LARGE)
        if kind is None:
            return self._missed(asked)
        now = datetime.fromtimestamp(self._clock(), UTC)
        if not self._seals.from_here(asked.site, asked.origin, asked.host):
            return self.refuse(asked, Plain.STALE)
        if asked.content_type.partition(";")[0].strip().lower() != FORM_TYPE:
            return self.refuse(asked, Plain.BAD)
        try:
            form = read_head(asked.body)
        except NotAForm:
            return self.refuse(asked, Plain.BAD)
        if not self._seals.good(f"/d/{asked.token}", form.seal, now):
            return self.refuse(asked, Plain.STALE)
        if not self._may(asked, kind):
            return self.refuse(asked, Plain.BUSY)
        return row_of(asked.token, form.key, asked.body, form.made_at, now)

    def settled(self, asked: Asked, row: Row, durable: bool) -> Response:
        """Return what the phone hears once the row is durable, or is not."""
        if not durable:
            return self.refuse(asked, Plain.AWAY)
        self._counters.count(Channel.PAGE.value, "accepted")
        name = name_in(row.key)
        if asked.by_script:
            body = json.dumps({"at": name}).encode()
            return Response(_ACCEPTED, [*self._headers, ("content-type", "application/json")], body)
        key = read_head(asked.body).key
        headers = [("location", f"/d/{asked.token}/done"), ("set-cookie", self._cookie(asked.token, f"{key}.{name}"))]
        return Response(_SEE_OTHER, [*self._headers, *headers], b"")

    def refuse(self, asked: Asked, plain: Plain) -> Response:
        """Return one of the plain pages; nothing of the form is kept."""
        self._counters.count(Channel.PAGE.value, plain.name.lower())
        body, kind = self._pages.body(plain, as_json=asked.by_script)
        headers = [*self._headers, ("content-type", kind)]
        if plain is Plain.BUSY:
            headers.append(("retry-after", "300"))
        return Response(plain.status, headers, body)

    def _missed(self, asked: Asked) -> Response:
        """A code that opens nothing; whoever tries many is asked to wait, and hears nothing else of any of them."""
        fine = self._knocks.count(("miss", neighbourhood(asked.address)), MISSES, MISSES_IN)
        return self.refuse(asked, Plain.GONE if fine else Plain.BUSY)

    def _may(self, asked: Asked, kind: CodeKind) -> bool:
        if kind is CodeKind.HOUSEHOLD:
            return self._knocks.count(("sheet", asked.token), SHEETS_OF_HOUSEHOLD, SHEETS_IN)
        visitor = ("sheet", asked.token, neighbourhood(asked.address))
        return self._knocks.count(visitor, SHEETS_OF_VISITOR, SHEETS_IN) and self._knocks.count(
            ("sheet", asked.token), SHEETS_OF_GATE, SHEETS_IN
        )

    def _cookie(self, token: str, value: str) -> str:
        """Return the cookie by which a browser without script finds its answer, on this code's pages alone."""
        made: SimpleCookie = SimpleCookie()
        made[COOKIE] = value
        about = {"path": f"/d/{token}", "max-age": COOKIE_FOR_S, "httponly": True, "samesite": "Strict"}
        if self._secure:
            about["secure"] = True
        for name, said in about.items():
            made[COOKIE][name] = said
        return made[COOKIE].OutputString()
