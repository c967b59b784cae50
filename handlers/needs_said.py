"""What a resident says of things: asked for, 收到啦, 少了一袋盐. The household's word closes a list, nobody else's."""

import re
from collections.abc import Sequence

from handlers import asks, care, confirm_visit
from handlers.domain.declared import Subject
from handlers.domain.need import ITEMS_LIMIT, Item, NeedState
from handlers.domain.threshold import TaskKind, Tell
from handlers.letters import delayed, private
from handlers.ports import Context, Work
from handlers.read_needs import read_needs
from handlers.resident_help import call, loud_at, on_call
from handlers.wording import needs as say

_GOT = re.compile(
    r"(?:都|东西|菜|货|米|药)?(?:收到|到了|拿到|送到)(?:啦|了|喽|咯)?(?:到了|了)?(?:都)?[,,。!!~\s]*"
    r"(?:谢谢.{0,8}|辛苦.{0,6}|感谢.{0,6})?"
)
_NOT_ALL = re.compile(r"(?:还)?没(?:有)?(?:收到|送到|拿到|到).{0,20}|.{0,12}(?:少了|错了|坏了|碎了|不对|漏了).{0,20}")


def about_things(text: str) -> bool:
    """Return whether the words ask for anything."""
    return bool(read_needs(text))


def said(home: int, subject: Subject, text: str, inbox_id: int | None, work: Work, ctx: Context) -> str | None:
    """Return the answer to words about things, None when they are about something else."""
    got, not_all = _GOT.fullmatch(text.strip()), _NOT_ALL.fullmatch(text.strip())
    waiting = work.needs.waiting([home], ctx.now) if got or not_all else ()
    if got:
        going = [one for one in waiting if one.state in (NeedState.DELIVERED, NeedState.CLAIMED)]
        if not going:
            return say.nothing_delivered() if waiting else None
        for one in going:
            work.needs.move(one, NeedState.CLOSED, ctx.now)
        confirm_visit.all_came(home, work, ctx)
        return say.closed([item for one in going for item in one.items])
    if waiting:
        again = [one for one in waiting if one.state in (NeedState.DELIVERED, NeedState.CLOSED)]
        for one in again:
            work.needs.move(one, NeedState.CLAIMED if one.claimed_by else NeedState.OPEN, ctx.now)
        if again:
            confirm_visit.not_come(home, work, ctx)
            call(home, say.says_again(ctx.tree.path_name(home), text[:60]), work, ctx, urgent=False)
            return say.reopened()
        return None
    items = read_needs(text)
    if items:
        asks.asked_things(home, work, ctx)
    return ask(home, subject, items, inbox_id, work, ctx) if items else None


def ask(
    home: int, subject: Subject, items: Sequence[Item], inbox_id: int | None, work: Work, ctx: Context, *,
    tell: int | None = None,
) -> str:  # fmt: skip
    """Keep what a household asks for, in lists of at most thirty things, and tell whoever looks after it; *tell* typed
    it in for them and need not be told. A night's list is told in the morning."""
    goods = tuple(one for one in items if not one.medicine)
    medicines = tuple(one for one in items if one.medicine)
    place = ctx.tree.path_name(home)
    for first in range(0, len(goods), ITEMS_LIMIT):
        work.needs.add(home, subject.id, goods[first : first + ITEMS_LIMIT], ctx.now, ctx.day, inbox_id)
    if goods and on_call(home, work, ctx) != tell:
        call(home, say.asks(place, goods), work, ctx, urgent=False)
    if medicines:
        _to_the_doctor(home, subject, medicines, place, work, ctx)
    return say.taken(items, split=len(goods) > ITEMS_LIMIT, typed_for=tell is not None)


def _to_the_doctor(
    home: int, subject: Subject, medicines: tuple[Item, ...], place: str, work: Work, ctx: Context
) -> None:
    """A medicine is the doctor's first: which, whether it may be taken, and what else is the matter."""
    grid, declaring = ctx.tree.parent(home), ctx.county.declaring
    text = say.asks_medicine(place, medicines)
    if grid is not None and declaring is not None:
        care.open_task(TaskKind.HELP, subject, grid, declaring, work, ctx, note=say.listed(medicines))
        doctors = care.nearest(Tell.DOCTOR, grid, work, ctx)
        letters = [private(userid, person_id, text, ctx.now) for person_id, userid in doctors[:1]]
        letters = delayed(letters, loud_at(home, work, ctx))
        work.erasure.mention(subject.id, work.outbox.put(letters, ctx.now))
        if letters:
            return
    call(home, text, work, ctx, urgent=False)
