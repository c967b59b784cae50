"""Which households are looked after by which plan: an isolation brings its own, from the day it is known to them."""

from datetime import timedelta

from handlers.domain.four_ones import Whom
from handlers.domain.isolation import Episode
from handlers.ports import Context, Work


def begin(found: Episode, work: Work, ctx: Context) -> None:
    """Put the household on the plans for isolation, counted from the true start of whoever was isolated first."""
    if ctx.county.four_ones is None:
        return
    spans = [one.span for one in work.isolations.of_household(found.household_id) if one.open and one.span]
    if not spans:
        return
    start = min(span.started_on for span in spans)
    on = {one.plan for one in work.contacts.enrolments([found.household_id], ctx.day).get(found.household_id, ())}
    for plan in ctx.county.four_ones.of(Whom.ISOLATION):
        if plan.key not in on:
            first = start + timedelta(days=plan.from_day)
            work.contacts.enrol(found.household_id, plan.key, first, ctx.now)


def end(found: Episode, work: Work, ctx: Context) -> None:
    """Take the household off the plans for isolation once nobody there is isolated any more."""
    if ctx.county.four_ones is None:
        return
    if any(one.open for one in work.isolations.of_household(found.household_id)):
        return
    for plan in ctx.county.four_ones.of(Whom.ISOLATION):
        work.contacts.release(found.household_id, plan.key, ctx.day - timedelta(days=1))
