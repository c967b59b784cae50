"""Totals of declarations per day and node, kept up in the transaction that changes them; they outlive the people.

Two templates of counters: "declaration" by the day it was made (people, symptoms, fevers, colours), "arrivals" by the
day somebody came (the four tables): the second is the incubation cohort, and erasing a person takes nothing from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from handlers.domain.counters import NOTHING, Counter, Place
from handlers.domain.declaration import SYMPTOMS
from handlers.domain.facts import Facts
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.policy import Action
from handlers.domain.receipt_colour import Colour
from handlers.domain.returnee_tally import OVERSEAS, UNROUTED
from handlers.domain.returnees import METRICS
from handlers.domain.small_counts import Branch, shown
from handlers.ports import Context, Turn, Work

AT_ONCE = 5_000
DECLARATION, ARRIVALS = "declaration", "arrivals"
PEOPLE, FEVER, MEASURED = "declared_people", "fever_people", "temp_checked_people"


def metrics_of(facts: Facts, colour: Colour | None, fever: Decimal) -> dict[str, int]:
    """Return what one person adds to the totals of the day."""
    found = {PEOPLE: 1}
    found |= {f"symptom_{code}": 1 for code in facts.symptoms or () if code in SYMPTOMS}
    if facts.celsius is not None:
        found[MEASURED] = 1
        found[FEVER] = int(facts.celsius >= fever)
    if colour is not None:
        found[f"colour_{colour}"] = 1
    return found


def arrival_of(facts: Facts) -> tuple[date, str] | None:
    """Return the day somebody came and which of the tables they are counted in; None for who was here all the time."""
    if not facts.away or facts.arrived is None:
        return None
    if facts.overseas:
        return facts.arrived, OVERSEAS
    return facts.arrived, METRICS[facts.table] if facts.table else UNROUTED


def counted_node(node_id: int, ctx: Context) -> int:
    """Return the node whose totals somebody there is counted in: never a household, whose count would be a person."""
    while ctx.tree.node(node_id).level == HOUSEHOLD:
        above = ctx.tree.parent(node_id)
        assert above is not None
        node_id = above
    return node_id


def move(
    day: date, node_id: int, before: Mapping[str, int], after: Mapping[str, int], work: Work, ctx: Context
) -> None:
    """Move the totals of *day* at the node and above it by the difference."""
    _move(DECLARATION, day, node_id, _difference(before, after), work, ctx)


def move_arrival(
    node_id: int, before: tuple[date, str] | None, after: tuple[date, str] | None, work: Work, ctx: Context
) -> None:
    """Move the cohorts of arrival by the difference."""
    if before == after:
        return
    if before is not None:
        _move(ARRIVALS, before[0], node_id, {before[1]: -1}, work, ctx)
    if after is not None:
        _move(ARRIVALS, after[0], node_id, {after[1]: 1}, work, ctx)


def recount(days: Iterable[date], work: Work, ctx: Context) -> None:
    """Add the totals up anew from what each node itself was told, after the tree was changed; nothing is opened."""
    nodes = ctx.tree.above_households(ctx.tree.root.id)
    for day in days:
        work.reports.lock_counters(day)
        for template in (DECLARATION, ARRIVALS):
            counters: dict[Place, Counter] = {}
            told: dict[int, Mapping[str, Counter]] = {}
            for first in range(0, len(nodes), AT_ONCE):
                told |= work.reports.tallies(nodes[first : first + AT_ONCE], day, template)
            for node, found in told.items():
                own = {key: int(counter.own) for key, counter in found.items() if counter.own_said}
                counters |= added((node, *ctx.tree.ancestors(node)), own, counters)
            work.reports.replace_counters(day, template, counters)


def asked_about(turn: Turn, ctx: Context) -> tuple[int, bool] | None:
    """Return the node that a question for numbers is about, the group's or else the sender's own, and whether they may
    have them as they are: in private, where they look after these very people. None when there is no such node.

    Raises UnknownNode when it is not theirs to see.
    """
    node = turn.chat.node_id if turn.chat else next(iter(turn.person.nodes()), None)
    if ctx.county.declaring is None or node is None:
        return None
    ctx.tree.view(turn.person, node)
    return node, not turn.in_group and bool(ctx.tree.viewable(turn.person, [node], Action.SEE_HEALTH))


def totals(node_id: int, day: date, metric: str, work: Work, ctx: Context, depth: int = 1) -> Mapping[int, int | None]:
    """Return the count at the node and *depth* levels below it, None where it is too small to be shown upwards.

    A node under which nobody declared that day is absent (未报).
    """
    nodes = [node_id]
    layer = nodes
    for _ in range(depth):
        layer = [child for node in layer for child in parts_of(node, ctx)]
        nodes = [*nodes, *layer]
    found: dict[int, dict[str, Counter]] = {}
    for (node, key), counter in work.reports.counters(nodes, day, DECLARATION, {metric, PEOPLE}).items():
        if counter.said:
            found.setdefault(node, {})[key] = counter
    counts = shown(_branch(node_id, metric, found, ctx, depth))
    return {node: count for node, count in counts.items() if node >= 0}


def cohort(node_id: int, today: date, days: int, work: Work) -> list[tuple[date, Mapping[str, int]]]:
    """Return how many came on each of the last *days* + 1 days, by table, the longest ago first."""
    found: list[tuple[date, Mapping[str, int]]] = []
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        counters = work.reports.tally(node_id, day, ARRIVALS)
        found.append((day, {key: total(counter) for key, counter in counters.items() if total(counter)}))
    return found


def total(counter: Counter) -> int:
    """Return how many there are at a node and below it: here the two are parts, not two words for one thing."""
    return int(counter.own + counter.below)


def added(path: Sequence[int], moved: Mapping[str, int], found: Mapping[Place, Counter]) -> dict[Place, Counter]:
    """Return the counters that change when *moved* more people are counted at the first node of *path*.

    *path* is the node and every node above it, nearest first; *found* are their counters as they stand.
    """
    changed: dict[Place, Counter] = {}
    for key, by in moved.items():
        for height, node in enumerate(path):
            was = found.get((node, key), NOTHING)
            if height == 0:
                changed[node, key] = replace(was, own=was.own + by, own_said=was.own_said + by)
            else:
                changed[node, key] = replace(was, below=was.below + by, below_said=was.below_said + by)
    return changed


def _branch(node_id: int, metric: str, found: Mapping[int, Mapping[str, Counter]], ctx: Context, depth: int) -> Branch:
    counters = found.get(node_id, {})
    said = counters.get(metric, NOTHING)
    parts = [_branch(child, metric, found, ctx, depth - 1) for child in parts_of(node_id, ctx)] if depth else []
    if said.own and parts:  # people counted at the node itself (travellers at its gate) are a part like any other
        parts.append(Branch(-node_id, int(said.own)))
    # somebody declared: a metric nobody has is 0 then, and unknown (未报) otherwise
    return Branch(node_id, total(said), tuple(parts), known=PEOPLE in counters)


def parts_of(node_id: int, ctx: Context) -> list[int]:
    """Return the nodes right below that have totals of their own: no household, whose count would be a person."""
    return [child for child in ctx.tree.children(node_id) if ctx.tree.node(child).level != HOUSEHOLD]


def _move(template: str, day: date, node_id: int, moved: Mapping[str, int], work: Work, ctx: Context) -> None:
    wanted = {key: by for key, by in moved.items() if by}
    if not wanted:
        return
    work.reports.lock_counters(day)
    path = (node_id, *ctx.tree.ancestors(node_id))
    found = work.reports.counters(path, day, template, wanted)
    work.reports.put_counters(day, template, added(path, wanted, found))


def _difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {key: after.get(key, 0) - before.get(key, 0) for key in (*before, *after)}
