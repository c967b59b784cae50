"""The boards of the four ones as a page: a place and what is below it, known and unknown apart, and one's own day."""

from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.boards import board_of
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.open_handovers import open_at
from handlers.worker_day import lines


def show(visit: Visit, node: Node) -> Response:
    """Show a node's board; whoever looks after households sees their own day above it."""
    with visit.parts.store.begin() as work:
        board = board_of(visit.person, node.id, work, visit.context)
        mine = lines(visit.person, work, visit.context) if visit.can(Action.SEE_HEALTH) else []
        if mine:
            visit.note(work, "read day", f"person {visit.person.id}", "care", f"{len(mine)} lines")
        handed = open_at(visit.person, [node.id], work, visit.context)
    above = [n for n in visit.context.tree.ancestors(node.id) if visit.may(Action.SEE_COUNTS, n)]
    path = [visit.node(n) for n in reversed(above)]
    return visit.page("board", board=board, mine=mine, path=path, handed=handed)
