"""合户: one household takes in others; their codes, proxies and door codes lead to it."""

from collections.abc import Sequence
from datetime import date

from handlers.domain.errors import Refused
from handlers.domain.household_rules import allowed, found, on_day, room_for
from handlers.domain.people import Person
from handlers.ports import Context, Work


def run(
    codes: Sequence[str], into: str, work: Work, ctx: Context, *, by: Person | None = None, day: date | None = None
) -> int:
    """Merge the households of these codes into *into* and return how many people it has then; Refused says why not."""
    kept = found(into, work.households.by_code(into))
    going = {one.id: one for code in codes if (one := found(code, work.households.by_code(code)))}
    if kept.id in going:
        raise Refused(f"“{into}”不能并进自己,请核对户编码")
    if not going:
        raise Refused("没说哪一户并过来,请写户编码")
    allowed(by, ctx.tree, kept.grid_id, *(one.grid_id for one in going.values()))
    when = day or ctx.day
    people = work.households.members_of((kept.id, *going), ctx.day)
    room_for(len(people.get(kept.id, ())), sum(len(people.get(one, ())) for one in going))
    who = None if by is None else by.id
    for one in (kept, *going.values()):
        on_day(when, ctx.day, work.household_steps.last_day(one.id))
    for one in going.values():
        target = found(into, work.households.get(kept.id))  # its count has changed since the one before
        work.household_steps.merge(one, target, when, ctx.now, who)
        work.audit.note(ctx.now, who, "merge household", f"household {one.id} into {kept.id}", "care", "ok")
    work.household_steps.announce(ctx.now)
    return sum(map(len, people.values()))
