"""`python -m simulate`, which is `geying simulate`: days of a county in minutes; the last line on stdout is JSON."""

import argparse
import json
import logging
import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from simulate.days import Plan
from simulate.run import simulate

ISOLATED = {"yongtai": 400, "jiangsu": 400, "town": 40}


def main() -> int:
    """Simulate; returns 1 when anything was lost or doubled."""
    options = _options()
    logging.disable(logging.WARNING)  # a refused message is what this is about
    plan = Plan(
        options.profile, options.days, options.seed, options.faults, options.isolated or ISOLATED[options.profile]
    )
    console = Console(stderr=True)
    console.print(
        f"{plan.isolated} 户居家隔离,每个乡镇 {plan.every} 天一次、全部网格报日报,每天 {plan.orders} 个乡镇发通知"
        + (";江苏是样本:13 个市、104 个县各一个乡镇" if plan.profile == "jiangsu" else "")
    )
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{plan.profile} {plan.days} 天", total=1.0)
        found = simulate(plan, lambda share: progress.update(task, completed=share))
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["lost"] or found["doubled"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="geying simulate", description="在虚拟时钟上过完若干天")
    parser.add_argument("--profile", choices=sorted(ISOLATED), default="yongtai")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="丢拍、重拍、晚三小时、死机、恢复备份、接口出错")
    parser.add_argument("--isolated", type=int, default=None, help="居家隔离的户数")
    options = parser.parse_args()
    if not 1 <= options.days <= 60 or (options.isolated is not None and not 1 <= options.isolated <= 20_000):
        parser.error("--days 1 到 60,--isolated 1 到 20000")
    return options


if __name__ == "__main__":
    sys.exit(main())
