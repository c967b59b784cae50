"""HTTP to one origin, for a thousand small POSTs: keep-alive, timeouts, no redirects, nothing else.

With outbox and limits around it a message costs a sixth of the CPU time that wechatpy's client takes alone. It tells
apart what a sender must know: `NotSent`, where the request surely had no effect, and `NoAnswer`, where it may have.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.channels.http_answer import Answer, Reading
from handlers.domain.errors import BadSetting, GeyingError
from store.failpoints import reach

IDLE_S = 3.0  # an idle connection this old may be closing at the other end just now
LATE_S = 0.05  # what a busy loop may owe an answer that lies in the socket already


class NotSent(GeyingError):
    """The request surely had no effect: no connection, or none to that address allowed."""


class NoAnswer(GeyingError):
    """The request may have been carried out."""


Result = Answer | NotSent | NoAnswer
OnResult = Callable[[Result], None]


class Origin:
    """Scheme, host, port and path prefix of the one place we talk to; everything else is refused. *ca*: a file of
    certificates to trust in place of the system's."""

    def __init__(self, base: str, ca: str | None = None) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise BadSetting(f"不是可用的接口地址:{base}")
        self.ca = ca
        self.tls = ssl.create_default_context(cafile=ca) if parts.scheme == "https" else None
        self.host = parts.hostname
        self.port = parts.port or (443 if self.tls else 80)
        self.prefix = parts.path.rstrip("/")
        self.netloc = parts.netloc.rpartition("@")[2]

    def path_of(self, url: str) -> str:
        """Return path and query of *url*; NotSent when it leads anywhere but here."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        here = parts.scheme == ("https" if self.tls else "http")
        if not here or parts.hostname != self.host or port != self.port or parts.username is not None:
            raise NotSent("an address outside the configured API")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class Http:
    """A pool of connections to one origin, living on one event loop."""

    def __init__(self, origin: Origin, *, connect_s: float = 3.0, answer_s: float = 10.0) -> None:
        self.origin, self.connect_s, self.answer_s = origin, connect_s, answer_s
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._tail = f" HTTP/1.1\r\nHost: {origin.netloc}\r\nContent-Type: ".encode()
        self._opening: set[asyncio.Task[None]] = set()

    async def freshen(self) -> None:
        """Drop connections that may have been closed at the other end while nobody looked."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # what the socket has to say is heard in the loop's next round
        old = asyncio.get_running_loop().time() - IDLE_S
        for connection in self._idle:
            if connection.since < old:
                connection.close()
        # in place: the connections put themselves back into this very list
        self._idle[:] = [connection for connection in self._idle if connection.usable and connection.since >= old]

    def post(
        self, path: str, body: bytes, on_result: OnResult, kind: bytes = b"application/json; charset=utf-8"
    ) -> None:
        """POST *body* to *path* (query included) and call back once with what came of it."""
        if " " in path or not (path.isascii() and path.isprintable()):
            on_result(NotSent("not a path"))
            return
        head = f"POST {self.origin.prefix}{path}".encode() + self._tail + kind
        request = b"%b\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n%b" % (head, len(body), body)
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                connection.send(request, on_result, self.answer_s)
                return
        task = asyncio.get_running_loop().create_task(self._open_and_send(request, on_result))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def fetch(self, path: str, body: bytes, kind: bytes = b"application/json; charset=utf-8") -> Result:
        """POST and wait."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.post(path, body, done.set_result, kind)
        return await asyncio.shield(done)

    async def _open_and_send(self, request: bytes, on_result: OnResult) -> None:
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(
            lambda: _Connection(self._idle, self._open), self.origin.host, self.origin.port, ssl=self.origin.tls
        )
        try:
            _, connection = await asyncio.wait_for(opening, self.connect_s)
        except (OSError, TimeoutError) as error:  # refused, unknown, unreachable, TLS: nothing was written yet
            on_result(NotSent(type(error).__name__))
            return
        connection.send(request, on_result, self.answer_s)

    async def close(self) -> None:
        """Close every connection and wait until they are."""
        for connection in self._open:
            connection.close()
        self._idle.clear()
        until = asyncio.get_running_loop().time() + 1.0
        while self._open and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.001)


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, idle: "list[_Connection]", opened: "set[_Connection]") -> None:
        self._idle, self._opened = idle, opened
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._on_result: OnResult | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading = Reading()
        self.since = 0.0

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes, on_result: OnResult, answer_s: float) -> None:
        assert self._transport is not None
        self._on_result = on_result
        self._reading = Reading()
        self._timer = self._loop.call_later(answer_s, self._overdue)
        self._transport.write(request)
        reach("sender.written")

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._opened.add(self)

    def data_received(self, data: bytes) -> None:
        if self._on_result is None:  # nobody asked: not a partner to go on with
            self.close()
            return
        try:
            answer = self._reading.feed(data)
        except ValueError as error:
            self._finish(NoAnswer(str(error)), keep=False)
            return
        if answer is not None:
            self._finish(answer, keep=self._reading.keep)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._opened.discard(self)
        answer = self._reading.end() if self._on_result else None
        self._finish(answer or NoAnswer("connection lost"), keep=False)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _overdue(self) -> None:
        """The time is up; but when the loop itself was late, the answer may be lying in the socket."""
        self._timer = self._loop.call_later(LATE_S, self._give_up)

    def _give_up(self) -> None:
        self._finish(NoAnswer("timeout"), keep=False)
        if self._transport is not None:
            self._transport.abort()

    def _finish(self, result: Result, keep: bool) -> None:
        on_result, self._on_result = self._on_result, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if keep and self.usable:
            self.since = self._loop.time()
            self._idle.append(self)
        else:
            self.close()
        if on_result is not None:
            on_result(result)
