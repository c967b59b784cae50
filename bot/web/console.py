"""The leaders' console: server-rendered pages under /console/. This table says what is there and whom it is for."""

import hashlib
from collections.abc import Callable
from datetime import date
from importlib import resources
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from bot.parts import Parts
from bot.web import (
    console_board,
    console_catch_up,
    console_daily,
    console_directive,
    console_door,
    console_home,
    console_ops,
    console_order,
    console_shopping,
    console_sign_in,
    console_sources,
    console_standing,
    console_steer,
)
from bot.web.console_words import LANGUAGES
from bot.web.guard import LANGUAGE_COOKIE, Guard, On, Route
from bot.web.session import WELCOME, Sessions
from handlers.domain.policy import Action

_A = Action
_COUNTS, _ISSUE, _EXPORT = frozenset({_A.SEE_COUNTS}), frozenset({_A.ISSUE}), frozenset({_A.EXPORT})
_STEER = frozenset({_A.ISSUE, _A.CONFIRM})
_OPS = frozenset({_A.ADMIN, _A.SECURITY, _A.AUDIT})
_POST = ("POST",)
_HEALTH, _KEEP = frozenset({_A.SEE_HEALTH}), frozenset({_A.KEEP})
_ONE, _DAY = "/directive/<number:directive_id>", "/daily/<day:day>"

ROUTES = (
    Route("/sign-in", "sign_in_form", console_sign_in.form, On.OPEN),
    Route("/sign-in", "sign_in", console_sign_in.sign_in, On.OPEN, methods=_POST),
    Route("/sign-out", "sign_out", console_sign_in.sign_out, On.SIGNED, methods=_POST),
    Route("/password", "password_form", console_sign_in.password_form, On.SIGNED),
    Route("/password", "change_password", console_sign_in.change_password, On.SIGNED, methods=_POST),
    Route("/", "home", console_home.show, On.ANYWHERE, WELCOME),
    Route("/node/<number:node_id>", "node", console_standing.show_node, On.NODE, _COUNTS),
    Route("/directive/new", "directive_form", console_order.form, On.ANYWHERE, _ISSUE),
    Route("/directive/new", "directive_preview", console_order.preview, On.ANYWHERE, _ISSUE, _POST),
    Route(_ONE, "directive", console_directive.show, On.DIRECTIVE, _COUNTS),
    Route(f"{_ONE}/go", "directive_go", console_steer.go, On.DIRECTIVE, _ISSUE, _POST),
    Route(f"{_ONE}/stop", "directive_stop", console_steer.stop, On.DIRECTIVE, _STEER, _POST),
    Route(f"{_ONE}/approve", "directive_approve", console_steer.approve, On.DIRECTIVE, frozenset({_A.CONFIRM}), _POST),
    Route(f"{_ONE}/refuse", "directive_refuse", console_steer.refuse, On.DIRECTIVE, frozenset({_A.CONFIRM}), _POST),
    Route(_DAY, "daily", console_daily.show, On.NODE, _COUNTS),
    Route(f"{_DAY}/sources", "daily_sources", console_sources.show, On.NODE, _COUNTS),
    Route(f"{_DAY}/xlsx", "daily_workbook", console_daily.workbook, On.NODE, _EXPORT),
    Route(f"{_DAY}/png", "daily_picture", console_daily.picture, On.NODE, _EXPORT),
    Route("/board", "board", console_board.show, On.NODE, _COUNTS),
    Route("/catch-up", "catch_up", console_catch_up.show, On.NODE, _HEALTH),
    Route("/catch-up", "catch_up_take", console_catch_up.take, On.NODE, _HEALTH, _POST),
    Route("/door/<number:node_id>", "door", console_door.show, On.NODE, _HEALTH),
    Route("/door/<number:node_id>", "door_take", console_door.take, On.NODE, _HEALTH, _POST),
    Route("/shopping", "shopping", console_shopping.show, On.ANYWHERE, _KEEP),
    Route("/shopping/xlsx", "shopping_workbook", console_shopping.workbook, On.ANYWHERE, _KEEP),
    Route("/ops", "ops", console_ops.show, On.ANYWHERE, _OPS),
    Route("/ops/release", "ops_release", console_ops.release, On.ANYWHERE, frozenset({_A.SECURITY}), _POST),
    Route(
        "/ops/alarm/<number:alarm_id>/close", "ops_close", console_ops.close_alarm, On.ANYWHERE,
        frozenset({_A.ADMIN}), _POST,
    ),
    Route("/ops/verify", "ops_verify", console_ops.verify, On.ANYWHERE, frozenset({_A.AUDIT}), _POST),
)  # fmt: skip

_FILES = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
_ARGUMENTS = ("node", "key", "branch", "report", "page", "from")  # all that an address of ours may ask
_YEAR_S = 31_536_000


class _Number(BaseConverter):
    """1 to 999999999 in plain digits: nothing that a database or `int()` could stumble over."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)


class _Day(BaseConverter):
    """A day as 2026-02-08."""

    regex = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error


def create(parts: Parts) -> Blueprint:
    """Return the blueprint of the console over *parts*."""
    pages = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
    pages.record_once(_converters)
    guard = Guard(parts, Sessions(parts))
    for route in ROUTES:
        pages.add_url_rule(
            route.path, route.name, guard.wrap(route), methods=route.methods, provide_automatic_options=False
        )
    _static(pages)
    pages.after_request(_headers(parts.settings.base_url.startswith("https://")))
    return pages


def _converters(state: BlueprintSetupState) -> None:
    state.app.url_map.converters.update(number=_Number, day=_Day)


def _static(pages: Blueprint) -> None:
    """Serve the few files from memory; their address carries their hash, so that a browser may keep them for a year."""
    folder = resources.files("bot.web").joinpath("static")
    held = {name: folder.joinpath(name).read_bytes() for name in _FILES}
    hashes = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in held.items()}

    def static(name: str) -> Response:
        if name not in held:
            abort(404)
        response = make_response(held[name])
        response.headers["Content-Type"] = f"{_FILES[name]}; charset=utf-8"
        if request.args.get("v") == hashes[name]:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
        return response

    def address(name: str) -> str:
        return f"/console/static/{name}?v={hashes[name]}"

    pages.add_url_rule("/static/<name>", "static", static, provide_automatic_options=False)
    pages.app_context_processor(lambda: {"static": address, "lang_link": lang_link})


def lang_link(language: str) -> str:
    """Return this page's address in the other language."""

    kept = [(name, request.args[name]) for name in _ARGUMENTS if name in request.args]
    return f"?{urlencode([*kept, ('lang', language)])}"


def _headers(secure: bool) -> Callable[[AnyResponse], AnyResponse]:
    def add(response: AnyResponse) -> AnyResponse:
        """Add what a page needs; the plain errors stay as they are, alike wherever they come from."""
        if response.status_code >= 400 and response.mimetype != "text/html":
            return response
        # our own forms must state their origin, which a page without any referrer keeps browsers from doing
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Vary", "Cookie")
        wanted = request.args.get("lang")
        if response.status_code == 200 and wanted in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, wanted, max_age=_YEAR_S, path="/console", httponly=True, samesite="Lax", secure=secure
            )
        return response

    return add
