"""红: a named clinician gives a red receipt, with a reason, an end and an appeal; the person hears of it first.

No rule gives it and no list. It ends on its day by itself, and whoever gave it, or another clinician, may lift it.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from handlers import care, declared_receipts
from handlers.care_queue import visible
from handlers.care_words import CareKind, CareWord
from handlers.days import read_days
from handlers.declared_form import declaring_of
from handlers.domain.declared import Given, Said, Subject
from handlers.domain.policy import Action
from handlers.domain.receipt_colour import Colour, Receipt
from handlers.domain.threshold import CareTask, TaskKind, TaskState
from handlers.ports import Context, Say, Turn, Work
from handlers.tell_household import tell
from handlers.wording import care as words
from handlers.wording import declaration as say

intents = frozenset({CareKind.RED, CareKind.LIFT})
TOLD = ("已告知", "已经告知", "告诉本人了", "已告诉")


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None when there is no such number here."""
    if ctx.county.declaring is None:
        return None
    task = visible(turn, word.number, work, ctx)
    if task is None:
        return None
    if not ctx.tree.viewable(turn.person, [task.node_id], Action.COLOUR):
        return [Say(words.not_a_doctor(), private=True)]
    answer = _red if word.kind is CareKind.RED else _lift
    return [Say(answer(turn, word, task, work, ctx), private=True, about=(task.subject_id,))]


def _red(turn: Turn, word: CareWord, task: CareTask, work: Work, ctx: Context) -> str:
    declaring = declaring_of(ctx)
    reason, told = _reason(word.args.get("reason", ""), word.args.get("until", ""))
    days = read_days(word.args.get("until", ""), turn.inbound.sent_at)
    if not reason or days is None or days[1] < ctx.day:
        return words.red_how()
    if days[1] - ctx.day > timedelta(days=declaring.table.observe_days):
        return words.red_too_long(declaring.table.observe_days)
    subject = work.subjects.get(task.subject_id)
    said = work.declarations.last([task.subject_id]).get(task.subject_id)
    if subject is None or subject.profile is None or said is None:
        return words.no_such_task(task.id)
    notice = say.red_notice(turn.person.name, reason, _date(days[1]))
    if not tell(subject, notice, work, ctx) and not told:
        return words.tell_them_first(task.id, subject.name, subject.profile.phone)
    receipt = replace(
        declared_receipts.receipt_for(said, (), declaring, work, ctx),
        colour=Colour.RED, reason=reason, next_steps=say.red_next(), valid_until=days[1], rules=(), by=turn.person.name,
        made_at=ctx.now, arrived_at=ctx.now,
    )  # fmt: skip
    work.colours.give(Given(receipt, said.id, subject.id, turn.person.id), ctx.now)
    work.audit.note(ctx.now, turn.person.id, "red", f"subject:{subject.id}", "care", days[1].isoformat())
    return words.red_given(task.id, _date(days[1]))


def _reason(reason: str, until: str) -> tuple[str, bool]:
    """Return the reason without the word that the person was told, and whether it stood there."""
    told = any(mark in reason + until for mark in TOLD)
    for mark in TOLD:
        reason = reason.replace(mark, "")
    return re.sub(r"^[\s,。;]+|[\s,。;]+$", "", reason), told


def _lift(turn: Turn, word: CareWord, task: CareTask, work: Work, ctx: Context) -> str:
    subject = work.subjects.get(task.subject_id)
    standing = work.colours.of([task.subject_id]).get(task.subject_id)
    if subject is None or standing is None or standing.clinician_id is None:
        return words.no_red(task.id)
    work.colours.lift(standing.receipt.id)
    work.audit.note(ctx.now, turn.person.id, "lift", f"subject:{subject.id}", "care", "lifted")
    receipt = _by_the_table(subject, standing, work, ctx)
    colour = words.COLOURS[receipt.colour] if receipt else words.NO_COLOUR
    tell(subject, say.red_lifted_notice(turn.person.name, colour), work, ctx)
    if task.kind is TaskKind.APPEAL:
        work.care_tasks.close(task, word.args.get("reason", ""), ctx.now)
    return words.red_lifted(task.id, colour)


def _by_the_table(subject: Subject, standing: Given, work: Work, ctx: Context) -> Receipt | None:
    said: Said | None = work.declarations.last([subject.id]).get(subject.id)
    if said is None or said.facts is None:
        return None
    receipt = declared_receipts.receipt_for(said, (), declaring_of(ctx), work, ctx)
    return work.colours.give(Given(receipt, said.id, subject.id), ctx.now).receipt


def appeal(subject: Subject, node_id: int, why: str, work: Work, ctx: Context) -> CareTask:
    """Take an appeal: another doctor if there is one, and the gridworker, are asked to look again."""
    task = care.open_task(TaskKind.APPEAL, subject, node_id, declaring_of(ctx), work, ctx, note=why)
    assert task.state is not TaskState.CLOSED
    return task


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"
