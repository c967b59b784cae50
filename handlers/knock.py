"""敲门: how many are left and the next few by building; 3-101 敲了 3人, 3-101 没人, each read back.

Nobody there goes on to another time of day; what was said wrong is said again or taken back. Where somebody moved is
neither asked nor kept.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.domain.doors import door_key
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.knocking import (
    SETTLED,
    Knock,
    Knocked,
    KnockRound,
    RoundKind,
    route,
)
from handlers.knock_outcome import doors_of, just_said, outcome
from handlers.knock_places import at_round, rounds_for, titled, worked
from handlers.knock_words import Door as Said
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.raise_alarm import raise_alarm
from handlers.wording import day_clock
from handlers.wording import knocks as say
from nlp.command import Command, CommandKind
from nlp.types import Intent
from nlp.understand import understand

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
        return None
    if word.kind is KnockKind.LIST:
        chosen = titled(rounds, word.building)
        return [_list(turn, chosen, work, ctx)] if chosen else None
    if word.kind is KnockKind.HISTORY:
        return _history(turn, word, rounds, work, ctx)
    if word.kind is KnockKind.UNDO:
        return [_undo(turn, word, rounds, work, ctx)]
    return _door(turn, word, rounds, work, ctx)


# -- the list ----------------------------------------------------------------------------------------------------------


def _list(turn: Turn, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> Say:
    """Show the round somebody was last at, else the one that ends first; another is chosen by its title."""
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
    if not said.left:
        return [Say(text, private=True)]
    heard = understand(turn.text, turn.inbound.sent_at, channel="direct", sender_role="gridworker")
    danger = heard.alarms or (("event",) if heard.intent is Intent.EVENT else ())
    alarmed = raise_alarm(turn, heard._replace(alarms=danger, intent=Intent.DAILY_REPORT), work, ctx)
    if word.kind is KnockKind.HEARSAY:
        text += say.no_hearsay()
    elif not alarmed:
        text += say.left_out(said.left)
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
    out = outcome(row, said, ctx)
    if row.state in SETTLED and (row.state, row.persons) == (out.state, out.persons):
        return say.said_before(name, row.state, row.persons)
    if row.state is Knocked.MET and out.state is Knocked.ABSENT:
        return say.was_seen(name)
    if said.state is Knocked.ABSENT and not said.again and just_said(row, work, ctx):
        return say.just_said(name)
    moved = work.knocks.settle([(row, out)], turn.person.id, turn.inbound.id, ctx.now)
    if not moved:
        return say.moved_meanwhile(name)
    left = sum(other.state is Knocked.TODO for other in work.knocks.at(one.id, worked(turn.person, one, ctx)))
    when = day_clock(ctx.local(out.due_at), ctx.local(ctx.now)) if out.due_at else ""
    before = row if row.state in SETTLED else None
    return say.put(name, out, when, before) + say.left(left)


def _history(turn: Turn, word: KnockWord, rounds: Sequence[KnockRound], work: Work, ctx: Context) -> list[Say] | None:
    """Show what was said of a door, with who said it and when; what was taken back as well."""
    found = _find(turn, word.building, rounds, work, ctx)
    if len(found) != 1:
        return (
            None
            if not found and door_key(word.building) == word.building
            else [Say(say.no_door(word.building), private=True)]
        )
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
