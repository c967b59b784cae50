"""After a backup was brought back: whoever may have been asked since it was taken is not asked a second time.

What happened between the copy and now is not known here. A round that began in between stands as late for every
household, an answer to it is taken all the same; whoever was to be asked by then and may have been is late as well.
"""

from datetime import datetime, timedelta

from handlers import send_lists
from handlers.domain.day_list import ListDue
from handlers.domain.four_ones import LOOK_BACK, ContactState, Due, FourOnes, RoundState, slot_of, window
from handlers.open_rounds import put_down
from handlers.ports import Context, Work

AT_ONCE = 5_000


def run(work: Work, ctx: Context, since: datetime) -> int:
    """Mark what may have been asked between *since* (the copy's last moment) and now; returns how many rounds and
    contacts were marked."""
    four = ctx.county.four_ones
    if four is None:
        return 0
    return _rounds(four, work, ctx, since) + _contacts(work, ctx) + _lists(work, ctx, since)


def _rounds(four: FourOnes, work: Work, ctx: Context, since: datetime) -> int:
    known = {(one.day, one.slot) for one in work.rounds.since(ctx.day - LOOK_BACK)}
    marked = 0
    for back in range(LOOK_BACK.days, -1, -1):
        day = ctx.day - timedelta(days=back)
        for slot in sorted(slot_of(at) for at in four.times):
            starts_at, _ = window(four, day, slot, ctx.county.tz)
            if not since < starts_at <= ctx.now or (day, slot) in known:
                continue
            due = Due(day, slot, False, True, starts_at.astimezone(ctx.now.tzinfo))
            while (after := work.rounds.begin(due, ctx.now)) is not None:
                put_down(due, after, four, work, ctx)
            work.rounds.shut(day, slot)
            marked += 1
    return marked


def _contacts(work: Work, ctx: Context) -> int:
    """Whoever waited to be asked and whose moment has passed may have been: the moment is known, the asking is not."""
    waiting = [one for one in work.contacts.claim(ctx.now, AT_ONCE) if one.state is ContactState.OPEN]
    moved = work.contacts.move((one.id for one in waiting), [ContactState.OPEN], ContactState.LATE, None)
    work.contacts.steps([(one.id, "late", "restored", None) for one in waiting], ctx.now)
    return moved


def _lists(work: Work, ctx: Context, since: datetime) -> int:
    """Whoever may have had the list of a day since the copy is put down as late; returns how many days that were."""
    four, marked = ctx.county.four_ones, 0
    if four is None or four.list_at is None:
        return 0
    known = work.day_lists.since(ctx.day - LOOK_BACK)
    for back in range(LOOK_BACK.days, -1, -1):
        day = ctx.day - timedelta(days=back)
        starts_at = datetime.combine(day, four.list_at, ctx.county.tz)
        begun = known.get(day) is RoundState.OPENING
        if not (begun or (since < starts_at <= ctx.now and day not in known)):
            continue
        one = ListDue(day, False, True)
        while (after := work.day_lists.begin(one, ctx.now)) is not None:
            send_lists.put_down(one, after, work, ctx)
        work.day_lists.shut(day)
        marked += 1
    return marked
