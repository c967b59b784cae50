"""待看: the doctor's and the gridworker's queue. Taking, measuring again and closing; every look is noted."""

from dataclasses import replace

from handlers import care, declared_people, measure_again
from handlers.care_words import CareKind, CareWord
from handlers.declared_form import declaring_of
from handlers.declared_keep import keep, next_row
from handlers.declared_people import Who
from handlers.domain.consent import ConsentPurpose, Speaker, Way
from handlers.domain.declared import Said, SaidState, Subject
from handlers.domain.household import masked
from handlers.domain.policy import Action
from handlers.domain.threshold import HEALTH_KINDS, CareTask, TaskKind, TaskState
from handlers.ports import Context, Say, Turn, Work
from handlers.read_sheet import read_temperature
from handlers.wording import care as say

intents = frozenset({CareKind.QUEUE, CareKind.TAKE, CareKind.MEASURED, CareKind.CLOSE})
CARE = "care"
DOCTOR_SEES = HEALTH_KINDS
QUEUE_AT_MOST = 20


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private, whatever the place; None when the words are not about the queue (no such number here)."""
    if ctx.county.declaring is None:
        return None
    if word.kind is CareKind.QUEUE and "mine" in word.args and care.DOCTOR not in turn.person.roles:
        return None  # 我的, of anybody but a doctor, is the day's work
    if word.kind is CareKind.QUEUE:
        return [_queue(turn, work, ctx)]
    task = visible(turn, word.number, work, ctx)
    if task is None:
        return [Say(say.no_such_task(word.number), private=True)] if word.kind is CareKind.TAKE else None
    answer = {CareKind.TAKE: _take, CareKind.MEASURED: _measured, CareKind.CLOSE: _close}[word.kind]
    return [Say(answer(turn, word, task, work, ctx), private=True, about=(task.subject_id,))]


def visible(turn: Turn, number: int, work: Work, ctx: Context) -> CareTask | None:
    """Return the open task of that number if the person may see health where it is; None for all others alike."""
    task = work.care_tasks.get(number)
    if task is None or task.state is TaskState.CLOSED or not ctx.tree.has(task.node_id):
        return None
    return task if ctx.tree.viewable(turn.person, [task.node_id], Action.SEE_HEALTH) else None


def _queue(turn: Turn, work: Work, ctx: Context) -> Say:
    nodes = [n for held in turn.person.nodes() for n in ctx.tree.above_households(held)]
    mine = ctx.tree.viewable(turn.person, nodes, Action.SEE_HEALTH)
    only_doctor = turn.person.roles <= {care.DOCTOR}
    kinds = DOCTOR_SEES if only_doctor else frozenset(TaskKind)
    lines, about = [], []
    for task in work.care_tasks.waiting(mine, kinds, QUEUE_AT_MOST):
        subject, said = subject_of(task, turn, work, ctx)
        place = ctx.tree.path_name(task.household_id or task.node_id)
        what = care.what_is(task, said)
        about.append(subject.id)
        lines.append(
            say.queue_line(task.id, place, masked(subject.name), what, task.taker_id == turn.person.id, task.urgent)
        )
    return Say(say.queue(lines), private=True, about=tuple(about))


def subject_of(task: CareTask, turn: Turn, work: Work, ctx: Context) -> tuple[Subject, Said | None]:
    """Return the person of a task with what they declared, and note that it was looked at."""
    subject = work.subjects.get(task.subject_id)
    assert subject is not None
    work.audit.note(ctx.now, turn.person.id, "look", f"subject:{subject.id}", CARE, task.kind.value)
    return subject, work.declarations.get(task.declaration_id) if task.declaration_id else None


def _take(turn: Turn, word: CareWord, task: CareTask, work: Work, ctx: Context) -> str:
    again = ctx.now + declaring_of(ctx).measure_again_after
    if not work.care_tasks.take(task.id, turn.person.id, again):
        return say.taken_by_another(task.id)
    subject, said = subject_of(task, turn, work, ctx)
    place = ctx.tree.path_name(task.household_id or task.node_id)
    phone = subject.profile.phone if subject.profile else ""
    what = ";".join(part for part in (care.what_is(task, said), task.note) if part)
    return say.taken(task.id, subject.name, phone, place, what)


def _measured(turn: Turn, word: CareWord, task: CareTask, work: Work, ctx: Context) -> str:
    """A repeat measurement is a new declaration in the worker's hand; the table gives the colour, nobody else."""
    celsius, wrong = read_temperature(word.args["temperature"], word.args["temperature"])
    if wrong is not None or celsius is None:
        return say.reading_unread()
    subject, said = subject_of(task, turn, work, ctx)
    declaring = declaring_of(ctx)
    who = Who(subject, None, subject.profile)
    allowed = declared_people.decisions(who, work.consents.of(subject.id), declaring, Way.PHONE, ctx)
    if said is None or said.facts is None or not allowed[ConsentPurpose.HEALTH].allowed:
        kept = measure_again.by_worker(turn.person, task, subject, celsius, word.args.get("note", ""), work, ctx)
        return kept if kept is not None else say.no_consent(task.id)
    before = work.declarations.of_subject(subject.id, live=True)
    today = next((one for one in reversed(before) if one.day == ctx.day), None)
    anew = replace(
        said, id=0, row=next_row(said.row), facts=replace(said.facts, celsius=celsius), said_by=Speaker.WORKER,
        state=SaidState.LIVE, day=ctx.day, made_at=ctx.now, arrived_at=ctx.now, supersedes=today.id if today else None,
    )  # fmt: skip
    work.audit.note(ctx.now, turn.person.id, "measure", f"subject:{subject.id}", CARE, "kept")
    coloured = allowed[ConsentPurpose.DECLARE].allowed
    got = keep(anew, subject, before, declaring, work, ctx, coloured=coloured, cared=True, known=True)
    colour = say.COLOURS[got.receipt.colour] if got.receipt else say.NO_COLOUR
    if celsius >= declaring.fever:
        work.care_tasks.take(task.id, turn.person.id, ctx.now + declaring.measure_again_after)
        return say.measured(task.id, str(celsius), colour)
    work.care_tasks.close(task, word.args.get("note", ""), ctx.now)
    return say.closed(task.id, say.now_is(str(celsius), colour))


def _close(turn: Turn, word: CareWord, task: CareTask, work: Work, ctx: Context) -> str:
    if task.kind is TaskKind.IDENTITY:
        return say.say_whether_it_is_they(task.id)
    subject, _ = subject_of(task, turn, work, ctx)
    work.audit.note(ctx.now, turn.person.id, "close", f"subject:{subject.id}", CARE, task.kind.value)
    work.care_tasks.close(task, word.args.get("note", ""), ctx.now)
    return say.closed(task.id, "")
