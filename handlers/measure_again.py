"""A temperature taken again after one that was too high: kept beside the first, never over it.

Whoever is looked after under a decision or a plan is answered for by that, whether or not they agreed to declare
anything: the consent that governs declarations is not asked for here. A declaration's colour follows from its own row.
"""

import re
from decimal import Decimal

from handlers.contact_people import people_of
from handlers.domain.declared import Subject
from handlers.domain.four_ones import Contact, FourOnes, One, slot_of
from handlers.domain.household import masked
from handlers.domain.people import Person
from handlers.domain.threshold import HEALTH_KINDS, CareTask, TaskState
from handlers.domain.wellbeing import Wellbeing, needs_somebody
from handlers.letters import delayed, private
from handlers.ports import Context, Work
from handlers.resident_help import loud_at
from handlers.take_answer import count_quiet, settle, take
from handlers.wording import care as care_say
from handlers.wording import four_ones as say

_SAID = re.compile(
    r"(?:\d{1,9}\s*(?:号|件)?[\s,:]*)?(?P<rest>(?:复测|再测|重测|又?(?:再|重新)?(?:测|量)了?)[^\d]{0,6}\d.*)"
)


def words_of(text: str) -> str | None:
    """Return what a household says of a temperature taken again, without the number of somebody's queue; None for
    anything else.

    >>> words_of("1 复测36.8"), words_of("1号复测 36.8"), words_of("又量了 36.8"), words_of("36.8")
    ('复测36.8', '复测 36.8', '又量了 36.8', None)
    """
    found = _SAID.fullmatch(text.strip())
    return found["rest"] if found else None


def by_worker(
    person: Person, task: CareTask, subject: Subject, celsius: Decimal, note: str, work: Work, ctx: Context
) -> str | None:
    """Keep what a worker measured of somebody the four ones look after, close the task when it is no fever; returns
    what they hear, None where nobody looks after them so."""
    home, four, declaring = task.household_id, ctx.county.four_ones, ctx.county.declaring
    if home is None or four is None or declaring is None or not work.contacts.enrolments([home], ctx.day):
        return None
    people = people_of(home, work, ctx)
    if all(one.id != subject.id for one in people):
        return None
    contact, said = _contact(home, four, work, ctx), Wellbeing(celsius)
    work.audit.note(ctx.now, person.id, "measure", f"subject:{subject.id}", "care", "kept")
    take(contact, subject, said, f"p{person.id}", "measure", work, ctx, again=True)
    if not settle(contact, people, work, ctx):
        count_quiet(contact, work, ctx)
    if needs_somebody(said, declaring) is not None:
        work.care_tasks.take(task.id, person.id, ctx.now + declaring.measure_again_after)
        return care_say.measured_again(task.id, str(celsius))
    work.care_tasks.close(task, note, ctx.now)
    return care_say.closed(task.id, care_say.measured_well(str(celsius)))


def _contact(home: int, four: FourOnes, work: Work, ctx: Context) -> Contact:
    """Return today's last contact; of the hour that is running when there was none."""
    today = work.contacts.of_households([home], ctx.day)
    if today:
        return today[-1]
    local = ctx.local(ctx.now).time()
    begun = [slot_of(at) for at in four.times if at <= local] or [slot_of(four.times[0])]
    return work.contacts.answered_early(home, ctx.day, begun[-1], One.VISIT, ctx.now)


def by_themselves(subject: Subject, said: Wellbeing, work: Work, ctx: Context) -> bool:
    """Put what somebody measured themselves on the task about them, and tell whoever has it; they close it, nobody
    else. Returns whether there is one."""
    if said.celsius is None:
        return False
    open_ = [
        one for one in work.care_tasks.of_subject(subject.id)
        if one.state is not TaskState.CLOSED and one.kind in HEALTH_KINDS
    ]  # fmt: skip
    for task in open_:
        work.care_tasks.remark(task, say.measured_themselves(str(said.celsius)))
        taker = work.people.get(task.taker_id, ctx.day) if task.taker_id is not None else None
        if taker is not None:
            at = task.household_id or task.node_id
            place = ctx.tree.path_name(at) if ctx.tree.has(at) else ""
            text = care_say.they_measured(task.id, place, masked(subject.name), str(said.celsius))
            letters = delayed([private(taker.userid, taker.id, text, ctx.now)], loud_at(task.node_id, work, ctx))
            work.erasure.mention(subject.id, work.outbox.put(letters, ctx.now))
    return bool(open_)
