"""Tick: open the rounds of the four ones that are due, each once whoever ticks; what was missed is put down as late."""

from handlers.domain.four_ones import LOOK_BACK, Due, FourOnes, rounds_due
from handlers.domain.rules import mode_at
from handlers.ports import Context, Work

PIECES_A_TICK = 1
"""One piece is one short transaction; the tick comes again in a second."""


def due(work: Work, ctx: Context) -> bool:
    """Return whether a round waits."""
    return bool(_due(work, ctx))


def _due(work: Work, ctx: Context) -> tuple[Due, ...]:
    four = ctx.county.four_ones
    return rounds_due(four, work.rounds.since(ctx.day - LOOK_BACK), ctx.now, ctx.county.tz) if four else ()


def run(work: Work, ctx: Context) -> int:
    """Open the next piece of the oldest round that is due; returns how many households were looked at, at least one
    where there was a round."""
    four = ctx.county.four_ones
    if four is None:
        return 0
    for one in sorted(_due(work, ctx), key=lambda one: not one.ask):  # people first, book-keeping after
        after = work.rounds.begin(one, ctx.now)
        if after is not None:
            return max(put_down(one, after, four, work, ctx), 1)
    return 0


def put_down(one: Due, after: int, four: FourOnes, work: Work, ctx: Context) -> int:
    """Put the next households of a round down, by the modes of the moment; returns how many were looked at."""
    peace, war = four.asking(one.slot, war=False), four.asking(one.slot, war=True)
    modes = work.modes.current(ctx.now)
    if mode_at(modes, ctx.tree, ctx.tree.root.id, ctx.now):
        return work.rounds.put(one, after, peace, war, None, four.spread, ctx.now)
    at_war = [n for mode in modes if ctx.tree.has(mode.node_id) for n in ctx.tree.above_households(mode.node_id)]
    return work.rounds.put(one, after, peace, war, at_war, four.spread, ctx.now)
