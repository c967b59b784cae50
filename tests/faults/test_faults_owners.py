"""Whose process died is known at once; nobody is robbed who lives, even where he stands still."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults_rig import ROOT, until

from store.owners import Owner, bury, dead

HOLD = """
import sys, time
from pathlib import Path
from store.owners import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.readline()
owner.release()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that holds a name."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


def test_who_lives_is_not_dead(tmp_path: Path, holder: tuple[subprocess.Popen[str], str]) -> None:
    process, name = holder
    assert dead(tmp_path) == ()
    process.send_signal(signal.SIGSTOP)
    assert dead(tmp_path) == ()
    process.send_signal(signal.SIGCONT)
    assert (tmp_path / name).exists()


def test_who_was_killed_is_dead_until_buried(tmp_path: Path, holder: tuple[subprocess.Popen[str], str]) -> None:
    process, name = holder
    process.kill()
    process.wait()
    assert dead(tmp_path) == (name,)
    assert dead(tmp_path) == (name,)  # to look is not to bury
    bury(tmp_path, [name])
    assert dead(tmp_path) == ()


def test_who_ends_in_order_leaves_nothing(tmp_path: Path, holder: tuple[subprocess.Popen[str], str]) -> None:
    process, name = holder
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    until(lambda: not (tmp_path / name).exists(), "the name given up")
    assert dead(tmp_path) == ()


def test_our_own_name_is_not_dead_to_us(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert dead(tmp_path) == ()
    owner.release()
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_to_write_there_is_still_a_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    owner = Owner(tmp_path / "file")
    assert owner.name
    owner.release()
    assert dead(tmp_path / "file") == ()
    assert dead(tmp_path / "nowhere") == ()
