"""What one child of the reporting node (a village of a township) brings to the daily report, with everything below."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from handlers.domain.daily_layout import qualified
from handlers.domain.metric import base
from handlers.domain.report import CHECKPOINT, DAILY, Report, number_of
from handlers.domain.rollup import Cell, Mismatch, Own, Tally, add, cross_foot, own_word, tally

# A village that keeps no checkpoint table says these in its daily report; they belong to section 三 all the same.
_AT_CHECKPOINTS = frozenset(
    {
        "checkpoints",
        "staff_on_duty",
        "vehicles_checked",
        "vehicles_turned_back",
        "people_turned_back",
        "vehicles_out_province",
    }
)
# Read but never shown: plates of one province are nobody's measure of anything.
_HIDDEN = frozenset({"vehicles_hubei"})


@dataclass(frozen=True, slots=True)
class Branch:
    """One child: its figures by qualified key, where its own words differ from its children's, and how many of the
    nodes below it were spoken for by somebody else (代报)."""

    node_id: int
    name: str
    tally: Tally
    mismatches: tuple[Mismatch, ...] = ()
    on_behalf: int = 0


def branch(
    node_id: int,
    name: str,
    folded: Iterable[Report],
    expected: Iterable[int],
    children: Mapping[int, Sequence[int]] | None = None,
    own: Own = None,
) -> Branch:
    """Return the branch of *node_id* from the reports that count for it and below (`fold`, one day, any template).

    *expected* are the nodes that should report a daily; *children* gives the tree below as far as anybody reports.
    A node's own figure stands before its children's sum, metric by metric; they are never added.
    """
    by_node: dict[int, list[Report]] = defaultdict(list)
    for report in folded:
        by_node[report.node_id].append(report)
    found: list[Mismatch] = []
    total = _rolled(node_id, by_node, frozenset(expected), children or {}, own, found)
    speaking = [r for node in _below(node_id, children or {}) for r in by_node[node] if r.template == DAILY]
    return Branch(node_id, name, total, tuple(found), len({r.node_id for r in speaking if r.on_behalf}))


def _below(node_id: int, children: Mapping[int, Sequence[int]]) -> Iterable[int]:
    yield node_id
    for child in children.get(node_id, ()):
        yield from _below(child, children)


def _rolled(
    node_id: int,
    by_node: Mapping[int, list[Report]],
    expected: frozenset[int],
    children: Mapping[int, Sequence[int]],
    own: Own,
    found: list[Mismatch],
) -> Tally:
    below = add((_rolled(c, by_node, expected, children, own, found) for c in children.get(node_id, ())), own)
    node = _of_node(by_node.get(node_id, []), expected & {node_id}, own, found)
    found += cross_foot(node, below)
    return own_word(node, below)


def _of_node(reports: Sequence[Report], expected: frozenset[int], own: Own, found: list[Mismatch]) -> Tally:
    """Return one node's figures under qualified keys, its daily's checkpoint figures moved to section 三 unless its
    checkpoint table has them; where both speak and differ, that is a mismatch too."""
    daily = tally((r for r in reports if r.template == DAILY), expected, own)
    cells: dict[str, Cell] = {}
    for key, cell in daily.values.items():
        if base(key) not in _HIDDEN:
            cells[qualified(CHECKPOINT, key) if base(key) in _AT_CHECKPOINTS else key] = cell
    moved = Tally(MappingProxyType({k: c for k, c in cells.items() if k.startswith(qualified(CHECKPOINT, ""))}))
    for template in sorted({r.template for r in reports} - {DAILY}):
        table = _ledger(template, [r for r in reports if r.template == template], own)
        found += cross_foot(moved, table)
        cells |= table.values
    return Tally(MappingProxyType(cells), daily.coverage)


def _ledger(template: str, reports: list[Report], own: Own) -> Tally:
    cells = {qualified(template, k): c for k, c in tally(reports, own=own).values.items() if base(k) not in _HIDDEN}
    if parts := {r.part for r in reports if r.part}:
        ids = tuple(sorted((r.id for r in reports if r.part), key=number_of))
        cells[qualified(template, "parts")] = Cell(len(parts), ids, frozenset(r.node_id for r in reports))
    return Tally(MappingProxyType(cells))
