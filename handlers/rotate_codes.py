"""Tick: codes that have hung long enough, or run out soon, are replaced; the old print is read for a grace, and whoever
looks after the places hears that new ones are to be printed. Off unless the county says how often."""

from collections import Counter
from collections.abc import Iterable

from handlers.domain.declaring import CodeRules
from handlers.domain.rules import rules_at
from handlers.domain.staff import Staff
from handlers.letters import ORDINARY, delayed, private
from handlers.ports import Context, Work
from handlers.wording import posters as say

AT_ONCE = 500


def run(work: Work, ctx: Context) -> int:
    """Replace what is due, at most `AT_ONCE` codes; returns how many were."""
    rules = ctx.county.declaring.codes if ctx.county.declaring is not None else None
    if rules is None:
        return 0
    due = [
        (node, kind)
        for node, kind in work.codes.due(ctx.now - rules.rotate_every, ctx.now + rules.grace, ctx.now, AT_ONCE)
        if ctx.tree.has(node)
    ]
    if due:
        work.codes.rotate(due, ctx.now, rules.grace)
        work.audit.note(ctx.now, None, "rotate codes", f"{len(due)} places", "care", "ok")
        _tell((node for node, _ in due), rules, work, ctx)
    return len(due)


def _tell(nodes: Iterable[int], rules: CodeRules, work: Work, ctx: Context) -> None:
    """Write to the leads of the places, each once, with how many; nobody is told of single households."""
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    counted: Counter[int] = Counter()
    at: dict[int, int] = {}
    for node in nodes:
        lead = staff.lead_over(node, ctx.tree)
        if lead is not None:
            counted[lead] += 1
            at.setdefault(lead, node)
    people = work.people.many(counted, ctx.day)
    until = ctx.local(ctx.now + rules.grace).date()
    for lead, count in counted.items():
        person = people.get(lead)
        if person is None:
            continue
        mode = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, at[lead], ctx.now)
        text = say.codes_renewed(count, ctx.tree.path_name(at[lead]), until)
        letter = private(person.userid, person.id, text, ctx.now, priority=ORDINARY)
        work.outbox.put(delayed([letter], mode.loud_at(ctx.now, ctx.county.tz)), ctx.now)
