"""Tick: tasks that nobody took climb, those taken are measured again, what stayed unsettled becomes a call to ask how
they are, and a request about one's own data that waits too long sounds an alarm."""

from handlers import care, declared_people
from handlers.declared_people import Who
from handlers.domain.consent import ConsentPurpose, Way
from handlers.domain.declared import Asked
from handlers.domain.declaring import Declaring
from handlers.domain.rules import rules_at
from handlers.domain.threshold import CareTask, TaskKind, step
from handlers.ports import Context, Work


def due(work: Work, ctx: Context) -> bool:
    """Return whether there is anything to do."""
    if ctx.county.declaring is None:
        return False
    return bool(work.care_tasks.due(ctx.now, 1) or work.questions.due(ctx.now, 1) or work.rights.overdue(ctx.now))


def run(work: Work, ctx: Context) -> int:
    """Do what is due; returns how many tasks, questions and requests were looked at."""
    declaring = ctx.county.declaring
    if declaring is None:
        return 0
    tasks, asked, late = work.care_tasks.due(ctx.now), work.questions.due(ctx.now), work.rights.overdue(ctx.now)
    for task in tasks:
        _climb(task, declaring, work, ctx)
    for question in asked:
        _call(question, declaring, work, ctx)
    for request in late:
        work.alarms.sound("rights_overdue", f"request {request.id}", ctx.now)
    return len(tasks) + len(asked) + len(late)


def _climb(task: CareTask, declaring: Declaring, work: Work, ctx: Context) -> None:
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, task.node_id, ctx.now)
    made = step(task, declaring, ctx.now, rules.loud_at(ctx.now, ctx.county.tz))
    if made.tell:
        subject = work.subjects.get(task.subject_id)
        said = work.declarations.get(task.declaration_id) if task.declaration_id else None
        if subject is not None:
            care.tell(task, made.tell, subject, care.what_is(task, said), declaring, work, ctx)
    work.care_tasks.advance(task.id, made.rung, made.due_at)


def _call(asked: Asked, declaring: Declaring, work: Work, ctx: Context) -> None:
    """Nobody set it right: the gridworker asks how they are. Whoever does not want to be called is not."""
    subject, said = work.subjects.get(asked.subject_id), work.declarations.get(asked.declaration_id)
    if subject is None or subject.profile is None or said is None:
        work.questions.end(asked.id, "dropped", ctx.now)
        return
    who = Who(subject, None, subject.profile)
    allowed = declared_people.decisions(who, work.consents.of(subject.id), declaring, Way.PAGE, ctx)
    called = allowed[ConsentPurpose.CARE].allowed
    if called:
        care.open_task(TaskKind.WELFARE, subject, said.node_id, declaring, work, ctx, said=said)
    work.questions.end(asked.id, "called" if called else "dropped", ctx.now)
