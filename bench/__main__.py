"""`make bench`: run the rows, write bench/results.json, print a table. `make bench ARGS="reader due"` picks rows.

It measures and does not judge: a target that was missed is shown (✗), and the exit code stays 0.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.measure import calibration_ms, machine
from bench.rows import ROWS, Row, answers

RESULTS = Path(__file__).with_name("results.json")
MARKS = {True: "[green]✓", False: "[red]✗", None: ""}


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen rows; 1 when one of them broke, which is not the same as a missed target."""
    options = _options(arguments)
    if options.million:
        answers.count = 1_000_000
    chosen = [row for row in ROWS if not options.rows or row.name in options.rows]
    console = Console(width=None if sys.stdout.isatty() else 140)
    facts, calibration = machine(), calibration_ms()
    figures: list[dict[str, Any]] = []
    broken: dict[str, str] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(chosen))
        for row in chosen:
            figures += _run(row, lambda said: progress.update(task, description=said), broken)
            progress.advance(task)
    console.print(_table(figures))
    for name, error in broken.items():
        console.print(f"[red]没测成 {name}:{error}", markup=True, highlight=False)
    results = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "calibration": {"loop_ms": round(calibration, 3), "loop": "200,000 rounds of plain Python, CPU time"},
        "rows": figures,
    }
    options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    console.print(f"写入 {options.out.name};校准 {calibration:.1f} ms(一段固定的纯 Python 循环)")
    return 1 if broken else 0


def _run(row: Row, say: Any, broken: dict[str, str]) -> list[dict[str, Any]]:
    say(row.words)
    calibration = calibration_ms()
    try:
        found = row.run(lambda said: say(f"{row.words} · {said}"))
    except Exception as error:  # the other rows are still worth having
        broken[row.name] = f"{type(error).__name__}: {error}".splitlines()[0]
        return []
    return [figure.row(calibration) for figure in found]


def _table(figures: list[dict[str, Any]]) -> Table:
    table = Table("项", "我们", "对照", "比", "目标", "", "单位", "校准 ms", title="格应:快慢与大小")
    for figure in figures:
        table.add_row(
            figure["words"], _number(figure["ours"]), _number(figure["peer"]), _number(figure["ratio"]),
            figure["target"] or "", MARKS[figure["met"]], figure["unit"], _number(figure["calibration_ms"]),
        )  # fmt: skip
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="快慢与大小,对照在旁")
    parser.add_argument("rows", nargs="*", metavar="row", help="只跑这几行:" + "、".join(row.name for row in ROWS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--million", action="store_true", help="只跑 answers,发满一百万条回答")
    options = parser.parse_args(arguments)
    if options.million:
        options.rows = ["answers"]
    if unknown := sorted(set(options.rows) - {row.name for row in ROWS}):
        parser.error(f"没有这一行:{'、'.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
