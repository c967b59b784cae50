"""`python -m nlp.native`: compile the reader, in a minute. Exits 0 also where that cannot be: it is a help only."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from nlp.native import BUILT, GROUP, SOURCES, modules, stamp

_SETUP = """
from mypyc.build import mypycify
from setuptools import setup

files = {files!r}
setup(
    name={group!r},
    packages=[],
    ext_modules=mypycify(["--ignore-missing-imports", *files], group_name={group!r}, opt_level="1", debug_level="0"),
)
"""


def main() -> int:
    """Make what fits the sources, unless it is there."""
    goal = BUILT / stamp()
    if goal.is_dir():
        return 0
    header = Path(sysconfig.get_paths()["include"]) / "Python.h"
    if shutil.which("cc") is None or not header.is_file():
        print("没有 C 编译器(apt-get install gcc python3-dev):读报的部分不编译,照样用,慢一些", file=sys.stderr)
        return 0
    print("编译读报的部分,约一分钟……", flush=True)
    with tempfile.TemporaryDirectory(dir=BUILT.parent, prefix=".") as scratch:  # beside it: put in place in one step
        failed = _compile(Path(scratch))
        if failed:
            print(f"没编成,照样用,慢一些:\n{failed}", file=sys.stderr)
            return 0
        shutil.rmtree(BUILT, ignore_errors=True)  # of older sources
        BUILT.mkdir()
        os.rename(_gathered(Path(scratch)), goal)
    return 0


def _compile(scratch: Path) -> str:
    """Compile copies of the sources in *scratch*; returns the last words of what failed."""
    package = scratch / "nlp"
    package.mkdir()
    for path in SOURCES.glob("*.py"):
        shutil.copy(path, package)
    package.joinpath("__init__.py").write_text("")
    files = [f"nlp/{path.name}" for path in modules()]
    scratch.joinpath("setup.py").write_text(_SETUP.format(files=files, group=GROUP), "utf-8")
    command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    return "" if done.returncode == 0 else "\n".join((done.stdout + done.stderr).splitlines()[-8:]) or "?"


def _gathered(scratch: Path) -> Path:
    """Put what was made into one folder; returns it."""
    made = scratch / "made"
    (made / "nlp").mkdir(parents=True)
    for path in scratch.glob("*.so"):
        shutil.move(path, made / path.name)
    for path in (scratch / "nlp").glob("*.so"):
        shutil.move(path, made / "nlp" / path.name)
    return made


if __name__ == "__main__":
    sys.exit(main())
