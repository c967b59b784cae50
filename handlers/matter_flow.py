"""What becomes of a matter: handed to who works on it, moved, told to the person and to whoever brought it."""

from collections.abc import Iterable
from datetime import datetime

from handlers.domain.declared import Subject
from handlers.domain.delivery import Letter, Purpose, Recipient, Text
from handlers.domain.household import masked
from handlers.domain.matter import DRAFT_FOR, Matter, MatterState, Pack, PackStep, Told
from handlers.domain.message import Channel
from handlers.domain.people import Person, on_duty
from handlers.domain.policy import Action
from handlers.domain.rules import rules_at
from handlers.letters import ORDINARY, delayed, private
from handlers.ports import Context, Work
from handlers.resident_help import on_call
from handlers.tell_resident import reachable
from handlers.wording import matters as say

PURPOSE = "matter"


def pack_of(one: Matter, ctx: Context) -> Pack | None:
    """Return the pack of a matter, None when the county took it away."""
    return next((pack for pack in ctx.county.matters if pack.key == one.pack), None)


def worker_for(pack: Pack, node_id: int, work: Work, ctx: Context, *, but: Iterable[int] = ()) -> Person | None:
    """Return who works on such a matter at a place: the first role of the pack that is held there or above, nearest
    first, by somebody who may see people there; whoever is away is stood in for."""
    leaves, holders = work.people.leaves(ctx.day), work.people.holders(ctx.day, pack.to)
    skipped = set(but)
    for role in pack.to:
        for place in (node_id, *ctx.tree.ancestors(node_id)):
            held = [row.person_id for row in holders if row.node_id == place and row.role == role]
            for person_id in on_duty(held, leaves):
                person = work.people.get(person_id, ctx.day) if person_id not in skipped else None
                if person is not None and ctx.tree.viewable(person, [node_id], Action.SEE_PEOPLE):
                    return person
    return None


def may_see(person: Person, one: Matter, pack: Pack | None, ctx: Context) -> bool:
    """Return whether somebody on duty may read a matter: who works on it, who brought it, and the roles the pack names
    — each only where the tree shows them people."""
    if not ctx.tree.has(one.node_id) or not ctx.tree.viewable(person, [one.node_id], Action.SEE_PEOPLE):
        return False
    if {one.assignee_id, one.brought_by} & in_stead_of(person):
        return True
    named = {holding.role for holding in person.holdings if ctx.tree.contains(holding.node_id, one.node_id)}
    return bool(pack and named.intersection(pack.sees))


def in_stead_of(person: Person) -> set[int | None]:
    """Return who somebody acts as today: themself, and whoever on leave they stand in for."""
    return {person.id, *(held.acting_for for held in person.holdings if held.acting_for is not None)}


def place_of(one: Matter, ctx: Context) -> str:
    """Return where it is about, in words."""
    at = one.household_id if one.household_id is not None and ctx.tree.has(one.household_id) else one.node_id
    return ctx.tree.path_name(at) if ctx.tree.has(at) else ""


def hand_over(one: Matter, pack: Pack, work: Work, ctx: Context) -> Person | None:
    """Give a told matter to who works on it and tell them; None when there is nobody, and it stays a draft."""
    person = worker_for(pack, one.node_id, work, ctx)
    if person is None:
        work.alarms.sound("nobody_for_matter", f"matter {one.id}", ctx.now)
        return None
    moved = work.matters.move(
        one, MatterState.OPEN, ctx.now, assignee_id=person.id, due_at=ctx.now + pack.stall_after
    )  # fmt: skip
    if not moved:
        return None
    work.matters.note(one, "brought", "", one.brought_by, ctx.now)
    work.audit.note(ctx.now, one.brought_by, "matter opened", f"subject:{one.subject_id}", PURPOSE, f"matter:{one.id}")
    subject = work.subjects.get(one.subject_id)
    name = masked(subject.name) if subject else ""
    tell_staff([person], say.please_work(one.id, pack, place_of(one, ctx), name), one, work, ctx)
    return person


def tell_staff(people: Iterable[Person], text: str, one: Matter, work: Work, ctx: Context) -> None:
    """Write to people on duty; in the quiet hours of peace in the morning. It goes when the person is erased."""
    letters = [private(person.userid, person.id, text, ctx.now) for person in people]
    work.erasure.mention(one.subject_id, work.outbox.put(delayed(letters, loud_at(one, work, ctx)), ctx.now))


