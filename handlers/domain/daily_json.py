"""The frozen daily report as JSON and back, so that what was posted can be shown, and corrected, for ever."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from handlers.domain.daily_branch import Branch
from handlers.domain.daily_value import CorrectionRow, DailyReport, Line
from handlers.domain.report import Number
from handlers.domain.rollup import Cell, Coverage, Mismatch, Tally


def to_json(report: DailyReport) -> dict[str, Any]:
    """Return *report* as plain dicts, lists, strings and ints; decimals as strings, so that none is rounded."""
    return {
        "node_name": report.node_name,
        "day": report.day.isoformat(),
        "as_of": report.as_of.isoformat(),
        "issue": report.issue,
        "definition": report.definition,
        "unit": report.unit,
        "lines": [_line_out(line) for line in report.lines],
        "coverage": _coverage_out(report.coverage),
        "missing": list(report.missing),
        "on_behalf": report.on_behalf,
        "branches": [_branch_out(b) for b in report.branches],
        "blockers": [list(b) for b in report.blockers],
        "corrections": [_correction_out(c) for c in report.corrections],
        "difference": report.difference,
        "drill": report.drill,
    }


def from_json(data: Mapping[str, Any]) -> DailyReport:
    """Return the report that `to_json` wrote. Raises KeyError or ValueError for anything else."""
    return DailyReport(
        node_name=data["node_name"],
        day=date.fromisoformat(data["day"]),
        as_of=datetime.fromisoformat(data["as_of"]),
        issue=data["issue"],
        definition=data["definition"],
        unit=data["unit"],
        lines=tuple(_line_in(line) for line in data["lines"]),
        coverage=_coverage_in(data["coverage"]),
        missing=tuple(data["missing"]),
        on_behalf=data["on_behalf"],
        branches=tuple(_branch_in(b) for b in data["branches"]),
        blockers=tuple((why, count) for why, count in data["blockers"]),
        corrections=tuple(_correction_in(c) for c in data["corrections"]),
        difference=data["difference"],
        drill=data["drill"],
    )


def _number_out(value: Number | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _number_in(value: int | str | None) -> Number | None:
    return Decimal(value) if isinstance(value, str) else value


def _figure_in(value: int | str) -> Number:
    return Decimal(value) if isinstance(value, str) else value


def _cell_out(cell: Cell | None) -> list[Any] | None:
    return None if cell is None else [_number_out(cell.value), list(cell.sources), sorted(cell.nodes)]


def _cell_in(data: list[Any]) -> Cell:
    value, sources, nodes = data
    return Cell(_figure_in(value), tuple(sources), frozenset(nodes))


def _line_out(line: Line) -> dict[str, Any]:
    return {
        "section": line.section,
        "key": line.key,
        "label": line.label,
        "unit": line.unit,
        "required": line.required,
        "cell": _cell_out(line.cell),
        "before": _number_out(line.before),
        "of": line.of,
    }


def _line_in(data: Mapping[str, Any]) -> Line:
    return Line(
        section=data["section"],
        key=data["key"],
        label=data["label"],
        unit=data["unit"],
        required=data["required"],
        cell=None if data["cell"] is None else _cell_in(data["cell"]),
        before=_number_in(data["before"]),
        of=data["of"],
    )


def _coverage_out(coverage: Coverage) -> dict[str, list[int]]:
    return {"expected": sorted(coverage.expected), "reported": sorted(coverage.reported)}


def _coverage_in(data: Mapping[str, Iterable[int]]) -> Coverage:
    return Coverage(frozenset(data["expected"]), frozenset(data["reported"]))


def _branch_out(branch: Branch) -> dict[str, Any]:
    return {
        "node_id": branch.node_id,
        "name": branch.name,
        "cells": {key: _cell_out(cell) for key, cell in branch.tally.values.items()},
        "coverage": _coverage_out(branch.tally.coverage),
        "mismatches": [
            [m.metric, _number_out(m.own), _number_out(m.children), list(m.sources), sorted(m.missing)]
            for m in branch.mismatches
        ],
        "on_behalf": branch.on_behalf,
    }


def _branch_in(data: Mapping[str, Any]) -> Branch:
    cells = MappingProxyType({key: _cell_in(cell) for key, cell in data["cells"].items()})
    mismatches = tuple(
        Mismatch(metric, _figure_in(own), _figure_in(children), tuple(sources), frozenset(missing))
        for metric, own, children, sources, missing in data["mismatches"]
    )
    tally = Tally(cells, _coverage_in(data["coverage"]))
    return Branch(data["node_id"], data["name"], tally, mismatches, data["on_behalf"])


def _correction_out(row: CorrectionRow) -> dict[str, Any]:
    return {
        "node_name": row.node_name,
        "metric": row.metric,
        "old": _number_out(row.old),
        "new": _number_out(row.new),
        "at": row.at.isoformat(),
        "report_id": row.report_id,
    }


def _correction_in(data: Mapping[str, Any]) -> CorrectionRow:
    old, new = _number_in(data["old"]), _number_in(data["new"])
    at = datetime.fromisoformat(data["at"])
    return CorrectionRow(data["node_name"], data["metric"], old, new, at, data["report_id"])
