"""The few files of the residents' pages, from memory and packed once; their address carries their hash."""

import gzip
import hashlib
from importlib import resources

from flask import Blueprint, Response, abort, make_response, request

_FILES = {
    "weui.css": "text/css",
    "declare.css": "text/css",
    "keep.js": "text/javascript",
    "last.js": "text/javascript",
    "declare.js": "text/javascript",
    "page.js": "text/javascript",
}
_YEAR_S = 31_536_000
PACKED_FROM = 800  # bytes: less is not worth the work


def serve_files(pages: Blueprint) -> None:
    """Add the files to *pages*, and `file(name)` for templates."""
    folder = resources.files("bot.web").joinpath("static/declare")
    held = {name: folder.joinpath(name).read_bytes() for name in _FILES}
    packed = {name: gzip.compress(body, 9, mtime=0) for name, body in held.items()}
    hashes = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in held.items()}

    def static(name: str) -> Response:
        if name not in held:
            abort(404)
        response = make_response(packed[name] if _takes_gzip() else held[name])
        if _takes_gzip():
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Content-Type"] = f"{_FILES[name]}; charset=utf-8"
        if request.args.get("v") == hashes[name]:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
        return response

    pages.add_url_rule("/d/file/<name>", "file", static, provide_automatic_options=False)
    pages.app_context_processor(lambda: {"file": lambda name: f"/d/file/{name}?v={hashes[name]}"})


def pack(response: Response) -> Response:
    """Return a page packed, where the browser takes that: half a second on a bad line."""
    if response.status_code == 200 and _takes_gzip() and not response.direct_passthrough:
        body = response.get_data()
        if len(body) > PACKED_FROM and "Content-Encoding" not in response.headers:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.add("Vary", "Accept-Encoding")
    return response


def _takes_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")
