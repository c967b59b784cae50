"""敲门: how many are left and the next few by building; 3-101 敲了 3人, 3-101 没人, 8栋敲完了, each read back.

Nobody there goes on to another time of day; what was said wrong is said again or taken back. Where somebody moved is
neither asked nor kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from handlers.domain.doors import door_key
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.knocking import (
    SETTLED,
    Door,
    Knock,
    Knocked,
    KnockRound,
    Outcome,
    RoundKind,
    Why,
    absent,
    building_of,
    in_building,
    route,
    same_building,
)
from handlers.domain.talk import Talk, Topic
from handlers.knock_places import at_round, rounds_for, worked
from handlers.knock_words import Door as Said
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.raise_alarm import raise_alarm
from handlers.wording import day_clock
from handlers.wording import knocks as say
from nlp.command import Command, CommandKind
from nlp.understand import understand

intents = frozenset(
    {
        KnockKind.LIST,
        KnockKind.DOOR,
        KnockKind.HEARSAY,
        KnockKind.BUILDING,
        KnockKind.UNDO,
        CommandKind.CONFIRM,
        CommandKind.WITHDRAW,
    }
)
UNDO_WITHIN = timedelta(hours=12)
CONFIRM_WITHIN = timedelta(minutes=30)
_OTHERS = (Topic.PREVIEW, Topic.READBACK, Topic.ASKED, Topic.WHICH, Topic.ROUND, Topic.KNOCK)


def handle(turn: Turn, word: KnockWord | Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: doors stand in it. None when the words are about something else."""
    if isinstance(word, Command):
        return _confirm(turn, work, ctx) if word.kind is CommandKind.CONFIRM else _withdraw(turn, word, work, ctx)
    rounds = rounds_for(turn, RoundKind.KNOCK, work, ctx)
    if not rounds:
        return None
    if word.kind is KnockKind.LIST:
        return [_list(turn, rounds, work, ctx)]
    if word.kind is KnockKind.UNDO:
        return [_undo(turn, word, rounds, work, ctx)]
    if word.kind is KnockKind.BUILDING:
        return [_building(turn, word, rounds[0], work, ctx)]
    return _door(turn, word, rounds, work, ctx)


def doors_of(rows: Iterable[Knock], ctx: Context) -> list[Door]:
    """Return the households of the rows in the order they are walked to; those that are gone are left out."""
    homes = (row.household_id for row in rows)
    return route((home, ctx.tree.node(home).name) for home in homes if ctx.tree.has(home))


# -- the list ----------------------------------------------------------------------------------------------------------


