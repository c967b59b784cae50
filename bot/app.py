"""The pages: the front page, health, metrics and the console; the callback doors are asked before this."""

from collections.abc import Callable

from flask import Flask, Response, jsonify, redirect, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from bot.parts import Parts
from bot.settings import OFFICIAL_API
from bot.web import console, declare, me
from bot.web.headers import CSP, HEADERS, HSTS
from bot.web.plain_pages import PlainPages
from bot.web.resident import PLAIN

__all__ = ["CSP", "create_app"]


def create_app(parts: Parts) -> Flask:
    """Return the Flask application over *parts*."""
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.config.update(
        SECRET_KEY=parts.settings.secret_key,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=None,
    )
    app.after_request(_headers(parts))
    app.register_error_handler(HTTPException, _plain_error)
    _front(app, parts)
    _health(app, parts)
    app.register_blueprint(console.create(parts))
    app.register_blueprint(declare.create(parts))
    app.register_blueprint(me.create(parts))
    app.extensions[PLAIN] = PlainPages(app)
    return app


def _headers(parts: Parts) -> Callable[[Response], Response]:
    secure = parts.settings.base_url.startswith("https://")

    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    return add


def _plain_error(error: HTTPException) -> Response:
    """Return a short page; what is not there and what is not yours look the same."""
    words = {404: "没有这个页面,或不归您看。", 405: "没有这个页面,或不归您看。", 413: "内容太大了。"}
    code = 404 if error.code in (404, 405) else error.code or 500
    return Response(words.get(code, "请求没办成,请稍后再试。"), status=code, mimetype="text/plain")


def _front(app: Flask, parts: Parts) -> None:
    far = parts.settings.wecom_api_base
    led = f"{far.rstrip('/')}/" if parts.settings.demo and far != OFFICIAL_API else None

    @app.get("/")
    def front() -> AnyResponse | str:
        """Say what this is; in the demo lead on to the stand-in, which shows the groups and phones."""
        return redirect(led, code=302) if led else render_template("front.html")


def _health(app: Flask, parts: Parts) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        """Live: the process answers."""
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Ready: a message could be taken now (the database answers, or the spool has room)."""
        faults = parts.not_ready()
        return jsonify(status="ok" if not faults else "not ready", faults=faults), 503 if faults else 200

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(parts.metrics.text(), mimetype="text/plain; version=0.0.4")
