"""The little of HTTP that is needed beside WSGI: reading requests, answering, and breaking connections on purpose."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

JSON = "application/json; charset=UTF-8"
MAX_BODY = 8 * 1024 * 1024
STATUS = {
    200: "200 OK",
    302: "302 Found",
    400: "400 Bad Request",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    409: "409 Conflict",
    413: "413 Content Too Large",
    500: "500 Internal Server Error",
    502: "502 Bad Gateway",
}


def query_of(environ: Environ) -> dict[str, str]:
    return dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))


def body_of(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return environ["wsgi.input"].read(min(length, MAX_BODY)) if length else b""


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
