"""The doors as ASGI: a callback waits in the event loop, one wake-up a committed batch; every other path goes on."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from bot.channels.envelope import BODY_LIMIT, Rejected
from bot.web.callback import ANSWER_WITHIN_S, FORBIDDEN, HEADERS, OK, TOO_LARGE, Door, Doorkeeper, TooLarge
from store.accept import Acceptor, Overloaded

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS]


class AsgiDoors:
    """An ASGI application; *pages* answers every path that is not a door."""

    def __init__(self, keeper: Doorkeeper, acceptor: Acceptor, pages: App) -> None:
        self._keeper, self._acceptor, self._pages = keeper, acceptor, pages
        self._wake: Callable[[Sequence[Any], bool], None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._keeper.doors.get(scope.get("path", "")) if scope["type"] == "http" else None
        if door is None:
            await self._pages(scope, receive, send)
            return
        status, body = await self._answer(door, scope, receive)
        headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, door: Door, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        query = scope["query_string"].decode("latin-1")
        try:
            if scope["method"] == "POST":
                row = self._keeper.row(door, query, await _body(receive))
                return self._keeper.settled(door, await self._durable(row))
            if scope["method"] == "GET":
                return OK, self._keeper.echo(door, query)
        except TooLarge:
            return TOO_LARGE, b""
        except Rejected:
            pass
        return FORBIDDEN, b""

    async def _durable(self, row: Any) -> bool:
        loop = asyncio.get_running_loop()
        if self._wake is None:
            self._wake = lambda tokens, durable: _from_thread(loop, tokens, durable)
        future: asyncio.Future[bool] = loop.create_future()
        patience = loop.call_later(ANSWER_WITHIN_S, _set, future, False)
        try:
            self._acceptor.offer(row, future, self._wake)
            return await future
        except Overloaded:
            return False
        finally:
            patience.cancel()


def _from_thread(loop: asyncio.AbstractEventLoop, tokens: Sequence["asyncio.Future[bool]"], durable: bool) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(_set_all, tokens, durable)


def _set_all(futures: Sequence["asyncio.Future[bool]"], durable: bool) -> None:
    for future in futures:
        _set(future, durable)


def _set(future: "asyncio.Future[bool]", durable: bool) -> None:
    if not future.done():
        future.set_result(durable)


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= BODY_LIMIT:
        message = await receive()
        body += message.get("body", b"")
    return body
