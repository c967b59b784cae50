"""Tick: a held directive whose minute is over goes out, whole, in the transaction that says so."""

from dataclasses import replace
from datetime import timedelta

from handlers import wording
from handlers.domain.delivery import Purpose
from handlers.domain.directive import Directive, Kind, State, needs_review
from handlers.domain.rules import rules_at
from handlers.issue_directive import plan_of
from handlers.letters import delayed, letters_of, private
from handlers.ports import Context, Work
from handlers.steer_directive import confirmers


def run(work: Work, ctx: Context) -> int:
    """Release everything due and return how many directives that was."""
    due = work.directives.due({State.HELD}, ctx.now)
    return sum(release(directive, work, ctx) for directive in due)


def release(directive: Directive, work: Work, ctx: Context) -> bool:
    """Plan again (people may have changed), write every letter and every receipt owed, start the ladder."""
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, directive.scope_id, ctx.now)
    plan = plan_of(directive, work, ctx)
    owes = directive.kind is not Kind.CANCEL
    ladder = tuple((int(r.after.total_seconds() // 60), r.tell) for r in rules.ladder) if owes else ()
    loud_at = rules.loud_at(ctx.now, ctx.county.tz)
    out = replace(
        directive,
        state=State.ISSUED,
        issued_at=loud_at,
        due_at=None,
        ladder=ladder,
        compulsory=rules.compulsory and owes,
        reach=plan.reach(),
    )
    if not work.directives.move(out, {State.HELD}):
        return False
    refers = work.directives.get(directive.refers_to) if directive.refers_to else None
    letters = letters_of(out, plan, refers.code if refers else None, ctx)
    work.outbox.put(delayed(letters, loud_at), ctx.now)
    if owes:
        work.receipts.open_many(out.id, [(o.person_id, o.node_id) for o in plan.people], out.rung_due_at(0))
    _tell_author(out, work, ctx)
    if owes and out.urgent and needs_review(out, ctx.county.confirm_above):
        _ask_review(out, work, ctx)
    return True


def _tell_author(out: Directive, work: Work, ctx: Context) -> None:
    author = work.people.get(out.author_id, ctx.day)
    if author and out.kind is not Kind.CANCEL:
        work.outbox.put([private(author.userid, author.id, wording.issued(out), ctx.now)], ctx.now)


def _ask_review(out: Directive, work: Work, ctx: Context) -> None:
    author = work.people.get(out.author_id, ctx.day)
    text = wording.please_review(out, author.name if author else "", wording.minutes_of(ctx.county.review_within))
    asked = confirmers(out, work, ctx)
    work.outbox.put([private(p.userid, p.id, text, ctx.now, purpose=Purpose.NOTICE) for p in asked], ctx.now)


def chase_reviews(work: Work, ctx: Context) -> int:
    """Remind once about urgent directives that nobody reviewed in time; returns how many."""
    late = [
        d
        for d in work.directives.unreviewed(ctx.now)
        if d.issued_at and timedelta() <= ctx.now - d.issued_at - ctx.county.review_within
    ]
    for directive in late:
        people = confirmers(directive, work, ctx)
        text = wording.review_overdue(directive)
        work.outbox.put([private(p.userid, p.id, text, ctx.now) for p in people], ctx.now)
        work.alarms.sound("review_overdue", directive.code, ctx.now)
        work.directives.move(replace(directive, due_at=ctx.now), {State.ISSUED, State.SENDING})
    return len(late)
