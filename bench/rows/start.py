"""From the command to a demo that answers, and what `geying up` weighs: just started, and after a report came up, was
rolled up and a directive was planned.
"""

import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure, Target
from bench.measure import ROOT, folder, pss_mb
from demo.far import Far
from demo.stage import Stage, free_port

STARTS = 3
BUDGET_MB = {"yongtai": 250.0, "town": 150.0}
WORDS = {"yongtai": "永泰全县(105,000 户)", "town": "一个镇"}
READY_WITHIN_S = 5.0


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return seconds until the demo answers, and megabytes of our process (PSS) with a county and with a town."""
    figures = []
    for county in ("yongtai", "town"):
        tell(f"{WORDS[county]}:备样例库")
        with folder() as where:
            Stage(where / "demo", county, 0, 0).base()  # what `make demo` lays down once, when it installs
            tell(f"{WORDS[county]}:启动 {STARTS} 次")
            ready, idle, busy = zip(*(_once(where, county) for _ in range(STARTS)), strict=True)
        if county == "yongtai":
            figures.append(
                Figure(
                    "demo_ready", "装好以后,演示几秒就绪", "秒", statistics.median(ready), STARTS,
                    target=Target("≤", READY_WITHIN_S), note="从命令到两个进程都答应",
                )
            )  # fmt: skip
        for when, weights in (("start", idle), ("work", busy)):
            words = "刚启动" if when == "start" else "报过、汇总过、拟过指令"
            figures.append(
                Figure(
                    f"up_{county}_{when}", f"geying up,{WORDS[county]},{words}", "MB", statistics.median(weights),
                    STARTS, target=Target("≤", BUDGET_MB[county]), note="PSS,主进程和工作进程之和",
                )
            )  # fmt: skip
    return figures


def _once(where: Path, county: str) -> tuple[float, float, float]:
    stage = Stage(where / "demo", county, free_port(), 0)
    stage.far_port = stage.port + 10
    with _demo(stage) as (process, ready):
        ours = _up(process.pid)
        time.sleep(1.0)  # the first ticks
        idle = pss_mb(ours)
        _work(stage)
        return ready, idle, pss_mb(ours)


@contextmanager
def _demo(stage: Stage) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    command = [sys.executable, "-m", "demo", "--county", stage.county, "--port", str(stage.port)]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--folder", str(stage.folder)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _answers(process, f"{stage.url}/readyz")
        yield process, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the demo ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError(url)


def _up(demo: int) -> int:
    """Return the process of ours among the demo's children."""
    for task in Path(f"/proc/{demo}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            said = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"bot.server" in said:
                return child
    raise RuntimeError("no geying up among the demo's processes")


def _work(stage: Stage) -> None:
    """Have a report read back and rolled up by the highest leader, and a directive to every grid planned."""
    parts, far = stage.parts(), Far(stage.far_url)
    tree = parts.counties.context().tree
    with parts.store.read() as work:
        holders = work.people.holders(parts.counties.context().day)
    parts.database.close()
    worker = next(holder for holder in holders if holder.role == "gridworker")
    leaders = [h for h in holders if h.role.endswith("_lead") and tree.contains(h.node_id, worker.node_id)]
    leader = min(leaders, key=lambda holder: len(list(tree.ancestors(holder.node_id))))
    far.text(worker.userid, "今天敲门46 空户5 新增返乡2人 隔离5户 发热0")
    far.heard(worker.userid, "①")
    far.text(leader.userid, "汇总")
    far.heard(leader.userid, "已报")
    far.text(leader.userid, "给所有网格发 今天下午5点前把外来人员再摸一遍 摸完报数")
    far.heard(leader.userid, "将发")
