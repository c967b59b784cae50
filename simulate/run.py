"""One simulation from beginning to end, and its sums."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulate.days import Days, Plan

ROOM = 2 * 2**30


def simulate(plan: Plan, tell: Callable[[float], None]) -> dict[str, Any]:
    """Return the sums of one simulation."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="geying-simulate-", dir=_in_memory()))
    days = None
    try:
        days = Days(plan, folder)
        days.run(tell)
        return _sums(days, time.monotonic() - began)
    finally:
        if days is not None:
            days.close()
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Return a folder in memory with room enough: no power cut is simulated, so nothing has to reach a disk."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _sums(days: Days, seconds: float) -> dict[str, Any]:
    ledger, plan = days.ledger, days.plan
    untold = ledger.untold(days.county.homes)
    missing, twice = [*days.lost, *ledger.missing(), *untold], ledger.twice()
    return {
        "profile": plan.profile, "days": plan.days, "seed": plan.seed, "faults": plan.faults,
        "lost": len(missing), "doubled": len(twice), "late": days.late, "hash": ledger.hash(),
        "households": days.county.households, "isolated": len(days.county.homes), "grids": days.county.grids,
        "directives": len(ledger.owed), "cards": sum(ledger.cards.values()), "lists": sum(ledger.listed.values()),
        "receipts": len(ledger.pressed),
        "reports": days.reports, "checkins": ledger.checkins(), "answers": ledger.answers,
        "posts_said_again": ledger.said_again(), "deaths": days.box.deaths, **days.counts, "channel": days.far.broken,
        "examples": [str(one) for one in (*missing, *twice)][:5], "seconds": round(seconds, 1),
    }  # fmt: skip
