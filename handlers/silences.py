"""The four silences of households today: counted for a lead, named for whoever looks after them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from handlers.domain.four_ones import ContactState
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.silence import Evidence, Silence, counted, silence
from handlers.ports import Context, Work
from handlers.wording import silence as say

SHOWN = 8
_TO_DO = (Silence.NOT_DELIVERED, Silence.NOT_SEEN, Silence.BUSY)


def of_grids(grids: Iterable[int], work: Work, ctx: Context) -> Mapping[int, Evidence]:
    """Return what the rows say today of the households right below these grids."""
    homes = (home for grid in grids for home in ctx.tree.children(grid) if ctx.tree.node(home).level == HOUSEHOLD)
    return work.silences.of(homes, ctx.day)


def with_counts(words: str, grids: Iterable[int], work: Work, ctx: Context) -> str:
    """Return what a lead hears with how many are silent in which way: numbers only."""
    found = of_grids(grids, work, ctx).values()
    states = Counter(one.state for one in found)
    lines = (
        say.counts(counted(silence(one) for one in found)),
        say.spared(states[ContactState.LEDGER], states[ContactState.REFUSED]),
    )
    return "\n".join((words, *(line for line in lines if line)))


def beside(of: Iterable[Evidence], ctx: Context) -> str:
    """Return what stands beside the number of those asked: the doors that are silent, each with the way it is; "" when
    none is. Those with nothing to say are left out: nobody has to do anything about them."""
    found = sorted(of, key=lambda one: ctx.tree.node(one.household_id).code)
    silent = [(one, kind) for one in found if (kind := silence(one)) in _TO_DO and kind is not None]
    rows = [(ctx.tree.node(one.household_id).name, kind, one.busy_until) for one, kind in silent[:SHOWN]]
    return ";" + say.doors(rows, len(silent) - len(rows)) if rows else ""


def today(household_id: int, work: Work, ctx: Context) -> str:
    """Return how a household is silent today, in a sentence; "" when it is not."""
    found = work.silences.of([household_id], ctx.day).get(household_id)
    kind = silence(found) if found is not None else None
    return say.today(kind, found.busy_until) if found is not None and kind is not None else ""
