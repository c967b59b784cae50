"""A frozen daily report as JSON and back, to the last decimal: what was posted is what is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from handlers.domain.daily_branch import Branch
from handlers.domain.daily_value import CorrectionRow, DailyReport, Line
from handlers.domain.report import Number
from handlers.domain.rollup import Cell, Coverage, Mismatch, Tally


def to_json(report: DailyReport) -> dict[str, Any]:
    """Return *report* as plain JSON values."""
    return {
        "node_name": report.node_name,
        "day": report.day.isoformat(),
        "as_of": report.as_of.isoformat(),
        "issue": report.issue,
        "definition": report.definition,
        "unit": report.unit,
        "lines": [_line(line) for line in report.lines],
        "coverage": _coverage(report.coverage),
        "missing": list(report.missing),
        "on_behalf": report.on_behalf,
        "branches": [_branch(b) for b in report.branches],
        "blockers": [list(b) for b in report.blockers],
        "corrections": [_correction(row) for row in report.corrections],
        "difference": report.difference,
        "drill": report.drill,
    }


def of_json(kept: Mapping[str, Any]) -> DailyReport:
    """Return the report that was kept."""
    return DailyReport(
        node_name=kept["node_name"],
        day=date.fromisoformat(kept["day"]),
        as_of=datetime.fromisoformat(kept["as_of"]),
        issue=kept["issue"],
        definition=kept["definition"],
        unit=kept["unit"],
        lines=tuple(_to_line(row) for row in kept["lines"]),
        coverage=_to_coverage(kept["coverage"]),
        missing=tuple(kept["missing"]),
        on_behalf=kept["on_behalf"],
        branches=tuple(_to_branch(row) for row in kept["branches"]),
        blockers=tuple((reason, count) for reason, count in kept["blockers"]),
        corrections=tuple(_to_correction(row) for row in kept["corrections"]),
        difference=kept["difference"],
        drill=kept["drill"],
    )


def _number(value: Number | None) -> int | str | None:
    return value if value is None or isinstance(value, int) else str(value)


def _to_number(kept: int | str) -> Number:
    return kept if isinstance(kept, int) else Decimal(kept)


def _to_known(kept: int | str | None) -> Number | None:
    return None if kept is None else _to_number(kept)


def _cell(cell: Cell | None) -> list[Any] | None:
    return None if cell is None else [_number(cell.value), list(cell.sources), sorted(cell.nodes)]


def _to_cell(kept: list[Any]) -> Cell:
    return Cell(_to_number(kept[0]), tuple(kept[1]), frozenset(kept[2]))


def _line(line: Line) -> list[Any]:
    return [
        line.section, line.key, line.label, line.unit, line.required, _cell(line.cell), _number(line.before), line.of
    ]  # fmt: skip


def _to_line(kept: list[Any]) -> Line:
    section, key, label, unit, required, cell, before, of = kept
    return Line(section, key, label, unit, required, _to_cell(cell) if cell else None, _to_known(before), of)


def _coverage(coverage: Coverage) -> list[list[int]]:
    return [sorted(coverage.expected), sorted(coverage.reported)]


def _to_coverage(kept: list[list[int]]) -> Coverage:
    return Coverage(frozenset(kept[0]), frozenset(kept[1]))


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "node_id": branch.node_id,
        "name": branch.name,
        "values": {key: _cell(cell) for key, cell in branch.tally.values.items()},
        "coverage": _coverage(branch.tally.coverage),
        "mismatches": [
            [m.metric, _number(m.own), _number(m.children), list(m.sources), sorted(m.missing)]
            for m in branch.mismatches
        ],
        "on_behalf": branch.on_behalf,
    }


def _to_branch(kept: Mapping[str, Any]) -> Branch:
    values = MappingProxyType({key: _to_cell(cell) for key, cell in kept["values"].items()})
    mismatches = tuple(
        Mismatch(metric, _to_number(own), _to_number(children), tuple(sources), frozenset(missing))
        for metric, own, children, sources, missing in kept["mismatches"]
    )
    tally = Tally(values, _to_coverage(kept["coverage"]))
    return Branch(kept["node_id"], kept["name"], tally, mismatches, kept["on_behalf"])


def _correction(row: CorrectionRow) -> list[Any]:
    return [row.node_name, row.metric, _number(row.old), _number(row.new), row.at.isoformat(), list(row.report_ids)]


def _to_correction(kept: list[Any]) -> CorrectionRow:
    name, metric, old, new, at, report_ids = kept
    return CorrectionRow(name, metric, _to_known(old), _to_known(new), datetime.fromisoformat(at), tuple(report_ids))
