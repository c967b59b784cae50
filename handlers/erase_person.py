"""Erasing somebody: who they are, what they said, what was asked for them; a decision that runs keeps its minimum."""

from handlers.domain.declared import Subject
from handlers.domain.four_ones import UNSETTLED, ContactState, One, Whom
from handlers.ports import Context, Work

_BY_PEOPLE = One.CALL | One.VISIT


def erase(subject: Subject, work: Work, ctx: Context) -> bool:
    """Erase the person; returns whether a running decision on their isolation stays, with the name and address by
    which they hear of its end. Nobody asks that household from now on: something is the matter when they say so."""
    home = subject.household_id
    kept = work.erasure.isolated(subject.id)
    if kept and subject.member_id is not None:
        work.households.forget_health(subject.member_id, "asked", ctx.now)
    elif subject.member_id is not None:
        work.households.forget(subject.member_id, "asked", ctx.now)
    work.erasure.erase(subject.id, "asked", ctx.now)
    if home is not None and ctx.tree.has(home):
        others = any(one.open and one.subject_id != subject.id for one in work.isolations.of_household(home))
        if not kept:
            nobody_left(home, work, ctx)
        elif not others:  # with somebody else isolated there, the household is asked as before
            leave_alone(home, work, ctx)
    return kept


def leave_alone(home: int, work: Work, ctx: Context) -> None:
    """Ask a household nothing from now on but what a planned call or visit is for; what waits for its answer today
    ends with that."""
    four = ctx.county.four_ones
    on = work.contacts.enrolments([home], ctx.day).get(home, ())
    for row in on:
        work.contacts.put_quiet(home, row.plan, normal_days=row.normal_days, day=ctx.day, exception_only=True)
    plans = [plan for row in on if four is not None and (plan := four.plan(row.plan)) is not None]
    people_go = any(plan.kinds & _BY_PEOPLE for plan in plans)
    today = work.contacts.of_households([home], ctx.day)
    over = [one.id for one in today if one.state in UNSETTLED and not (people_go and one.kinds & _BY_PEOPLE)]
    work.contacts.move(over, UNSETTLED, ContactState.DROPPED, None)


def nobody_left(home: int, work: Work, ctx: Context) -> None:
    """Take a household off the plans once nobody of it is known any more."""
    four = ctx.county.four_ones
    if four is None or work.households.members(home, ctx.day):
        return
    for plan in four.of(Whom.ENROLLED):
        work.contacts.release(home, plan.key, ctx.day)
