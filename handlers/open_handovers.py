"""Handovers that nobody has taken yet (未接的交接): shown to whoever leads there, in 欠 and on the board of a place."""

from collections.abc import Iterable, Sequence

from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.staff import leads
from handlers.ports import Context, Work


def open_at(viewer: Person, nodes: Iterable[int], work: Work, ctx: Context) -> Sequence[tuple[str, str]]:
    """Return (who is away, who was asked to stand in) of today's handovers of those who work at or under *nodes*, as
    far as *viewer* leads them; the look is noted."""
    if not any(leads(role) or role == "deputy" for role in viewer.roles):
        return ()
    tops = ctx.tree.viewable(viewer, nodes, Action.SEE_PEOPLE)
    below = {node for top in tops for node in (top, *ctx.tree.above_households(top))}
    theirs = {row.person_id for row in work.people.holders(ctx.day) if row.node_id in below} - {viewer.id}
    handed = work.handovers.of_people(theirs, ctx.day)
    waiting = [one for one in handed if one.told_at and not one.confirmed_at]
    if not waiting:
        return ()
    work.audit.note(ctx.now, viewer.id, "read names", f"{len(waiting)} handovers", "duty", "ok")
    names = work.people.names({who for one in waiting for who in (one.person_id, one.substitute_id)})
    return [(names.get(one.person_id, ""), names.get(one.substitute_id, "")) for one in waiting]
