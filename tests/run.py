"""`make test`: everything, in four turns, one summary. The fast tests, the long conversations and those that start real
processes and kill them run two at a time; those that measure time or open a browser run alone.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TURNS = (
    ("快测", ["-n", "2", "-m", "not slow and not long"]),
    ("长对话", ["-n", "2", "-m", "long and not slow"]),
    ("真进程、故障", ["-n", "2", "-m", "slow and not alone"]),
    ("计时、浏览器", ["-m", "slow and alone"]),
)
COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def main() -> int:
    """Run every turn and print `N passed, N failed, N skipped`; 0 only when nothing failed."""
    os.environ.setdefault("REQUIRE_SERVICES", "1")
    totals = dict.fromkeys(("passed", "failed", "skipped", "error"), 0)
    worst = 0
    for name, options in TURNS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        code, counts = _turn(options)
        print(f"== {name}:{counts},{time.monotonic() - began:.0f} s", flush=True)
        worst = max(worst, code)
        for outcome, number in counts.items():
            totals[outcome] += number
    failed = totals["failed"] + totals["error"]
    print(f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped", flush=True)
    return worst


def _turn(options: list[str]) -> tuple[int, dict[str, int]]:
    command = [sys.executable, "-m", "pytest", *options, "tests"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line if COUNT.search(line) else last
    return process.wait(), {
        outcome + ("s" if outcome == "errors" else ""): int(n) for n, outcome in COUNT.findall(last)
    }


if __name__ == "__main__":
    sys.exit(main())
