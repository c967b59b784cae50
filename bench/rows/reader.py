"""Messages read, over every line of the practice files: a second of one core, the slowest of a hundred, the first of
a process, its memory. Beside it jieba cutting the same lines into words and understanding none of them.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import jieba
import yaml

from bench.figure import Figure, Target
from bench.measure import ROOT, by_turns, median_ratio, percentile
from nlp.understand import understand

ROUNDS, FRESH_STARTS = 7, 5
CORPUS = ROOT / "tests/nlp/corpus"
ZONE = timezone(timedelta(hours=8))
# what a fresh process does: read one message and say so, then all of them, then tell its memory
FRESH = """
import sys
from datetime import datetime, timezone
from nlp.understand import understand
at = datetime(2026, 2, 8, 10, tzinfo=timezone.utc)
assert understand("今天敲门46 空户5 新增返乡2人", at).drafts
print("read", flush=True)
import json
for text in json.load(sys.stdin):
    understand(text, at)
size = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(size, "jieba" in sys.modules, flush=True)
"""

Message = tuple[str, datetime, dict[str, Any]]


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return rate, p99, first message and memory."""
    messages = list(corpus())
    jieba.setLogLevel(60)
    jieba.initialize()
    taken: list[list[float]] = []

    def ours() -> float:
        each = []
        began = time.process_time()
        for text, at, who in messages:
            start = time.perf_counter()
            understand(text, at, **who)
            each.append((time.perf_counter() - start) * 1e3)
        taken.append(each)
        return len(messages) / (time.process_time() - began)

    def theirs() -> float:
        began = time.process_time()
        for text, _, _ in messages:
            jieba.lcut(text)
        return len(messages) / (time.process_time() - began)

    tell(f"{ROUNDS} 轮 × {len(messages)} 条")
    mine, peer = by_turns(ROUNDS, ours, theirs)
    p99 = statistics.median(percentile(each, 0.99) for each in taken)
    tell(f"新进程 {FRESH_STARTS} 次")
    first, sizes = zip(*(_fresh([text for text, _, _ in messages]) for _ in range(FRESH_STARTS)), strict=True)
    rate, length = statistics.median(mine), statistics.mean(len(text) for text, _, _ in messages)
    return [
        Figure(
            "reader_rate", "读懂,一个核", "条/秒", rate, ROUNDS, target=Target("≥", 5000.0),
            note=f"{len(messages)} 条,平均 {length:.0f} 字",
        ),
        Figure(
            "reader_jieba", "读懂(对只切词的 jieba.lcut)", "条/秒", rate, ROUNDS, statistics.median(peer),
            median_ratio(mine, peer), note="jieba 只切词,什么也不懂",
        ),
        Figure("reader_p99", "读懂一条,最慢的百分之一", "ms", p99, ROUNDS, target=Target("≤", 5.0)),
        Figure(
            "reader_first", "进程启动后读懂第一条", "秒", statistics.median(first), FRESH_STARTS,
            target=Target("≤", 0.3),
        ),
        Figure(
            "reader_memory", "读报进程的内存峰值,不载 jieba", "MB", statistics.median(sizes), FRESH_STARTS,
            target=Target("≤", 60.0),
        ),
    ]  # fmt: skip


def corpus() -> Iterable[Message]:
    """Yield every line of the practice files: text, moment, and who says it where."""
    for path in sorted(CORPUS.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            at = datetime.fromisoformat(row.get("at", "2020-02-08T18:00")).replace(tzinfo=ZONE)
            who = {"channel": row.get("channel", "group"), "sender_role": row.get("role", "gridworker")}
            yield row["say"], at, who


def _fresh(texts: list[str]) -> tuple[float, float]:
    """Return the seconds until a new process has read its first message, and its peak memory in MB after all."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", FRESH], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() != "read":
        process.kill()
        raise RuntimeError("the first message was not read")
    first = time.perf_counter() - began
    said, _ = process.communicate(json.dumps(texts), timeout=120)
    size_kb, loaded = said.split()
    if loaded != "False":
        raise RuntimeError("jieba was loaded")
    return first, int(size_kb) / 1024
