"""What waits to be bought and brought where somebody keeps the households; and what of it they took on themselves."""

from collections.abc import Iterable

from handlers.domain.need import Item, Need, NeedState
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.ports import Context, Work

Lists = list[tuple[str, tuple[Item, ...]]]


def waiting_for(person: Person, work: Work, ctx: Context) -> tuple[Need, ...]:
    """Return the lists of the households this person keeps, those closed lately among them; oldest first."""
    nodes = [n for held in person.nodes() for n in ctx.tree.above_households(held)]
    grids = ctx.tree.viewable(person, nodes, Action.KEEP)
    return tuple(one for one in work.needs.waiting_under(grids, ctx.now) if ctx.tree.has(one.household_id))


def taken_on(person: Person, work: Work, ctx: Context) -> tuple[Need, ...]:
    """Return what this person took on and has not brought yet."""
    mine = (one for one in waiting_for(person, work, ctx) if one.claimed_by == person.id)
    return tuple(one for one in mine if one.state is NeedState.CLAIMED)


def by_door(needs: Iterable[Need], ctx: Context) -> Lists:
    """Return (door, items) of each list, in order."""
    return [(ctx.tree.node(one.household_id).name, one.items) for one in needs]
