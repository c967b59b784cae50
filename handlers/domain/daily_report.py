"""The daily report (日报): composed at the freeze from the branches; what arrives later becomes correction rows.

`text` and the values are made beside this file; this is the door to all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from handlers.domain.daily_branch import Branch, branch
from handlers.domain.daily_layout import SECTIONS, STANDARD, Row, Sum, Template, read_template, section_of
from handlers.domain.daily_text import difference_line, reasons, text
from handlers.domain.daily_value import CorrectionRow, DailyReport, Line
from handlers.domain.metric import CUMULATIVE, NEW, metric
from handlers.domain.report import Number, number_of
from handlers.domain.rollup import Cell, add

__all__ = [
    "Branch",
    "CorrectionRow",
    "DailyReport",
    "Line",
    "Row",
    "Sum",
    "Template",
    "branch",
    "compose",
    "corrections",
    "difference_line",
    "read_template",
    "text",
]


def compose(
    *,
    node_name: str,
    day: date,
    as_of: datetime,
    issue: int,
    branches: Sequence[Branch],
    names: Mapping[int, str],
    unit: str = "村",
    template: Template = STANDARD,
    counted: Mapping[str, Cell] | None = None,
    blockers: Sequence[tuple[str, int]] = (),
    yesterday: DailyReport | None = None,
    drill: bool = False,
) -> DailyReport:
    """Return the daily report of a node from its *branches*.

    *names* name the nodes of the coverage; *counted* are figures of other ledgers (四个一, 事件, 需求) by metric key,
    *blockers* (reason as typed, how many) of 做不了.
    Raises ValueError for a moment without a zone, and when one report stands in two branches.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of without a zone")
    total = add((b.tally for b in branches), template.own)
    cells = {**total.values, **(counted or {})}
    before = {line.key: line.cell.value for line in yesterday.lines if line.cell} if yesterday else {}
    report = DailyReport(
        node_name=node_name,
        day=day,
        as_of=as_of,
        issue=issue,
        definition=template.definition,
        unit=unit,
        lines=_lines(cells, before, template),
        coverage=total.coverage,
        missing=tuple(local(names.get(n, f"#{n}"), node_name) for n in sorted(total.coverage.missing)),
        on_behalf=sum(b.on_behalf for b in branches),
        branches=tuple(replace(b, name=local(b.name, node_name)) for b in branches),
        blockers=reasons(blockers),
        drill=drill,
    )
    return replace(report, difference=difference_line(report, yesterday))


def corrections(
    frozen: DailyReport,
    now: Sequence[Branch],
    moments: Mapping[str, datetime],
    noticed_at: datetime,
    template: Template = STANDARD,
) -> tuple[CorrectionRow, ...]:
    """Return what has changed since the freeze, branch by branch, in the order it arrived.

    *now* are the branches as they would be composed now; *moments* when each report arrived, by id. A figure taken
    back without another in its place is dated *noticed_at* and leads to the report it had come from.
    """
    then = {b.node_id: b.tally.values for b in frozen.branches}
    labels = {line.key: line.label for line in frozen.lines}
    rows = []
    for b in now:
        frozen_cells = then.get(b.node_id, {})
        for key in sorted(frozen_cells.keys() | b.tally.values.keys()):
            old, new = frozen_cells.get(key), b.tally.values.get(key)
            was, now_is = old.value if old else None, new.value if new else None
            if was == now_is:
                continue
            sources = _fresh(old, new)
            at = max((moments[s] for s in sources if s in moments), default=noticed_at) if new else noticed_at
            label = labels.get(key) or metric(key, template.own).label
            name = local(b.name, frozen.node_name)
            rows.append(CorrectionRow(name, label, was, now_is, at, tuple(sorted(sources, key=number_of))))
    return tuple(sorted(rows, key=lambda row: (row.at, number_of(row.report_ids[-1]), row.node_name, row.metric)))


def local(name: str, node_name: str) -> str:
    """Return a place's name as it is said inside *node_name*, whose report need not repeat its own.

    >>> local("清凉镇旗山村", "清凉镇"), local("清凉镇", "清凉镇")
    ('旗山村', '清凉镇')
    """
    return name.removeprefix(node_name) or name


def _fresh(old: Cell | None, new: Cell | None) -> tuple[str, ...]:
    """Return the reports that brought the change: those only the new figure has, else all it has, else the old's."""
    if new is None:
        return old.sources if old else ()
    return tuple(s for s in new.sources if not old or s not in old.sources) or new.sources


def _lines(cells: Mapping[str, Cell], before: Mapping[str, Number], template: Template) -> tuple[Line, ...]:
    lines: list[Line] = []
    rows = template.all_rows()
    known = {row.key for row in rows}
    loose = sorted({_stem(key) for key in cells} - known)
    for row in [*rows, *(Row(section_of(key), key) for key in loose)]:
        lines += _row_lines(row, cells, before, template)
    lines += [_sum_line(s, cells, before) for s in template.sums]
    order = list(SECTIONS)
    return tuple(sorted(lines, key=lambda line: order.index(line.section)))


def _stem(key: str) -> str:
    return key.removesuffix(NEW).removesuffix(CUMULATIVE)


def _row_lines(row: Row, cells: Mapping[str, Cell], before: Mapping[str, Number], template: Template) -> list[Line]:
    label, unit = template.label(row)
    lines = []
    if row.required or row.key in cells:
        lines.append(Line(row.section, row.key, label, unit, row.required, cells.get(row.key), before.get(row.key)))
    for ending, word in ((NEW, "今日新增"), (CUMULATIVE, "累计")):
        key = row.key + ending
        if key in cells:
            lines.append(Line(row.section, key, word + label, unit, False, cells[key], before.get(key), of=row.key))
    return lines


def _sum_line(total: Sum, cells: Mapping[str, Cell], before: Mapping[str, Number]) -> Line:
    parts = [cells[key] for key in total.parts if key in cells]
    cell = None
    if parts and len(parts) == len(total.parts):
        sources = {s for part in parts for s in part.sources}
        nodes = frozenset.intersection(*(part.nodes for part in parts))
        cell = Cell(sum(part.value for part in parts), tuple(sorted(sources, key=number_of)), nodes)
    return Line(total.section, total.key, total.label, total.unit, True, cell, before.get(total.key))
