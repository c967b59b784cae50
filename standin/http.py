"""The little of HTTP that is needed beside WSGI: reading requests, answering, and breaking connections on purpose."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

JSON = "application/json; charset=UTF-8"
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
MAX_BODY = 8 * 1024 * 1024
MAX_UPLOAD = 24 * 1024 * 1024  # the largest file and its form around it
STATUS = {
    200: "200 OK",
    206: "206 Partial Content",
    302: "302 Found",
    400: "400 Bad Request",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    409: "409 Conflict",
    413: "413 Content Too Large",
    416: "416 Range Not Satisfiable",
    500: "500 Internal Server Error",
    502: "502 Bad Gateway",
}


@dataclass(slots=True)
class Blob:
    """A file as an answer, instead of JSON. *inline* lets a browser show it where it stands."""

    content: bytes
    content_type: str
    name: str
    inline: bool = False

    @property
    def disposition(self) -> str:
        plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in self.name)
        kind = "inline" if self.inline else "attachment"
        return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(self.name, safe='')}"


def query_of(environ: Environ) -> dict[str, str]:
    return dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))


def body_of(environ: Environ, most: int = MAX_BODY) -> bytes | None:
    """The whole body; None when it is longer than *most* bytes."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > most:
        return None
    return environ["wsgi.input"].read(length) if length else b""


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(
    start: StartResponse,
    status: int,
    body: bytes,
    content_type: str = JSON,
    headers: Iterable[tuple[str, str]] = (),
) -> list[bytes]:
    start(STATUS[status], [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers])
    return [body]


def answer_json(start: StartResponse, value: Any, status: int = 200) -> list[bytes]:
    return answer(start, status, dumps(value))


def answer_blob(
    start: StartResponse, blob: Blob, environ: Environ, headers: Iterable[tuple[str, str]] = ()
) -> list[bytes]:
    """*blob*, or the one range of it that was asked for (206)."""
    more = [("Content-Disposition", blob.disposition), ("X-Content-Type-Options", "nosniff"), *headers]
    found = RANGE.fullmatch(environ.get("HTTP_RANGE", ""))
    if found is None:
        return answer(start, 200, blob.content, blob.content_type, more)
    size, first = len(blob.content), int(found[1])
    last = min(int(found[2] or size - 1), size - 1)
    if first > last:
        return answer(start, 416, b"", blob.content_type, [("Content-Range", f"bytes */{size}")])
    more.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    return answer(start, 206, blob.content[first : last + 1], blob.content_type, more)


def cut_short(start: StartResponse, body: bytes) -> list[bytes]:
    """The first half of *body* under the header of the whole: the server then has to close the connection."""
    start(STATUS[200], [("Content-Type", JSON), ("Content-Length", str(len(body)))])
    return [body[: len(body) // 2]]


def hang(environ: Environ, seconds: float, stopping: threading.Event) -> None:
    """Return when *seconds* are over, the client has gone or the server stops; then the connection is dropped."""
    gone = environ.get("waitress.client_disconnected") or (lambda: False)
    end = time.monotonic() + seconds
    while time.monotonic() < end and not gone() and not stopping.wait(0.02):
        pass
    reset(environ)


def reset(environ: Environ) -> None:
    """Cut the client's connection without an answer (RST instead of a polite end).

    waitress names no way to do this, so the channel is reached through the one method of it in *environ*.
    """
    probe = environ.get("waitress.client_disconnected")
    channel = getattr(probe, "__self__", None)
    if channel is None or not channel.connected:
        return
    with contextlib.suppress(OSError):
        channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    channel.server.pull_trigger()
    channel.server.trigger.pull_trigger(channel.handle_close)
    end = time.monotonic() + 2
    while channel.connected and time.monotonic() < end:
        time.sleep(0.001)
