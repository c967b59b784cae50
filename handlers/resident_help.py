"""A resident asks for somebody: whoever looks after the place is told, at once and in private."""

from datetime import datetime

from handlers.domain.delivery import Purpose
from handlers.domain.rules import rules_at
from handlers.domain.staff import Staff
from handlers.letters import REPLY, URGENT, delayed, private
from handlers.ports import Context, Work


def call(node_id: int, text: str, work: Work, ctx: Context, *, urgent: bool = True) -> bool:
    """Tell whoever is on call for the place; False when nobody is. What is not *urgent* waits for the morning."""
    found = on_call(node_id, work, ctx)
    person = work.people.get(found, ctx.day) if found is not None else None
    if person is None:
        return False
    due_at = ctx.now if urgent else loud_at(node_id, work, ctx)
    priority = URGENT if urgent else REPLY
    letter = private(person.userid, person.id, text, ctx.now, purpose=Purpose.NOTICE, priority=priority)
    work.outbox.put(delayed([letter], due_at), ctx.now)
    return True


def loud_at(node_id: int, work: Work, ctx: Context) -> datetime:
    """Return now, or the end of the quiet hours at the place when they hold."""
    if not ctx.tree.has(node_id):
        return ctx.now
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, node_id, ctx.now)
    return rules.loud_at(ctx.now, ctx.county.tz)


def on_call(node_id: int, work: Work, ctx: Context) -> int | None:
    """Return who looks after the place today: of a household the first of its care team who may hear about health (what
    residents say may be about it), else the nearest gridworker, else the nearest lead; whoever is away is stood in for.
    """
    if work.households.get(node_id) is not None:
        team = work.households.care_team(node_id, ctx.day, ctx.county.care).on_call(health=True)
        if team:
            return team[0]
    holders = work.people.holders(ctx.day)
    staff = Staff(holders, work.people.leaves(ctx.day))
    if not ctx.tree.has(node_id):
        return None
    for place in (node_id, *ctx.tree.ancestors(node_id)):
        for row in holders:
            if row.node_id == place and row.role == "gridworker":
                standing = staff.answering(row.person_id)
                if standing is not None:
                    return standing
    return staff.lead_over(node_id, ctx.tree)
