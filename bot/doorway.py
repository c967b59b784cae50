"""The two faces of a web process: RSGI (granian) and WSGI (any other server) over the same doors and the same pages."""

from collections.abc import Callable, Iterable

from bot.app import create_app
from bot.parts import Parts
from bot.web.doors_rsgi import RsgiDoors
from bot.web.doors_wsgi import WsgiDoors
from bot.web.pages_rsgi import RsgiPages


def rsgi_app(
    parts: Parts, start: Callable[[], None] = lambda: None, stop: Callable[[], None] = lambda: None
) -> RsgiDoors:
    """Return the RSGI application: doors in the event loop, pages in a few threads. The server calls *start* before
    the first request and *stop* after the last."""
    pages = RsgiPages(create_app(parts))
    return RsgiDoors(parts.doorkeeper, parts.acceptor, pages, start, stop)


def wsgi_app(parts: Parts) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI application."""
    return WsgiDoors(parts.doorkeeper, parts.acceptor, create_app(parts))
