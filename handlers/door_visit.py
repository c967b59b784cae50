"""At the door: a worker scanned the household's card and taps what they found. Read out, agreed, one tap; also a visit.

What the household said itself stays beside it (`take_answer`). Whoever is on no plan is asked nothing about health;
what they need is taken from everybody. Tapped twice it is one visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers import needs_said, read_wellbeing
from handlers.contact_people import people_of, spokesperson
from handlers.domain.declared import Subject
from handlers.domain.four_ones import UNSETTLED, Contact, ContactState, FourOnes, One, slot_of
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.household import masked
from handlers.domain.need import NeedState
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.wellbeing import AnswerState, Wellbeing
from handlers.needs_roll import SAME_WITHIN, fresh_of
from handlers.ports import Context, Work
from handlers.read_needs import read_needs
from handlers.take_answer import count_quiet, settle, take
from handlers.wording import door as say

VIA = "visit"
NOBODY_AGAIN = timedelta(minutes=10)


class Found(StrEnum):
    """What was found at the door."""

    WELL = "well"
    CELSIUS = "celsius"
    NOBODY = "nobody"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class AtDoor:
    """What the page shows of a household: its people (masked, by number), whether it is on a plan and done today."""

    home: Node
    people: tuple[tuple[int, str], ...]
    planned: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was said back; `taken` False: nothing was written."""

    text: str
    taken: bool
    about: tuple[int, ...] = ()


def at_door(person: Person, home_id: int, work: Work, ctx: Context) -> AtDoor | None:
    """Return what may be shown there, None for what is no household; UnknownNode for one not theirs."""
    home = ctx.tree.view(person, home_id, Action.SEE_HEALTH)
    if home.level != HOUSEHOLD:
        return None
    people = people_of(home_id, work, ctx)
    planned = bool(work.contacts.enrolments([home_id], ctx.day))
    today = [one for one in work.contacts.of_households([home_id], ctx.day) if one.day == ctx.day]
    done = bool(today) and all(one.state is ContactState.ANSWERED for one in today)
    return AtDoor(home, tuple((one.id, masked(one.name)) for one in people), planned, done)


def record(
    person: Person, home_id: int, found: Found, typed: str, subject_id: int | None, work: Work, ctx: Context
) -> Recorded:
    """Write down what was found; UnknownNode for a household not theirs."""
    home = ctx.tree.view(person, home_id, Action.SEE_HEALTH)
    four = ctx.county.four_ones
    if four is None or home.level != HOUSEHOLD:
        return Recorded(say.no_plan(home.name), taken=False)
    if found is Found.NEEDS:
        return _needs(person, home, typed, work, ctx)
    if not work.contacts.enrolments([home_id], ctx.day):
        return Recorded(say.no_plan(home.name), taken=False)
    if found is Found.NOBODY:
        return _nobody(person, home, work, ctx)
    said = Wellbeing(well=True)
    if found is Found.CELSIUS:
        read = read_wellbeing.read(typed, ctx.now)
        if read.wrong or not read.told:
            return Recorded(say.not_a_temperature(typed[:12]), taken=False)
        said = read.told[0].said
    people = people_of(home_id, work, ctx)
    whom = _whom(people, subject_id, said)
    if not whom:
        return Recorded(say.whose() if people else say.nobody_registered(home.name), taken=False)
    return _said(person, home, _contact(home_id, four, work, ctx), people, whom, said, work, ctx)


def _said(
    person: Person, home: Node, contact: Contact, people: tuple[Subject, ...], whom: Sequence[Subject],
    said: Wellbeing, work: Work, ctx: Context,
) -> Recorded:  # fmt: skip
    kept = [take(contact, subject, said, f"p{person.id}", VIA, work, ctx) for subject in whom]
    work.contacts.steps([(contact.id, VIA, "", person.id)], ctx.now)
    work.audit.note(ctx.now, person.id, "contact visit", f"node:{home.id}", "care", "door")
    missing = settle(contact, people, work, ctx)
    if not missing:
        count_quiet(contact, work, ctx)
    differs = any(one.answer.state is AnswerState.DIFFERS for one in kept)
    alarm = any(one.task is not None for one in kept)
    text = say.said(home.name, said, missing, differs=differs, alarm=alarm)
    return Recorded(text, taken=True, about=tuple(one.id for one in whom))


def _whom(people: tuple[Subject, ...], subject_id: int | None, said: Wellbeing) -> Sequence[Subject]:
    named = [one for one in people if one.id == subject_id]
    return named or (people if len(people) == 1 or said.celsius is None else ())


def _contact(home_id: int, four: FourOnes, work: Work, ctx: Context) -> Contact:
    """Return today's contact: what waits first, else the last; of the hour that is running when there was none."""
    if there := _of_today(home_id, work, ctx):
        return there
    local = ctx.local(ctx.now).time()
    begun = [slot_of(at) for at in four.times if at <= local] or [slot_of(four.times[0])]
    return work.contacts.answered_early(home_id, ctx.day, begun[-1], One.VISIT, ctx.now)


def _of_today(home_id: int, work: Work, ctx: Context) -> Contact | None:
    """Return today's contact, what waits first; None when no round has come to the household yet."""
    today = [one for one in work.contacts.of_households([home_id], ctx.day) if one.day == ctx.day]
    waiting = [one for one in today if one.state in UNSETTLED or one.state is ContactState.LATE]
    return (waiting or today)[-1] if today else None


def _nobody(person: Person, home: Node, work: Work, ctx: Context) -> Recorded:
    """Nobody opened: whoever was to call or look in, the next step is due now; a household that was only asked keeps
    its hour to answer, and one that no round has come to is asked all the same: nothing is known of it."""
    contact = _of_today(home.id, work, ctx)
    work.audit.note(ctx.now, person.id, "contact visit", f"node:{home.id}", "care", "nobody")
    if contact is None:
        return Recorded(say.nobody_yet(home.name), taken=True)
    work.contacts.steps([(contact.id, VIA, "nobody", person.id)], ctx.now)
    if contact.state in (ContactState.CALLING, ContactState.VISITING):
        due = contact.due_at is None or contact.due_at > ctx.now + NOBODY_AGAIN
        work.contacts.move([contact.id], [contact.state], contact.state, ctx.now if due else contact.due_at)
    return Recorded(say.nobody(home.name), taken=True)


def _needs(person: Person, home: Node, typed: str, work: Work, ctx: Context) -> Recorded:
    items = read_needs(typed) or read_needs(f"要 {typed}")
    if not items:
        return Recorded(say.not_understood(typed[:24]), taken=False)
    subject = spokesperson(home.id, work, ctx)
    waiting = (one for one in work.needs.waiting([home.id], ctx.now) if one.state is not NeedState.CLOSED)
    lately = [one for one in waiting if ctx.now - one.said_at <= SAME_WITHIN]
    fresh, known, _ = fresh_of(items, lately)
    text = needs_said.ask(home.id, subject, fresh, None, work, ctx, tell=person.id) if fresh else ""
    work.audit.note(ctx.now, person.id, "needs taken", f"node:{home.id}", "care", f"{len(fresh)} things")
    return Recorded(say.needs(home.name, text, len(known)), taken=True, about=(subject.id,))
