"""打了 手机没电 人没事 36度5: what came of a call or a visit, read back; who was not reached goes a step further."""

import re
from collections.abc import Sequence

from handlers import confirm_visit, read_wellbeing
from handlers.contact_people import people_of
from handlers.domain.doors import door_key, doors
from handlers.domain.four_ones import UNSETTLED, Contact, ContactState, One
from handlers.domain.policy import Action
from handlers.domain.wellbeing import Wellbeing
from handlers.four_ones_words import OneKind, OneWord, says_well
from handlers.ports import Context, Say, Turn, Work
from handlers.take_answer import Taken, count_quiet, settle, take
from handlers.wording import four_ones as say

intents = frozenset({OneKind.CALLED, OneKind.VISITED})
_TOLD = re.compile(r"(?:都|也)?(?:说过了?|告诉(?:过|了)?他?们?了?|跟他?们?说(?:过|好)?了)[。!]*")
_A_DOOR = re.compile(r"\d[-—–]\d|(?<!\d)0\d")
"""A door for sure: 3-101, 0396户. 46户 上门了 may be a count of the day."""


def handle(turn: Turn, word: OneWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None when nothing of this person's waits and no door is named: it is about something else."""
    if ctx.county.four_ones is None:
        return None
    waiting = work.contacts.of_owner(turn.person.id, ctx.day)
    waiting = tuple(one for one in waiting if ctx.tree.has(one.household_id))
    chosen = _chosen(word, waiting, ctx)
    if not chosen and (other := _unasked(turn, word, work, ctx)):
        text, about = _done(turn, word, other, work, ctx, own=False)
        return [Say(text, private=True, about=about)]
    if not waiting:
        return [Say(say.none_waits(word.door), private=True)] if _A_DOOR.search(word.door) else None
    if len({one.household_id for one in chosen}) != 1:
        places = [ctx.tree.node(one.household_id).name for one in waiting]
        return [Say(say.which_call(list(dict.fromkeys(places))), private=True)]
    newest = max(chosen, key=lambda one: (one.day, one.slot))  # one that waits since yesterday as well is meant by it
    text, about = _done(turn, word, newest, work, ctx, own=True)
    return [Say(text, private=True, about=about)]


def _chosen(word: OneWord, waiting: Sequence[Contact], ctx: Context) -> Sequence[Contact]:
    if word.number:
        return waiting[word.number - 1 : word.number]
    if not word.door:
        return waiting
    wanted = door_key(word.door)
    found = [one for one in waiting if door_key(ctx.tree.node(one.household_id).name) == wanted]
    if not found and word.door.isdecimal():
        return waiting[int(word.door) - 1 : int(word.door)]  # the place on the list
    return found


def _unasked(turn: Turn, word: OneWord, work: Work, ctx: Context) -> Contact | None:
    """Return what is unsettled today of the one household of that door the speaker looks after, whoever was asked to
    call there: a call that was made counts, though it was passed on meanwhile. None: nothing is."""
    if not _A_DOOR.search(word.door):
        return None
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.SEE_HEALTH)
    found = {node.id for place in held for node in doors(ctx.tree, place, word.door)}
    today = work.contacts.of_households(found, ctx.day) if len(found) == 1 else ()
    unsettled = [one for one in today if one.state in UNSETTLED]
    return unsettled[-1] if unsettled else None


def _done(
    turn: Turn, word: OneWord, one: Contact, work: Work, ctx: Context, *, own: bool
) -> tuple[str, tuple[int, ...]]:
    """Write down what was said of a contact; *own*: the speaker was asked to call or look in."""
    place = ctx.tree.node(one.household_id).name
    via = "call" if word.kind is OneKind.CALLED else "visit"
    work.audit.note(ctx.now, turn.person.id, f"contact {via}", f"node:{one.household_id}", "care", str(word.reached))
    if not word.reached and not own:
        work.contacts.steps([(one.id, via, "phone_off", turn.person.id)], ctx.now)
        return say.not_reached_either(place), ()
    if not word.reached:
        work.contacts.move([one.id], UNSETTLED, one.state, ctx.now)  # the next step is due now
        work.contacts.steps([(one.id, via, "phone_off", turn.person.id)], ctx.now)
        return say.not_reached(place, say.next_step(one.state is ContactState.VISITING)), ()
    told, rest = bool(_TOLD.search(word.rest)), _TOLD.sub("", word.rest).strip(" ,。;")
    read = read_wellbeing.read(rest, turn.inbound.sent_at)
    if read.wrong:
        return say.not_a_temperature(read.wrong), ()
    if not read.told and not says_well(rest):
        return say.how_are_they(place, "打了" if via == "call" else "上门了"), ()  # reached is not well
    people = people_of(one.household_id, work, ctx)
    said = read.told[0].said if read.told else Wellbeing(well=True)
    speaker = f"p{turn.person.id}"
    named = [s for s in people if s.name and s.name in word.rest]
    whom = named or (people if len(people) == 1 or said.celsius is None else ())
    if people and not whom:
        return say.whose(s.name for s in people), tuple(s.id for s in people)
    kept: list[Taken] = [
        take(one, subject, said, speaker, via, work, ctx, inbox_id=turn.inbound.id) for subject in whom
    ]
    work.contacts.steps([(one.id, via, "", turn.person.id)], ctx.now)
    missing = settle(one, people, work, ctx)
    quiet = count_quiet(one, work, ctx, told=told) if not missing else None
    heard = "电话" if via == "call" else "上门"
    text = say.called(place, said, heard, any(row.task is not None for row in kept))
    text += say.quiet_told(quiet) if quiet else say.still_missing(missing) if missing else ""
    visited = via == "visit" and (One.VISIT in one.kinds or one.state is ContactState.VISITING)
    asked = confirm_visit.said(one.household_id, turn.person.id, one, work, ctx) if visited and not missing else ""
    return text + asked, tuple(subject.id for subject in whom)
