"""The declarations' door under granian: a form waits in the event loop for its commit; all else goes to the pages."""

from typing import Any

from bot.channels.envelope import Rejected
from bot.web.code_looks import CodeLooks
from bot.web.doors_rsgi import Durable, Pages, read_body
from bot.web.plain_pages import Plain
from bot.web.sheet_door import BODY_LIMIT, Asked, Response, SheetDoor, token_in
from handlers.domain.place_code import CodeKind
from store.place_codes import is_ours


class RsgiSheets:
    """Pages for RSGI, with the door before them."""

    def __init__(self, door: SheetDoor, durable: Durable, pages: Pages) -> None:
        self._door, self._durable, self._pages = door, durable, pages
        self._looks = CodeLooks(door.codes.kinds)

    async def __call__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        token = token_in(scope.method, scope.path)
        if token is None:
            await self._pages(scope, protocol)
            return
        answer = await self._answer(token, scope, protocol)
        protocol.response_bytes(*answer)

    async def _answer(self, token: str, scope: Any, protocol: Any) -> Response:
        try:
            body = await read_body(scope, protocol, BODY_LIMIT)
        except Rejected:
            return self._door.refuse(_asked(token, scope, b""), Plain.BAD)
        asked = _asked(token, scope, body)
        code = self._door.codes.recall(token)
        row = self._door.row(asked, code.kind if code else await self._kind(token))
        if isinstance(row, Response):
            return row
        return self._door.settled(asked, row, await self._durable(row))

    async def _kind(self, token: str) -> CodeKind | None:
        return await self._looks.kind(token) if is_ours(token) else None


def _asked(token: str, scope: Any, body: bytes) -> Asked:
    headers = scope.headers
    return Asked(
        token=token,
        body=body,
        address=scope.client.rpartition(":")[0],
        host=scope.authority or headers.get("host") or "",
        content_type=headers.get("content-type") or "",
        accept=headers.get("accept") or "",
        origin=headers.get("origin"),
        site=headers.get("sec-fetch-site"),
    )
