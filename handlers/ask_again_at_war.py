"""A household that need only say 有事 is asked again in declared war, and hears why in the first question of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from handlers.domain.four_ones import Contact, Enrolment
from handlers.domain.rules import mode_at
from handlers.ports import Context, Work
from handlers.wording import burden as say


def reasons(
    contacts: Iterable[Contact], plans: Mapping[int, tuple[Enrolment, ...]], work: Work, ctx: Context
) -> Mapping[int, str]:
    """Return the sentence for each contact that needs one, by the contact's id."""
    modes = work.modes.current(ctx.now)
    quiet = [
        one
        for one in (contacts if modes else ())
        if ctx.tree.has(one.household_id) and any(on.exception_only for on in plans.get(one.household_id, ()))
    ]
    at_war = {one.id: mode_at(modes, ctx.tree, one.household_id, ctx.now) for one in quiet}
    began = [mode.starts_at for mode in at_war.values() if mode is not None]
    if not began:
        return {}
    homes = [one.household_id for one in quiet]
    asked: dict[int, list[datetime]] = defaultdict(list)
    for each in work.contacts.of_households(homes, ctx.local(min(began)).date()):
        if each.asked_at is not None:
            asked[each.household_id].append(each.asked_at)
    return {
        one.id: say.war_again(mode.basis)
        for one in quiet
        if (mode := at_war[one.id]) is not None and not any(at >= mode.starts_at for at in asked[one.household_id])
    }
