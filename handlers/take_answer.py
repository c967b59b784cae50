"""An answer in a contact: kept beside what was said before, never over it; what needs somebody fetches them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from handlers import asks, care
from handlers.domain.declared import Subject
from handlers.domain.four_ones import Contact, ContactState, Enrolment, FourOnes
from handlers.domain.household import masked
from handlers.domain.rules import mode_at
from handlers.domain.threshold import CareTask
from handlers.domain.wellbeing import Answer, AnswerState, Wellbeing, needs_somebody
from handlers.ports import Context, Work
from handlers.wording import four_ones as say

MEANT_ANEW = timedelta(minutes=30)
"""Said again by the same person this soon it is a correction; later it is another reading beside the first."""
_WAITING = frozenset({
    ContactState.OPEN, ContactState.ASKED, ContactState.CALLING, ContactState.VISITING, ContactState.LATE,
})  # fmt: skip


class How(StrEnum):
    """What became of an answer."""

    NEW = "new"
    SAME = "same"
    CORRECTED = "corrected"
    MORE = "more"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer as it was taken, with what stood before and the task it opened."""

    how: How
    answer: Answer
    earlier: Answer | None = None
    task: CareTask | None = None

    def after(self, before: Sequence[Answer]) -> tuple[Answer, ...]:
        """Return all that was said in the contact, now that this was; *before*: what it was."""
        if self.how is How.SAME:
            return tuple(before)
        gone = self.earlier.id if self.how is How.CORRECTED and self.earlier is not None else None
        kept = (replace(one, state=AnswerState.SUPERSEDED) if one.id == gone else one for one in before)
        return (*kept, self.answer)


def take(
    contact: Contact, subject: Subject, said: Wellbeing, speaker: str, via: str, work: Work, ctx: Context, *,
    inbox_id: int | None = None, again: bool = False, beside: Sequence[Answer] | None = None,
) -> Taken:  # fmt: skip
    """Keep one person's answer; the village doctor hears at once when it needs somebody, whatever stands beside it.
    *again*: measured once more, which neither corrects nor contradicts what stands. *beside*: all that was said in the
    contact so far, where that was read already."""
    before = [
        one
        for one in (work.answers.of_contact(contact.id) if beside is None else beside)
        if one.subject_id == subject.id and one.state is AnswerState.STANDING and one.said is not None
    ]
    earlier = before[-1] if before else None
    how = _how(earlier, said, speaker, ctx)
    how = How.MORE if again and how in (How.CORRECTED, How.DIFFERS, How.SAME) else how
    state = AnswerState.DIFFERS if how is How.DIFFERS else AnswerState.STANDING
    if how is How.CORRECTED and earlier is not None:
        work.answers.set_state(earlier.id, AnswerState.SUPERSEDED)
        said = _with(earlier.said, said)
    if how is How.SAME and earlier is not None:
        return Taken(how, earlier, earlier)
    made = work.answers.add(contact, subject.id, said, speaker, via, ctx.now, state=state, inbox_id=inbox_id)
    return Taken(how, made, earlier, alarmed(contact, subject, said, work, ctx))


def _how(earlier: Answer | None, said: Wellbeing, speaker: str, ctx: Context) -> How:
    if earlier is None or earlier.said is None:
        return How.NEW
    if earlier.said == said:
        return How.SAME
    if earlier.speaker != speaker:
        return How.DIFFERS
    return How.CORRECTED if ctx.now - earlier.said_at <= MEANT_ANEW else How.MORE


def _with(earlier: Wellbeing | None, said: Wellbeing) -> Wellbeing:
    """A word about one thing leaves the others as they were said: 36.4, then 嗓子有点疼."""
    if earlier is None:
        return said
    return Wellbeing(
        said.celsius if said.celsius is not None else earlier.celsius,
        said.symptoms if said.symptoms is not None else earlier.symptoms,
        said.well if said.well is not None else None if said.symptoms else earlier.well,
    )


