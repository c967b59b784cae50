"""After downtime the bound groups hear, once, that we were away; what the platform dropped meanwhile is gone."""

from datetime import datetime, timedelta

from handlers import wording
from handlers.domain.rules import rules_at
from handlers.letters import delayed, to_groups
from handlers.ports import Context, Work

NOTICEABLE = timedelta(minutes=2)  # the platform tries for about 15 s; a restart loses nothing worth a word


def run(last_beat: datetime | None, work: Work, ctx: Context) -> int:
    """Tell every bound staff group when we were down long enough; returns how many groups are told."""
    if last_beat is None or ctx.now - last_beat < NOTICEABLE:
        return 0
    minutes = wording.minutes_of(ctx.now - last_beat)
    work.alarms.sound("downtime", f"{minutes} min", ctx.now)
    told = 0
    modes = work.modes.current(ctx.now)
    for chat in work.chats.all():
        rules = rules_at(modes, ctx.tree, ctx.county, chat.node_id, ctx.now)
        letters = to_groups([chat], wording.downtime(minutes), ctx.now)
        work.outbox.put(delayed(letters, rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
        told += len(letters)
    return told
