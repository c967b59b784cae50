"""What the residents' pages share: language, size of text, days in words, one answer for what is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from bot.parts import Parts
from bot.web.console_words import LANGUAGES
from bot.web.knocks import MISSES, MISSES_IN, neighbourhood
from bot.web.page_files import pack
from bot.web.page_words import PageWords, day_in
from bot.web.plain_pages import Plain, PlainPages
from handlers.domain.errors import UnknownNode
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.place_code import PlaceCode
from handlers.ports import Context
from handlers.rights_grants import all_mine
from store.work import SqlWork

LANGUAGE_COOKIE, BIG_COOKIE = "geying-page", "geying-big"
PLAIN = "geying-plain"
_YEAR_S = 31_536_000


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place as poster and page name it: where it is, the door, and the digits to compare."""

    name: str
    door: str
    check: str


def place_shown(code: PlaceCode, ctx: Context) -> PlaceShown:
    """Return what names the place; a household's door stands apart, large."""
    node = ctx.tree.node(code.node_id)
    if node.level == HOUSEHOLD and node.parent_id is not None:
        return PlaceShown(ctx.tree.path_name(node.parent_id), node.name, code.check)
    return PlaceShown(ctx.tree.path_name(code.node_id) or ctx.county.name, "", code.check)


class Resident:
    """One request of somebody without an account: in which words, how large."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        wanted = request.args.get("lang", request.cookies.get(LANGUAGE_COOKIE, ""))
        self.words = PageWords(wanted if wanted in LANGUAGES else LANGUAGES[0])
        self.big = request.args.get("big", request.cookies.get(BIG_COOKIE, "")) == "1"
        self.ctx = parts.counties.context()

    def page(self, template: str, status: int = 200, *, packed: bool = True, **values: Any) -> Response:
        """Return a page in the visitor's words; what they chose is kept in their browser, and nothing else."""
        shared = {"t": self.words, "big": self.big, "day": self.day, "moment": self.moment, "faults": {}, "filled": {}}
        shared["sample"] = self.ctx.county.sample
        response = make_response(render_template(f"{template}.html", **{**shared, **values}), status)
        secure = self.parts.settings.base_url.startswith("https://")
        for name, cookie, allowed in (("lang", LANGUAGE_COOKIE, LANGUAGES), ("big", BIG_COOKIE, ("0", "1"))):
            if (said := request.args.get(name)) in allowed:
                response.set_cookie(cookie, said, max_age=_YEAR_S, path="/", samesite="Strict", secure=secure)
        return pack(response) if packed else response

    def opens(self, token: str, work: SqlWork) -> bool:
        """Return whether a token still opens anything: what it opened may have been erased."""
        try:
            return bool(all_mine(token, work, self.ctx))
        except UnknownNode:
            return False

    def fragment(self, template: str, **values: Any) -> str:
        """Return a piece of a page."""
        shared = {"t": self.words, "day": self.day, "moment": self.moment}
        return render_template(f"{template}.html", **{**shared, **values})

    def day(self, text: str) -> str:
        """Return a day as people write it: 2月5日, or 5 Feb."""
        return self._day(date.fromisoformat(text))

    def moment(self, text: str) -> str:
        """Return a moment in the county's time, to the minute."""
        local = self.ctx.local(datetime.fromisoformat(text))
        return f"{self._day(local.date())} {local:%H:%M}"

    def _day(self, day: date) -> str:
        return day_in(f"{day.month}月{day.day}日", self.words.language)


def plain(kind: Plain, *, as_json: bool = False) -> Response:
    """Return one of the plain pages."""
    pages: PlainPages = current_app.extensions[PLAIN]
    body, content = pages.body(kind, as_json=as_json)
    response = make_response(body, kind.status)
    response.headers["Content-Type"] = content
    if kind is Plain.BUSY:
        response.headers["Retry-After"] = "300"
    return response


def missed(parts: Parts, *, as_json: bool = False) -> Response:
    """Return the one answer for a token that opens nothing, whatever the reason; whoever tries many has to wait."""
    address = neighbourhood(request.remote_addr or "")
    fine = parts.knocks.count(("miss", address), MISSES, MISSES_IN)
    return plain(Plain.GONE if fine else Plain.BUSY, as_json=as_json)


def by_field(faults: list[Mapping[str, Any]]) -> dict[tuple[str | None, str], list[Mapping[str, Any]]]:
    """Return faults by row and field, as a form shows them."""
    found: dict[tuple[str | None, str], list[Mapping[str, Any]]] = {}
    for fault in faults:
        found.setdefault((fault["row"], fault["field"]), []).append(fault)
    return found