def alarmed(contact: Contact, subject: Subject, said: Wellbeing, work: Work, ctx: Context) -> CareTask | None:
    """Open the task that an answer calls for; None when all is well."""
    declaring = ctx.county.declaring
    found = needs_somebody(said, declaring) if declaring is not None else None
    grid = ctx.tree.parent(contact.household_id) if ctx.tree.has(contact.household_id) else None
    if declaring is None or found is None or grid is None:
        return None
    here = replace(subject, household_id=contact.household_id)
    note = say.reading(said) if contact.day == ctx.day else say.reading_of(contact.day, said)
    return care.open_task(found.kind, here, grid, declaring, work, ctx, urgent=found.urgent, note=note)


def settle(
    contact: Contact, people: tuple[Subject, ...], work: Work, ctx: Context, *,
    answers: Sequence[Answer] | None = None, on_plans: Sequence[Enrolment] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """End the contact once everybody it is about was spoken of; returns the names (masked) still missing. *answers*,
    *on_plans*: all that was said in it, and what the household was on that day, where that is known."""
    known = work.answers.of_contact(contact.id) if answers is None else answers
    said = {one.subject_id for one in known if one.state is not AnswerState.ERASED}
    missing = tuple(masked(subject.name) for subject in people if subject.id not in said)
    if not missing:
        work.contacts.move([contact.id], _WAITING, ContactState.ANSWERED, None)
        work.contacts.steps([(contact.id, "answered", "", None)], ctx.now)
        work.contacts.overtake(contact, ctx.now)
        asks.answered(contact, work, ctx, on_plans)
    return missing


def count_quiet(
    contact: Contact, work: Work, ctx: Context, *, told: bool = False, answers: Sequence[Answer] | None = None,
    on_plans: Sequence[Enrolment] | None = None,
) -> int | None:  # fmt: skip
    """Count a day on which there was nothing; after enough of them only 有事 is said, from the day on which the
    household hears so: *told* it does with this very answer. Returns how many days that took, None when nothing
    changed. Something wrong, or declared war, begins the asking anew. *answers*, *on_plans*: all that was said in the
    contact, and what the household was on that day, where that is known."""
    four = ctx.county.four_ones
    known = work.answers.of_contact(contact.id) if answers is None else answers
    standing = [one for one in known if one.said is not None]
    wrong = any(
        one.said is not None and ctx.county.declaring and needs_somebody(one.said, ctx.county.declaring)
        for one in standing
    )
    switched = None
    if on_plans is None:
        on_plans = work.contacts.enrolments([contact.household_id], contact.day).get(contact.household_id, ())
    for on in on_plans:
        plan = four.plan(on.plan) if four else None
        if plan is None:
            continue
        if wrong:
            said_at = work.wishes.said_at(contact.household_id) if on.exception_only else None
            wished = said_at is not None and ctx.local(said_at).date() >= on.first_day  # theirs to take back
            work.contacts.put_quiet(
                contact.household_id, on.plan, normal_days=0, day=contact.day, exception_only=wished
            )
            continue
        counted = on.normal_on == contact.day
        if on.exception_only or (counted and not told):
            continue
        before = on.normal_days if on.normal_on == contact.day - timedelta(days=1) else 0
        row = on.normal_days if counted else before + 1
        enough = told and plan.spares(row)
        quiet = enough and mode_at(work.modes.current(ctx.now), ctx.tree, contact.household_id, ctx.now) is None
        work.contacts.put_quiet(contact.household_id, on.plan, normal_days=row, day=contact.day, exception_only=quiet)
        if quiet:
            switched = row
    return switched


def to_be_told(plans: Iterable[Enrolment], day: date, four: FourOnes) -> int | None:
    """Return how many days a household has had nothing when this one is well too, where they are enough to ask it no
    more: whoever calls says so. None where nothing is to be said."""
    for on in plans:
        plan = four.plan(on.plan)
        row = on.normal_days + 1 if on.normal_on == day - timedelta(days=1) else 1
        if plan is not None and not on.exception_only and plan.spares(row):
            return row
    return None
