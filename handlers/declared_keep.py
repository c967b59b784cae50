"""Keeping what one person said: the row, the totals, what disagrees, the receipt, and who must look, all in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import care, declared_counts, declared_receipts
from handlers.domain.consent import Speaker
from handlers.domain.declaration import LATE_AFTER, PersonAnswer
from handlers.domain.declared import Asked, Given, Said, SaidState, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.household import masked
from handlers.domain.threshold import alert
from handlers.ports import Context, Work
from handlers.wording import declaration as say


def keep(
    said: Said,
    subject: Subject,
    before: Sequence[Said],
    declaring: Declaring,
    work: Work,
    ctx: Context,
    *,
    coloured: bool,
    cared: bool,
    known: bool,
    asked_before: Sequence[Asked] | None = None,
) -> PersonAnswer:
    """Keep *said* (its id is 0) beside the live ones *before* it, and return what the person gets.

    *coloured*: consent for both where from and health is there, so a receipt is given. *cared*: the person may be
    called; without it only what cannot wait calls somebody. *known*: whoever hears the answer is known to belong there;
    others are told what disagrees, but not what was said before, and nothing of a clinician's receipt. *asked_before*
    are the questions that were open before one of them was answered just now.
    """
    assert said.facts is not None
    if said.state is not SaidState.LIVE:
        return _late(said, subject, declaring, work, ctx)
    if asked_before is None:
        asked_before = work.questions.open_of([subject.id])
    journey_before = declared_receipts.standing_journey(before, asked_before)
    elsewhere = [one for one in before if one.sheet_id != said.sheet_id]
    statements = declared_receipts.others_say(subject, said.day, elsewhere, work)
    settled = work.questions.settled(subject.id)
    found = [
        (one, other)
        for one, other in declared_receipts.differences(said.facts, said.day, statements, declaring)
        if declared_receipts.about(other) not in settled
    ]
    receipt = declared_receipts.receipt_for(said, [one for one, _ in found], declaring, work, ctx) if coloured else None
    until = receipt.valid_until if receipt else said.day + timedelta(days=1)
    kept = work.declarations.add(
        replace(said, destroy_on=declared_receipts.destroy_day(said.facts, until, declaring)), ctx.now
    )
    asked = declared_receipts.ask_about(kept, found, settled, declaring, work, ctx)
    _drop_answered(asked_before, asked, work, ctx)
    old = next((one for one in before if one.id == said.supersedes), None)
    colour_before = work.colours.of_declarations([old.id]).get(old.id) if old else None
    given = declared_receipts.give(kept, receipt, work, ctx) if receipt else None
    _count(kept, old, given, colour_before, declaring, work, ctx)
    lives = [one for one in before if one is not old] + [kept]
    _count_arrival(journey_before, declared_receipts.standing_journey(lives, asked), work, ctx)
    notes = _notes(kept, subject, given, declaring, work, ctx, cared=cared)
    withheld = given is not None and given.clinician_id is not None and not known
    return PersonAnswer(
        said.row,
        masked(subject.name),
        given.receipt if given and not withheld else None,
        (*notes, say.ask_for_receipt()) if withheld else notes,
        tuple(declared_receipts.question_of(one, said.facts, known=known) for one in asked),
    )


def _late(said: Said, subject: Subject, declaring: Declaring, work: Work, ctx: Context) -> PersonAnswer:
    """Keep a sheet that came late, or that another wrote, beside the word of the day that stands."""
    assert said.facts is not None
    destroy_on = declared_receipts.destroy_day(said.facts, said.day + timedelta(days=1), declaring)
    work.declarations.add(replace(said, destroy_on=destroy_on), ctx.now)
    return PersonAnswer(said.row, masked(subject.name), None, (say.other_word_stands(),))


def _drop_answered(before: Sequence[Asked], asked: Sequence[Asked], work: Work, ctx: Context) -> None:
    """What was asked and does not disagree any more needs no answer."""
    again = {one.kind for one in asked}
    for one in before:
        if one.kind not in again:
            work.questions.end(one.id, "dropped", ctx.now)


def _count(
    kept: Said,
    old: Said | None,
    given: Given | None,
    colour_before: Given | None,
    declaring: Declaring,
    work: Work,
    ctx: Context,
) -> None:
    assert kept.facts is not None
    after = declared_counts.metrics_of(kept.facts, given.receipt.colour if given else None, declaring.fever)
    was: Mapping[str, int] = {}
    if old is not None and old.facts is not None:
        colour = colour_before.receipt.colour if colour_before else None
        was = declared_counts.metrics_of(old.facts, colour, declaring.fever)
    if old is None or old.node_id == kept.node_id:
        declared_counts.move(kept.day, kept.node_id, was, after, work, ctx)
    else:
        declared_counts.move(old.day, old.node_id, was, {}, work, ctx)
        declared_counts.move(kept.day, kept.node_id, {}, after, work, ctx)


def _count_arrival(before: Said | None, after: Said | None, work: Work, ctx: Context) -> None:
    was = declared_counts.arrival_of(before.facts) if before and before.facts else None
    now = declared_counts.arrival_of(after.facts) if after and after.facts else None
    if before and after and before.node_id != after.node_id:
        declared_counts.move_arrival(before.node_id, was, None, work, ctx)
        was = None
    node = after.node_id if after else before.node_id if before else None
    if node is not None:
        declared_counts.move_arrival(node, was, now, work, ctx)


def _notes(
    kept: Said, subject: Subject, given: Given | None, declaring: Declaring, work: Work, ctx: Context, *, cared: bool
) -> tuple[str, ...]:
    assert kept.facts is not None
    notes = []
    if kept.said_by is not Speaker.SELF:
        notes.append(say.said_for(kept.said_by))
    if kept.arrived_at - kept.made_at > LATE_AFTER:
        notes.append(say.arrived_late(ctx.local(kept.made_at)))
    needed = alert(kept.facts, declaring)
    if needed is not None and (cared or needed.urgent):
        care.alerted(kept, needed, subject, declaring, work, ctx)
        notes.append(say.somebody_will_call())
    elif needed is not None:
        notes.append(say.please_call(given.receipt.ask if given else declaring.ask))
    if given is None:
        notes.append(say.no_colour())
    return tuple(notes)


def next_row(row: str) -> str:
    """Return the row of what takes the place of a row of the same sheet: p1, p1~2, p1~3.

    >>> next_row("p1"), next_row("p1~2")
    ('p1~2', 'p1~3')
    """
    name, _, number = row.partition("~")
    return f"{name}~{int(number or 1) + 1}"
