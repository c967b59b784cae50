"""Where somebody works in a round, who walks there, and how its places stand: shared by the verbs of 敲门 and 张贴."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.knocking import Knocked, KnockRound, RoundKind
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.staff import Staff
from handlers.domain.talk import Talk, Topic
from handlers.ports import Context, Turn, Work

WORKED_AT_MOST = 60
"""Places somebody walks through door by door; whoever answers for more looks at the progress."""


def places_under(nodes: Iterable[int], ctx: Context) -> tuple[int, ...]:
    """Return the places at and under *nodes* that households lie right under, or may."""
    return tuple(
        dict.fromkeys(place for node in nodes if ctx.tree.has(node) for place in ctx.tree.above_households(node))
    )


def homes_at(places: Iterable[int], ctx: Context) -> list[int]:
    """Return the households right under these places."""
    return [home for place in places for home in ctx.tree.children(place) if ctx.tree.node(home).level == HOUSEHOLD]


def worked(person: Person, one: KnockRound, ctx: Context) -> tuple[int, ...]:
    """Return the places of the round where the person keeps households; () when there are none, or too many to walk."""
    mine = ctx.tree.viewable(person, places_under(person.nodes(), ctx), Action.KEEP)
    found = tuple(place for place in mine if any(ctx.tree.contains(top, place) for top in one.nodes))
    return found if len(found) <= WORKED_AT_MOST else ()


def seen(person: Person, one: KnockRound, ctx: Context) -> tuple[int, ...]:
    """Return the person's own posts, or the parts of the round below them, whose counts they may see."""
    found: list[int] = []
    for node in person.nodes():
        inside = [top for top in one.nodes if ctx.tree.contains(top, node)]
        found += [node] if inside else [top for top in one.nodes if ctx.tree.contains(node, top)]
    return ctx.tree.viewable(person, found, Action.SEE_COUNTS)


def rounds_for(turn: Turn, kind: RoundKind, work: Work, ctx: Context, *, working: bool = True) -> list[KnockRound]:
    """Return the live rounds this person works in (or, not *working*, sees), the one they were last at first."""
    held = [one for one in work.knocks.live(kind) if (worked if working else seen)(turn.person, one, ctx)]
    last = work.talks.last(turn.person.id, turn.place, [Topic.KNOCKING], ctx.now)
    return sorted(held, key=lambda one: last is None or one.id != last.subject_id)


def at_round(turn: Turn, one: KnockRound, work: Work, ctx: Context) -> None:
    """Remember which round somebody was shown: what they say of a door is about it."""
    until = ctx.now + ctx.county.war_fuse
    work.talks.put(Talk(turn.person.id, turn.place, Topic.KNOCKING, one.id, ctx.now, until))


def walkers(places: Sequence[int], work: Work, ctx: Context) -> Mapping[int, tuple[tuple[int, str], ...]]:
    """Return who walks at each place today, by place: its gridworkers, else whoever leads there."""
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    held: dict[int, list[int]] = {}
    for row in work.people.holders(ctx.day, ("gridworker",)):
        held.setdefault(row.node_id, []).append(row.person_id)
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for place in places:
        grid = next((at for at in (place, *ctx.tree.ancestors(place)) if at in held), None)
        standing = [staff.answering(person) for person in held.get(grid, ())] if grid is not None else []
        people = [person for person in standing if person is not None]
        lead = staff.lead_over(place, ctx.tree) if not people else None
        chosen = people or ([lead] if lead is not None else [])
        found[place] = tuple((person, staff.userids[person]) for person in dict.fromkeys(chosen))
    return found


def parts_of(node: int, ctx: Context) -> tuple[int, ...]:
    """Return what a place's progress is told by: its grids when they are few, else the level right below it."""
    level = ctx.county.report_level
    if ctx.tree.has_level(level):
        grids = ctx.tree.within(node, level)
        if grids == (node,):
            return ()
        if 0 < len(grids) <= 20:
            return grids
    return tuple(one for one in ctx.tree.children(node) if ctx.tree.node(one).level != HOUSEHOLD)


def summed(node: int, counts: Mapping[int, Counter[Knocked]], ctx: Context) -> Counter[Knocked]:
    """Return the counts at and under a node."""
    total: Counter[Knocked] = Counter()
    for place in ctx.tree.above_households(node):
        total += counts.get(place, Counter())
    return total
