"""Tick: a directive's own clock. Nobody's yes in time, nobody's review in time, and the end of it all."""

from dataclasses import replace

from handlers import wording
from handlers.domain.directive import Directive, Kind, State, close_at, needs_review
from handlers.domain.people import Person
from handlers.domain.staff import Staff
from handlers.letters import private
from handlers.ports import Context, Work
from handlers.replacing import closings
from handlers.sending import confirmers

STATES = frozenset({State.SECOND, State.ISSUED})


def run(work: Work, ctx: Context) -> int:
    """Do what is due on directives that wait for a person, or for their end; returns how many."""
    due = work.directives.due(STATES, ctx.now)
    for directive in due:
        if directive.state is State.SECOND:
            _lapse(directive, work, ctx)
        elif _unreviewed(directive, ctx):
            _overdue(directive, work, ctx)
        else:
            _close(directive, work, ctx)
    return len(due)


def _unreviewed(directive: Directive, ctx: Context) -> bool:
    """Return whether its review is what is due: asked for when it went out, and not yet reminded of."""
    asked = directive.kind is not Kind.CANCEL and directive.urgent and directive.compulsory
    first = directive.issued_at is not None and directive.due_at == directive.issued_at + ctx.county.review_within
    return asked and first and needs_review(directive, ctx.county.confirm_above)


def _lapse(draft: Directive, work: Work, ctx: Context) -> None:
    """Nobody said 同意 in time: it does not go out, and its author hears it."""
    dropped = replace(draft, state=State.DROPPED, ended_at=ctx.now, due_at=None)
    if work.directives.move(dropped, {State.SECOND}):
        work.audit.note(ctx.now, None, "lapse", draft.code, "duty", "dropped")
        _tell([work.people.get(draft.author_id, ctx.day)], wording.nobody_agreed(draft.code), work, ctx)


def _overdue(directive: Directive, work: Work, ctx: Context) -> None:
    """Nobody reviewed an urgent one: those asked are reminded once; its author and the level above hear of it."""
    asked = confirmers(directive, work, ctx)
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    known = {directive.author_id, *(person.id for person in asked)}
    above = staff.lead_over(directive.scope_id, ctx.tree, but=known)
    _tell(asked, wording.review_overdue(directive), work, ctx)
    others = [work.people.get(who, ctx.day) for who in (directive.author_id, above) if who is not None]
    _tell(others, wording.nobody_reviewed(directive), work, ctx)
    work.alarms.sound("review_overdue", directive.code, ctx.now)
    work.directives.move(replace(directive, due_at=close_at(directive)), {State.ISSUED})


def _close(directive: Directive, work: Work, ctx: Context) -> None:
    """Its time is over: it waits for nobody any more, and its cards say so where they still can."""
    closed = replace(directive, state=State.CLOSED, due_at=None, ended_at=ctx.now)
    if work.directives.move(closed, {State.ISSUED}) and directive.kind is not Kind.CANCEL:
        work.outbox.put(closings(directive, wording.closed_button(), work, ctx.now), ctx.now)


def _tell(people: list[Person] | list[Person | None], text: str, work: Work, ctx: Context) -> None:
    letters = [private(p.userid, p.id, text, ctx.now) for p in people if p is not None]
    if letters:
        work.outbox.put(letters, ctx.now)
