"""After downtime the bound groups hear, once, that we were away; what the platform dropped meanwhile is gone."""

from datetime import datetime, timedelta

from handlers import wording
from handlers.domain.delivery import Letter
from handlers.domain.fan_out import one_each
from handlers.domain.rules import rules_at
from handlers.letters import delayed, to_groups
from handlers.ports import Context, Work

NOTICEABLE = timedelta(minutes=2)  # the platform tries for about 15 s; a restart loses nothing worth a word


def noticed(last_beat: datetime | None, now: datetime) -> bool:
    """Return whether somebody may have spoken to closed doors since *last_beat*; None is before the first start."""
    return last_beat is not None and now - last_beat >= NOTICEABLE


def run(last_beat: datetime | None, work: Work, ctx: Context) -> int:
    """Tell every bound staff group when we were down long enough; returns how many groups are told.

    Where it is night and peace the word waits for the morning, and then says when it was.
    """
    if last_beat is None or not noticed(last_beat, ctx.now):
        return 0
    minutes = round((ctx.now - last_beat) / timedelta(minutes=1))
    work.alarms.sound("downtime", f"{minutes} min", ctx.now)
    modes = work.modes.current(ctx.now)
    letters: list[Letter] = []
    for chat in one_each(work.chats.all()):
        loud_at = rules_at(modes, ctx.tree, ctx.county, chat.node_id, ctx.now).loud_at(ctx.now, ctx.county.tz)
        since = wording.day_clock(ctx.local(last_beat), ctx.local(loud_at)) if loud_at > ctx.now else None
        letters += delayed(to_groups([chat], wording.downtime(minutes, since), ctx.now), loud_at)
    work.outbox.put(letters, ctx.now)
    return len(letters)
