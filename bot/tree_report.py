"""The tree as lines for an operator: who and what is bound where, and the dark spots where nothing arrives."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.domain.chats import Channel, Chat
from handlers.domain.county import County
from handlers.domain.hierarchy import Node, Tree, short
from handlers.domain.people import HolderRow, on_duty

_SPOTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DarkSpot:
    """A node that a message would not reach, or that cannot answer: which, and what is missing (Chinese)."""

    node_id: int
    say: str


class Bindings:
    """What hangs on the tree: posts, leaves and groups, by node. Names of people are not among them."""

    def __init__(
        self,
        county: County,
        tree: Tree,
        holders: Iterable[HolderRow],
        leaves: Mapping[int, int | None],
        chats: Iterable[Chat],
    ) -> None:
        self._county, self._tree, self._leaves = county, tree, leaves
        self.holders: dict[int, list[HolderRow]] = {}
        for holder in holders:
            self.holders.setdefault(holder.node_id, []).append(holder)
        self.chats: dict[int, list[Chat]] = {}
        self.astray: list[Chat] = []
        for chat in chats:
            if tree.has(chat.node_id):
                self.chats.setdefault(chat.node_id, []).append(chat)
            else:
                self.astray.append(chat)

    def dark_spots(self, node_id: int) -> tuple[DarkSpot, ...]:
        """Return what is missing at the node and below it, level by level, in tree order."""
        staffed = {self._tree.node(at).level for at in self.holders if self._tree.has(at)}
        found = [spot for level in self._posted_levels() for spot in self._of_level(node_id, level, level in staffed)]
        return tuple(found)

    def _posted_levels(self) -> list[str]:
        levels = [level.key for level in self._county.levels if level.staff and not level.side]
        return levels[: levels.index(self._county.report_level) + 1]

    def _of_level(self, node_id: int, level: str, staffed: bool) -> Iterator[DarkSpot]:
        reporting = level == self._county.report_level
        meets = {kind.level for kind in self._county.roles.values() if kind.issues}
        for at in self._tree.within(node_id, level):
            posts = [holder.person_id for holder in self.holders.get(at, ())]
            if not posts and (staffed or reporting):
                yield DarkSpot(at, "没有人任职")
            elif posts and not on_duty(posts, self._leaves):
                yield DarkSpot(at, "都请假了,没有代班")
            channels = {chat.channel for chat in self.chats.get(at, ())}
            if level in meets and not channels - {Channel.RELAY}:
                yield DarkSpot(at, "没有绑定工作群")
            if reporting and Channel.RELAY not in channels and self._lived_in(at):
                yield DarkSpot(at, "没有住户群,通知只能上门")

    def _lived_in(self, node_id: int) -> bool:
        """Return whether somebody lives there; a county whose tree lists no households at all has people everywhere."""
        homes = [level.key for level in self._county.levels if not level.staff and not level.side]
        listed = any(self._tree.count(self._tree.root.id, level) for level in homes)
        return not listed or any(self._tree.count(node_id, level) for level in homes)


def lines(county: County, tree: Tree, bindings: Bindings, start: Node, depth: int) -> Iterator[str]:
    """Yield the tree from *start*, *depth* levels down without households, then a summary and the dark spots."""
    yield from _branch(county, tree, bindings, start, depth, "")
    spots = bindings.dark_spots(start.id)
    kinds = Counter(spot.say for spot in spots)
    yield f"暗点 {len(spots)} 处" + (":" + ",".join(f"{say} {n}" for say, n in kinds.most_common()) if spots else "")
    for spot in spots[:_SPOTS_SHOWN]:
        yield f"  {tree.path_name(spot.node_id)}({tree.node(spot.node_id).code}):{spot.say}"
    if len(spots) > _SPOTS_SHOWN:
        yield f"  ……另有 {len(spots) - _SPOTS_SHOWN} 处,用 --node 看下一级"
    if bindings.astray:
        yield f"另有 {len(bindings.astray)} 个群绑在已撤销的节点上,请重新绑定"


def _branch(county: County, tree: Tree, bindings: Bindings, node: Node, depth: int, margin: str) -> Iterator[str]:
    yield margin + _line(county, tree, bindings, node)
    below = [tree.node(child) for child in tree.children(node.id)] if depth > 0 else []
    inner = margin.replace("├ ", "│ ").replace("└ ", "  ")
    shown = [child for child in below if (level := county.level(child.level)) is not None and level.staff]
    for place, child in enumerate(shown):
        twig = "└ " if place == len(shown) - 1 else "├ "
        yield from _branch(county, tree, bindings, child, depth - 1, inner + twig)


def _line(county: County, tree: Tree, bindings: Bindings, node: Node) -> str:
    inside = [
        f"{count} {level.title}"
        for level in county.levels
        if level.key != node.level and (count := tree.count(node.id, level.key))
    ]
    titles = {key: kind.title for key, kind in county.roles.items()}
    posts = Counter(titles.get(holder.role, holder.role) for holder in bindings.holders.get(node.id, ()))
    groups = Counter(str(chat.channel) for chat in bindings.chats.get(node.id, ()))
    parts = [
        f"{short(node.name)} #{node.id} {node.code}",
        _listed(inside),
        _listed([f"{title}{n}" for title, n in posts.items()]),
        _listed([f"群 {channel} {n}" for channel, n in groups.items()]),
    ]
    return " · ".join(part for part in parts if part)


def _listed(parts: Sequence[str]) -> str:
    return "、".join(parts)
