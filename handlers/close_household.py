"""销户: a household where nobody lives any more is closed; its door code opens nothing from then on."""

from datetime import date

from handlers.domain.household_rules import allowed, found, on_day
from handlers.domain.people import Person
from handlers.ports import Context, Work


def run(code: str, work: Work, ctx: Context, *, by: Person | None = None, day: date | None = None) -> None:
    """Close the household; Refused says why not, UnknownNode that it is not theirs."""
    one = found(code, work.households.by_code(code))
    allowed(by, ctx.tree, one.grid_id)
    when = day or ctx.day
    on_day(when, ctx.day, work.household_steps.last_day(one.id))
    who = None if by is None else by.id
    work.household_steps.close(one, when, ctx.now, who)
    work.household_steps.announce(ctx.now)
    work.audit.note(ctx.now, who, "close household", f"household {one.id}", "care", "ok")
