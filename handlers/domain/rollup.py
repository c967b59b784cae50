"""Roll-up (汇总): which reports count, what they add up to, and from how many of those expected.

Pure and independent of order. What counts is decided by one rule: **for each key the newest report speaks**
(`received_at`, then number). If the newest was withdrawn or superseded, the key is silent (未报): the one before it
does not come back by itself, since nobody has said that it is right again; whoever wants it back reports it again, as
a new report. For the same reason a report that any other names in `supersedes` is out, even under another key
(报错了网格) and even when that other was itself withdrawn. A whole-day report speaks for all parts of its day;
`set_aside` lists the parts it silenced, so that the verb can ask.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from handlers.domain.metric import Kind, Metric, metric
from handlers.domain.report import WHOLE_DAY, Key, Number, Report, exact, number_of

Own = Mapping[str, Metric] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, the ids of the reports behind it in number order, and the nodes that gave it. Never unknown: a
    figure nobody gave has no cell."""

    value: Number
    sources: tuple[str, ...]
    nodes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who should have spoken and who did."""

    expected: frozenset[int] = frozenset()
    reported: frozenset[int] = frozenset()

    @property
    def missing(self) -> frozenset[int]:
        """Return the expected nodes that have not reported."""
        return self.expected - self.reported

    @property
    def counted(self) -> int:
        """Return how many of the expected have reported; a node nobody expected is no part of the ratio."""
        return len(self.expected & self.reported)

    def __or__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.expected | other.expected, self.reported | other.reported)


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures by metric, and their coverage. Tallies add in any order."""

    values: Mapping[str, Cell] = field(hash=False, default_factory=lambda: MappingProxyType({}))
    coverage: Coverage = Coverage()


@dataclass(frozen=True, slots=True)
class Shift:
    """What a change of reports does to one counter: to its value, and to how many nodes gave one. A counter whose
    count is 0 is unknown, whatever its value."""

    value: Number = 0
    said: int = 0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A node's own figure beside the sum of its children, where they differ; they are shown, never added."""

    metric: str
    own: Number
    children: Number
    sources: tuple[str, ...]
    missing: frozenset[int]


def fold(reports: Iterable[Report], *, drill: bool = False) -> dict[Key, Report]:
    """Return the reports that count, by what they speak for; only drills when *drill*, else only the real ones."""
    newest = _newest(reports, drill)
    whole = {(k.node_id, k.day, k.template, k.part) for k in newest if k.period == WHOLE_DAY}
    return {k: r for k, r in newest.items() if k.period == WHOLE_DAY or k[:4] not in whole}


