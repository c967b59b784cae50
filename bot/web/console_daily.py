"""A frozen day: its text, its figures, what was corrected since, and its papers."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response

from bot.post_daily import people_for, write_picture, write_workbook
from bot.web.guard import Visit
from handlers.domain.daily_json import of_json
from handlers.domain.daily_layout import SECTIONS
from handlers.domain.daily_text import figure, text
from handlers.domain.daily_value import CorrectionRow, DailyReport
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import Node
from handlers.domain.metric import Metric, metric
from handlers.domain.policy import Action
from handlers.domain.report import Number
from handlers.domain.rollup import Cell
from handlers.freeze_day import with_corrections
from handlers.ports import Context
from store.work import SqlWork

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = "image/png"
_DRAWING = threading.Lock()  # one paper at a time: matplotlib keeps one state a process, and memory is short

Write = Callable[[Path, DailyReport, SqlWork, Context], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as printed, with the key of its cell; `sourced` says that there are messages behind it."""

    label: str
    value: str
    before: str
    key: str
    sourced: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One child of the node: its own coverage and figures."""

    node_id: int
    name: str
    counted: int
    expected: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One correction as printed: old beside new."""

    at: str
    place: str
    metric: str
    old: str
    new: str
    report_ids: tuple[str, ...]


def show(visit: Visit, day: date, node: Node) -> Response:
    """Show the report of *day* as frozen, and beside it what was corrected since; counts only."""
    with visit.parts.store.read() as work:
        kept = work.dailies.get(node.id, day)
        report = with_corrections(kept, node.id, work, visit.context) if kept else None
    tree, today = visit.context.tree, visit.context.day
    return visit.page(
        "daily",
        node=node,
        name=tree.path_name(node.id),
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        report=report,
        said=text(of_json(kept)) if kept else "",
        as_of=visit.local(report.as_of) if report else "",
        sections=_sections(report) if report else (),
        parts=_parts(visit, report) if report else (),
        changes=[_change(visit, row) for row in report.corrections] if report else [],
        export=visit.may(Action.EXPORT, node.id),
    )


def workbook(visit: Visit, day: date, node: Node) -> Response:
    """Send the five official tables, with the returnees where the viewer may export them and they are not too many."""
    with visit.parts.store.begin() as work:
        if work.dailies.get(node.id, day) is None:
            raise UnknownNode(f"daily {node.id}")
        try:
            people = people_for(visit.person, node.id, day, work, visit.context)
        except (Refused, UnknownNode):
            people = None

    def write(path: Path, report: DailyReport, work: SqlWork, context: Context) -> None:
        name = visit.person.name if people is not None else ""
        write_workbook(path, report, node.id, work, context, people=people, given_to=name)

    return _paper(visit, day, node, "xlsx", XLSX, write)


def picture(visit: Visit, day: date, node: Node) -> Response:
    """Send the picture that goes to the group."""
    return _paper(visit, day, node, "png", PNG, lambda path, report, _work, _context: write_picture(path, report))


def _paper(visit: Visit, day: date, node: Node, ending: str, kind: str, write: Write) -> Response:
    """Note the export first, then make the paper: nothing leaves that is not written down, and no lock is held."""
    with visit.parts.store.begin() as work:
        if work.dailies.get(node.id, day) is None:
            raise UnknownNode(f"daily {node.id}")
        visit.note(work, f"export {ending}", f"daily {node.id} {day}", "report")
    path = visit.parts.papers / f"console-{secrets.token_hex(8)}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _DRAWING, visit.parts.store.read() as work:
        report = with_corrections(work.dailies.get(node.id, day) or {}, node.id, work, visit.context)
        try:
            write(path, report, work, visit.context)
            body = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
    response = make_response(body)
    response.headers["Content-Type"] = kind
    name = f"{node.name}日报{day.month}月{day.day}日.{ending}"
    plain = f"daily-{node.id}-{day}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _sections(report: DailyReport) -> list[tuple[str, str, list[Row]]]:
    return [
        (number, SECTIONS[number], [_row(line.label, line.unit, line.key, line.cell, line.before) for line in lines])
        for number, lines in report.sections.items()
    ]


def _parts(visit: Visit, report: DailyReport) -> list[Part]:
    """Return the children; each came through the same gate as the node."""
    known = {line.key: (line.label, line.unit) for line in report.lines}
    own = visit.context.county.daily.own
    found = []
    for branch in report.branches:
        if not visit.may(Action.SEE_COUNTS, branch.node_id):
            continue
        coverage = branch.tally.coverage
        rows = tuple(
            _row(*_named(key, known, own), key, cell, None) for key, cell in sorted(branch.tally.values.items())
        )
        found.append(Part(branch.node_id, branch.name, coverage.counted, len(coverage.expected), rows))
    return found


def _named(key: str, known: dict[str, tuple[str, str]], own: Mapping[str, Metric]) -> tuple[str, str]:
    if key in known:
        return known[key]
    usual = metric(key, own)
    return usual.label, usual.unit


def _row(label: str, unit: str, key: str, cell: Cell | None, before: Number | None) -> Row:
    value = f"{figure(cell.value)}{unit}" if cell else figure(None)
    was = f"{figure(before)}{unit}" if before is not None else ""
    return Row(label, value, was, key, bool(cell and cell.sources))


def _change(visit: Visit, row: CorrectionRow) -> Change:
    at = visit.local(row.at)
    return Change(at, row.node_name, row.metric, figure(row.old), figure(row.new), row.report_ids)
