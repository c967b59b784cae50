"""The boards of the four ones: a node and what is right below it, in the order of the tree; numbers alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.domain.board import Count, count, total
from handlers.domain.hierarchy import Node
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.ports import Context, Work

GRID = "grid"


@dataclass(frozen=True, slots=True)
class Row:
    """One place below, or the node itself."""

    node: Node
    count: Count


@dataclass(frozen=True, slots=True)
class Board:
    """One node today. `rows` are those below that have anything; `quiet` counts the others."""

    node: Node
    count: Count
    rows: tuple[Row, ...]
    quiet: int


def board_of(viewer: Person, node_id: int, work: Work, ctx: Context) -> Board:
    """Return the board of a node; UnknownNode unless *viewer* may see its counts."""
    node = ctx.tree.view(viewer, node_id, Action.SEE_COUNTS)
    below = children(viewer, node_id, ctx)
    counts = counts_of((node_id, *below), work, ctx)
    rows = tuple(Row(ctx.tree.node(one), counts[one]) for one in below)
    shown = tuple(row for row in rows if not row.count.empty)
    return Board(node, counts[node_id], shown, len(rows) - len(shown))


def children(viewer: Person, node_id: int, ctx: Context) -> tuple[int, ...]:
    """Return what lies right below and has grids; a place with one such alone is stepped through."""
    tree = ctx.tree
    if not tree.has_level(GRID) or tree.node(node_id).level == GRID:
        return ()
    below = [child for child in tree.children(node_id) if tree.count(child, GRID)]
    if len(below) == 1 and tree.node(below[0]).level != GRID:
        return children(viewer, below[0], ctx)
    return tree.viewable(viewer, below, Action.SEE_COUNTS)


def counts_of(node_ids: Iterable[int], work: Work, ctx: Context) -> Mapping[int, Count]:
    """Return the counts of each node with all that is under it: three statements for all of them."""
    under = {one: ctx.tree.above_households(one) for one in node_ids}
    every = sorted({node for nodes in under.values() for node in nodes})
    contacts, needs = work.boards.contacts(every, ctx.day), work.boards.needs(every)
    visits = work.boards.visits(every, ctx.day)
    single = {
        node: count(contacts.get(node, {}), needs.get(node, {}), visits.get(node, {}))
        for node in {*contacts, *needs, *visits}
    }
    return {one: total(single[node] for node in nodes if node in single) for one, nodes in under.items()}


def tops(viewer: Person, ctx: Context) -> tuple[int, ...]:
    """Return where the viewer's boards begin: their own posts, one below another of theirs left out."""
    held = ctx.tree.viewable(viewer, viewer.nodes(), Action.SEE_COUNTS)
    return tuple(one for one in held if not any(other != one and ctx.tree.contains(other, one) for other in held))
