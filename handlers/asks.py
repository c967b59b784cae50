"""Writing the ask ledger: what a contact asked and on whose behalf, and that it was answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_

from handlers.domain.ask_ledger import QUESTIONS, Ask, Asker, AskState, Merged, Question, merge
from handlers.domain.fatigue import day_began
from handlers.domain.four_ones import Contact, Enrolment, FourOnes, One, Plan
from handlers.domain.mode import Mode
from handlers.domain.rules import mode_at
from handlers.ports import Context, Work

_ASKING = One.MESSAGE | One.NEEDS
Row = tuple[int, str, Asker, AskState, int | None, int | None]


def merged(
    contacts: Iterable[Contact], plans: Mapping[int, tuple[Enrolment, ...]], four: FourOnes, work: Work, ctx: Context
) -> Mapping[int, Merged]:
    """Return by contact what is still to be asked, after a look at the ledger of all of them at once."""
    held = list(contacts)
    if not held:
        return {}
    known = work.asks.recent((one.household_id for one in held), _since(four, ctx))
    modes = work.modes.current(ctx.now)
    found = {}
    for one in held:
        war = _at_war(modes, one.household_id, ctx)
        theirs = wanting(one, plans.get(one.household_id, ()), four, war=war)
        kinds = one.kinds & reduce(or_, (plan.kinds for plan in theirs), One(0))
        rows = known.get(one.household_id, ())
        found[one.id] = merge(kinds, theirs, rows, ctx.now, four.ask_again_after)
    return found


def _since(four: FourOnes, ctx: Context) -> datetime:
    """Return since when asks matter: a question of this morning may have been answered just now."""
    return min(ctx.now - four.ask_again_after, day_began(ctx.now, ctx.county.tz))


def _at_war(modes: tuple[Mode, ...], home: int, ctx: Context) -> bool:
    return ctx.tree.has(home) and mode_at(modes, ctx.tree, home, ctx.now) is not None


def wanting(one: Contact, enrolments: Iterable[Enrolment], four: FourOnes, *, war: bool) -> list[Plan]:
    """Return the plans on whose behalf a contact is, each with the kinds it wants of it: those of its hour, and of
    those that only hear 有事 what is not a question. Where the file was changed meanwhile: all the household is on.
    """
    on = [(row, plan) for row in enrolments if (plan := four.plan(row.plan)) is not None]
    hour = {plan.key for plan in four.asking(one.slot, war=war)}
    found = [(row, plan) for row, plan in on if plan.key in hour] or on
    return [
        replace(plan, kinds=plan.kinds & ~_ASKING) if row.exception_only and not war else plan for row, plan in found
    ]


def rows_of(one: Contact, found: Merged, states: Iterable[AskState]) -> list[Row]:
    """Return the rows to note of a contact, those that came to one of *states*."""
    wanted = frozenset(states)
    return [
        (one.household_id, question, asker, verdict.state, one.id, verdict.source.id if verdict.source else None)
        for question, asker, verdict in found.rows
        if verdict.state in wanted
    ]


def answered(contact: Contact, work: Work, ctx: Context, on_plans: Sequence[Enrolment] | None = None) -> None:
    """Note that a household said how it is. Whoever spoke before it was asked is in the ledger as well, so that
    nobody asks after them; what is typed in of an earlier day spares nobody a question of today. *on_plans*: what the
    household was on that day, where that is known."""
    question, four = Question.HEALTH.value, ctx.county.four_ones
    if work.asks.answered(contact.id, question, ctx.now) or four is None or contact.day < ctx.day:
        return
    if any(row.question == question and row.state is AskState.ANSWERED for row in work.asks.of_contact(contact.id)):
        return
    home = contact.household_id
    on = work.contacts.enrolments([home], contact.day).get(home, ()) if on_plans is None else on_plans
    spoken = [replace(row, exception_only=False) for row in on]  # who speaks unasked has answered as well
    war = _at_war(work.modes.current(ctx.now), home, ctx)
    theirs = [plan for plan in wanting(contact, spoken, four, war=war) if plan.kinds & QUESTIONS[question]]
    work.asks.note(
        [(home, question, Asker.of_plan(plan), AskState.ANSWERED, contact.id, None) for plan in theirs], ctx.now
    )


def asked_things(household_id: int, work: Work, ctx: Context) -> None:
    """Note that a household said what it needs."""
    four = ctx.county.four_ones
    if four is not None:
        work.asks.answered_by(household_id, Question.NEEDS.value, _since(four, ctx), ctx.now)


def source_of(one: Ask, rows: Sequence[Ask]) -> Ask | None:
    """Return the row whose answer served an ask, None when there is none or it is not kept any more."""
    return next((row for row in rows if row.id == one.source_id), None)
