"""The one way into a console page: every route states whom it is for, and is wrapped here before it is registered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from bot.parts import Parts
from bot.web.console_words import LANGUAGES, Words
from bot.web.session import Sessions, Signed
from handlers import wording
from handlers.domain.directive import Directive
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import Node, short
from handlers.domain.people import Person
from handlers.domain.policy import Action, may
from handlers.ports import Context
from store.work import SqlWork

LANGUAGE_COOKIE = "geying-lang"
SIGN_IN = "/console/sign-in"
_FORM_LARGEST = 64 * 1024  # bytes


class On(StrEnum):
    """What a route's right is needed for."""

    OPEN = "nothing: a stranger may come"
    SIGNED = "a session"
    ANYWHERE = "one of the rights, at any node"
    NODE = "the rights, at the node asked for"
    DIRECTIVE = "the rights, at every node the directive speaks to"


@dataclass(frozen=True, slots=True)
class Route:
    """One page or action: `needs` are rights of `handlers.domain.policy`, `on` what they are needed for."""

    path: str
    name: str
    view: Callable[..., Any]
    on: On
    needs: frozenset[Action] = frozenset()
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody signed in: who, when, in which words; and the gates to what they ask for."""

    parts: Parts
    context: Context
    signed: Signed
    words: Words
    token: str

    @property
    def person(self) -> Person:
        """Return who is asking."""
        return self.signed.person

    @property
    def hold_s(self) -> int:
        """Return for how many seconds a directive is held before it goes."""
        return int(self.context.county.hold.total_seconds())

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """Return (address, label) of the pages this person has any use for."""
        found = [("/console/", "首页")] if self.can(Action.SEE_COUNTS) else []
        four_ones = self.context.county.four_ones is not None and self.can(Action.SEE_COUNTS)
        found += [("/console/board", "看板")] if four_ones else []
        found += [("/console/directive/new", "写通知")] if self.can(Action.ISSUE) else []
        found += [(f"/console/daily/{self.context.day}", "日报")] if self.can(Action.SEE_COUNTS) else []
        found += [("/console/ops", "运行")] if self.can(Action.ADMIN, Action.SECURITY, Action.AUDIT) else []
        return tuple(found)

    def nodes(self, action: Action) -> tuple[int, ...]:
        """Return the nodes of the person's posts where they may do it, own posts first."""
        return tuple(n for n in self.person.nodes() if may(self.person, action, n, self.context.tree))

    def can(self, *actions: Action) -> bool:
        """Return whether the person may do one of these anywhere."""
        return any(self.nodes(action) for action in actions)

    def may(self, action: Action, node_id: int) -> bool:
        """Return whether the person may do it there."""
        return may(self.person, action, node_id, self.context.tree)

    def node(self, node_id: int, *actions: Action) -> Node:
        """Return the node when it may be shown and all of *actions* done there; else UnknownNode."""
        node = self.context.tree.view(self.person, node_id)
        if not all(self.may(action, node_id) for action in actions):
            raise UnknownNode(f"node {node_id}")
        return node

    def directive(self, work: SqlWork, directive_id: int, *actions: Action) -> Directive:
        """Return the directive when all of *actions* are allowed at every node it speaks to; else UnknownNode."""
        found = work.directives.get(directive_id)
        if found is None:
            raise UnknownNode(f"directive {directive_id}")
        for node_id in found.audience.nodes:
            self.node(node_id, *actions)
        return found

    def note(self, work: SqlWork, action: str, what: str, purpose: str, result: str = "ok") -> None:
        """Write down who did or read what, in the transaction that does or reads it."""
        work.audit.note(self.context.now, self.person.id, action, what, purpose, result)

    def local(self, moment: datetime) -> str:
        """Return a moment as people write it, with the date when it is not today."""
        return wording.day_clock(self.context.local(moment), self.context.local(self.context.now))

    @staticmethod
    def short(node: Node) -> str:
        """Return a node's name as people say it: 古岸村, not 古岸村委会."""
        return short(node.name)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        return make_response(render_template(f"{template}.html", visit=self, t=self.words, **values), status)


class Guard:
    """Wraps the routes of one application."""

    def __init__(self, parts: Parts, sessions: Sessions) -> None:
        self._parts, self._sessions = parts, sessions

    def wrap(self, route: Route) -> Callable[..., Response]:
        """Return the view that Flask calls: nobody gets past it without what the route needs."""

        def enter(**asked: Any) -> Response:
            request.max_content_length = _FORM_LARGEST
            signed = self._sessions.find(request)
            if signed is None:
                return redirect(SIGN_IN, code=303)
            if request.method == "POST" and not self._sessions.genuine(request, signed.key):
                abort(403)
            token = self._sessions.token(signed.key)
            visit = Visit(self._parts, self._parts.counties.context(), signed, language(), token)
            return self._served(route, visit, asked)

        return self._open(route) if route.on is On.OPEN else enter

    def _open(self, route: Route) -> Callable[..., Response]:
        def enter(**asked: Any) -> Response:
            request.max_content_length = _FORM_LARGEST
            made: Response = route.view(self._parts, self._sessions, **asked)
            return made

        return enter

    @staticmethod
    def _served(route: Route, visit: Visit, asked: dict[str, Any]) -> Response:
        """What is not there and what is not yours leave here as the same 404."""
        if route.needs and not visit.can(*route.needs):
            abort(404)
        try:
            if route.on is On.NODE:
                asked["node"] = _node_asked(route, visit, asked.pop("node_id", None))
            made: Response = route.view(visit, **asked)
        except UnknownNode:
            abort(404)
        except Refused as refusal:
            made = visit.page("said", 409, said=refusal.say)
        return made


def _node_asked(route: Route, visit: Visit, node_id: int | None) -> Node:
    """Return the node of the address or of `?node=`, else the person's own; checked for all the route needs."""
    if node_id is None:
        given = request.args.get("node")
        own = next((n for action in route.needs for n in visit.nodes(action)), None)
        node_id = own if given is None else number(given)
    if node_id is None:
        raise UnknownNode("no node")
    return visit.node(node_id, *route.needs)


def number(text: str) -> int:
    """Return a plain number of an address; UnknownNode for anything else: nothing of that name is there."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise UnknownNode("not a number")
    return int(text)


def language() -> Words:
    """Return the words in the language of `?lang=`, else of the cookie, else Chinese."""
    wanted = request.args.get("lang", request.cookies.get(LANGUAGE_COOKIE, ""))
    return Words(wanted if wanted in LANGUAGES else LANGUAGES[0])
