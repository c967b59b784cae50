"""The two faces of a web process: ASGI and WSGI over the same doors and the same pages."""

from collections.abc import Callable, Iterable

from a2wsgi import WSGIMiddleware

from bot.app import create_app
from bot.parts import Parts
from bot.web.doors_asgi import App, AsgiDoors
from bot.web.doors_wsgi import WsgiDoors


def asgi_app(parts: Parts) -> App:
    """Return the ASGI application: doors in the event loop, pages in a few threads."""
    pages: App = WSGIMiddleware(create_app(parts), workers=8)  # type: ignore[assignment]
    return AsgiDoors(parts.doorkeeper, parts.acceptor, pages)


def wsgi_app(parts: Parts) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI application."""
    return WsgiDoors(parts.doorkeeper, parts.acceptor, create_app(parts))
