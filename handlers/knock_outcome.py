"""What one word about a door makes of its row, and the doors of rows in the order they are walked to."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.domain.knocking import Door, Knock, Knocked, Outcome, absent, route
from handlers.knock_words import Door as Said
from handlers.ports import Context, Say, Turn, Work
from handlers.raise_alarm import raise_alarm
from nlp.types import Intent
from nlp.understand import understand

TRIED_AGAIN_AFTER = timedelta(minutes=30)


def doors_of(rows: Iterable[Knock], ctx: Context) -> list[Door]:
    """Return the households of the rows in the order they are walked to; those that are gone are left out."""
    homes = (row.household_id for row in rows)
    return route((home, ctx.tree.node(home).name) for home in homes if ctx.tree.has(home))


def just_said(row: Knock, work: Work, ctx: Context) -> bool:
    """Return whether 没人 was said of the door a moment ago: said twice it is no second try."""
    last = work.knocks.last_at(row.round_id, row.household_id) if row.state is Knocked.ABSENT else None
    return last is not None and ctx.now - last < TRIED_AGAIN_AFTER


def said_already(row: Knock, out: Outcome) -> bool:
    """Return whether the row says so already: a number that is not said again stands, and what was left as 未见到 after
    every try is not begun anew by one more 没人."""
    if row.state is Knocked.UNMET and out.state is Knocked.ABSENT:
        return True
    return row.state is out.state and (out.persons is None or out.persons == row.persons)


def outcome(row: Knock, said: Said, ctx: Context) -> Outcome:
    if said.state is Knocked.ABSENT:
        return absent(row.rung if row.state is Knocked.ABSENT else 0, ctx.local(ctx.now))
    return Outcome(said.state, said.why, said.persons, row.rung)


def alarmed(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    """Fetch somebody when the words also say that a person is ill or in danger, whatever becomes of the door."""
    heard = understand(turn.text, turn.inbound.sent_at, channel="direct", sender_role="gridworker")
    danger = heard.alarms or (("event",) if heard.intent is Intent.EVENT else ())
    return raise_alarm(turn, heard._replace(alarms=danger, intent=Intent.DAILY_REPORT), work, ctx)
