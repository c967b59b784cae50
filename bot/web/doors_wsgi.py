"""The doors as WSGI, for gunicorn and any other server: a callback holds its thread until its batch is committed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from http import HTTPStatus
from typing import Any

from bot.channels.envelope import BODY_LIMIT, Rejected
from bot.web.callback import ANSWER_WITHIN_S, FORBIDDEN, HEADERS, OK, TOO_LARGE, Door, Doorkeeper, TooLarge
from store.accept import Acceptor, Overloaded
from store.inbox import Row

StartResponse = Callable[..., Any]


class WsgiDoors:
    """A WSGI application; *pages* answers every path that is not a door."""

    def __init__(self, keeper: Doorkeeper, acceptor: Acceptor, pages: Callable[..., Iterable[bytes]]) -> None:
        self._keeper, self._acceptor, self._pages = keeper, acceptor, pages

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        door = self._keeper.doors.get(environ.get("PATH_INFO", ""))
        if door is None:
            return self._pages(environ, start_response)
        status, body = self._answer(door, environ)
        line = f"{status} {HTTPStatus(status).phrase}"
        start_response(line, [*HEADERS, ("Content-Length", str(len(body)))])
        return (body,)

    def _answer(self, door: Door, environ: Mapping[str, Any]) -> tuple[int, bytes]:
        query = environ.get("QUERY_STRING", "")
        try:
            if environ["REQUEST_METHOD"] == "POST":
                row = self._keeper.row(door, query, _body(environ))
                return self._keeper.settled(door, self._durable(row), row)
            if environ["REQUEST_METHOD"] == "GET":
                return OK, self._keeper.echo(door, query)
        except TooLarge:
            return TOO_LARGE, b""
        except Rejected:
            pass
        return FORBIDDEN, b""

    def _durable(self, row: Row) -> bool:
        return durable(self._acceptor, row)


def durable(acceptor: Acceptor, row: Row) -> bool:
    """Return whether the row was made durable; False when there was no room, or it took too long."""
    future: Future[bool] = Future()
    try:
        acceptor.offer(row, future, _settle)
        return future.result(ANSWER_WITHIN_S)
    except (Overloaded, FutureTimeout):
        return False


def _settle(futures: Sequence["Future[bool]"], durable: bool) -> None:
    for future in futures:
        future.set_result(durable)


def _body(environ: Mapping[str, Any]) -> bytes:
    return body_of(environ, BODY_LIMIT)


def body_of(environ: Mapping[str, Any], limit: int) -> bytes:
    """Return the body of a request; more than *limit* bytes when it is longer, and then nothing of it was read."""
    stated = environ.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdigit() and len(stated) < 12):
        raise Rejected("length")
    if int(stated) > limit:
        return b"\0" * (limit + 1)
    body: bytes = environ["wsgi.input"].read(int(stated))
    return body
