"""A decision reaches the person first: by 微信客服, else 公众号, else somebody calls; then who looks after them hears.

What the platform did not take was not told: then the worker's list gets it, and nobody else hears until the person has.
"""

from handlers import enrol
from handlers.domain.declared import Subject
from handlers.domain.delivery import Letter, Purpose, Recipient, Text
from handlers.domain.household import Address, masked
from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Episode
from handlers.domain.message import Channel
from handlers.domain.rules import rules_at
from handlers.domain.window import Way
from handlers.letters import REPLY, delayed, private
from handlers.ports import Context, Work
from handlers.resident_help import on_call
from handlers.tell_resident import reachable
from handlers.wording import isolation as say
from handlers.wording import residents


def first(one: Decision, work: Work, ctx: Context) -> bool:
    """Tell the person, in the quiet hours of peace in the morning; returns whether a message goes out."""
    found = work.isolations.get(one.episode_id)
    subject = work.subjects.get(one.subject_id)
    if found is None or found.span is None or subject is None or one.paper is None:
        return False
    words = say.notice(one.kind, one.paper, found.span, masked(subject.name), ctx.day)
    way = _way(subject, found, work, ctx)
    if way.address is None:
        call(one, found, subject, words, residents.out_of_reach(way.why), work, ctx)
        return False
    parcels = send(way.address, words, found, work, ctx)
    work.isolations.move(one, DecisionState.SENDING, ctx.now, how=way.address.channel, parcels=parcels)
    return True


def send(address: Address, words: str, found: Episode, work: Work, ctx: Context) -> tuple[int, ...]:
    """Write to somebody of the household; what is said goes with the person."""
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, found.node_id, ctx.now)
    to = (Recipient(address.address, node_id=found.household_id),)
    letter = Letter(Purpose.NOTICE, Channel(address.channel), Text(words), to, ctx.now, REPLY)
    parcels = work.outbox.put(delayed([letter], rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
    work.erasure.mention(found.subject_id, parcels)
    return parcels


def _way(subject: Subject, found: Episode, work: Work, ctx: Context) -> Way:
    """Return how the person is reached; who is not reached alone is told through whoever may answer for them."""
    contacts = work.households.contacts(found.household_id, ctx.day)
    own = [c for c in contacts if c.member_id is not None and c.member_id == subject.member_id]
    theirs = [*own, *(c for c in contacts if c.may_answer and c not in own)]
    return reachable([address for contact in theirs for address in contact.addresses], work, ctx)


def correct(one: Decision, work: Work, ctx: Context) -> bool:
    """Tell whoever heard of a decision entered by mistake that it is void; returns whether a message goes out."""
    found, subject = work.isolations.get(one.episode_id), work.subjects.get(one.subject_id)
    if found is None or subject is None or one.paper is None:
        return False
    way = _way(subject, found, work, ctx)
    if way.address is not None:
        send(way.address, say.void(one.paper), found, work, ctx)
    return way.address is not None


def call(one: Decision, found: Episode, subject: Subject, words: str, why: str, work: Work, ctx: Context) -> None:
    """Ask the worker to call or knock, and to say so."""
    work.isolations.move(one, DecisionState.CALLING, ctx.now)
    worker = on_call(found.household_id, work, ctx)
    person = work.people.get(worker, ctx.day) if worker is not None else None
    if person is None:
        work.alarms.sound("nobody_to_tell", f"decision {one.id}", ctx.now)
        return
    contacts = work.households.contacts(found.household_id, ctx.day)
    phones = [a.address for contact in contacts for a in contact.addresses if a.channel == "phone"]
    place = ctx.tree.path_name(found.household_id)
    text = say.please_tell(found.id, place, subject.name, phones, why, words)
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, found.node_id, ctx.now)
    letters = delayed([private(person.userid, person.id, text, ctx.now)], rules.loud_at(ctx.now, ctx.county.tz))
    work.erasure.mention(subject.id, work.outbox.put(letters, ctx.now))


def then(one: Decision, how: str, work: Work, ctx: Context) -> bool:
    """The person knows: tell who looks after them, and begin or end the asking. False when that was done before."""
    if not work.isolations.move(one, DecisionState.TOLD, ctx.now, how=how):
        return False
    found, subject = work.isolations.get(one.episode_id), work.subjects.get(one.subject_id)
    if found is None or found.span is None or subject is None:
        return True
    if one.kind is DecisionKind.END:
        enrol.end(found, work, ctx)
    else:
        enrol.begin(found, work, ctx)
    text = say.care_told(ctx.tree.path_name(found.household_id), masked(subject.name), one.kind, found.span, ctx.day)
    team = work.households.care_team(found.household_id, ctx.day, ctx.county.care)
    people = work.people.many(team.on_call(health=True), ctx.day)
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, found.node_id, ctx.now)
    letters = [private(person.userid, person.id, text, ctx.now) for person in people.values()]
    parcels = work.outbox.put(delayed(letters, rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
    work.erasure.mention(subject.id, parcels)
    return True


def due(work: Work, ctx: Context) -> bool:
    """Return whether a message about a decision went out, or did not."""
    return bool(work.isolations.underway(ctx.now, 1))


def run(work: Work, ctx: Context) -> int:
    """Tick: go on with what was sent, and have called what was not; returns how many decisions moved."""
    done = 0
    for one, state in work.isolations.underway(ctx.now):
        if state == "sent":
            done += then(one, one.told_how, work, ctx)
            continue
        found, subject = work.isolations.get(one.episode_id), work.subjects.get(one.subject_id)
        if found is None or found.span is None or subject is None or one.paper is None:
            work.isolations.move(one, DecisionState.UNDONE, ctx.now)
            continue
        words = say.notice(one.kind, one.paper, found.span, masked(subject.name), ctx.day)
        call(one, found, subject, words, say.told_by(one.told_how) + "没有送到", work, ctx)
        done += 1
    return done


def settle(episode_id: int, work: Work, ctx: Context) -> None:
    """After a decision was taken back, ask or do not ask as those that stand say."""
    found = work.isolations.get(episode_id)
    if found is None:
        return
    if found.open and any(one.state is DecisionState.TOLD for one in work.isolations.decisions(episode_id)):
        enrol.begin(found, work, ctx)
    elif not found.open:
        enrol.end(found, work, ctx)
