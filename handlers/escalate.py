"""Tick: who has not answered is reminded in private, then the substitute, then one list goes to the level above."""

from collections import defaultdict
from collections.abc import Mapping

from handlers import wording
from handlers.domain.delivery import Letter, Purpose
from handlers.domain.directive import Directive, Receipt
from handlers.domain.escalation import Step, Why, step
from handlers.domain.people import HolderRow, stand_in
from handlers.domain.rules import rules_at
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
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, directive.scope_id, ctx.now)
    loud_at = rules.loud_at(ctx.now, ctx.county.tz)
    steps = [(receipt, step(receipt, directive, ctx.now, loud_at)) for receipt in receipts]
    work.receipts.advance([(receipt.id, made.rung, made.due_at) for receipt, made in steps])
    late = sum(1 for _, made in steps if made.why is Why.LATE)
    if late:
        work.alarms.sound("reminders_late", f"{directive.code}: {late}", ctx.now)
    told = [(receipt, made) for receipt, made in steps if made.why is Why.CLIMB]
    work.outbox.put(_letters(directive, told, work, ctx), ctx.now)


def _letters(directive: Directive, told: list[tuple[Receipt, Step]], work: Work, ctx: Context) -> list[Letter]:
    if not told:
        return []
    holders = work.people.holders(ctx.day)
    userids = {row.person_id: row.userid for row in holders}
    leaves = work.people.leaves(ctx.day)
    letters: list[Letter] = []
    silent_above: dict[int, list[Receipt]] = defaultdict(list)
    for receipt, made in told:
        if made.tell == "self":
            letters += _self(directive, receipt, userids, ctx)
        elif made.tell == "substitute":
            letters += _substitute(directive, receipt, userids, leaves, holders, work, ctx)
        else:
            for person_id in _above(receipt.node_id, receipt.person_id, holders, leaves, ctx):
                silent_above[person_id].append(receipt)
    for person_id, silent in silent_above.items():
        places = [ctx.tree.path_name(receipt.node_id) for receipt in silent]
        text = wording.list_above(directive, list(dict.fromkeys(places)))
        letters.append(_to(userids[person_id], person_id, text, Purpose.LIST, directive, ctx))
    return letters


def _self(directive: Directive, receipt: Receipt, userids: dict[int, str], ctx: Context) -> list[Letter]:
    userid = userids.get(receipt.person_id)
    text = wording.remind(directive, until_of(directive, ctx))
    return [_to(userid, receipt.person_id, text, Purpose.REMINDER, directive, ctx)] if userid else []


def _substitute(
    directive: Directive,
    receipt: Receipt,
    userids: dict[int, str],
    leaves: Mapping[int, int | None],
    holders: tuple[HolderRow, ...],
    work: Work,
    ctx: Context,
) -> list[Letter]:
    """The substitute entered for the person, else whoever shares the post; else the next rung tells the level above."""
    standing = stand_in(receipt.person_id, leaves)
    if standing in (None, receipt.person_id):
        beside = [r.person_id for r in holders if r.node_id == receipt.node_id and r.person_id != receipt.person_id]
        standing = next((p for p in beside if p not in leaves), None)
    if standing is None or standing not in userids:
        return []
    name = work.people.names([receipt.person_id]).get(receipt.person_id, "同事")
    text = wording.remind_substitute(directive, name)
    return [_to(userids[standing], standing, text, Purpose.REMINDER, directive, ctx)]


def _above(
    node_id: int, person_id: int, holders: tuple[HolderRow, ...], leaves: Mapping[int, int | None], ctx: Context
) -> list[int]:
    """Return who answers for the nearest node above that has a lead on duty."""
    leads: dict[int, list[int]] = defaultdict(list)
    for row in holders:
        if row.role.endswith("_lead"):
            leads[row.node_id].append(row.person_id)
    for node in ctx.tree.ancestors(node_id):
        found = [stand_in(p, leaves) for p in leads.get(node, ())]
        people = [p for p in dict.fromkeys(found) if p is not None and p != person_id]
        if people:
            return people[:1]
    return []


def _to(userid: str, person_id: int, text: str, purpose: Purpose, directive: Directive, ctx: Context) -> Letter:
    return private(userid, person_id, text, ctx.now, purpose=purpose, directive_id=directive.id)
