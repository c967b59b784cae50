"""Pages (WSGI) under granian's RSGI: each in one of a few threads, whole answers.

Every name and value a page sees of a request is made here from what the server read; a header with an underscore is
dropped, because in WSGI it could pass for one with a hyphen that a proxy before us set or removed.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.channels.envelope import Rejected
from bot.web.doors_rsgi import read_body

log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]

_PLAIN = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
_NOT_OURS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"})


class RsgiPages:
    """Answers with what *application* says; *limit*: the longest body it is given, in bytes."""

    def __init__(self, application: Wsgi, *, threads: int = 8, limit: int = 1024 * 1024) -> None:
        self._application, self._limit = application, limit
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        try:
            body = await read_body(scope, protocol, self._limit)
        except Rejected:
            protocol.response_bytes(400, _PLAIN, "请求没办成,请稍后再试。".encode())
            return
        if len(body) > self._limit:
            protocol.response_bytes(413, _PLAIN, "内容太大了。".encode())
            return
        environ = environ_of(scope, body)
        loop = asyncio.get_running_loop()
        protocol.response_bytes(*await loop.run_in_executor(self._threads, self._page, environ))

    def _page(self, environ: dict[str, Any]) -> Answer:
        try:
            return _answer(self._application, environ)
        except Exception as error:  # whatever a page raises that the framework did not answer itself
            log.exception("page failed: %s", type(error).__name__)
            return 500, _PLAIN, "请求没办成,请稍后再试。".encode()

    def close(self) -> None:
        """Let the running pages end."""
        self._threads.shutdown()


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333: text as latin-1 of its bytes)."""
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "surrogateescape").decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client,
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in _headers(scope):
        glue = "; " if name == "HTTP_COOKIE" else ","
        environ[name] = f"{environ[name]}{glue}{value}" if name in environ else value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _headers(scope: Any) -> Iterable[tuple[str, str]]:
    for name, value in scope.headers.items():
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        if name == "content-type":
            yield "CONTENT_TYPE", value
        else:
            yield f"HTTP_{name.upper().replace('-', '_')}", value
    if scope.authority:  # HTTP/2 says the host elsewhere
        yield "HTTP_HOST", scope.authority


def _answer(application: Wsgi, environ: dict[str, Any]) -> Answer:
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        begun[:] = [(status, headers)]
        return _no_write

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = begun[0]
    kept = [(name, value) for name, value in headers if name.lower() not in _NOT_OURS]
    return int(status[:3]), kept, body


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("PEP 3333's write() is not offered; return the body")
