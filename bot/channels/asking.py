"""Questions to a platform, one at a time over a kept-alive connection: what a pull or a command asks, not what is sent.

What is raised is always `SendFailed`; neither token nor address is in its text.
"""

import http.client
import json
import threading
from typing import Any
from urllib.parse import quote

from bot.channels.answers import fields
from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.errors import SendFailed

TIMEOUT_S = 10.0
ANSWER_BYTES = 16 * 1024 * 1024  # a thousand long messages in one page
_PASSING = {Kind.BUSY: 2.0, Kind.CROWDED: 2.0, Kind.QUOTA: 61.0}


class Asker:
    """Asks one origin with one token store; *refused* are codes that here mean a token no longer holds."""

    def __init__(self, origin: Origin, tokens: TokenStore, *, refused: frozenset[int] = frozenset()) -> None:
        self._origin, self._tokens, self._refused = origin, tokens, refused
        self._one = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST *body* to `/cgi-bin/path` and return the answer, whose errcode is 0 or absent. A refused token is
        replaced once."""
        token = self._tokens.peek() or self._tokens.get()
        try:
            return self._once(path, body, token)
        except SendFailed as error:
            if not error.refresh:
                raise
        return self._once(path, body, self._tokens.get(token))

    def close(self) -> None:
        """Give the connection back."""
        with self._one:
            self._drop()

    def _once(self, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        where = f"{self._origin.prefix}/cgi-bin/{path}?access_token={quote(token, safe='')}"
        with self._one:
            status, answer = self._exchange(path, where, raw)
        found = fields(answer) if status == 200 else None
        if found is None:
            raise SendFailed(f"{path}: http {status}", retryable=True, unanswered=status >= 500 or status == 200)
        code = found.get("errcode", 0)
        if type(code) is not int:
            raise SendFailed(f"{path}: not the platform's JSON", retryable=True, unanswered=True)
        if code != 0:
            kind = Kind.TOKEN if code in self._refused else kind_of(code)
            raise SendFailed(
                f"{path}: errcode {code}",
                code=code,
                retryable=kind in _PASSING,
                refresh=kind is Kind.TOKEN,
                wait_s=_PASSING.get(kind, 0.0),
            )
        return found

    def _exchange(self, path: str, where: str, raw: bytes) -> tuple[int, bytes]:
        """Return status and body. A connection the other end closed meanwhile is opened anew, once."""
        again = self._connection is not None
        while True:
            connection = self._connection or self._opened()
            self._connection = connection
            try:
                connection.request("POST", where, raw, {"Content-Type": "application/json; charset=utf-8"})
                response = connection.getresponse()
                answer = response.read(ANSWER_BYTES)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                self._drop()
                if not again:  # its text may hold the address, so only its name
                    raise SendFailed(f"{path}: {type(error).__name__}", retryable=True, unanswered=True) from None
                again = False
                continue
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                raise SendFailed(f"{path}: {type(error).__name__}", retryable=True, unanswered=True) from None
            if response.will_close or not response.isclosed():
                self._drop()
            return response.status, answer

    def _opened(self) -> http.client.HTTPConnection:
        origin = self._origin
        if origin.tls is not None:
            return http.client.HTTPSConnection(origin.host, origin.port, timeout=TIMEOUT_S, context=origin.tls)
        return http.client.HTTPConnection(origin.host, origin.port, timeout=TIMEOUT_S)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
