"""How things are measured: by turns, the median of the rounds, CPU time where the machine is shared."""

import math
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def by_turns(rounds: int, *runs: Callable[[], float]) -> list[list[float]]:
    """Return what each of *runs* gave in each round: first, second, …, first, second, …; what slows the machine for a
    while slows them all."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for kept, run in zip(found, runs, strict=True):
            kept.append(run())
    return found


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Return the median of the rounds' own ratios: two figures of one round were taken side by side.

    >>> median_ratio([4.0, 9.0, 6.0], [2.0, 3.0, 3.0])
    2.0
    """
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def cpu_us(work: Callable[[], object], items: int) -> float:
    """Return the CPU time of this process that *work* takes for each of *items*, in µs."""
    began = time.process_time()
    work()
    return (time.process_time() - began) / items * 1e6


def wall_ms(work: Callable[[], object]) -> float:
    """Return how long *work* takes, in ms."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that *share* of all do not exceed.

    >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5), percentile([1.0, 2.0, 3.0], 0.99)
    (2.0, 3.0)
    """
    return sorted(values)[max(math.ceil(len(values) * share) - 1, 0)]


def calibration_ms() -> float:
    """Return the CPU time of a fixed loop of plain Python in ms: how fast this machine is just now."""
    return min(_loop() for _ in range(3))


def _loop() -> float:
    began = time.process_time()
    total, seen = 0, {}
    for n in range(200_000):
        total += n * n % 7
        seen[n & 1023] = total
    return (time.process_time() - began) * 1e3


def pss_mb(pid: int) -> float:
    """Return the memory of a process and all below it in MB, shared pages by their share."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        own = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return own / 1024 + sum(pss_mb(child) for child in _children(pid))


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder on the project's own disk (one in memory would make every fsync free), gone afterwards."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var", ignore_cleanup_errors=True) as made:
        yield Path(made)


def machine() -> dict[str, object]:
    """Return what the figures depend on; no name of the machine, no path on it."""
    with open("/proc/meminfo") as file:
        memory_mb = int(file.readline().split()[1]) // 1024
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": memory_mb,
        "cpu": _cpu(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": round(os.getloadavg()[0], 2),
        "fsync_ms": round(_fsync_ms(), 3),
        "implementation": sys.implementation.name,
    }


def _cpu() -> str:
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())


def _fsync_ms() -> float:
    with folder() as where, (where / "fsync").open("wb", buffering=0) as file:
        taken = []
        for _ in range(100):
            file.write(b"x" * 4096)
            taken.append(wall_ms(lambda: os.fdatasync(file.fileno())))
    return statistics.median(taken)