def _list(turn: Turn, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> Say:
    """Show the round that ends first; asked again, the next one."""
    one = rounds[0]
    at_round(turn, one, work, ctx)
    rows = work.knocks.at(one.id, worked(turn.person, one, ctx))
    todo = doors_of((row for row in rows if row.state is Knocked.TODO), ctx)
    waiting = [row for row in rows if row.state is Knocked.ABSENT]
    now = doors_of((row for row in waiting if _is_now(row, ctx.now)), ctx)
    later = [row for row in waiting if not _is_now(row, ctx.now)]
    at = min((row.due_at for row in later if row.due_at), default=None)
    left = Counter(door.building for door in todo)
    noting = {row.household_id for row in waiting if row.rung >= 3}
    text = say.listed(
        one.title,
        day_clock(ctx.local(one.deadline_at), ctx.local(ctx.now)) if one.deadline_at else "",
        left,
        [door.name for door in todo],
        [door.name for door in now if door.id not in noting],
        [door.name for door in now if door.id in noting],
        (len(later), day_clock(ctx.local(at), ctx.local(ctx.now))) if at else (0, ""),
        [other.title for other in rounds[1:]],
    )
    return Say(text, private=True)


def _is_now(row: Knock, now: datetime) -> bool:
    return row.due_at is None or row.due_at <= now


# -- one door ----------------------------------------------------------------------------------------------------------


def _door(turn: Turn, word: KnockWord, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> list[Say] | None:
    said = word.doors[0]
    if word.shared and _is_anothers(turn, said, work, ctx):
        return None
    found = _find(turn, said.door, rounds, work, ctx)
    if not found:
        return None if door_key(said.door) == said.door else [Say(say.no_door(said.door), private=True)]
    if len(found) > 1:
        names = [ctx.tree.name_within(home, turn.person.nodes()[0]) for _, home in found][:3]
        return [Say(say.which_door(said.door, names), private=True)]
    one, home = found[0]
    row = work.knocks.of(one.id, home)
    assert row is not None
    at_round(turn, one, work, ctx)
    text = _put(turn, one, row, said, work, ctx)
    alarmed: list[Say] = []
    if said.left and word.kind is KnockKind.DOOR:
        heard = understand(turn.text, turn.inbound.sent_at, channel="direct", sender_role="gridworker")
        alarmed = raise_alarm(turn, heard, work, ctx)
        text += "" if alarmed else say.left_out(said.left)
    if word.kind is KnockKind.HEARSAY:
        text += say.no_hearsay()
    return [Say(text, private=True), *alarmed]


def _is_anothers(turn: Turn, said: Said, work: Work, ctx: Context) -> bool:
    """敲门了 and 打通了 may answer a contact of the four ones that waits for this door."""
    waiting = work.contacts.of_owner(turn.person.id, ctx.day) if ctx.county.four_ones is not None else ()
    names = [ctx.tree.node(one.household_id).name for one in waiting if ctx.tree.has(one.household_id)]
    return any(door_key(name) == door_key(said.door) for name in names)


def _find(
    turn: Turn, door: str, rounds: Sequence[KnockRound], work: Work, ctx: Context
) -> list[tuple[KnockRound, int]]:
    """Return the households the words may mean, in the first round that has one."""
    coded = ctx.tree.by_code(door.strip())
    for one in rounds:
        places = worked(turn.person, one, ctx)
        if coded is not None and coded.level == HOUSEHOLD and coded.parent_id in places:
            return [(one, coded.id)] if work.knocks.of(one.id, coded.id) else []
        doors = doors_of(work.knocks.at(one.id, places), ctx)
        wanted = door_key(door)
        if found := [(one, one_.id) for one_ in doors if door_key(one_.name) == wanted]:
            return found
    return []


def _put(turn: Turn, one: KnockRound, row: Knock, said: Said, work: Work, ctx: Context) -> str:
    name = ctx.tree.node(row.household_id).name
    out = _outcome(row, said, ctx)
    if row.state in SETTLED and (row.state, row.persons) == (out.state, out.persons):
        return say.said_before(name, row.state, row.persons)
    if row.state is Knocked.MET and out.state is Knocked.ABSENT:
        return say.was_seen(name)
    moved = work.knocks.settle([(row, out)], turn.person.id, turn.inbound.id, ctx.now)
    if not moved:
        return say.moved_meanwhile(name)
    left = sum(other.state is Knocked.TODO for other in work.knocks.at(one.id, worked(turn.person, one, ctx)))
    when = day_clock(ctx.local(out.due_at), ctx.local(ctx.now)) if out.due_at else ""
    before = row if row.state in SETTLED else None
    return say.put(name, out, when, before) + say.left(left)


def _outcome(row: Knock, said: Said, ctx: Context) -> Outcome:
    if said.state is Knocked.ABSENT:
        return absent(row.rung if row.state is Knocked.ABSENT else 0, ctx.local(ctx.now))
    return Outcome(said.state, said.why, said.persons, row.rung)


# -- a whole building --------------------------------------------------------------------------------------------------


def _building(turn: Turn, word: KnockWord, one: KnockRound, work: Work, ctx: Context) -> Say:
    """Read back how many doors it is, with the exceptions by name; 对 puts them down."""
    if word.said.get("left"):
        return Say(say.what_of(word.said["left"]), private=True)
    rows = {row.household_id: row for row in work.knocks.at(one.id, worked(turn.person, one, ctx))}
    doors = doors_of(rows.values(), ctx)
    there = [door for door in doors if not word.building or same_building(word.building, door.building)]
    if not there:
        known = list(dict.fromkeys(building_of(door.name) for door in doors))
        return Say(say.no_building(word.building, [name for name in known if name]), private=True)
    exceptions: dict[int, Said] = {}
    for said in word.doors:
        found = in_building(there, said.door)
        if len(found) != 1:
            return Say(say.which_room(said.door, [door.name for door in found][:3]), private=True)
        exceptions[found[0].id] = said
    met = [door.id for door in there if rows[door.id].state is Knocked.TODO and door.id not in exceptions]
    kept = [(door, exceptions[door.id]) for door in there if door.id in exceptions]
    kept = [(door, said) for door, said in kept if said.state is not Knocked.TODO]
    if not met and not kept:
        return Say(say.nothing_left(word.building), private=True)
    body = {
        "met": met,
        "others": [[door.id, said.state.value, said.why.value] for door, said in kept],
    }
    until = ctx.now + CONFIRM_WITHIN
    work.talks.put(Talk(turn.person.id, turn.place, Topic.KNOCK, one.id, ctx.now, until, body))
    skipped = [door.name for door in there if exceptions.get(door.id) and exceptions[door.id].state is Knocked.TODO]
    return Say(
        say.confirm(word.building, len(met), [(door.name, said.state, said.why) for door, said in kept], skipped),
        private=True,
    )


def _confirm(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    talk = work.talks.last(turn.person.id, turn.place, _OTHERS, ctx.now)
    if talk is None or talk.topic is not Topic.KNOCK or talk.subject_id is None:
        return None
    work.talks.drop(turn.person.id, turn.place, [Topic.KNOCK])
    one = work.knocks.get(talk.subject_id)
    if one is None:
        return None
    rows = {row.household_id: row for row in work.knocks.at(one.id, worked(turn.person, one, ctx))}
    seen = Outcome(Knocked.MET, Why.SEEN)
    moved = [(rows[home], seen) for home in talk.body["met"] if home in rows and rows[home].state is Knocked.TODO]
    for home, state, why in talk.body["others"]:
        if home in rows:
            moved.append((rows[home], _outcome(rows[home], Said("", Knocked(state), Why(why)), ctx)))
    done = {row.id for row in work.knocks.settle(moved, turn.person.id, turn.inbound.id, ctx.now)}
    at_round(turn, one, work, ctx)
    states = Counter(out.state for row, out in moved if row.id in done)
    left = sum(row.state is Knocked.TODO for row in work.knocks.at(one.id, worked(turn.person, one, ctx)))
    return [Say(say.put_many(states) + say.left(left), private=True)]


# -- taken back --------------------------------------------------------------------------------------------------------


def _withdraw(turn: Turn, word: Command, work: Work, ctx: Context) -> list[Say] | None:
    """撤回 means the doors when they are the last thing this person reported."""
    if word.ref is not None:
        return None
    last = work.knocks.last_word(turn.person.id, ctx.now - UNDO_WITHIN)
    if last is None:
        return None
    report = work.reports.last_by(turn.person.id, ctx.now - UNDO_WITHIN)
    if report is not None and report.received_at > last[0]:
        return None
    return [_undone(turn, last[1], last[2], work, ctx)]


def _undo(turn: Turn, word: KnockWord, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> Say:
    if word.building:
        found = _find(turn, word.building, rounds, work, ctx)
        if len(found) == 1:
            return _undone(turn, found[0][0].id, (found[0][1],), work, ctx)
        return Say(say.no_door(word.building), private=True)
    last = work.knocks.last_word(turn.person.id, ctx.now - UNDO_WITHIN)
    if last is None:
        return Say(say.nothing_to_undo(), private=True)
    return _undone(turn, last[1], last[2], work, ctx)


def _undone(turn: Turn, round_id: int, homes: Sequence[int], work: Work, ctx: Context) -> Say:
    done = work.knocks.undo(round_id, homes, turn.person.id, ctx.now)
    named = route((home, ctx.tree.node(home).name) for home in homes if ctx.tree.has(home))
    names = [door.name for door in named[:3]]
    return Say(say.undone(done, names) if done else say.nothing_to_undo(), private=True)
