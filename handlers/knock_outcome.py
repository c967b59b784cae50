"""What one word about a door makes of its row, and the doors of rows in the order they are walked to."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.domain.knocking import Door, Knock, Knocked, Outcome, absent, route
from handlers.knock_words import Door as Said
from handlers.ports import Context, Work

TRIED_AGAIN_AFTER = timedelta(minutes=30)


def doors_of(rows: Iterable[Knock], ctx: Context) -> list[Door]:
    """Return the households of the rows in the order they are walked to; those that are gone are left out."""
    homes = (row.household_id for row in rows)
    return route((home, ctx.tree.node(home).name) for home in homes if ctx.tree.has(home))


def just_said(row: Knock, work: Work, ctx: Context) -> bool:
    """Return whether 没人 was said of the door a moment ago: said twice it is no second try."""
    last = work.knocks.last_at(row.round_id, row.household_id) if row.state is Knocked.ABSENT else None
    return last is not None and ctx.now - last < TRIED_AGAIN_AFTER


def outcome(row: Knock, said: Said, ctx: Context) -> Outcome:
    if said.state is Knocked.ABSENT:
        return absent(row.rung if row.state is Knocked.ABSENT else 0, ctx.local(ctx.now))
    return Outcome(said.state, said.why, said.persons, row.rung)
