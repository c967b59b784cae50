"""Which node a report speaks for: what it says, else the group it stands in, else the sender's own post."""

from dataclasses import dataclass

from handlers.domain.chats import Chat
from handlers.domain.county import County
from handlers.domain.hierarchy import Tree
from handlers.domain.people import Person
from handlers.domain.policy import Action, may


@dataclass(frozen=True, slots=True)
class Place:
    """The node, or why there is none: `choices` are the names to ask about, `known` whether any such place exists."""

    node_id: int | None
    on_behalf: bool = False
    choices: tuple[str, ...] = ()
    known: bool = True


def place_of(
    grid: str | None, village: str | None, person: Person, chat: Chat | None, tree: Tree, county: County
) -> Place:
    """Return the node a report is for."""
    own = [n for n in person.nodes() if may(person, Action.REPORT, n, tree)]
    if grid or village:
        return _named(grid, village, own, person, chat, tree)
    if chat is not None and chat.node_id in own:
        return Place(chat.node_id)
    at_level = [n for n in own if tree.node(n).level == county.report_level] or own
    if len(at_level) == 1:
        return Place(at_level[0])
    if at_level:
        return Place(None, choices=tuple(tree.path_name(n) for n in at_level))
    return Place(None)


def _named(
    grid: str | None, village: str | None, own: list[int], person: Person, chat: Chat | None, tree: Tree
) -> Place:
    words = f"{village or ''}{f'{grid}格' if grid and grid.isdigit() else grid or ''}"
    for under in _near(own, chat, tree):
        found = {node.id for node in tree.find(words, under)}
        if len(found) == 1:
            return _allowed(found.pop(), own, person, tree)
        mine = found & set(own)
        if len(mine) == 1:
            return Place(mine.pop())
        if found:
            return Place(None, choices=tuple(tree.path_name(n) for n in sorted(found)[:3]))
    return Place(None, known=False)


def _near(own: list[int], chat: Chat | None, tree: Tree) -> list[int]:
    """Where to look for a name, nearest first: around the group, around the sender's own posts, level by level."""
    starts = ([chat.node_id] if chat else []) + own
    widening = [[start, *tree.ancestors(start)] for start in starts]
    depth = max((len(chain) for chain in widening), default=0)
    nearest = [chain[step] for step in range(depth) for chain in widening if step < len(chain)]
    return list(dict.fromkeys(nearest))


def _allowed(node: int, own: list[int], person: Person, tree: Tree) -> Place:
    if node in own or may(person, Action.REPORT, node, tree):
        return Place(node)
    if may(person, Action.REPORT_ON_BEHALF, node, tree) or _neighbour(node, own, tree):
        return Place(node, on_behalf=True)
    return Place(None, known=False)


def _neighbour(node: int, own: list[int], tree: Tree) -> bool:
    """Gridworkers of one village may report for each other (替五格报); it is marked 代报."""
    village = tree.at_level(node, "village")
    return village is not None and any(tree.at_level(mine, "village") == village for mine in own)
