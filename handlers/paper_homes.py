"""Which households are on a plan and asked nowhere in WeChat: theirs is the paper card, the landline, the door."""

from collections.abc import Iterable, Mapping

from handlers.contact_people import asked_at
from handlers.domain.four_ones import Enrolment, FourOnes, Plan
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.ports import Context, Work


def enrolled(nodes: Iterable[int], work: Work, ctx: Context) -> Mapping[int, tuple[Enrolment, ...]]:
    """Return the households at or right under *nodes* that are on a plan today, in tree order."""
    homes: list[int] = []
    for node in nodes:
        if ctx.tree.node(node).level == HOUSEHOLD:
            homes.append(node)
        else:
            homes += [one for one in ctx.tree.children(node) if ctx.tree.node(one).level == HOUSEHOLD]
    held = work.contacts.enrolments(homes, ctx.day)
    return {home: held[home] for home in homes if home in held}


def on_paper(grids: Iterable[int], work: Work, ctx: Context) -> Mapping[int, tuple[Enrolment, ...]]:
    """Return those of the enrolled households under *grids* whom no message reaches."""
    held = enrolled(grids, work, ctx)
    contacts = work.households.contacts_of(held, ctx.day)
    return {home: plans for home, plans in held.items() if not asked_at(contacts.get(home, ()))}


def plans_of(held: Iterable[Enrolment], four: FourOnes) -> tuple[Plan, ...]:
    """Return the plans themselves; one the county has no more is left out."""
    found = (four.plan(one.plan) for one in held)
    return tuple(plan for plan in found if plan is not None)
