"""Messages read, over every line of the practice files: a second of one core, compiled and from the sources, the
slowest of a hundred, the first of a process, its memory. By turns with it jieba, in this process, cuts the same lines
into words and understands none of them: a process that reads holds no dictionary. And how well: the lines kept aside,
and two peers' own test cases.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import jieba

from bench import practice
from bench.figure import Figure, Target
from bench.measure import ROOT, by_turns, median_ratio, percentile
from bench.peers import reader_cases
from nlp.names import name_among
from nlp.understand import understand

ROUNDS, FRESH_STARTS = 7, 5
ASIDE = "aside"
# what a fresh process does: read one message and say so, then all of them, then tell its memory
FRESH = """
import sys, time
from datetime import datetime, timezone
from nlp.understand import understand
at = datetime(2026, 2, 8, 10, tzinfo=timezone.utc)
assert understand("今天敲门46 空户5 新增返乡2人", at).drafts
print("read", time.process_time(), flush=True)
import json
for text in json.load(sys.stdin):
    understand(text, at)
size = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(size, "jieba" in sys.modules, flush=True)
"""
# what a process that reads for long does: every practice line a turn, its rate and the time of each line in ms
LONG = """
import json, sys, time
from bench.rows.reader import practised
from nlp import understand
lines = practised()
for line in lines: line.read()
print(understand.__file__.endswith(".py"), flush=True)
for _ in sys.stdin:
    each, began = [], time.process_time()
    for line in lines:
        start = time.process_time()
        line.read()
        each.append((time.process_time() - start) * 1e3)
    print(json.dumps([len(lines) / (time.process_time() - began), each]), flush=True)
"""


def practised() -> list[practice.Line]:
    """Return every line of the practice files."""
    return [line for path in sorted(practice.FOLDER.glob("*.yaml")) for line in practice.load(path.stem)]


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return rate, p99, first message and memory; then the scores."""
    lines = practised()
    jieba.setLogLevel(60)
    jieba.initialize()

    def theirs() -> float:
        began = time.process_time()
        for line in lines:
            jieba.lcut(line.say)
        return len(lines) / (time.process_time() - began)

    ordinary = _without_names(lines)  # the first reading of all: what is compiled when first needed is compiled here
    tell(f"{ROUNDS} 轮 × {len(lines)} 条")
    with _Reader(pure=False) as reader, _Reader(pure=True) as sources:
        mine, plain, peer = by_turns(ROUNDS, reader.turn, sources.turn, theirs)
    p99 = statistics.median(percentile(each, 0.99) for each in reader.taken)
    tell(f"新进程 {FRESH_STARTS} 次")
    first, busy, sizes = _fresh([line.say for line in ordinary])
    rate, length = statistics.median(mine), statistics.mean(len(line.say) for line in lines)
    return [
        Figure(
            "reader_rate", "读懂,一个核", "条/秒", rate, ROUNDS, target=Target("≥", 5000.0),
            note=f"{len(lines)} 条,平均 {length:.0f} 字;{'没编译' if reader.pure else '编译过(python -m nlp.native)'}",
        ),
        Figure(
            "reader_rate_plain", "读懂,一个核,不编译", "条/秒", statistics.median(plain), ROUNDS,
            note=f"编译过的快到 {median_ratio(mine, plain):.2f} 倍",
        ),
        Figure(
            "reader_jieba", "读懂(对只切词的 jieba.lcut)", "条/秒", rate, ROUNDS, statistics.median(peer),
            median_ratio(mine, peer), note="jieba 只切词,什么也不懂",
        ),
        Figure("reader_p99", "读懂一条,最慢的百分之一", "ms", p99, ROUNDS, target=Target("≤", 5.0)),
        Figure(
            "reader_first", "进程启动后读懂第一条", "秒", statistics.median(first), FRESH_STARTS,
            target=Target("≤", 0.3), note=f"处理器 {statistics.median(busy):.2f} 秒;字节码已编译好,像装好的那样",
        ),
        Figure(
            "reader_memory", "读报进程的内存峰值,不载 jieba", "MB", statistics.median(sizes), FRESH_STARTS,
            target=Target("≤", 60.0), note=f"{len(ordinary)} 条;问 jieba 名字的 {len(lines) - len(ordinary)} 条除外",
        ),
        *_scores(),
    ]  # fmt: skip


class _Reader:
    """A process that reads all practice lines a turn; *pure*: from the sources. `taken` holds what each line took, in
    ms, turn by turn."""

    def __init__(self, *, pure: bool) -> None:
        self.taken: list[list[float]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", LONG], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "GEYING_PURE": str(int(pure))},
        )  # fmt: skip
        assert self._process.stdout is not None
        self.pure = self._process.stdout.readline().strip() == "True"

    def turn(self) -> float:
        """Read everything once; returns messages a second of the processor's."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        rate, each = json.loads(self._process.stdout.readline())
        self.taken.append(each)
        return float(rate)

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _scores() -> list[Figure]:
    """Return how the lines kept aside are read, and the peers' cases where they are on this machine."""
    aside = practice.score(practice.load(ASIDE))
    out = [
        Figure(
            "reader_aside_f1", "留出的 100 条:字段-值 F1", "", aside.pair_f1, 1, target=Target("≥", 0.88),
            note=f"意图 {aside.intents / aside.lines:.2f};没问就给的数错 {aside.silent_wrong}/{aside.silent}",
        ),
        Figure(
            "reader_aside_exact", "留出的 100 条:整条全对", "", aside.exact / aside.lines, 1, target=Target("≥", 0.75),
        ),
        Figure(
            "reader_aside_chatter", "留出的闲话当成了报告", "", aside.false_chatter / max(1, aside.chatter), 1,
            target=Target("≤", 0.02), note=f"{aside.chatter} 条闲话",
        ),
    ]  # fmt: skip
    for name, words, floor in (("numbers", "数", 0.95), ("dates", "日期时间", 0.92)):
        if reader_cases.HERE:
            reached, cases = reader_cases.share(name)
            out.append(
                Figure(
                    f"reader_peer_{name}", f"同行自己的{words}题,答对", "", reached, 1, target=Target("≥", floor),
                    note=f"{cases} 题,Recognizers-Text 与 JioNLP 的测试",
                )
            )  # fmt: skip
    return out


def _without_names(lines: list[practice.Line]) -> list[practice.Line]:
    """Return the lines that a fresh process reads without asking jieba for a name."""
    out = []
    for line in lines:
        line.read()
        name_among.cache_clear()
        understand(line.say, line.at)
        if not name_among.cache_info().misses:
            out.append(line)
    return out


def _fresh(texts: list[str]) -> tuple[list[float], list[float], list[float]]:
    """Return, for each fresh process, the seconds until it has read its first message, by the clock and of the
    processor, and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = bytecode
        _one(texts, environment)  # compiles; an installed product is compiled already
        found = [_one(texts, environment) for _ in range(FRESH_STARTS)]
    first, busy, sizes = zip(*found, strict=True)
    return list(first), list(busy), list(sizes)


def _one(texts: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", FRESH],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    word, _, busy = process.stdout.readline().partition(" ")
    if word != "read":
        process.kill()
        raise RuntimeError("the first message was not read")
    first = time.perf_counter() - began
    said, _ = process.communicate(json.dumps(texts), timeout=120)
    size_kb, loaded = said.split()
    if loaded != "False":
        raise RuntimeError("jieba was loaded")
    return first, float(busy), int(size_kb) / 1024
