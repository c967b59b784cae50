"""分户: some of a household's people become a household of their own, here or in another grid."""

from collections.abc import Sequence
from datetime import date

from handlers.domain.errors import Refused
from handlers.domain.household_rules import allowed, found, may_stand_in, on_day, those
from handlers.domain.people import Person
from handlers.ports import Context, Work


def run(
    code: str, numbers: Sequence[int], work: Work, ctx: Context, *, grid_id: int | None = None,
    by: Person | None = None, day: date | None = None, new_code: str = "",
) -> str:  # fmt: skip
    """Split off the members of these numbers and return the new household's code; Refused says why not.

    Proxies stay with the old household: who may speak for the new one is for its people to say.
    """
    one = found(code, work.households.by_code(code))
    grid = ctx.tree.node(one.grid_id if grid_id is None else grid_id)
    allowed(by, ctx.tree, one.grid_id, grid.id)
    may_stand_in(grid)
    when = day or ctx.day
    on_day(when, ctx.day, work.household_steps.last_day(one.id))
    going = those(numbers, work.households.members(one.id, ctx.day))
    called, name = work.household_steps.free_code(grid.code)
    if new_code:
        called = new_code
        if work.household_steps.code_taken(called):
            raise Refused(f"编码 {called} 用过了,请换一个")
    who = None if by is None else by.id
    ids = [member.id for member in going]
    made = work.household_steps.split(one, ids, grid.id, called, name, when, ctx.now, who)
    work.household_steps.announce(ctx.now)
    work.audit.note(ctx.now, who, "split household", f"household {one.id} new {made}", "care", "ok")
    return called
