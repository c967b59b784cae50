"""Tasks to look after somebody: opened in the transaction that makes them necessary, and told to who can help."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.domain.declaration import SYMPTOMS
from handlers.domain.declared import Said, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.delivery import Letter
from handlers.domain.household import masked
from handlers.domain.people import on_duty
from handlers.domain.rules import rules_at
from handlers.domain.threshold import LIFELINE_WITHIN, Alert, CareTask, TaskKind, TaskState, Tell, first_told
from handlers.letters import URGENT, delayed, private
from handlers.ports import Context, Work
from handlers.wording import care as say

DOCTOR, GRIDWORKER = "village_doctor", "gridworker"
_LEADS = ("grid_lead", "village_lead", "township_lead", "deputy", "county_lead")


def open_task(
    kind: TaskKind,
    subject: Subject,
    node_id: int,
    declaring: Declaring,
    work: Work,
    ctx: Context,
    *,
    said: Said | None = None,
    urgent: bool = False,
    note: str = "",
    within: timedelta | None = None,
) -> CareTask:
    """Open a task about somebody and tell those who are first told; one of its kind still open is taken for it."""
    draft = CareTask(
        id=0,
        kind=kind,
        subject_id=subject.id,
        node_id=node_id,
        household_id=subject.household_id,
        declaration_id=said.id if said else None,
        state=TaskState.OPEN,
        urgent=urgent,
        made_at=ctx.now,
        due_at=ctx.now + (within or declaring.doctor_within),
        note=note,
    )
    held = {task.id for task in work.care_tasks.of_subject(subject.id)}
    task = work.care_tasks.open(draft)
    if task.id not in held:
        tell(task, first_told(kind), subject, what_is(task, said), declaring, work, ctx)
    return task


def alerted(said: Said, alert: Alert, subject: Subject, declaring: Declaring, work: Work, ctx: Context) -> CareTask:
    """Open the task that the facts call for."""
    return open_task(alert.kind, subject, said.node_id, declaring, work, ctx, said=said, urgent=alert.urgent)


def what_is(task: CareTask, said: Said | None) -> str:
    """Return in a few words what a task is about, for who may see health."""
    facts = said.facts if said else None
    if task.kind in (TaskKind.FEVER, TaskKind.UNWELL) and facts is not None:
        parts = [f"体温{facts.celsius}℃"] if facts.celsius is not None else []
        parts += [SYMPTOMS[code] for code in facts.symptoms or () if code in SYMPTOMS]
        return "、".join(parts)
    return say.KINDS[task.kind]


def tell(
    task: CareTask,
    whom: Iterable[Tell],
    subject: Subject,
    what: str,
    declaring: Declaring,
    work: Work,
    ctx: Context,
) -> int:
    """Write to everybody of *whom*; a lead hears of the place and the number only. Returns how many were told."""
    place = ctx.tree.path_name(task.household_id or task.node_id)
    waited = ctx.now - task.made_at
    letters: list[Letter] = []
    for kind in whom:
        for person_id, userid in people_for(kind, task, work, ctx):
            if kind is Tell.LEAD:
                text = say.nobody_took(ctx.tree.path_name(task.node_id), task.id, waited)
            elif kind is Tell.TAKER:
                text = say.measure_again(task.id, place, masked(subject.name))
            else:
                text = say.please_look(task.id, place, masked(subject.name), what, _within(task, declaring))
            letters.append(private(userid, person_id, text, ctx.now, priority=URGENT))
    if not letters:
        work.alarms.sound("nobody_to_look", f"task {task.id}", ctx.now)
        return 0
    unique = list({letter.to[0].person_id: letter for letter in letters}.values())
    parcels = work.outbox.put(unique if task.urgent else delayed(unique, _loud_at(task, work, ctx)), ctx.now)
    work.erasure.mention(subject.id, parcels)
    return len(unique)


def _within(task: CareTask, declaring: Declaring) -> timedelta:
    return LIFELINE_WITHIN if task.kind is TaskKind.LIFELINE else declaring.doctor_within


def people_for(kind: Tell, task: CareTask, work: Work, ctx: Context) -> list[tuple[int, str]]:
    """Return who that is today, nearest first; with no doctor or gridworker on duty, the lead takes their place."""
    if kind is Tell.TAKER:
        if task.taker_id is None:
            return []
        standing = on_duty([task.taker_id], work.people.leaves(ctx.day))
        takers = work.people.many(standing, ctx.day).values()
        return [(one.id, one.userid) for one in takers] or _nearest((GRIDWORKER,), task.node_id, work, ctx)
    roles = {Tell.DOCTOR: (DOCTOR,), Tell.GRIDWORKER: (GRIDWORKER,), Tell.LEAD: _LEADS}[kind]
    above = task.rung if kind is Tell.LEAD else 0
    found = _nearest(roles, task.node_id, work, ctx, skip=max(0, above - 2))
    return found or (_nearest(_LEADS, task.node_id, work, ctx) if kind is Tell.GRIDWORKER else [])


def nearest(kind: Tell, node_id: int, work: Work, ctx: Context) -> list[tuple[int, str]]:
    """Return who of a kind looks after a node today, nearest first."""
    return _nearest({Tell.DOCTOR: (DOCTOR,), Tell.GRIDWORKER: (GRIDWORKER,)}.get(kind, _LEADS), node_id, work, ctx)


def _nearest(roles: tuple[str, ...], node_id: int, work: Work, ctx: Context, *, skip: int = 0) -> list[tuple[int, str]]:
    """Return who holds one of *roles* at the nearest node at or above, today; *skip* leaves out so many such nodes."""
    holders = work.people.holders(ctx.day, roles)
    userids = {row.person_id: row.userid for row in work.people.holders(ctx.day)}
    leaves = work.people.leaves(ctx.day)
    found: list[tuple[int, str]] = []
    for node in (node_id, *ctx.tree.ancestors(node_id)):
        held = [row.person_id for row in holders if row.node_id == node]
        answering = [who for who in on_duty(held, leaves) if who in userids]
        if answering:
            found = [(who, userids[who]) for who in answering]
            if skip == 0:
                return found
            skip -= 1
    return found


def _loud_at(task: CareTask, work: Work, ctx: Context) -> datetime:
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, task.node_id, ctx.now)
    return rules.loud_at(ctx.now, ctx.county.tz)
