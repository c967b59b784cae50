"""下午吧: whoever is busy is believed; the ladder waits until then, but not beyond the day, and nobody is bothered."""

from collections.abc import Sequence
from datetime import datetime

from handlers import care
from handlers.contact_people import people_of
from handlers.domain.delivery import Text
from handlers.domain.four_ones import UNSETTLED, Contact, ContactState
from handlers.domain.household import masked
from handlers.domain.threshold import TaskState, Tell
from handlers.later_words import read_later
from handlers.letters import ORDINARY, private
from handlers.ports import Context, Work
from handlers.resident_declares import Put
from handlers.wording import marks
from handlers.wording import silence as say


def said(
    text: str, sent_at: datetime, home: int, contacts: Sequence[Contact], put: Put, work: Work, ctx: Context
) -> str | None:
    """Take the words; returns the intent, None when they put nothing off, or nobody waits for them here."""
    until = read_later(text, ctx.local(sent_at))
    four = ctx.county.four_ones
    if until is None or four is None:
        return None
    waiting = [one for one in contacts if one.day == ctx.day and one.state in UNSETTLED]
    if not waiting:
        return _for_the_doctor(text, until, home, put, work, ctx)
    one = waiting[-1]
    last = datetime.combine(ctx.day, four.until, ctx.county.tz)
    if ctx.now >= last:
        put(Text(say.too_late_today()))
        return "one_later"
    again = min(until, last)
    at = marks.clock(ctx.local(again))
    if one.state is ContactState.CALLING:
        again += four.call_within  # whoever is to call has their time from then on
    to = ContactState.ASKED if one.state is ContactState.OPEN else one.state
    more = {} if one.asked_at is not None else {"asked_at": ctx.now}
    work.contacts.move([one.id], [one.state], to, again.astimezone(ctx.now.tzinfo), **more)
    work.contacts.steps([(one.id, "busy", at, None)], ctx.now)
    if one.owner_id is not None and one.state is ContactState.CALLING:
        _tell(one.owner_id, say.worker_told(ctx.tree.path_name(home), text.strip()[:20], at), work, ctx)
    put(Text(say.later(at)))
    return "one_later"


def _for_the_doctor(text: str, until: datetime, home: int, put: Put, work: Work, ctx: Context) -> str | None:
    """Nobody asks, but somebody is to call about an answer: they hear when it suits."""
    at = marks.clock(until) if until.date() == ctx.day else say.TOMORROW  # not in the middle of the night
    for subject in people_of(home, work, ctx):
        task = next((t for t in work.care_tasks.of_subject(subject.id) if t.state is not TaskState.CLOSED), None)
        if task is None:
            continue
        found = care.people_for(Tell.TAKER, task, work, ctx) or care.people_for(Tell.DOCTOR, task, work, ctx)
        name = work.people.names([found[0][0]]).get(found[0][0], "") if found else ""
        if not found:
            return None
        words = say.doctor_told(ctx.tree.path_name(home), masked(subject.name), text.strip()[:20], at)
        letter = private(found[0][1], found[0][0], words, ctx.now)
        work.erasure.mention(subject.id, work.outbox.put([letter], ctx.now))
        put(Text(say.passed_to_doctor(name, at)), about=[subject.id])
        return "one_later"
    return None


def _tell(person_id: int, text: str, work: Work, ctx: Context) -> None:
    person = work.people.get(person_id, ctx.day)
    if person is not None:
        work.outbox.put([private(person.userid, person.id, text, ctx.now, priority=ORDINARY)], ctx.now)
