"""From a figure to its messages: who said it by role, where, when, what was read; the text while it is kept."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from bot.post_daily import source_line
from bot.web.guard import Visit, number
from handlers.domain.daily_json import of_json
from handlers.domain.daily_text import figure
from handlers.domain.daily_value import DailyReport
from handlers.domain.errors import UnknownNode
from handlers.domain.hierarchy import Node
from handlers.domain.metric import base
from handlers.domain.policy import Action
from handlers.domain.report import exact, number_of
from handlers.ports import Source
from nlp.metrics import label_of, unit_of
from store.work import SqlWork

_A_PAGE = 25
_TEXT_LONGEST = 2000
_REPORT = re.compile(r"R-[0-9]{1,9}")

DESTROYED, HIDDEN, NONE = "destroyed", "hidden", "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One report behind a figure. `why` says why there is no text: destroyed, hidden (not yours), none (no message)."""

    report_id: str
    message_id: str
    place: str
    role: str
    at: str
    values: tuple[tuple[str, str], ...]
    on_behalf: bool
    text: str | None
    why: str


def show(visit: Visit, day: date, node: Node) -> Response:
    """Show the reports behind one cell (`key`, and `branch` for a child's) or one correction (`report`).

    Texts are personal: they are shown to those who may see people, and the reading is noted with the reading.
    """
    with visit.parts.store.begin() as work:
        kept = work.dailies.get(node.id, day)
        if kept is None:
            raise UnknownNode(f"daily {node.id}")
        what, ids = _asked(visit, node, of_json(kept), work)
        page = number(request.args.get("page", "1"))
        chosen = ids[(page - 1) * _A_PAGE : page * _A_PAGE] if page else ()
        lines = _lines(visit, node, day, chosen, work)
        visit.note(work, "read sources", f"daily {node.id} {day} {what} page {page}", "trace")
    return visit.page(
        "sources", node=node, day=day, lines=lines,
        title=what if "report" in request.args else label_of(base(what)), total=len(ids), page=page,
        pages=-(-len(ids) // _A_PAGE), address=_address,
    )  # fmt: skip


def _asked(visit: Visit, node: Node, report: DailyReport, work: SqlWork) -> tuple[str, tuple[str, ...]]:
    """Return what the page is about and the ids of the reports behind it; UnknownNode when there are none."""
    wanted = request.args.get("report")
    if wanted is not None:
        if not _REPORT.fullmatch(wanted):
            raise UnknownNode("report")
        return wanted, (wanted,)
    key = request.args.get("key", "")
    cells = {line.key: line.cell for line in report.lines}
    if "branch" in request.args:
        child = visit.node(number(request.args["branch"]))
        cells = dict(next((b.tally.values for b in report.branches if b.node_id == child.id), {}))
    cell = cells.get(key)
    if cell is None or not cell.sources:
        raise UnknownNode("cell")
    return key, tuple(sorted(cell.sources, key=number_of))


def _lines(visit: Visit, node: Node, day: date, ids: tuple[str, ...], work: SqlWork) -> list[Line]:
    found = work.reports.sources(ids)
    inside = {
        key: source
        for key, source in found.items()
        if source.report.day == day and visit.context.tree.contains(node.id, source.report.node_id)
    }
    if not inside:
        raise UnknownNode("report")
    lines = []
    for key in (key for key in ids if key in inside):
        for source in (inside[key], *inside[key].earlier):
            lines.append(_line(visit, source, source_line(source, visit.context).text))
    return lines


def _line(visit: Visit, source: Source, text: str | None) -> Line:
    report = source.report
    why = ""
    if not visit.may(Action.SEE_PEOPLE, report.node_id):
        text, why = None, HIDDEN
    elif text is None:
        why = DESTROYED if report.message_id else NONE
    kind = visit.context.county.roles.get(report.reporter_role)
    return Line(
        report_id=report.id,
        message_id=report.message_id,
        place=visit.context.tree.path_name(report.node_id),
        role=kind.title if kind else report.reporter_role,
        at=visit.local(report.received_at),
        values=tuple((label_of(k), _figure(k, v)) for k, v in sorted(report.values.items())),
        on_behalf=report.on_behalf,
        text=text[:_TEXT_LONGEST] if text is not None else None,
        why=why,
    )


def _figure(key: str, value: float | None) -> str:
    return figure(None) if value is None else f"{figure(exact(value))}{unit_of(key)}"


def _address(page: int) -> str:
    """Return the query of another page of the same cell."""
    kept = {name: request.args[name] for name in ("node", "key", "branch", "report") if name in request.args}
    return urlencode({**kept, "page": page})
