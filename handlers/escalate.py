"""Tick: who has not answered is reminded in private, then the substitute, then one list goes to the level above."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
    staff = _Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    names = work.people.names({receipt.person_id for receipt, made in told if made.tell == "substitute"})
    until = until_of(directive, ctx)
    letters: list[Letter] = []
    silent_above: dict[int, list[Receipt]] = defaultdict(list)
    for receipt, made in told:
        to: int | None
        if made.tell == "self":
            to, text = receipt.person_id, wording.remind(directive, until)
        elif made.tell == "substitute":
            name = names.get(receipt.person_id, "同事")
            to, text = staff.substitute(receipt), wording.remind_substitute(directive, name)
        else:
            lead = staff.above(receipt, ctx)
            if lead is not None:
                silent_above[lead].append(receipt)
            continue
        if to in staff.userids:
            letters.append(_to(staff.userids[to], to, text, Purpose.REMINDER, directive, ctx))
    for person_id, silent in silent_above.items():
        places = [ctx.tree.path_name(receipt.node_id) for receipt in silent]
        text = wording.list_above(directive, list(dict.fromkeys(places)))
        letters.append(_to(staff.userids[person_id], person_id, text, Purpose.LIST, directive, ctx))
    return letters


class _Staff:
    """Who stands where today, worked out once for all receipts of a tick."""

    def __init__(self, holders: Iterable[HolderRow], leaves: Mapping[int, int | None]) -> None:
        self._leaves = leaves
        self.userids: dict[int | None, str] = {}
        self._at: dict[int, list[int]] = defaultdict(list)
        self._leads: dict[int, list[int]] = defaultdict(list)
        for row in holders:
            self.userids[row.person_id] = row.userid
            self._at[row.node_id].append(row.person_id)
            if row.role.endswith("_lead"):
                self._leads[row.node_id].append(row.person_id)

    def substitute(self, receipt: Receipt) -> int | None:
        """Return the substitute entered for the person, else whoever shares the post; None leaves it to the next
        rung, which tells the level above."""
        standing = stand_in(receipt.person_id, self._leaves)
        if standing is not None and standing != receipt.person_id:
            return standing
        beside = (p for p in self._at[receipt.node_id] if p != receipt.person_id)
        return next((p for p in beside if p not in self._leaves), None)

    def above(self, receipt: Receipt, ctx: Context) -> int | None:
        """Return who answers for the nearest node above that has a lead on duty."""
        for node in ctx.tree.ancestors(receipt.node_id):
            for lead in self._leads[node]:
                standing = stand_in(lead, self._leaves)
                if standing is not None and standing != receipt.person_id:
                    return standing
        return None


def _to(userid: str, person_id: int | None, text: str, purpose: Purpose, directive: Directive, ctx: Context) -> Letter:
    return private(userid, person_id, text, ctx.now, purpose=purpose, directive_id=directive.id)
