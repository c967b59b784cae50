"""What is to be printed: posters, labels and cards of places, with the place's words and whom to call."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from handlers.domain.hierarchy import Node, Tree, short
from handlers.domain.place_code import CodeKind, PlaceCode, kf_link, kind_of, page_link
from handlers.domain.poster import Card, Poster
from handlers.ports import Context
from handlers.wording import posters as words
from store.work import SqlWork

_CALLED = ("gridworker", "grid_lead", "village_lead", "township_lead", "county_lead")
_UNSAFE = re.compile(r"[^\w\u3400-\u9fff\U00020000-\U0003ffff-]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever prints may say otherwise: who asks, whom to call, for how long data is kept, and a kf link.

    `links` are addresses by token that open something else than the plain page: 微信客服 or the 公众号.
    """

    asker: str = ""
    contact: str = ""
    kept: str = ""
    kf_url: str = ""
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody to call: the post's title, the name and one mobile number, "" when the roster has none."""

    title: str
    name: str
    phone: str


class Prints:
    """Makes the values of prints in one transaction: codes that are not there yet are issued in it."""

    def __init__(self, work: SqlWork, ctx: Context, wishes: Wishes = Wishes()) -> None:
        self._work, self._ctx, self._wishes = work, ctx, wishes
        self._posts = self._posted()
        self._workers: dict[int, Worker | None] = {}

    def posters(self, node_ids: Sequence[int], codes: Mapping[int, PlaceCode]) -> list[Poster]:
        """Return the posters of the nodes, in order."""
        return [self._poster(self._ctx.tree.node(node_id), codes[node_id]) for node_id in node_ids]

    def cards(self, node_ids: Sequence[int], codes: Mapping[int, PlaceCode]) -> list[Card]:
        """Return the cards of the households, in order."""
        return [self._card(self._ctx.tree.node(node_id), codes[node_id]) for node_id in node_ids]

    def codes(self, node_ids: Iterable[int], valid_for: timedelta | None = None) -> Mapping[int, PlaceCode]:
        """Return the code of each node, issued where there was none."""
        return self._work.codes.issue_many(self._kinds(node_ids), self._ctx.now, valid_for)

    def new_codes(
        self, node_ids: Iterable[int], grace: timedelta, valid_for: timedelta | None = None
    ) -> Mapping[int, PlaceCode]:
        """Return a new code of each node; the former print is read until *grace* is over."""
        return self._work.codes.rotate(self._kinds(node_ids), self._ctx.now, grace, valid_for)

    def _kinds(self, node_ids: Iterable[int]) -> list[tuple[int, CodeKind]]:
        return [(node_id, kind_of(self._ctx.tree.node(node_id).level)) for node_id in node_ids]

    def _poster(self, node: Node, code: PlaceCode) -> Poster:
        name, above = place_words(self._ctx.tree, node)
        said, worker = self._wishes, self._worker(node.id)
        contact = said.contact or (words.call(worker.title, worker.name, worker.phone) if worker else words.no_worker())
        asker, kept = said.asker or words.asked_by(self._asking(node)), said.kept or words.kept_for()
        return Poster(
            code.kind, name, above, self._link(code), code.check, code.serial, asker, contact, kept, self._ctx.day,
            node.code,
        )  # fmt: skip

    def _card(self, node: Node, code: PlaceCode) -> Card:
        name, above = place_words(self._ctx.tree, node)
        worker = self._worker(node.id) or Worker(words.gridworker(), "", "")
        place = above.partition(" · ")[2] or above
        return Card(
            name, node.code, place, self._link(code), code.check, code.serial, worker.title, worker.name, worker.phone,
            self._ctx.day,
        )  # fmt: skip

    def _link(self, code: PlaceCode) -> str:
        if self._wishes.kf_url:
            return kf_link(self._wishes.kf_url, code.token)
        if code.token in self._wishes.links:
            return self._wishes.links[code.token]
        return page_link(self._ctx.base_url, code.token)

    def _asking(self, node: Node) -> str:
        tree = self._ctx.tree
        for level in ("village", "township"):
            found = tree.at_level(node.id, level) if tree.has_level(level) else None
            if found is not None:
                return tree.path_name(found)
        return self._ctx.county.name

    # -- whom to call ------------------------------------------------------------------------------------------------

    def _posted(self) -> dict[int, tuple[int, str]]:
        """Return who is called at each node: the first of the roles that somebody on duty holds there."""
        found: dict[int, tuple[int, str]] = {}
        leaves = self._work.people.leaves(self._ctx.day)
        rows = self._work.people.holders(self._ctx.day, _CALLED)
        for row in sorted(rows, key=lambda row: (_CALLED.index(row.role), row.person_id in leaves, row.person_id)):
            found.setdefault(row.node_id, (row.person_id, row.role))
        return found

    def _worker(self, node_id: int) -> Worker | None:
        tree = self._ctx.tree
        for at in (node_id, *tree.ancestors(node_id)):
            if at in self._posts:
                return self._named(at)
        return None

    def _named(self, node_id: int) -> Worker | None:
        if node_id not in self._workers:
            person_id, role = self._posts[node_id]
            name = self._work.people.names((person_id,)).get(person_id, "")
            phones = self._work.people.phones(person_id)
            kind = self._ctx.county.roles.get(role)
            self._workers[node_id] = Worker(kind.title if kind else role, name, phones[0] if phones else "")
        return self._workers[node_id]


def place_words(tree: Tree, node: Node) -> tuple[str, str]:
    """Return a place's name and where it is: 旗山村第03网格, 永泰县 · 清凉镇."""
    name, path = short(node.name), tree.path_name(node.id)
    if node.id == tree.root.id:
        return node.name, ""
    inside = path.removesuffix(name)
    return name, f"{tree.root.name} · {inside}" if inside else tree.root.name


def file_name(poster: Poster | Card, ending: str) -> str:
    """Return a file's name that every system takes: 35012510520401003-旗山村第03网格.pdf."""
    name = poster.name if isinstance(poster, Poster) else poster.number
    return f"{_UNSAFE.sub('_', poster.code)}-{_UNSAFE.sub('_', name)[:60]}.{ending}"
