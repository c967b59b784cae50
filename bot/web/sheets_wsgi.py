"""The declarations' door as WSGI: a form holds its thread until its batch is committed; all else goes to the pages."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from bot.channels.envelope import Rejected
from bot.web.doors_wsgi import StartResponse, body_of
from bot.web.plain_pages import Plain
from bot.web.sheet_door import BODY_LIMIT, Asked, Response, SheetDoor, token_in
from store.inbox import Row


class WsgiSheets:
    """A WSGI application with the door before *pages*."""

    def __init__(self, door: SheetDoor, durable: Callable[[Row], bool], pages: Callable[..., Iterable[bytes]]) -> None:
        self._door, self._durable, self._pages = door, durable, pages

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        token = token_in(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if token is None:
            return self._pages(environ, start_response)
        status, headers, body = self._answer(token, environ)
        line = f"{status} {HTTPStatus(status).phrase}"
        start_response(line, [*headers, ("Content-Length", str(len(body)))])
        return (body,)

    def _answer(self, token: str, environ: Mapping[str, Any]) -> Response:
        try:
            asked = _asked(token, environ, body_of(environ, BODY_LIMIT))
        except Rejected:
            return self._door.refuse(_asked(token, environ, b""), Plain.BAD)
        code = self._door.codes.recall(token)
        row = self._door.row(asked, code.kind if code else self._door.codes.kind(token))
        return row if isinstance(row, Response) else self._door.settled(asked, row, self._durable(row))


def _asked(token: str, environ: Mapping[str, Any], body: bytes) -> Asked:
    return Asked(
        token=token,
        body=body,
        address=environ.get("REMOTE_ADDR", ""),
        host=environ.get("HTTP_HOST", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
        accept=environ.get("HTTP_ACCEPT", ""),
        origin=environ.get("HTTP_ORIGIN"),
        site=environ.get("HTTP_SEC_FETCH_SITE"),
    )
