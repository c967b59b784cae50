"""问过 3-101: what a household was asked lately, by which department, when and what for; never what it answered."""

from datetime import timedelta

from handlers import asks, wording
from handlers.burden_words import BurdenKind, BurdenWord
from handlers.domain.ask_ledger import Ask
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import burden as say

intents = frozenset({BurdenKind.ASKED})
DAYS, SHOWN = 14, 20


def handle(turn: Turn, word: BurdenWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; whoever may not see the household's people hears that it is not there."""
    if ctx.county.four_ones is None:
        return None
    home = _home(turn, word.door, ctx)
    rows = work.asks.recent([home.id], ctx.now - timedelta(days=DAYS)).get(home.id, ())
    work.audit.note(ctx.now, turn.person.id, "look asks", f"node:{home.id}", "care", f"{len(rows)} rows")
    lines = [_line(one, rows, ctx) for one in rows[-SHOWN:]]
    return [Say(say.asked_lines(ctx.tree.path_name(home.id), DAYS, lines), private=True)]


def _home(turn: Turn, door: str, ctx: Context) -> Node:
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.SEE_PEOPLE)
    if not held:
        raise Refused(wording.not_allowed("看住户被问过什么"))
    found = {node.id: node for place in held for node in doors(ctx.tree, place, door)}
    if len(found) != 1:
        raise Refused(say.which_home(door, [ctx.tree.path_name(node_id) for node_id in found][:4]))
    return ctx.tree.view(turn.person, next(iter(found)), Action.SEE_PEOPLE)


def _line(one: Ask, rows: tuple[Ask, ...], ctx: Context) -> str:
    source = asks.source_of(one, rows)
    answered = ctx.local(one.answered_at) if one.answered_at else None
    at = source.answered_at if source else None
    return say.asked_line(one, ctx.local(one.at), answered, source, wording.clock(ctx.local(at)) if at else "")
