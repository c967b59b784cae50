"""`geying simulate` as it is called: real code, faults, nothing lost or doubled; the same seed sees the same days."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROMISED = {"lost", "doubled", "hash", "households", "directives", "reports", "checkins", "seconds"}


def simulate(*arguments: str, hashseed: str = "0") -> dict[str, Any]:
    """Run the command; returns its last line."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hashseed}
    command = [sys.executable, "-m", "bot", "simulate", *arguments]
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, found
    return found


@pytest.mark.slow
def test_a_town_with_faults_is_the_same_for_the_same_seed() -> None:
    short = ("--profile", "town", "--days", "2", "--isolated", "24", "--faults", "--seed")
    one, same = simulate(*short, "4", hashseed="1"), simulate(*short, "4", hashseed="2")
    assert set(one) >= PROMISED
    assert (one["lost"], one["doubled"]) == (0, 0)
    assert one["checkins"] >= 20
    assert one["deaths"] > 0
    assert sum(one["channel"].values()) > 0
    assert {key: one[key] for key in one if key != "seconds"} == {key: same[key] for key in same if key != "seconds"}
    assert simulate(*short, "5")["hash"] != one["hash"]


@pytest.mark.slow
def test_a_province_by_its_shape() -> None:
    found = simulate("--profile", "jiangsu", "--days", "1", "--isolated", "50", "--seed", "1")
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert (found["grids"], found["households"]) == (416, 11_648)
    assert found["reports"] == 104
    assert found["checkins"] >= found["answers"] > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fourteen_days_of_the_whole_county() -> None:
    found = simulate("--profile", "yongtai", "--days", "14", "--faults", "--seed", "1")
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["households"] == 105_000
    assert found["restores"] == 2
    assert found["checkins"] > 1_500
    assert found["late"] < 0.2 * found["checkins"]  # around the two restores only
