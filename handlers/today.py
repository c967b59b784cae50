"""今天, 更多: what waits for one person. 欠, 全镇, 看 3格: what stands at a place, in numbers, in the tree's order."""

from collections.abc import Iterable

from handlers import silences, wording
from handlers.boards import GRID, board_of, children, counts_of, tops
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import short
from handlers.duty_words import DutyKind, DutyWord
from handlers.four_ones_words import OneKind, OneWord
from handlers.open_handovers import open_at
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import boards as say
from handlers.worker_day import lines

MANY = 200
intents = frozenset({OneKind.TODAY, OneKind.OWED, DutyKind.MORE, DutyKind.TOWN, DutyKind.LOOK})


def handle(turn: Turn, word: OneWord | DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: doors stand in it."""
    if ctx.county.four_ones is None:
        return None
    match word.kind:
        case OneKind.OWED:
            text = _owed(turn, work, ctx)
        case DutyKind.TOWN:
            text = "\n\n".join(_place(turn, node, work, ctx) for node in _towns(turn, ctx))
        case DutyKind.LOOK if isinstance(word, DutyWord):
            text = _place(turn, _named(turn, word.what, ctx), work, ctx)
        case _:
            full = word.kind is DutyKind.MORE
            mine = lines(turn.person, work, ctx, full=full)
            whose = turn.person.id
            work.audit.note(ctx.now, whose, "read day", f"person {whose}", "care", f"{len(mine)} lines")
            text = say.board(mine, full=full)
    return [Say(text, private=True)]


def _towns(turn: Turn, ctx: Context) -> Iterable[int]:
    """Return where the person's boards begin; Refused for whoever has nothing but grids."""
    found = [node for node in tops(turn.person, ctx) if ctx.tree.node(node).level != GRID]
    if not found:
        raise Refused(wording.not_there())
    return found


def _named(turn: Turn, words: str, ctx: Context) -> int:
    """Return the one place meant below the person's own; not there and not theirs are one answer."""
    tree = ctx.tree
    found = {node.id for top in tops(turn.person, ctx) for node in tree.find(words, top)}
    seen = tree.viewable(turn.person, found)
    if len(seen) > 1:
        raise Refused(wording.which_place([tree.path_name(node) for node in seen]))
    if not seen:
        raise Refused(wording.not_there())
    return seen[0]


def _place(turn: Turn, node: int, work: Work, ctx: Context) -> str:
    board = board_of(turn.person, node, work, ctx)
    rows = [(short(row.node.name), row.count) for row in board.rows]
    link = rows[0][0] if rows else ""
    return say.place(short(board.node.name), board.count, rows, board.quiet, link=link)


def _owed(turn: Turn, work: Work, ctx: Context) -> str:
    """Return what is unsettled by the places below: numbers only, as a lead need know no more."""
    rows = [one for top in tops(turn.person, ctx) for one in (children(turn.person, top, ctx) or (top,))]
    counts = counts_of(rows, work, ctx)
    shown = [(ctx.tree.node(one).name, counts[one]) for one in dict.fromkeys(rows)]
    names = [short(ctx.tree.node(top).name) for top in tops(turn.person, ctx)]
    handed = [say.handover_open(*one) for one in open_at(turn.person, tops(turn.person, ctx), work, ctx)]
    text = say.owed(shown, handed, place="、".join(names[:2]))
    return silences.with_counts(text, _seen(turn, ctx), work, ctx)


def _seen(turn: Turn, ctx: Context) -> Iterable[int]:
    """Return the places whose counts the person may see, but none of a lead whose places are many: the board is theirs,
    and looking into every household is not for one line."""
    nodes = [n for top in tops(turn.person, ctx) for n in ctx.tree.above_households(top)]
    return ctx.tree.viewable(turn.person, nodes) if len(nodes) <= MANY else ()
