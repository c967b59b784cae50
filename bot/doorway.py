"""The two faces of a web process: RSGI (granian) and WSGI (any other server) over the same doors and the same pages."""

from collections.abc import Callable, Iterable
from functools import partial

from flask import Flask

from bot.app import create_app
from bot.parts import Parts
from bot.web.doors_rsgi import Durable, RsgiDoors
from bot.web.doors_wsgi import WsgiDoors, durable
from bot.web.pages_rsgi import RsgiPages
from bot.web.resident import PLAIN
from bot.web.sheet_door import SheetDoor
from bot.web.sheets_rsgi import RsgiSheets
from bot.web.sheets_wsgi import WsgiSheets


def rsgi_app(
    parts: Parts, start: Callable[[], None] = lambda: None, stop: Callable[[], None] = lambda: None
) -> RsgiDoors:
    """Return the RSGI application: doors in the event loop, pages in a few threads. The server calls *start* before
    the first request and *stop* after the last."""
    app, waiting = create_app(parts), Durable(parts.acceptor)
    pages = RsgiSheets(sheet_door(parts, app), waiting, RsgiPages(app))
    return RsgiDoors(parts.doorkeeper, waiting, pages, start, stop)


def wsgi_app(parts: Parts) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI application."""
    app = create_app(parts)
    pages = WsgiSheets(sheet_door(parts, app), partial(durable, parts.acceptor), app)
    return WsgiDoors(parts.doorkeeper, parts.acceptor, pages)


def sheet_door(parts: Parts, app: Flask) -> SheetDoor:
    """Return the door for declarations; what it refuses with was rendered when *app* was made."""
    secure = parts.settings.base_url.startswith("https://")
    plain = app.extensions[PLAIN]
    return SheetDoor(parts.codes, parts.knocks, parts.seals, plain, parts.clock.epoch, parts.metrics, secure)
