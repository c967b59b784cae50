"""The compiled reader reads as its sources do, and stands back when they have changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nlp import native

ROOT = Path(__file__).parents[2]
# every practice line as it is, and three times with its characters moved or one of another put in
READ = """
import hashlib, random
from datetime import UTC, datetime
from bench.rows.reader import practised
from nlp import understand
at, chance, read = datetime(2026, 2, 8, 10, tzinfo=UTC), random.Random(5), hashlib.sha256()
for line in practised():
    read.update(repr(line.read()).encode())
    for _ in range(3):
        said = list(line.say)
        if chance.random() < 0.3:
            chance.shuffle(said)
        else:
            said.insert(chance.randrange(len(said) + 1), chance.choice("今昨天三十度2家的给王,\\n 户"))
        for role in ("gridworker", "resident"):
            found = understand.understand("".join(said), at, channel="direct", sender_role=role)
            read.update(repr(found).encode())
print(understand.__file__.endswith(".py"), read.hexdigest())
"""


def _read(pure: bool) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "GEYING_PURE": str(int(pure)), "PYTHONPATH": str(ROOT)}
    return subprocess.check_output([sys.executable, "-c", READ], cwd=ROOT, env=environment, text=True).split()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_compiled_it_reads_as_its_sources_do() -> None:
    made = subprocess.run([sys.executable, "-m", "nlp.native"], cwd=ROOT, capture_output=True, text=True, check=True)
    if "没有 C 编译器" in made.stderr and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip("no C compiler here")
    assert made.stderr == ""
    assert (native.BUILT / native.stamp()).is_dir()
    compiled, plain = _read(pure=False), _read(pure=True)
    assert (compiled[0], plain[0]) == ("False", "True")
    assert compiled[1] == plain[1]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "native").mkdir()
    for name in native.COMPILED:
        (tmp_path / f"{name}.py").write_text("", "utf-8")
    monkeypatch.setattr(native, "SOURCES", tmp_path)
    monkeypatch.setattr(native, "BUILT", tmp_path / "native" / "built")
    monkeypatch.delenv("GEYING_PURE", raising=False)
    return tmp_path


def test_what_was_made_of_other_sources_is_left_aside(sources: Path) -> None:
    library = sources / "native" / "built" / native.stamp() / f"{native.GROUP}__mypyc.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"made of the sources")
    assert native.fitting() == library
    (sources / "goods.py").write_text("more = 1\n", "utf-8")
    assert native.fitting() is None
    (sources / "goods.py").write_text("", "utf-8")
    assert native.fitting() == library


def test_what_cannot_be_loaded_here_is_left_aside(sources: Path) -> None:
    library = sources / "native" / "built" / native.stamp() / f"{native.GROUP}__mypyc.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"of another machine")
    path = ["as it was"]
    assert not native.use(path)
    assert path == ["as it was"]


def test_the_sources_can_be_asked_for(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = sources / "native" / "built" / native.stamp() / f"{native.GROUP}__mypyc.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"made of the sources")
    monkeypatch.setenv("GEYING_PURE", "1")
    assert native.fitting() is None
