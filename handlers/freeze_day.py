"""Tick: at the freeze hour every township, and the county, gets its daily report, once and for good.

What was received before the hour is read first, however late: the freeze waits for those rows, a few minutes at most.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.domain.daily_json import of_json, to_json
from handlers.domain.daily_report import Branch, DailyReport, branch, compose, corrections, text
from handlers.domain.freeze import SETTLES_AFTER, frozen_at, is_frozen_for, waits_again, waits_on
from handlers.domain.report import DAILY, Report, ReportStatus
from handlers.domain.rollup import fold
from handlers.domain.rules import mode_at
from handlers.ports import Context, Work

LATEST_AFTER = timedelta(hours=6)  # a box that was down at 16:00 still makes the report the same evening
WAITING = "freeze"  # whose heartbeat says when the wait for what is unread began


def run(work: Work, ctx: Context) -> int:
    """Freeze today for every reporting node that is to have a report and has none; returns how many were made."""
    nodes = due(work, ctx)
    if not nodes or _reads_first(work, ctx):
        return 0
    return sum(freeze(node, ctx.day, work, ctx) for node in nodes)


def due(work: Work, ctx: Context) -> list[int]:
    """Return the nodes whose report of today is to be made now."""
    local = ctx.local(ctx.now)
    if not is_frozen_for(ctx.day, local, ctx.county.freeze_at):
        return []
    if not SETTLES_AFTER <= local - frozen_at(ctx.day, ctx.county.freeze_at, local) <= LATEST_AFTER:
        return []
    made = work.dailies.made(ctx.day)
    return [node for node in reporting_nodes(ctx) if node not in made and _wanted(node, work, ctx)]


def _reads_first(work: Work, ctx: Context) -> bool:
    """Return whether to wait: messages of before the hour lie unread, and there is time to read them."""
    hour = _hour(ctx.day, ctx)
    unread = work.inbox.unread(hour)
    begun = work.heartbeats.last(WAITING)
    if not unread or ctx.now - hour > LATEST_AFTER / 2:
        return False
    if waits_again(hour, begun, ctx.now):
        work.heartbeats.beat(WAITING, ctx.now)
        return True
    if begun is not None and waits_on(begun, ctx.now):
        return True
    work.alarms.sound("unread_at_freeze", f"{ctx.day}: {unread}", ctx.now)
    return False


def _hour(day: date, ctx: Context) -> datetime:
    return frozen_at(day, ctx.county.freeze_at, ctx.local(ctx.now)).astimezone(ctx.now.tzinfo)


def reporting_nodes(ctx: Context) -> tuple[int, ...]:
    """Return the nodes that have a daily report of their own: every township, then the county."""
    root = ctx.tree.root.id
    return (*ctx.tree.descendants(root, "township"), root) if ctx.county.level("township") else (root,)


def freeze(node: int, day: date, work: Work, ctx: Context) -> bool:
    """Make and keep the report of *node*; False when it is there already."""
    if work.dailies.get(node, day) is not None:
        return False
    report = composed(node, day, work, ctx)
    work.dailies.put(node, day, report.as_of, to_json(report), text(report), ctx.now)
    return True


def composed(node: int, day: date, work: Work, ctx: Context) -> DailyReport:
    """Return the daily report of *node* as it stands now; nothing is stored."""
    as_of = min(ctx.now, _hour(day, ctx))
    before = work.dailies.get(node, day - timedelta(days=1))
    found = branches(node, day, work, ctx, until=as_of)
    expected = {n for b in found for n in b.tally.coverage.expected}
    return compose(
        node_name=ctx.tree.node(node).name,
        day=day,
        as_of=as_of,
        issue=work.dailies.next_issue(node),
        branches=found,
        names={n: ctx.tree.path_name(n) for n in expected},
        unit=_title(ctx),
        template=ctx.county.daily,
        blockers=_blockers(node, day, work, ctx),
        yesterday=of_json(before) if before else None,
    )


def branches(node: int, day: date, work: Work, ctx: Context, *, until: datetime | None = None) -> tuple[Branch, ...]:
    """Return the children of *node* with everything reported for *day* below them (up to *until*)."""
    tops = [n for n in ctx.tree.children(node) if ctx.tree.count(n, ctx.county.report_level)] or [node]
    made, own = [], ctx.county.daily.own
    for top in tops:
        below = ctx.tree.above_households(top)
        reports = _as_of(until, work.reports.of_day(below, day))
        children: dict[int, list[int]] = {n: [] for n in below}
        for n in below[1:]:
            children[ctx.tree.ancestors(n)[0]].append(n)
        expected = ctx.tree.within(top, ctx.county.report_level)
        made.append(branch(top, ctx.tree.path_name(top), fold(reports).values(), expected, children, own))
    return tuple(made)


def _as_of(until: datetime | None, reports: Iterable[Report]) -> list[Report]:
    """Return *reports* as they stood then: what a later word replaced still speaks."""
    every = list(reports)
    if until is None:
        return every
    replaced_later = {r.supersedes for r in every if r.received_at > until}
    return [
        replace(r, status=ReportStatus.READ) if r.id in replaced_later and r.status is ReportStatus.SUPERSEDED else r
        for r in every
        if r.received_at <= until
    ]


def with_corrections(kept: Mapping[str, object], node: int, work: Work, ctx: Context) -> DailyReport:
    """Return a frozen report with what changed since then as correction rows; the frozen cells stay."""
    frozen = of_json(kept)
    now = branches(node, frozen.day, work, ctx)
    ids = {s for b in now for cell in b.tally.values.values() for s in cell.sources}
    moments = {key: source.report.received_at for key, source in work.reports.sources(ids).items()}

    return replace(frozen, corrections=corrections(frozen, now, moments, ctx.now, ctx.county.daily))


def _wanted(node: int, work: Work, ctx: Context) -> bool:
    """In declared war always; in peace only where somebody reported: no paper without a reason."""
    if mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now):
        return True
    return bool(work.reports.tally(node, ctx.day, DAILY))


def _title(ctx: Context) -> str:
    level = ctx.county.level(ctx.county.report_level)
    return level.title if level else "网格"


def _blockers(node: int, day: date, work: Work, ctx: Context) -> list[tuple[str, int]]:
    since = datetime.combine(day, datetime.min.time(), tzinfo=ctx.county.tz)
    said = work.receipts.blocked_since(since)
    here = Counter(r.blocker or "没说原因" for r in said if ctx.tree.contains(node, r.node_id))
    return here.most_common()
