"""事项 in chat by people on duty: brought for a household with that person's say, worked on step by step.

What one hears about others is not taken; about another adult nothing is taken without their say.
"""

from datetime import timedelta

from handlers import matter_flow as flow
from handlers.domain.declared import Subject
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.household import masked
from handlers.domain.matter import DRAFT_FOR, Agreed, Matter, MatterState, Pack, agreement, is_hearsay, told
from handlers.domain.policy import Action
from handlers.domain.roster_fields import Unfit
from handlers.domain.talk import Talk, Topic
from handlers.matter_words import MatterKind, MatterWord
from handlers.person_at_home import person_at_home
from handlers.ports import Context, Say, Turn, Work
from handlers.raise_alarm import raise_alarm
from handlers.wording import matters as say
from nlp.types import Intent
from nlp.understand import understand

intents = frozenset(MatterKind)
ANSWERED_WITHIN = timedelta(minutes=30)
_PASS_ON = ("转给", "交给", "转")


def handle(turn: Turn, word: MatterWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private, whatever the place: what somebody asks help with is nobody else's business."""
    if word.kind is MatterKind.TIP:
        return [Say(say.no_tips(), private=True), *_danger(turn, work, ctx)]
    if not ctx.county.matters:
        return None
    if word.kind is MatterKind.ANSWER:
        return _answer(turn, work, ctx)
    if word.kind is MatterKind.MINE:
        return [_mine(turn, work, ctx)]
    if word.kind is MatterKind.OPEN:
        says = _open(turn, word, work, ctx)
        return None if says is None else [*says, *_danger(turn, work, ctx)]
    one = work.matters.get(word.number)
    if one is None or one.state is MatterState.DRAFT or not flow.may_see(turn.person, one, flow.pack_of(one, ctx), ctx):
        return [Say(say.not_here(word.number), private=True)]
    text = _withdraw(turn, one, work, ctx) if word.kind is MatterKind.WITHDRAW else _one(turn, word, one, work, ctx)
    return [Say(text, private=True, about=(one.subject_id,)), *(_danger(turn, work, ctx) if word.rest else [])]


def _danger(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    """Somebody ill or in danger comes before any matter: whoever is on duty hears at once."""
    heard = understand(turn.text, turn.inbound.sent_at, channel="direct", sender_role="gridworker")
    return raise_alarm(turn, heard._replace(intent=Intent.DAILY_REPORT), work, ctx)


# -- brought -----------------------------------------------------------------------------------------------------------


def _open(turn: Turn, word: MatterWord, work: Work, ctx: Context) -> list[Say] | None:
    pack, rest = word.pack, word.rest
    assert pack is not None
    if is_hearsay(rest):
        return [Say(say.no_hearsay(), private=True)]
    agreed = agreement(rest)
    if not word.door:
        return [Say(say.how_to_bring(pack.words[-1]), private=True)] if not rest or agreed else None
    if turn.in_group:
        return [Say(say.in_private(), private=True)]
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    found = {node.id: node for place in held for node in doors(ctx.tree, place, word.door)}
    if len(found) != 1:
        if not found and agreed is None:
            return None  # 调解 2起 已办结 is a report
        return [Say(say.which_door(word.door, [ctx.tree.path_name(node) for node in found][:3]), private=True)]
    home = next(iter(found))
    if agreed is None:
        return [Say(say.ask_them_first(word.door, pack.words[-1]), private=True)]
    subject = _subject(home, word.name, work, ctx)
    if subject.profile is not None and subject.profile.child and agreed[0] is not Agreed.GUARDIAN:
        return [Say(say.ask_guardian(), private=True)]
    grid = ctx.tree.parent(home)
    assert grid is not None
    first = pack.next_field({})
    body = told(pack, agreed[1], {}, first.key if first else None)
    draft = Matter(
        0, pack.key, grid, home, subject.id, MatterState.DRAFT, agreed[0], ctx.now, ctx.now, body,
        brought_by=turn.person.id, destroy_on=(ctx.now + DRAFT_FOR).astimezone(ctx.county.tz).date(),
    )  # fmt: skip
    made = work.matters.add(draft)
    work.audit.note(ctx.now, turn.person.id, "matter begun", f"subject:{subject.id}", flow.PURPOSE, f"matter:{made.id}")
    return [Say(_go_on(turn, made, pack, work, ctx), private=True, about=(subject.id,))]


def _subject(home: int, said: str, work: Work, ctx: Context) -> Subject:
    try:
        return person_at_home(home, said, work, ctx)
    except Unfit as unfit:
        raise Refused(unfit.say) from unfit


def _go_on(turn: Turn, one: Matter, pack: Pack, work: Work, ctx: Context) -> str:
    """Ask the next field, or hand the matter over with what was told read back."""
    asked = pack.next_field(one.body)
    if asked is not None:
        until = ctx.now + ANSWERED_WITHIN
        work.matters.fill(one, one.body, asked.key, ctx.now)
        work.talks.put(Talk(turn.person.id, turn.place, Topic.MATTER, one.id, ctx.now, until))
        return say.ask(pack.title, asked)
    work.talks.drop(turn.person.id, turn.place, [Topic.MATTER])
    worker = flow.hand_over(one, pack, work, ctx)
    if worker is None:
        return say.nobody_to_work()
    flow.tell_person(one, say.brought_for_you(one.id, pack, turn.person.name), work, ctx)
    return say.handed_over(one.id, pack, one.body, worker.name)


def _answer(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    """Take what is said next as the field that was asked; figures and alarms never come here."""
    if turn.in_group:
        return None
    talk = work.talks.last(turn.person.id, turn.place, [Topic.MATTER], ctx.now)
    one = work.matters.get(talk.subject_id) if talk and talk.subject_id else None
    if one is None or one.state is not MatterState.DRAFT or one.asked is None:
        return None
    pack = flow.pack_of(one, ctx)
    if pack is None:
        return None
    if turn.text.strip() in say.NO:
        work.talks.drop(turn.person.id, turn.place, [Topic.MATTER])
        flow.withdraw(one, pack, turn.person.id, work, ctx)
        return [Say(say.dropped(), private=True)]
    if is_hearsay(turn.text):
        return [Say(say.no_hearsay(), private=True)]
    body = told(pack, turn.text, one.body, one.asked)
    filled = work.matters.fill(one, body, None, ctx.now)
    return [Say(_go_on(turn, filled, pack, work, ctx), private=True, about=(one.subject_id,))]


# -- worked on ---------------------------------------------------------------------------------------------------------


def _mine(turn: Turn, work: Work, ctx: Context) -> Say:
    """List what somebody works on and what they brought: numbers, kinds and places; every look is noted."""
    people = [who for who in flow.in_stead_of(turn.person) if who is not None]
    mine = {one.id: one for who in people for one in work.matters.of_staff(who)}
    found = [mine[number] for number in sorted(mine)]
    found = [one for one in found if flow.may_see(turn.person, one, None, ctx)]
    lines = []
    for one in found:
        pack = flow.pack_of(one, ctx)
        work.audit.note(ctx.now, turn.person.id, "look", f"subject:{one.subject_id}", flow.PURPOSE, "list")
        step = pack.step(one.step) if pack else None
        lines.append(
            say.line(
                one.id, pack.title if pack else one.pack, flow.place_of(one, ctx), step.title if step else "",
                (ctx.now - one.opened_at).days, working=one.assignee_id in flow.in_stead_of(turn.person),
            )
        )  # fmt: skip
    return Say(say.listed(lines), private=True, about=tuple(one.subject_id for one in found))


def _one(turn: Turn, word: MatterWord, one: Matter, work: Work, ctx: Context) -> str:
    pack = flow.pack_of(one, ctx)
    if pack is None:
        return say.no_pack(one.id)
    if not word.rest:
        return _show(turn, one, pack, work, ctx)
    if one.state is not MatterState.OPEN:
        return say.over(one.id)
    if one.assignee_id not in flow.in_stead_of(turn.person):
        return say.only_worker(one.id)
    if word.rest.startswith(_PASS_ON):
        return _pass_on(turn, word.rest, one, pack, work, ctx)
    made = pack.said(word.rest)
    if made is None:
        return say.which_step(one.id, pack)
    if made[0].closes and not made[1]:
        return say.say_outcome(one.id, made[0])
    told_how = flow.step(one, pack, made[0], made[1][:300], turn.person.id, work, ctx)
    return say.moved_meanwhile(one.id) if told_how is None else say.stepped(one.id, made[0], told_how)


def _show(turn: Turn, one: Matter, pack: Pack, work: Work, ctx: Context) -> str:
    work.audit.note(ctx.now, turn.person.id, "look", f"subject:{one.subject_id}", flow.PURPOSE, f"matter:{one.id}")
    subject = work.subjects.get(one.subject_id)
    ids = [person for person in (one.brought_by, one.assignee_id) if person is not None]
    names = work.people.names(ids)
    steps = [(key, words, ctx.local(at)) for key, words, at in work.matters.steps(one)]
    return say.shown(
        one, pack, flow.place_of(one, ctx), masked(subject.name) if subject else "",
        names.get(one.brought_by or 0, ""), names.get(one.assignee_id or 0, ""), steps,
        working=one.assignee_id in flow.in_stead_of(turn.person),
    )  # fmt: skip


def _pass_on(turn: Turn, rest: str, one: Matter, pack: Pack, work: Work, ctx: Context) -> str:
    """Give it to a colleague who may see people there; they hear of it, and so does the person."""
    name = next(rest.removeprefix(word) for word in _PASS_ON if rest.startswith(word)).strip()
    above = (one.node_id, *ctx.tree.ancestors(one.node_id))
    named = work.people.find_by_name(name, above) or work.people.find_called(name, above)
    ids = [person for person in named if person != turn.person.id]
    found = work.people.many(ids, ctx.day).values()
    people = [person for person in found if ctx.tree.viewable(person, [one.node_id], Action.SEE_PEOPLE)]
    if len(people) != 1:
        return say.whom(name, [person.name for person in people][:3])
    person = people[0]
    due_at = ctx.now + pack.stall_after
    if not work.matters.move(one, MatterState.OPEN, ctx.now, assignee_id=person.id, due_at=due_at):
        return say.moved_meanwhile(one.id)
    work.matters.note(one, "passed_on", "", turn.person.id, ctx.now)
    work.audit.note(
        ctx.now, turn.person.id, "matter passed on", f"subject:{one.subject_id}", flow.PURPOSE, str(person.id)
    )
    subject = work.subjects.get(one.subject_id)
    text = say.please_work(one.id, pack, flow.place_of(one, ctx), masked(subject.name) if subject else "")
    flow.tell_staff([person], text, one, work, ctx)
    reached = flow.tell_person(one, say.now_with(one.id, pack.title, person.name), work, ctx)
    return say.passed_on(one.id, person.name, reached)


def _withdraw(turn: Turn, one: Matter, work: Work, ctx: Context) -> str:
    if one.state is not MatterState.OPEN:
        return say.over(one.id)
    if one.brought_by != turn.person.id:
        return say.only_bringer(one.id)
    done = flow.withdraw(one, flow.pack_of(one, ctx), turn.person.id, work, ctx)
    return say.withdrawn(one.id) if done else say.moved_meanwhile(one.id)
