"""敲门: how many are left and the next few by building; 3-101 敲了 3人, 3-101 没人, each read back.

Nobody there goes on to another time of day; what was said wrong is said again or taken back. Where somebody moved is
neither asked nor kept.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.domain.doors import door_key, doors
from handlers.domain.knocking import SETTLED, Knock, Knocked, KnockRound, RoundKind, Why, route
from handlers.domain.policy import Action
from handlers.knock_find import find, grid_by_grid, place_names, said_in_full, split
from handlers.knock_outcome import alarmed, doors_of, just_said, outcome, said_already
from handlers.knock_places import at_round, rounds_for, titled, worked
from handlers.knock_words import Door as Said
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import day_clock
from handlers.wording import knocks as say
from nlp.command import Command, CommandKind

intents = frozenset(
    {
        KnockKind.LIST,
        KnockKind.DOOR,
        KnockKind.HEARSAY,
        KnockKind.HISTORY,
        KnockKind.UNDO,
        CommandKind.WITHDRAW,
    }
)
UNDO_WITHIN = timedelta(hours=12)


def handle(turn: Turn, word: KnockWord | Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: doors stand in it. None when the words are about something else."""
    if isinstance(word, Command):
        return _withdraw(turn, word, work, ctx)
    rounds = rounds_for(turn, RoundKind.KNOCK, work, ctx)
    if not rounds:
        return _none_open(turn, word, work, ctx)
    if word.kind is KnockKind.LIST:
        chosen = titled(rounds, word.building)
        return [_list(turn, chosen, work, ctx)] if chosen else None
    if word.kind is KnockKind.HISTORY:
        return _history(turn, word, rounds, work, ctx)
    if word.kind is KnockKind.UNDO:
        return _undo(turn, word, rounds, work, ctx)
    return _door(turn, word, rounds, work, ctx)


def _none_open(turn: Turn, word: KnockWord, work: Work, ctx: Context) -> list[Say] | None:
    """3-101 敲了 3人 of a door that is here, and no round open, is no report of three people."""
    if word.kind is not KnockKind.DOOR or word.doors[0].why is not Why.SEEN:
        return None
    if _is_anothers(turn, word.doors[0], work, ctx):
        return None
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    if not any(doors(ctx.tree, place, split(word.doors[0].door)[1]) for place in held):
        return None
    return [Say(say.none_open(RoundKind.KNOCK), private=True), *alarmed(turn, work, ctx)]


# -- the list ----------------------------------------------------------------------------------------------------------


