"""Tick: in the morning each worker on duty hears once what waits for them today, where anything does.

A row a (person, day) decides, written in the transaction that puts the letter in the outbox. Whoever is away hears
nothing: who stands in for them does. From `list_until` on nobody hears any more; the day is put down as late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.day_facts import gather
from handlers.domain.day_list import ListDue, Listed, lists_due
from handlers.domain.delivery import Letter
from handlers.domain.fatigue import Held
from handlers.domain.four_ones import LOOK_BACK
from handlers.domain.letter import Purpose
from handlers.domain.people import Person
from handlers.domain.policy import walks
from handlers.domain.rules import rules_at
from handlers.domain.staff import Staff
from handlers.fatigue import tired
from handlers.letters import ORDINARY, delayed, private
from handlers.ports import Context, Work
from handlers.wording import boards as say
from handlers.worker_day import Lines, lines_of

AT_ONCE = 200
"""People in one transaction: a short one; the tick comes again in a second."""
_GRIDWORKER = "gridworker"


@dataclass(frozen=True, slots=True)
class _Told:
    how: Listed
    letter: Letter | None = None


def due(work: Work, ctx: Context) -> bool:
    """Return whether a day's lists wait."""
    return bool(_due(work, ctx))


def _due(work: Work, ctx: Context) -> tuple[ListDue, ...]:
    four = ctx.county.four_ones
    if four is None or four.list_at is None:
        return ()
    return lists_due(four, work.day_lists.since(ctx.day - LOOK_BACK), ctx.now, ctx.county.tz)


def run(work: Work, ctx: Context) -> int:
    """Put the next people of a day down, today's first; returns how many were, at least one where a day was due."""
    for one in sorted(_due(work, ctx), key=lambda one: not one.send):
        after = work.day_lists.begin(one, ctx.now)
        if after is not None:
            return max(put_down(one, after, work, ctx), 1)
    return 0


def put_down(one: ListDue, after: int, work: Work, ctx: Context) -> int:
    """Put the next people of a day down, and send their lists when it is time for that; returns how many."""
    staff = Staff(work.people.holders(one.day), work.people.leaves(one.day))
    standing = {staff.answering(row.person_id) for row in work.people.holders(one.day) if walks(row.role)}
    ids = sorted(who for who in standing if who is not None and who > after)[:AT_ONCE]
    told = _told(ids, one, work, ctx) if one.send else dict.fromkeys(ids, _Told(Listed.LATE))
    fresh = work.day_lists.put(one.day, {who: how.how for who, how in told.items()}, ctx.now)
    letters = [how.letter for who, how in told.items() if who in fresh and how.letter is not None]
    work.outbox.put(letters, ctx.now)
    if letters:
        work.audit.note(ctx.now, None, "send day", f"{len(letters)} people", "care", "told")
    work.day_lists.done(one, ids[-1] if ids else after, whole=len(ids) < AT_ONCE)
    return len(ids)


def _told(ids: Sequence[int], one: ListDue, work: Work, ctx: Context) -> Mapping[int, _Told]:
    """Return what becomes of each one's list; who had enough today is noted, and sees it when they ask."""
    people = work.people.many(ids, ctx.day)
    facts = gather(people.values(), work, ctx)
    lines = {who: wanted(person, lines_of(person, facts, ctx)) for who, person in people.items()}
    full = [who for who, found in lines.items() if found]
    over = tired(full, {}, work, ctx)
    held = over.people.intersection(full) if over is not None else frozenset()
    if over is not None:
        caps = {who: (over.had.get(who, 0), over.caps.get(who) or 0) for who in sorted(held)}
        work.fatigue.hold(
            Held(0, who, None, Purpose.NOTICE.value, had, cap, "unsent", None, ctx.now)
            for who, (had, cap) in caps.items()
        )
    modes = work.modes.current(ctx.now)
    told: dict[int, _Told] = {}
    for who in ids:
        if not lines.get(who):
            told[who] = _Told(Listed.NOTHING)
        elif who in held:
            told[who] = _Told(Listed.ENOUGH)
        else:
            person = people[who]
            letter = private(person.userid, who, say.pushed(lines[who], late=one.late), ctx.now, priority=ORDINARY)
            at = next(iter(person.nodes()), ctx.tree.root.id)
            rules = rules_at(modes, ctx.tree, ctx.county, at, ctx.now)
            (letter,) = delayed([letter], rules.loud_at(ctx.now, ctx.county.tz))
            told[who] = _Told(Listed.SENT, replace(letter, expires_at=_until(one, ctx)))
    return told


def _until(one: ListDue, ctx: Context) -> datetime | None:
    four = ctx.county.four_ones
    return datetime.combine(one.day, four.list_until, ctx.county.tz).astimezone(ctx.now.tzinfo) if four else None


def wanted(person: Person, found: Lines) -> list[str]:
    """Return the lines of somebody who has something to do. What goes on by itself is no reason to ring anybody but
    whose household it is, and a receipt that is waited for is none at all: in peace nobody is reminded twice."""
    if not found.todo and not (found.itself and _GRIDWORKER in person.roles):
        return []
    return found.all
