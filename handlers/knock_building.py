"""8栋敲完了 除了803没人: how many doors that is is read back, every exception by name; 对 puts them down."""

from collections import Counter
from collections.abc import Container, Sequence
from datetime import timedelta

from handlers.domain.knocking import (
    LIVE,
    Knock,
    Knocked,
    KnockRound,
    Outcome,
    RoundKind,
    Why,
    building_of,
    in_building,
    same_building,
)
from handlers.domain.talk import Talk, Topic
from handlers.knock_find import place_names, split, within
from handlers.knock_outcome import alarmed, doors_of, just_said, outcome
from handlers.knock_places import at_round, rounds_for, worked
from handlers.knock_words import Door as Said
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import knocks as say
from nlp.command import Command, CommandKind

intents = frozenset({KnockKind.BUILDING, KnockKind.DROP, CommandKind.CONFIRM, CommandKind.UNDO})
CONFIRM_WITHIN = timedelta(minutes=30)
_OTHERS = (Topic.PREVIEW, Topic.READBACK, Topic.ASKED, Topic.WHICH, Topic.ROUND, Topic.KNOCK)


def handle(turn: Turn, word: KnockWord | Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None when 对 was meant for something else, or nobody knocks here."""
    if isinstance(word, Command):
        return _confirm(turn, work, ctx) if word.kind is CommandKind.CONFIRM else _drop(turn, work, ctx)
    if word.kind is KnockKind.DROP:
        return _drop(turn, work, ctx)
    rounds = rounds_for(turn, RoundKind.KNOCK, work, ctx)
    if not rounds:
        return None
    danger = alarmed(turn, work, ctx) if word.said.get("left") else []
    return [_building(turn, word, rounds[0], work, ctx), *danger]


def _building(turn: Turn, word: KnockWord, one: KnockRound, work: Work, ctx: Context) -> Say:
    """Read back how many doors it is, with the exceptions by name; 对 puts them down."""
    if word.said.get("left"):
        return Say(say.what_of(word.said["left"]), private=True)
    at, building = split(word.building)
    places = within(worked(turn.person, one, ctx), at, turn, ctx)
    rows = {row.household_id: row for row in work.knocks.at(one.id, places)}
    doors = doors_of(rows.values(), ctx)
    there = [door for door in doors if not building or same_building(building, door.building)]
    if not there:
        known = list(dict.fromkeys(building_of(door.name) for door in doors))
        return Say(say.no_building(word.building, [name for name in known if name]), private=True)
    names = place_names(_in_order(places, {rows[door.id].place_id for door in there}), ctx)
    if len(names) > 1 and (building or word.doors):  # 8栋 of one grid is not that of the next
        return Say(say.which_grid([f"{name}{building}" for name in names.values()]), private=True)
    exceptions: dict[int, Said] = {}
    for said in word.doors:
        found = in_building(there, said.door)
        if len(found) != 1:
            return Say(say.which_room(said.door, [door.name for door in found][:3]), private=True)
        exceptions[found[0].id] = said
    met = [door.id for door in there if rows[door.id].state is Knocked.TODO and door.id not in exceptions]
    kept = [(door, exceptions[door.id]) for door in there if door.id in exceptions]
    kept = [(door, said) for door, said in kept if _counts(rows[door.id], said, work, ctx)]
    if not met and not kept:
        return Say(say.nothing_left(word.building), private=True)
    body = {
        "met": met,
        "others": [[door.id, said.state.value, said.why.value] for door, said in kept],
    }
    until = ctx.now + CONFIRM_WITHIN
    work.talks.put(Talk(turn.person.id, turn.place, Topic.KNOCK, one.id, ctx.now, until, body))
    put = {door.id for door, _ in kept}
    skipped = [door.name for door in there if door.id in exceptions and door.id not in put]
    others = [(door.name, said.state, said.why) for door, said in kept]
    counts = Counter(rows[home].place_id for home in met)
    parts = {name: counts[place] for place, name in names.items() if counts[place]} if len(names) > 1 else {}
    return Say(say.confirm(word.building, len(met), others, skipped, parts), private=True)


def _in_order(places: Sequence[int], held: Container[int]) -> list[int]:
    return [place for place in places if place in held]


def _counts(row: Knock, said: Said, work: Work, ctx: Context) -> bool:
    """Return whether an exception changes the row: 没敲, 没人 where somebody was seen, a word said twice do not."""
    if said.state is Knocked.TODO:
        return False
    if row.state in (Knocked.MET, Knocked.UNMET) and said.state is Knocked.ABSENT:
        return False
    return said.state is not Knocked.ABSENT or said.again or not just_said(row, work, ctx)


def _asked(turn: Turn, work: Work, ctx: Context) -> Talk | None:
    """Return the number that was read back, when it is the last thing this person was asked."""
    talk = work.talks.last(turn.person.id, turn.place, _OTHERS, ctx.now)
    return talk if talk is not None and talk.topic is Topic.KNOCK and talk.subject_id is not None else None


def _drop(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    """算了: what was read back is not put down, by a later 对 neither."""
    if _asked(turn, work, ctx) is None:
        return None
    work.talks.drop(turn.person.id, turn.place, [Topic.KNOCK])
    return [Say(say.not_put(), private=True)]


def _confirm(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    talk = _asked(turn, work, ctx)
    if talk is None or talk.subject_id is None:
        return None
    work.talks.drop(turn.person.id, turn.place, [Topic.KNOCK])
    one = work.knocks.get(talk.subject_id)
    if one is None:
        return None
    if one.state not in LIVE:
        return [Say(say.is_over(one.title), private=True)]
    rows = {row.household_id: row for row in work.knocks.at(one.id, worked(turn.person, one, ctx))}
    seen = Outcome(Knocked.MET, Why.SEEN)
    moved = [(rows[home], seen) for home in talk.body["met"] if home in rows and rows[home].state is Knocked.TODO]
    for home, state, why in talk.body["others"]:
        if home in rows:
            moved.append((rows[home], outcome(rows[home], Said("", Knocked(state), Why(why)), ctx)))
    done = {row.id for row in work.knocks.settle(moved, turn.person.id, turn.inbound.id, ctx.now)}
    at_round(turn, one, work, ctx)
    states = Counter(out.state for row, out in moved if row.id in done)
    left = sum(row.state is Knocked.TODO for row in work.knocks.at(one.id, worked(turn.person, one, ctx)))
    return [Say(say.put_many(states) + say.left(left), private=True)]