def _list(turn: Turn, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> Say:
    """Show the round somebody was last at, else the one that ends first; another is chosen by its title."""
    one = rounds[0]
    at_round(turn, one, work, ctx)
    places = worked(turn.person, one, ctx)
    rows, names = work.knocks.at(one.id, places), place_names(places, ctx)
    todo = grid_by_grid(doors_of((row for row in rows if row.state is Knocked.TODO), ctx), names, ctx)
    waiting = [row for row in rows if row.state is Knocked.ABSENT]
    now = grid_by_grid(doors_of((row for row in waiting if _is_now(row, ctx.now)), ctx), names, ctx)
    later = [row for row in waiting if not _is_now(row, ctx.now)]
    at = min((row.due_at for row in later if row.due_at), default=None)
    left = Counter(at or door.building for at, door in todo)
    noting = {row.household_id for row in waiting if row.rung >= 3}
    text = say.listed(
        one.title,
        day_clock(ctx.local(one.deadline_at), ctx.local(ctx.now)) if one.deadline_at else "",
        left,
        [(at, door.name) for at, door in todo],
        [(at, door.name) for at, door in now if door.id not in noting],
        [(at, door.name) for at, door in now if door.id in noting],
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
    found = find(turn, said.door, rounds, work, ctx)
    if not found and _is_no_door(said.door):
        return None
    if len(found) != 1:
        return [_unclear(turn, said.door, found, ctx), *(alarmed(turn, work, ctx) if said.left else [])]
    one, home = found[0]
    row = work.knocks.of(one.id, home)
    assert row is not None
    at_round(turn, one, work, ctx)
    text = _put(turn, one, row, said, work, ctx)
    if not said.left:
        return [Say(text, private=True)]
    called = alarmed(turn, work, ctx)
    if word.kind is KnockKind.HEARSAY:
        text += say.no_hearsay()
    elif not called:
        text += say.left_out(said.left)
    return [Say(text, private=True), *called]


def _is_no_door(words: str) -> bool:
    return isinstance(door_key(split(words)[1]), str)


def _unclear(turn: Turn, words: str, found: Sequence[tuple[KnockRound, int]], ctx: Context) -> Say:
    """Say that no door was meant that is here, or ask which of several."""
    if not found:
        return Say(say.no_door(words), private=True)
    places = worked(turn.person, found[0][0], ctx)
    return Say(say.which_door(words, said_in_full((home for _, home in found), places, ctx)), private=True)


def _is_anothers(turn: Turn, said: Said, work: Work, ctx: Context) -> bool:
    """敲门了 and 打通了 may answer a contact of the four ones that waits for this door."""
    waiting = work.contacts.of_owner(turn.person.id, ctx.day) if ctx.county.four_ones is not None else ()
    names = [ctx.tree.node(one.household_id).name for one in waiting if ctx.tree.has(one.household_id)]
    return any(door_key(name) == door_key(said.door) for name in names)


def _put(turn: Turn, one: KnockRound, row: Knock, said: Said, work: Work, ctx: Context) -> str:
    places = worked(turn.person, one, ctx)
    name = said_in_full([row.household_id], places, ctx)[0]
    out = outcome(row, said, ctx)
    if row.state in SETTLED and said_already(row, out):
        return say.said_before(name, row.state, row.persons)
    if row.state is Knocked.MET and out.state is Knocked.ABSENT:
        return say.was_seen(name)
    if said.state is Knocked.ABSENT and not said.again and just_said(row, work, ctx):
        return say.just_said(name)
    moved = work.knocks.settle([(row, out)], turn.person.id, turn.inbound.id, ctx.now)
    if not moved:
        return say.moved_meanwhile(name)
    left = sum(other.state is Knocked.TODO for other in work.knocks.at(one.id, places))
    when = day_clock(ctx.local(out.due_at), ctx.local(ctx.now)) if out.due_at else ""
    before = row if row.state in SETTLED else None
    return say.put(name, out, when, before) + say.left(left)


def _history(turn: Turn, word: KnockWord, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> list[Say] | None:
    """Show what was said of a door, with who said it and when; what was taken back as well."""
    found = find(turn, word.building, rounds, work, ctx)
    if not found and _is_no_door(word.building):
        return None
    if len(found) != 1:
        return [_unclear(turn, word.building, found, ctx)]
    one, home = found[0]
    steps = work.knocks.steps_of(one.id, home)
    names = work.people.names({step.by_id for step in steps})
    lines = [(day_clock(ctx.local(step.at), ctx.local(ctx.now)), step, names.get(step.by_id, "")) for step in steps]
    work.audit.note(ctx.now, turn.person.id, "look", f"node:{home}", "care", f"round:{one.id}")
    return [Say(say.history(ctx.tree.node(home).name, lines), private=True)]


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


def _undo(turn: Turn, word: KnockWord, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> list[Say] | None:
    if word.building:
        found = find(turn, word.building, rounds, work, ctx)
        if len(found) == 1:
            return [_undone(turn, found[0][0].id, (found[0][1],), work, ctx)]
        if not found and _is_no_door(word.building):
            return None  # 发热3记错了 is about a report
        return [_unclear(turn, word.building, found, ctx)]
    last = work.knocks.last_word(turn.person.id, ctx.now - UNDO_WITHIN)
    if last is None:
        return [Say(say.nothing_to_undo(), private=True)]
    return [_undone(turn, last[1], last[2], work, ctx)]


def _undone(turn: Turn, round_id: int, homes: Sequence[int], work: Work, ctx: Context) -> Say:
    done = work.knocks.undo(round_id, homes, turn.person.id, ctx.now)
    named = route((home, ctx.tree.node(home).name) for home in homes if ctx.tree.has(home))
    places = [place for home in homes if ctx.tree.has(home) if (place := ctx.tree.parent(home)) is not None]
    names = said_in_full([door.id for door in named[:3]], places, ctx)
    return Say(say.undone(done, names) if done else say.nothing_to_undo(), private=True)
