"""A county's day of reports: what keeping one costs, what asking for the sum costs, what a start has to build anew."""

import shutil
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bench.figure import Figure, Target
from bench.measure import folder, percentile, wall_ms
from demo.stage import Stage
from handlers import ledger
from handlers.domain.report import DAILY, Report, ReportStatus
from handlers.ports import Context
from handlers.roll_up import standing

QUERIES, REBUILDS = 300, 5
A_TRANSACTION = 100  # reports; what arrives together is handled together
SAID = {
    "households_checked": 46, "persons_checked": 121, "empty_households": 5, "returnees_new": 2,
    "isolated_households": 5, "fever": 0,
}  # fmt: skip


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return what keeping, asking and rebuilding take with the county's tree, one report from every grid."""
    with folder() as where:
        stage = Stage(where / "demo", "yongtai", 0, 0)
        tell("备样例库")
        stage.folder.mkdir()
        shutil.copyfile(stage.base(), stage.folder / "geying.db")
        parts = stage.parts()
        context = parts.counties.context()
        grids = context.tree.within(context.tree.root.id, context.county.report_level)
        with parts.store.read() as work:
            who = {holder.node_id: holder.person_id for holder in work.people.holders(context.day)}
        tell(f"{len(grids)} 个网格各报一次")
        alone = [_keep(parts.store, context, grids[n : n + 1], who) for n in range(50)]
        together = [
            _keep(parts.store, context, grids[n : n + A_TRANSACTION], who) for n in range(50, len(grids), A_TRANSACTION)
        ]
        tell(f"问 {QUERIES} 次")
        root = context.tree.root.id
        with parts.store.read() as work:
            tally = work.reports.tally(root, context.day, DAILY)
            if tally["households_checked"].value != 46 * len(grids):
                raise RuntimeError(f"the sum is wrong: {tally['households_checked']}")
            counters = [wall_ms(lambda: work.reports.tally(root, context.day, DAILY)) for _ in range(QUERIES)]
            whole = [wall_ms(lambda: standing(root, work, context)) for _ in range(QUERIES)]
        tell("重建")
        trees = [wall_ms(lambda: _load(parts.store, context)) for _ in range(REBUILDS)]
        anew = [wall_ms(lambda: _recount(parts.store, context)) for _ in range(REBUILDS)]
        with parts.database.read() as connection:
            nodes = connection.exec_driver_sql("SELECT count(*) FROM node").scalar()
        parts.database.close()
    return [
        Figure(
            "board_counters", "全县汇总数:查计数器,最慢的百分之五", "ms", percentile(counters, 0.95), QUERIES,
            target=Target("≤", 1.0),
        ),
        Figure(
            "board_whole", "「汇总」整条答话(数、覆盖、缺谁),最慢的百分之五", "ms", percentile(whole, 0.95), QUERIES,
            target=Target("≤", 10.0), note=f"全县 {len(grids)} 个网格",
        ),
        Figure(
            "report_keep", "存一份报告并动各级计数器,一笔一份", "µs", statistics.median(alone) * 1e6, len(alone),
            note="处理器时间,含提交",
        ),
        Figure(
            "report_keep_many", f"同上,一笔 {A_TRANSACTION} 份", "µs/份", statistics.median(together) * 1e6,
            len(together),
        ),
        Figure(
            "tree_rebuild", "从库里建全县的树", "ms", statistics.median(trees), REBUILDS, target=Target("≤", 1500.0),
            note=f"{nodes} 个节点",
        ),
        Figure("counters_recount", "全县计数器重数一遍", "ms", statistics.median(anew), REBUILDS),
    ]  # fmt: skip


def _keep(store: Any, context: Context, grids: Any, who: Mapping[int, int]) -> float:
    """Return the CPU seconds a report takes when those of *grids* are kept in one transaction."""
    began = time.process_time()
    with store.begin() as work:
        for grid in grids:
            ledger.keep(_report(grid, who[grid], context), work, context)
    return (time.process_time() - began) / len(grids)


def _report(grid: int, reporter: int, context: Context) -> Report:
    return Report(
        id="R-0", node_id=grid, day=context.day, template=DAILY, values=SAID, flags=frozenset(),
        status=ReportStatus.CONFIRMED, reporter_id=reporter, reporter_role="gridworker", message_id="",
        received_at=context.now - timedelta(minutes=1),
    )  # fmt: skip


def _load(store: Any, context: Context) -> None:
    with store.read() as work:
        work.tree.load(context.county.levels, context.day)


def _recount(store: Any, context: Context) -> None:
    with store.begin() as work:
        ledger.recount(context.day, work, context)
