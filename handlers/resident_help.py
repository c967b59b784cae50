"""A resident asks for somebody: whoever looks after the place is told, at once and in private."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    return on_call_of([node_id], work, ctx)[node_id]


def on_call_of(node_ids: Iterable[int], work: Work, ctx: Context) -> Mapping[int, int | None]:
    """Return the same of many places: as many look-ups for all of them as for one."""
    wanted = list(dict.fromkeys(node_ids))
    teams = work.households.care_teams(work.households.many(wanted), ctx.day, ctx.county.care)
    called = {home: who[0] for home, team in teams.items() if (who := team.on_call(health=True))}
    holders = work.people.holders(ctx.day) if len(called) < len(wanted) else ()
    staff = Staff(holders, work.people.leaves(ctx.day) if holders else {})
    walking: dict[int, list[int]] = defaultdict(list)
    for row in holders:
        if row.role == "gridworker":
            walking[row.node_id].append(row.person_id)
    return {one: called.get(one) or _nearest(one, walking, staff, ctx) for one in wanted}


def _nearest(node_id: int, walking: Mapping[int, Sequence[int]], staff: Staff, ctx: Context) -> int | None:
    if not ctx.tree.has(node_id):
        return None
    for place in (node_id, *ctx.tree.ancestors(node_id)):
        standing = (staff.answering(who) for who in walking.get(place, ()))
        found = next((who for who in standing if who is not None), None)
        if found is not None:
            return found
    return staff.lead_over(node_id, ctx.tree)
