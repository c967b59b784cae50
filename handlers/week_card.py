"""周卡 三格, 周卡 3-101: whoever keeps the households asks for their paper cards; the file is made and sent after."""

from handlers.domain.doors import doors
from handlers.domain.duty_days import PaperKind
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.policy import Action
from handlers.duty_words import DutyKind, DutyWord
from handlers.paper_homes import enrolled, on_paper
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import isolation, not_allowed
from handlers.wording import week_cards as say

intents = frozenset({DutyKind.WEEK_CARD})
MANY = 60
"""Places above households whose cards make one file; of more nobody prints one."""


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private."""
    if ctx.county.four_ones is None:
        return None
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    if not held:
        raise Refused(not_allowed("印周卡"))
    node = _place(turn, word.what, held, ctx)
    if node is None:
        return [Say(say.which_place(), private=True)]
    if node.level == HOUSEHOLD:
        if not enrolled([node.id], work, ctx):
            return [Say(say.no_plan(node.name), private=True)]
        kind, count = PaperKind.WEEK_CARD, 1
    else:
        grids = ctx.tree.above_households(node.id)
        if len(grids) > MANY:
            return [Say(say.too_many(ctx.tree.path_name(node.id)), private=True)]
        kind, count = PaperKind.WEEK_CARDS, len(on_paper(grids, work, ctx))
    if not count:
        return [Say(say.nobody(ctx.tree.path_name(node.id)), private=True)]
    work.paper_orders.ask(kind, node.id, turn.person.id, ctx.now)
    work.audit.note(ctx.now, turn.person.id, "ask week cards", f"node:{node.id}", "care", f"{count} cards")
    return [Say(say.coming(ctx.tree.path_name(node.id), count, ctx.base_url), private=True)]


def _place(turn: Turn, words: str, held: tuple[int, ...], ctx: Context) -> Node | None:
    """Return the one place meant: their own where none is named, a door, a grid or village by name; None: say which."""
    tree = ctx.tree
    if not words:
        return tree.node(held[0]) if len(held) == 1 else None
    found = {node.id: node for place in held for node in doors(tree, place, words)}
    if not found:
        found = {node.id: node for place in held for node in tree.find(words, place)}
    if len(found) > 1:
        raise Refused(isolation.which_door(words, [tree.path_name(node_id) for node_id in found][:4]))
    return next(iter(found.values()), None)
