"""Tick: a held directive whose minute is over goes out, whole, in the transaction that says so."""

from dataclasses import replace

from handlers import fatigue, wording
from handlers.domain.delivery import Purpose
from handlers.domain.directive import Directive, Kind, State, close_at, needs_review
from handlers.domain.fan_out import FanOut
from handlers.domain.rules import rules_over
from handlers.drafts import plan_of
from handlers.letters import delayed, letters_of, private
from handlers.ports import Context, Work
from handlers.replacing import supersede
from handlers.sending import confirmers
from handlers.wording import burden as say


def run(work: Work, ctx: Context) -> int:
    """Release everything due and return how many directives that was."""
    due = work.directives.due({State.HELD}, ctx.now)
    return sum(release(directive, work, ctx) for directive in due)


def release(directive: Directive, work: Work, ctx: Context) -> bool:
    """Plan again (people may have changed), write every letter and every receipt owed, start the ladder."""
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, directive.audience.nodes, ctx.now)
    refers = work.directives.get(directive.refers_to) if directive.refers_to else None
    plan = _addressed(directive, refers, plan_of(directive, work, ctx), work)
    found = fatigue.tired_of(directive, plan, work, ctx)
    plan, kept = fatigue.parted(plan, found)
    owes = directive.kind is not Kind.CANCEL
    ladder = tuple((int(r.after.total_seconds() // 60), r.tell) for r in rules.ladder) if owes else ()
    loud_at = rules.loud_at(ctx.now, ctx.county.tz)
    out = replace(
        directive,
        state=State.ISSUED,
        issued_at=loud_at,
        ladder=ladder,
        compulsory=rules.compulsory and owes,
        reach=replace(plan.reach(), people=len(plan.people) + len(kept)),
    )
    reviewed = owes and out.urgent and needs_review(out, ctx.county.confirm_above)
    out = replace(out, due_at=loud_at + ctx.county.review_within if reviewed else close_at(out))
    if not work.directives.move(out, {State.HELD}):
        return False
    if out.kind is Kind.UPDATE and refers is not None and not supersede(refers, out, work, ctx):
        return _came_too_late(out, refers, work, ctx)
    work.outbox.put(delayed(letters_of(out, plan, refers, ctx), loud_at), ctx.now)
    if owes:
        work.receipts.open_many(out.id, [(o.person_id, o.node_id) for o in plan.people], out.rung_due_at(0))
        fatigue.keep_back(out, kept, found, work, ctx)
        if refers is not None:
            work.receipts.carry_done(refers.id, out.id, ctx.now)
        waits = [say.held_back(out.code, len(kept), ctx.local(found.until))] if found and kept else []
        _tell_author(out, "\n".join((wording.issued(out), *waits)), work, ctx)
    if reviewed:
        _ask_review(out, work, ctx)
    return True


def _addressed(directive: Directive, refers: Directive | None, plan: FanOut, work: Work) -> FanOut:
    """A cancel is relayed only into the household groups that had the text: nobody is asked to call off what their
    group never saw."""
    if directive.kind is not Kind.CANCEL or refers is None or not plan.relays:
        return plan
    relayed = work.directives.relayed(refers.id)
    return replace(plan, relays=tuple(task for task in plan.relays if task.chat.id in relayed))


def _came_too_late(out: Directive, refers: Directive, work: Work, ctx: Context) -> bool:
    """The directive to be corrected was cancelled while its correction counted down: nothing goes out."""
    work.directives.move(replace(out, state=State.DROPPED, issued_at=None, due_at=None, ended_at=ctx.now), {out.state})
    _tell_author(out, wording.nothing_left_to_change(out.code, refers.code), work, ctx)
    return True


def _tell_author(out: Directive, text: str, work: Work, ctx: Context) -> None:
    author = work.people.get(out.author_id, ctx.day)
    if author:
        work.outbox.put([private(author.userid, author.id, text, ctx.now)], ctx.now)


def _ask_review(out: Directive, work: Work, ctx: Context) -> None:
    author = work.people.get(out.author_id, ctx.day)
    text = wording.please_review(out, author.name if author else "", wording.minutes_of(ctx.county.review_within))
    asked = confirmers(out, work, ctx)
    work.outbox.put([private(p.userid, p.id, text, ctx.now, purpose=Purpose.NOTICE) for p in asked], ctx.now)
    work.audit.note(ctx.now, out.author_id, "tell names", out.code, "duty", f"{len(asked)} asked")
