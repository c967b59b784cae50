"""Where today's figures stand at one node and right below it: from the counters, coverage beside every figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.domain.counters import NOTHING, Counter
from handlers.domain.daily_text import UNKNOWN, figure
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.domain.report import DAILY
from handlers.ports import Context, Work
from nlp.metrics import label_of, unit_of

# What a leader looks for first; the first three that anybody gave stand in the rows of the children.
FIRST = (
    "isolated_people",
    "fever_people",
    "released_people",
    "households_checked",
    "returnees",
    "relocated_people",
    "trapped_people",
)
_COLUMNS = 3
_NAMED = 40

Tally = Mapping[str, Counter]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as printed; `said` is from how many reports, 0 for one that nobody gave."""

    label: str
    value: str
    said: int


@dataclass(frozen=True, slots=True)
class Child:
    """One row of the drill-down: coverage in nodes of the reporting level, and the first figures."""

    id: int
    name: str
    counted: int
    expected: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One node today. `missing` names at most forty of the places that have not reported, `more` counts the rest."""

    node: Node
    name: str
    above: tuple[Node, ...]
    unit: str
    counted: int
    expected: int
    missing: tuple[str, ...]
    more: int
    figures: tuple[Figure, ...]
    children: tuple[Child, ...]


def show_node(visit: Visit, node: Node) -> Response:
    """Show one node and the way down."""
    with visit.parts.store.read() as work:
        standing = standing_of(visit, node, work)
    return visit.page("node", standing=standing)


def standing_of(visit: Visit, node: Node, work: Work) -> Standing:
    """Return how *node* stands today; every child shown came through the same gate as the node."""
    context = visit.context
    tree, level = context.tree, context.county.report_level
    expected = tree.within(node.id, level)
    reported = work.reports.reported(expected, context.day, DAILY)
    tally = work.reports.tally(node.id, context.day, DAILY)
    missing = [n for n in expected if n not in reported]
    columns = _columns(tally)
    below = _below(visit, node.id, level)
    tallies = work.reports.tallies([child.id for child in below], context.day, DAILY)
    kind = context.county.level(level)
    return Standing(
        node=node,
        name=tree.path_name(node.id),
        above=tuple(reversed([visit.node(n) for n in tree.ancestors(node.id) if visit.may(Action.SEE_COUNTS, n)])),
        unit=kind.title if kind else "",
        counted=len(expected) - len(missing),
        expected=len(expected),
        missing=tuple(tree.path_name(n) for n in missing[:_NAMED]),
        more=max(len(missing) - _NAMED, 0),
        figures=tuple(_figure(key, tally) for key in sorted(tally, key=_order)),
        children=tuple(_child(child, reported, columns, tallies.get(child.id, {}), context) for child in below),
    )


def _child(child: Node, reported: frozenset[int], columns: tuple[str, ...], tally: Tally, context: Context) -> Child:
    expected = context.tree.within(child.id, context.county.report_level)
    counted = sum(1 for n in expected if n in reported)
    return Child(child.id, Visit.short(child), counted, len(expected), tuple(_figure(key, tally) for key in columns))


def _below(visit: Visit, node_id: int, level: str) -> list[Node]:
    """Return the children that report or have somebody below them who does; an only one is stepped through."""
    tree = visit.context.tree
    below = [child for child in tree.children(node_id) if tree.count(child, level)]
    if len(below) == 1 and tree.node(below[0]).level != level:
        return _below(visit, below[0], level)
    return [visit.node(child) for child in below]


def _columns(tally: Tally) -> tuple[str, ...]:
    return tuple(key for key in FIRST if key in tally)[:_COLUMNS] or FIRST[:1]


def _order(key: str) -> tuple[int, str]:
    return (FIRST.index(key) if key in FIRST else len(FIRST), key)


def _figure(key: str, tally: Tally) -> Figure:
    counter = tally.get(key, NOTHING)
    printed = f"{figure(counter.value)}{unit_of(key)}" if counter.said else UNKNOWN
    return Figure(label_of(key), printed, counter.said)
