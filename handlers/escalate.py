"""Tick: who has not answered is reminded in private, then the substitute, then one list goes to the level above."""

from collections import defaultdict

from handlers import fatigue, wording
from handlers.domain.delivery import Letter, Purpose
from handlers.domain.directive import Directive, Receipt
from handlers.domain.escalation import Step, Why, step
from handlers.domain.rules import rules_over
from handlers.domain.staff import Staff
from handlers.issue_directive import until_of
from handlers.letters import private
from handlers.ports import Context, Work


def run(work: Work, ctx: Context) -> int:
    """Take every receipt that is due one step further; returns how many were looked at."""
    receipts = work.receipts.due(ctx.now)
    by_directive: dict[int, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_directive[receipt.directive_id].append(receipt)
    for directive_id, group in by_directive.items():
        directive = work.directives.get(directive_id)
        if directive is not None:
            _climb(directive, group, work, ctx)
    return len(receipts)


def _climb(directive: Directive, receipts: list[Receipt], work: Work, ctx: Context) -> None:
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, directive.audience.nodes, ctx.now)
    loud_at = rules.loud_at(ctx.now, ctx.county.tz)
    steps = [(one, step(one, directive, ctx.now, loud_at, compulsory=rules.compulsory)) for one in receipts]
    work.receipts.advance([(receipt.id, made.rung, made.due_at) for receipt, made in steps])
    late = sum(1 for _, made in steps if made.why is Why.LATE)
    if late:
        work.alarms.sound("reminders_late", f"{directive.code}: {late}", ctx.now)
    told = [(receipt, made) for receipt, made in steps if made.why is Why.CLIMB]
    if told:
        letters = _letters(directive, told, work, ctx)
        work.outbox.put(fatigue.without_reminders(letters, directive, work, ctx), ctx.now)


def _letters(directive: Directive, told: list[tuple[Receipt, Step]], work: Work, ctx: Context) -> list[Letter]:
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    named = {receipt.person_id for receipt, made in told if made.tell == "substitute"}
    names = work.people.names(named) if named else {}
    if named:
        work.audit.note(ctx.now, None, "tell names", directive.code, "duty", f"{len(named)} told")
    until = until_of(directive, ctx)
    letters: list[Letter] = []
    silent_above: dict[int, list[Receipt]] = defaultdict(list)
    for receipt, made in told:
        to: int | None
        if made.tell == "self":  # somebody on leave is left in peace: whoever stands in hears it
            to, text = staff.answering(receipt.person_id), wording.remind(directive, until)
        elif made.tell == "substitute":
            name = names.get(receipt.person_id, "同事")
            place = ctx.tree.path_name(receipt.node_id)
            to = staff.beside(receipt.person_id, receipt.node_id)
            text = wording.remind_substitute(directive, name, place)
        else:
            lead = staff.lead_over(receipt.node_id, ctx.tree, but=(receipt.person_id,), own=False)
            if lead is not None:
                silent_above[lead].append(receipt)
            continue
        if to is not None:
            letters.append(_to(staff.userids[to], to, text, Purpose.REMINDER, directive, ctx))
    for person_id, silent in silent_above.items():
        places = [ctx.tree.name_within(receipt.node_id, directive.scope_id) for receipt in silent]
        text = wording.list_above(directive, list(dict.fromkeys(places)))
        letters.append(_to(staff.userids[person_id], person_id, text, Purpose.LIST, directive, ctx))
    return letters


def _to(userid: str, person_id: int | None, text: str, purpose: Purpose, directive: Directive, ctx: Context) -> Letter:
    return private(userid, person_id, text, ctx.now, purpose=purpose, directive_id=directive.id)
