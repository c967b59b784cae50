"""Tick: a matter that stands still: who works on it is asked to go on, the person and the bringer hear that it is not
forgotten; the second time the lead above hears its number, never what it is about."""

from datetime import timedelta

from handlers import matter_flow as flow
from handlers.domain.household import masked
from handlers.domain.matter import Matter, Pack
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.staff import Staff
from handlers.ports import Context, Work
from handlers.wording import matters as say


def due(work: Work, ctx: Context) -> bool:
    """Return whether a matter stands still."""
    return bool(ctx.county.matters) and bool(work.matters.due(ctx.now, 1))


def run(work: Work, ctx: Context) -> int:
    """Go through those that are due; returns how many. Each once, whoever ticks."""
    done = 0
    for one in work.matters.due(ctx.now):
        pack = flow.pack_of(one, ctx)
        if pack is None or not ctx.tree.has(one.node_id):  # the county took the pack or the place away: somebody looks
            work.alarms.sound("matter_without_pack", f"matter {one.id}", ctx.now)
            done += work.matters.put_off(one, ctx.now + timedelta(days=1), one.rung)
        else:
            done += _one(one, pack, work, ctx)
    return done


RARER = 4
"""What stands still long is said ever more rarely, at the most so many spans apart."""


def _another(one: Matter, pack: Pack, work: Work, ctx: Context) -> Person | None:
    """Give it to whoever works on such matters now: whoever did has no post there any more."""
    found = flow.worker_for(pack, one.node_id, work, ctx)
    if found is None or found.id == one.assignee_id:
        return None
    if not work.matters.move(one, one.state, ctx.now, assignee_id=found.id, due_at=ctx.now + pack.stall_after):
        return None
    work.matters.note(one, "passed_on", "", None, ctx.now)
    subject = work.subjects.get(one.subject_id)
    name = masked(subject.name) if subject else ""
    flow.tell_staff([found], say.please_work(one.id, pack, flow.place_of(one, ctx), name), one, work, ctx)
    return found


def _one(one: Matter, pack: Pack, work: Work, ctx: Context) -> int:
    loud_at = flow.loud_at(one, work, ctx)
    if loud_at > ctx.now:  # residents are not written to at night
        return int(work.matters.put_off(one, loud_at, one.rung))
    if not work.matters.put_off(one, ctx.now + pack.stall_after * min(one.rung + 1, RARER), one.rung + 1):
        return 0
    days = max((ctx.now - one.moved_at).days, 1)
    place, step = flow.place_of(one, ctx), pack.step(one.step)
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    standing = staff.answering(one.assignee_id) if one.assignee_id is not None else None
    worker = work.people.get(standing, ctx.day) if standing is not None else None
    if worker is None or not ctx.tree.viewable(worker, [one.node_id], Action.SEE_PEOPLE):
        worker = _another(one, pack, work, ctx)
    else:
        flow.tell_staff([worker], say.please_go_on(one.id, pack.title, place, days), one, work, ctx)
    text = say.stands_still(one.id, pack.title, step.title if step else "", days, worker.name if worker else "村里")
    flow.tell_all(one, text, work, ctx)
    if one.rung >= 1 or worker is None:
        held = worker.nodes()[0] if worker is not None and worker.nodes() else one.node_id
        lead = staff.lead_over(held, ctx.tree, but=(standing,) if standing is not None else (), own=worker is None)
        person = work.people.get(lead, ctx.day) if lead is not None else None
        if person is not None:
            at = ctx.tree.path_name(one.node_id)
            flow.tell_staff([person], say.lead_hears(one.id, pack.title, at, days), one, work, ctx)
    return 1
