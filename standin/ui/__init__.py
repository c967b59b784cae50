"""The demo page: static files, one strict policy, no outside address."""

from __future__ import annotations

from pathlib import Path

from standin import http
from standin.http import Environ, StartResponse

HERE = Path(__file__).parent
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
]


def serve(path: str, environ: Environ, start: StartResponse) -> list[bytes]:
    """The page and its files; everything else is not there."""
    if path in ("/", "/ui"):
        return http.answer(start, 302, b"", headers=[("Location", "/ui/")])
    if path == "/healthz":
        return http.answer_json(start, {"ok": True})
    name = path.removeprefix("/ui/") or "index.html"
    file = HERE / name
    if not path.startswith("/ui/") or "/" in name or file.suffix not in TYPES or not file.is_file():
        return http.answer_json(start, {"error": "not found"}, 404)
    return http.answer(start, 200, file.read_bytes(), TYPES[file.suffix], HEADERS)