def loud_at(one: Matter, work: Work, ctx: Context) -> datetime:
    """Return now, or the end of the quiet hours where the matter is; of a place that is gone those of the county."""
    at = one.node_id if ctx.tree.has(one.node_id) else ctx.tree.root.id
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, at, ctx.now)
    return rules.loud_at(ctx.now, ctx.county.tz)


def tell_person(one: Matter, text: str, work: Work, ctx: Context) -> bool:
    """Write to the person the matter is about, by day: on their own address, or the one it was brought by; False when
    no channel is open to them."""
    subject = work.subjects.get(one.subject_id)
    if subject is None or one.household_id is None:
        return False
    contacts = work.households.contacts(one.household_id, ctx.day)
    theirs = [c for c in contacts if c.id == one.contact_id or _is_self(c.member_id, subject)]
    way = reachable([address for contact in theirs for address in contact.addresses], work, ctx)
    if way.address is None:
        return False
    to = (Recipient(way.address.address, node_id=one.household_id),)
    letter = Letter(Purpose.NOTICE, Channel(way.address.channel), Text(text), to, ctx.now, ORDINARY)
    work.erasure.mention(subject.id, work.outbox.put(delayed([letter], loud_at(one, work, ctx)), ctx.now))
    return True


def _is_self(member_id: int | None, subject: Subject) -> bool:
    return member_id is not None and member_id == subject.member_id


def tell_all(one: Matter, text: str, work: Work, ctx: Context) -> Told:
    """Tell the person, and whoever brought it; whom no channel reaches is told by who looks after them, who hears only
    that there is something to hear. Returns how the person hears."""
    reached = tell_person(one, text, work, ctx)
    bringer = work.people.get(one.brought_by, ctx.day) if one.brought_by is not None else None
    if bringer is not None and bringer.id != one.assignee_id:
        tell_staff([bringer], text + ("" if reached else say.pass_it_on()), one, work, ctx)
    if reached:
        return Told.SENT
    if bringer is not None:
        return Told.BY_BRINGER if bringer.id != one.assignee_id else Told.BY_HAND
    if one.household_id is None:
        return Told.BY_HAND
    found = on_call(one.household_id, work, ctx)
    person = work.people.get(found, ctx.day) if found is not None else None
    worker = work.people.get(one.assignee_id, ctx.day) if one.assignee_id is not None else None
    if person is None or person.id == one.assignee_id:
        return Told.BY_HAND
    words = say.please_call(one.id, place_of(one, ctx), worker.name if worker else "")
    tell_staff([person], words, one, work, ctx)
    return Told.BY_WORKER


def step(one: Matter, pack: Pack, made: PackStep, words: str, by: int, work: Work, ctx: Context) -> Told | None:
    """Do one step; with the last one the matter ends, and what was told goes after its time. Who brought it hears.

    Returns how the person hears; None when somebody moved the matter meanwhile."""
    if made.closes:
        gone = (ctx.now + pack.retain).astimezone(ctx.county.tz).date()
        moved = work.matters.move(one, MatterState.CLOSED, ctx.now, step=made.key, destroy_on=gone)
    else:
        moved = work.matters.move(one, MatterState.OPEN, ctx.now, step=made.key, due_at=ctx.now + pack.stall_after)
    if not moved:
        return None
    work.matters.note(one, made.key, words, by, ctx.now)
    work.audit.note(ctx.now, by, "matter step", f"subject:{one.subject_id}", PURPOSE, f"matter:{one.id} {made.key}")
    days = pack.retain.days if made.closes else None
    return tell_all(one, say.moved(one.id, pack.title, made, words, days), work, ctx)


def withdraw(one: Matter, pack: Pack | None, by: int | None, work: Work, ctx: Context) -> bool:
    """End a matter that the person, or whoever brought it, does not want any more; what was told goes tomorrow."""
    gone = (ctx.now + DRAFT_FOR).astimezone(ctx.county.tz).date()
    if not work.matters.move(one, MatterState.WITHDRAWN, ctx.now, destroy_on=gone):
        return False
    work.matters.note(one, "withdrawn", "", by, ctx.now)
    work.audit.note(ctx.now, by, "matter withdrawn", f"subject:{one.subject_id}", PURPOSE, f"matter:{one.id}")
    people = {one.assignee_id, one.brought_by} - {by, None}
    found = [work.people.get(person_id, ctx.day) for person_id in people if person_id is not None]
    title = pack.title if pack else ""
    tell_staff([person for person in found if person], say.was_withdrawn(one.id, title), one, work, ctx)
    if by is not None and one.state is MatterState.OPEN:
        tell_person(one, say.was_withdrawn(one.id, title), work, ctx)
    return True
