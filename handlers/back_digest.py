"""What somebody hears who is back: what is open first, then what went on meanwhile, in numbers; twelve lines."""

from datetime import date, timedelta

from handlers.day_facts import health_grids
from handlers.domain.four_ones import UNSETTLED, ContactState
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.people import Person
from handlers.ports import Context, Work
from handlers.shopping_list import waiting_for
from handlers.wording import handover as say
from handlers.worker_day import lines

LONGEST = timedelta(days=14)


def digest(person: Person, since: date, welcome: str, work: Work, ctx: Context) -> str:
    """Return the digest of the days from *since* on; *welcome* alone where there are no four ones."""
    if ctx.county.four_ones is None:
        return welcome
    since = max(since, ctx.day - LONGEST)
    grids = health_grids(person, ctx)
    homes = [home for grid in grids for home in ctx.tree.children(grid) if ctx.tree.node(home).level == HOUSEHOLD]
    contacts = work.contacts.of_households(homes, since)
    asked = [one for one in contacts if one.state is not ContactState.DROPPED]
    answered = sum(one.state is ContactState.ANSWERED for one in asked)
    unreached = sum(one.state in UNSETTLED or one.state is ContactState.LATE for one in asked)
    wishes = sum(ctx.local(one.said_at).date() >= since for one in waiting_for(person, work, ctx))
    decisions = sum(
        ctx.local(decision.entered_at).date() >= since
        for episode in work.isolations.open_at(grids, 40)
        for decision in work.isolations.decisions(episode.id)
    )
    days = (ctx.day - since).days + 1
    went_on = say.happened(days, len(asked), answered, unreached, wishes, decisions)
    return say.back(welcome, lines(person, work, ctx), went_on)
