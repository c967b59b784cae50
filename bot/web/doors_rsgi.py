"""The doors as RSGI, granian's own interface: a callback waits in the event loop, one wake-up a committed batch; every
other path goes to the pages.

Why not ASGI: the same server spends twice the CPU time on a request it hands over as ASGI (DECISIONS).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.envelope import BODY_LIMIT, Rejected
from bot.web.callback import ANSWER_WITHIN_S, FORBIDDEN, HEADERS, OK, TOO_LARGE, Door, Doorkeeper, TooLarge
from store.accept import Acceptor, Overloaded
from store.inbox import Row

LOOK_EVERY_S = 0.25
Pages = Callable[[Any, Any], Awaitable[None]]

_HEADERS = list(HEADERS)
_TOO_MUCH = b"\0" * (BODY_LIMIT + 1)  # stands for a body that is too large, and not read


class Durable:
    """Has rows made durable: await it with a row, and hear whether it is. One for all doors of a process."""

    def __init__(self, acceptor: Acceptor) -> None:
        self._acceptor = acceptor
        self._waiting: dict[asyncio.Future[bool], float] = {}  # until when, the longest waiting first
        self._looking = False  # one timer is set
        self._loop: asyncio.AbstractEventLoop

    def on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear which loop the doors run on."""
        self._loop = loop

    async def __call__(self, row: Row) -> bool:
        """Return whether the row is durable; False when there was no room, or it took too long."""
        future: asyncio.Future[bool] = self._loop.create_future()
        try:
            self._acceptor.offer(row, future, self._wake)
        except Overloaded:
            return False
        if not self._looking:
            self._looking = True
            self._loop.call_later(LOOK_EVERY_S, self._look)
        self._waiting[future] = self._loop.time() + ANSWER_WITHIN_S
        try:
            return await future
        finally:
            del self._waiting[future]

    def _wake(self, tokens: Sequence["asyncio.Future[bool]"], durable: bool) -> None:
        """Hear from the writing thread what became of a batch."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_set_all, tokens, durable)

    def _look(self) -> None:
        """Answer who has waited too long; one timer for all, because a timer for each costs as much as the insert."""
        now = self._loop.time()
        for future, until in self._waiting.items():
            if until > now:
                break
            _set(future, False)
        self._looking = bool(self._waiting)
        if self._looking:
            self._loop.call_later(LOOK_EVERY_S, self._look)


class RsgiDoors:
    """An RSGI application; *pages* answers every path that is not a door, *start* and *stop* run beside the server."""

    def __init__(
        self,
        keeper: Doorkeeper,
        durable: Durable,
        pages: Pages,
        start: Callable[[], None] = lambda: None,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._keeper, self._durable, self._pages, self._start, self._stop = keeper, durable, pages, start, stop

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear from the server, before the first request, which loop it runs."""
        self._durable.on(loop)
        self._start()

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Hear from the server that the last request is answered."""
        self._stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        door = self._keeper.doors.get(scope.path)
        if door is None:
            await self._pages(scope, protocol)
            return
        status, body = await self._answer(door, scope, protocol)
        protocol.response_bytes(status, _HEADERS, body)

    async def _answer(self, door: Door, scope: Any, protocol: Any) -> tuple[int, bytes]:
        try:
            if scope.method == "POST":
                row = self._keeper.row(door, scope.query_string, await read_body(scope, protocol, BODY_LIMIT))
                return self._keeper.settled(door, await self._durable(row), row)
            if scope.method == "GET":
                return OK, self._keeper.echo(door, scope.query_string)
        except TooLarge:
            return TOO_LARGE, b""
        except Rejected:
            pass
        return FORBIDDEN, b""


async def read_body(scope: Any, protocol: Any, limit: int) -> bytes:
    """Return the body of a request; more than *limit* bytes when it is longer, however long that would have been."""
    stated = scope.headers.get("content-length")
    if stated is not None:
        if not (stated.isascii() and stated.isdigit() and len(stated) < 12):
            raise Rejected("length")
        body: bytes = await protocol() if int(stated) <= limit else _TOO_MUCH[:1] * (limit + 1)
        return body
    body = b""
    async for piece in protocol:
        body += piece
        if len(body) > limit:
            break
    return body


def _set_all(futures: Sequence["asyncio.Future[bool]"], durable: bool) -> None:
    for future in futures:
        _set(future, durable)


def _set(future: "asyncio.Future[bool]", durable: bool) -> None:
    if not future.done():
        future.set_result(durable)
