"""The two faces of a web process: ASGI and WSGI over the same doors and the same pages."""

from collections.abc import Callable, Iterable
from typing import Any

from a2wsgi import WSGIMiddleware

from bot.app import create_app
from bot.parts import Parts
from bot.web.doors_asgi import App, AsgiDoors
from bot.web.doors_wsgi import WsgiDoors


def asgi_app(parts: Parts) -> App:
    """Return the ASGI application: doors in the event loop, pages in a few threads."""
    pages: Any = create_app(parts)  # Flask and a2wsgi name the same WSGI types differently
    in_threads: Any = WSGIMiddleware(pages, workers=8)
    return AsgiDoors(parts.doorkeeper, parts.acceptor, in_threads)


def wsgi_app(parts: Parts) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI application."""
    return WsgiDoors(parts.doorkeeper, parts.acceptor, create_app(parts))
