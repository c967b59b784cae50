"""迁移: a household goes to another grid with its people, its proxies and the code on its door."""

from datetime import date

from handlers.domain.errors import Refused
from handlers.domain.household_rules import allowed, found, may_stand_in, on_day
from handlers.domain.people import Person
from handlers.ports import Context, Work


def run(
    code: str, grid_id: int, work: Work, ctx: Context, *, by: Person | None = None, day: date | None = None,
    new_code: str | None = None,
) -> str:  # fmt: skip
    """Move the household and return the code it has then; Refused says why not, UnknownNode that a grid is not theirs.

    It keeps its code, which is printed on its card, unless *new_code* is given ("" for the next one of the new grid);
    the old code still finds it.
    """
    one = found(code, work.households.by_code(code))
    allowed(by, ctx.tree, one.grid_id, grid_id)
    grid = ctx.tree.node(grid_id)
    may_stand_in(grid)
    when = day or ctx.day
    on_day(when, ctx.day, work.household_steps.last_day(one.id))
    if grid_id == one.grid_id and new_code is None:
        raise Refused(f"这一户本来就在{ctx.tree.path_name(grid_id)}")
    who = None if by is None else by.id
    if grid_id != one.grid_id:
        work.household_steps.move(one, grid_id, when, ctx.now, who)
    called = one.code
    if new_code is not None:
        called, name = (new_code, one.name) if new_code else work.household_steps.free_code(grid.code)
        if called != one.code:
            if work.household_steps.code_taken(called):
                raise Refused(f"编码 {called} 用过了,请换一个")
            work.household_steps.recode(one, called, name, when, ctx.now, who)
    work.household_steps.announce(ctx.now)
    work.audit.note(ctx.now, who, "move household", f"household {one.id} node {grid_id}", "care", "ok")
    return called