def set_aside(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the reports for a part of a day that do not count because a whole-day report speaks, in number order."""
    newest = _newest(reports, drill=False)
    kept = fold(newest.values())
    return tuple(sorted((r for k, r in newest.items() if k not in kept), key=lambda r: number_of(r.id)))


def _newest(reports: Iterable[Report], drill: bool) -> dict[Key, Report]:
    speaking: dict[Key, Report] = {}
    replaced: set[str | None] = set()
    for report in sorted((r for r in reports if r.drill is drill), key=lambda r: r.order):
        speaking[report.key] = report
        replaced.add(report.supersedes)
    return {k: r for k, r in speaking.items() if r.live and r.id not in replaced}


def tally(folded: Iterable[Report], expected: Iterable[int] = (), own: Own = None) -> Tally:
    """Return the figures of *folded* (values of `fold`, one day and one template) and their coverage.

    A node that reported without figures is covered and adds nothing. *own* are the county template's metrics. Raises
    ValueError on two days or templates: a stock of two days is no figure.
    """
    reports = tuple(folded)
    if len({(r.day, r.template) for r in reports}) > 1:
        raise ValueError("a tally is of one day and one template")
    parts: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in reports:
        parts[report.node_id, report.part].append(report)
    values = _add_cells((_said(group, own) for group in parts.values()), own)
    return Tally(values, Coverage(frozenset(expected), frozenset(r.node_id for r in reports)))


def add(tallies: Iterable[Tally], own: Own = None) -> Tally:
    """Return the sum; associative and commutative, the empty tally is its zero.

    Raises ValueError when one report stands behind two of the figures to be added: a child was counted twice.
    """
    rows = tuple(tallies)
    coverage = Coverage(
        frozenset().union(*(row.coverage.expected for row in rows)),
        frozenset().union(*(row.coverage.reported for row in rows)),
    )
    return Tally(_add_cells((row.values for row in rows), own), coverage)


def own_word(node: Tally, below: Tally) -> Tally:
    """Return *node*'s own figures, with those it does not give taken from *below*: one or the other, never a sum.

    Where they differ, `cross_foot` says so.
    """
    return Tally(MappingProxyType({**below.values, **node.values}), node.coverage | below.coverage)


def cross_foot(node: Report | Tally, children: Tally) -> tuple[Mismatch, ...]:
    """Return where a node's own figures differ from the sum of its children (对账), by metric key.

    `missing` are the children yet to report: while there are any, a difference may only be their silence.
    """
    said = node.values if isinstance(node, Tally) else _said([node], None)
    return tuple(
        Mismatch(key, said[key].value, below.value, below.sources, children.coverage.missing)
        for key, below in sorted(children.values.items())
        if key in said and said[key].value != below.value
    )


def shifts(before: Iterable[Report], after: Iterable[Report], own: Own = None) -> dict[str, Shift]:
    """Return what changes in the counters when the reports that count for one node change from *before* to *after*.

    Both are values of `fold` for one node, day and template. Summed over all changes the shifts equal a recount, to
    the last decimal. Peaks are no counters and are left out: read them from the reports.
    """
    old, new = _counters(before, own), _counters(after, own)
    moved = {}
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        value = exact((now.value if now else 0) - Decimal(was.value if was else 0))
        shift = Shift(value, (now is not None) - (was is not None))
        if shift != Shift():
            moved[key] = shift
    return moved


def delta(old: Report | None, new: Report | None, own: Own = None) -> dict[str, Number]:
    """Return the change of each counter's value when *new* takes the place of *old*; see `shifts` for the counts."""
    moved = shifts([old] if old else [], [new] if new else [], own)
    return {key: shift.value for key, shift in moved.items()}


def _counters(reports: Iterable[Report], own: Own) -> Mapping[str, Cell]:
    cells = tally(reports, own=own).values
    return {key: cell for key, cell in cells.items() if metric(key, own).kind is not Kind.PEAK}


def _said(periods: list[Report], own: Own) -> Mapping[str, Cell]:
    """Return what one node said for one part over the periods of a day."""
    figures: dict[str, list[Cell]] = defaultdict(list)
    for report in sorted(periods, key=lambda r: r.order):
        for key in report.values:
            figure = report.figure(key)
            if figure is not None:
                figures[key].append(Cell(figure, (report.id,), frozenset({report.node_id})))
    return {
        key: said[-1] if metric(key, own).kind is Kind.STOCK else _join(key, said, own) for key, said in figures.items()
    }


def _add_cells(rows: Iterable[Mapping[str, Cell]], own: Own) -> Mapping[str, Cell]:
    by_metric: dict[str, list[Cell]] = defaultdict(list)
    for row in rows:
        for key, cell in row.items():
            by_metric[key].append(cell)
    return MappingProxyType({key: _join(key, cells, own) for key, cells in by_metric.items()})


def _join(key: str, cells: list[Cell], own: Own) -> Cell:
    sources = [source for cell in cells for source in cell.sources]
    if len(set(sources)) < len(sources):
        raise ValueError(f"{key}: a report counted twice")
    figures = [cell.value for cell in cells]
    value = max(figures) if metric(key, own).kind is Kind.PEAK else exact(sum(figures, Decimal()))
    return Cell(value, tuple(sorted(sources, key=number_of)), frozenset().union(*(cell.nodes for cell in cells)))
