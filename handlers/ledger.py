"""Keeping a report: stored, what it replaces marked, and every counter above it moved by the difference."""

from dataclasses import replace

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


def _move(report: Report, before: list[Report], work: Work, ctx: Context) -> None:
    if report.drill:
        return
    after = work.reports.of_day([report.node_id], report.day, [report.template])
    moved = shifts(fold(before).values(), fold(after).values())
    nodes = (report.node_id, *ctx.tree.ancestors(report.node_id))
    work.reports.shift(nodes, report.day, report.template, moved)
