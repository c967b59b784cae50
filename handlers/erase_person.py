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
        if kept:
            leave_alone(home, work, ctx)
        else:
            nobody_left(home, work, ctx)
    return kept


def leave_alone(home: int, work: Work, ctx: Context) -> None:
    """Ask a household nothing from now on but what a planned call or visit is for."""
    for on in work.contacts.enrolments([home], ctx.day).get(home, ()):
        work.contacts.put_quiet(home, on.plan, normal_days=on.normal_days, day=ctx.day, exception_only=True)
    answered_otherwise(home, work, ctx)


def nobody_left(home: int, work: Work, ctx: Context) -> None:
    """Take a household off the plans once nobody of it is known any more."""
    four = ctx.county.four_ones
    if four is None or work.households.members(home, ctx.day):
        return
    for plan in four.of(Whom.ENROLLED):
        work.contacts.release(home, plan.key, ctx.day)


def answered_otherwise(home: int, work: Work, ctx: Context, *, calls_too: bool = False) -> None:
    """End what waits for an answer of the household today; a planned call or visit only with *calls_too*."""
    from_today = work.contacts.of_households([home], ctx.day)
    questions = [one.id for one in from_today if one.state in UNSETTLED and (calls_too or not one.kinds & _BY_PEOPLE)]
    work.contacts.move(questions, UNSETTLED, ContactState.DROPPED, None)
