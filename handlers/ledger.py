"""Keeping a report: stored, what it replaces marked, and every counter above it moved by the difference."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from handlers.domain.counters import climb
from handlers.domain.counters import recount as counted_anew
from handlers.domain.report import Report, ReportStatus
from handlers.domain.rollup import fold, shifts
from handlers.ports import Context, Work


def keep(report: Report, work: Work, ctx: Context) -> tuple[Report, Report | None]:
    """Store *report* and return it with its id, beside the one that spoke for the same thing before (None: nobody).

    The counters of its node and of all nodes above move in the same transaction, by new minus old.
    """
    work.reports.lock(report.node_id, report.day)
    before = work.reports.of_day([report.node_id], report.day, [report.template])
    standing = fold(before)
    earlier = standing.get(report.key)
    if earlier is not None and report.supersedes is None:
        report = replace(report, supersedes=earlier.id)
    stored = work.reports.add(report)
    if earlier is not None:
        work.reports.set_status(earlier.id, ReportStatus.SUPERSEDED)
    _move(stored, list(before), work, ctx)
    return stored, earlier


def restate(report: Report, status: ReportStatus, work: Work, ctx: Context) -> None:
    """Change the status of a stored report (confirmed, withdrawn), the counters with it."""
    work.reports.lock(report.node_id, report.day)
    before = work.reports.of_day([report.node_id], report.day, [report.template])
    work.reports.set_status(report.id, status)
    _move(report, list(before), work, ctx)


def recount(day: date, work: Work, ctx: Context) -> int:
    """Make every counter of *day* anew from the reports that count; returns how many counters stand.

    After a start and after the tree was changed: a node that moved takes its figures along.
    """
    work.reports.lock_counters(day)
    nodes = ctx.tree.above_households(ctx.tree.root.id)
    by_template: dict[str, dict[int, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in work.reports.of_day(nodes, day):
        by_template[report.template][report.node_id].append(report)
    made = 0
    for template, said in by_template.items():
        counters = counted_anew(
            (_path(node, ctx), shifts((), fold(reports).values())) for node, reports in said.items()
        )
        work.reports.replace_counters(day, template, counters)
        made += len(counters)
    return made


def _move(report: Report, before: list[Report], work: Work, ctx: Context) -> None:
    if report.drill:
        return
    after = work.reports.of_day([report.node_id], report.day, [report.template])
    moved = shifts(fold(before).values(), fold(after).values())
    if not moved:
        return
    work.reports.lock_counters(report.day)
    path = _path(report.node_id, ctx)
    found = work.reports.counters(path, report.day, report.template, moved)
    work.reports.put_counters(report.day, report.template, climb(path, moved, found))


def _path(node_id: int, ctx: Context) -> tuple[int, ...]:
    return (node_id, *ctx.tree.ancestors(node_id))
