"""One far side and one prepared county for all fault tests: a kill then costs seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from faults_county import MORNING, County, environ_of, lay
from faults_rig import Deployment, Far
from services import free_port


@pytest.fixture(scope="session")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    """The stand-in as a process of its own, for the session."""
    made = Far(tmp_path_factory.mktemp("far"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def near_port() -> int:
    """The port of our doors, the same for every deployment: the far side knows one address."""
    return free_port()


@dataclass(frozen=True)
class Base:
    """A prepared database, and the far side's seed that fits it."""

    path: Path
    seed: dict[str, Any]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, far: Far, near_port: int) -> Base:
    """An SQLite file with the county in it, at war, and nothing sent yet."""
    folder = tmp_path_factory.mktemp("base")
    path = folder / "geying.db"
    return Base(path, lay(environ_of(folder, f"sqlite:///{path}", far, near_port)))


@pytest.fixture
def county(tmp_path: Path, base: Base, far: Far, near_port: int) -> Iterator[County]:
    """The county over a database of its own at 08:30, nothing started yet."""
    made = _county(base.path, base, tmp_path / "run", far, near_port)
    yield made
    made.close()


@pytest.fixture(scope="session")
def issued_file(tmp_path_factory: pytest.TempPathFactory, base: Base, far: Far, near_port: int) -> Path:
    """The county's database after its directive went out, undisturbed."""
    made = _county(base.path, base, tmp_path_factory.mktemp("issued") / "run", far, near_port)
    made.deployment.start("up")
    directive_id = made.order()
    made.settle(directive_id)
    made.everything_arrived(directive_id, [])
    made.deployment.processes["up"].stop()
    made.close()
    return made.deployment.folder / "geying.db"


@pytest.fixture
def issued(tmp_path: Path, issued_file: Path, base: Base, far: Far, near_port: int) -> Iterator[County]:
    """The county a moment after its directive went out: everybody owes a receipt, the far side begins anew."""
    made = _county(issued_file, base, tmp_path / "run", far, near_port)
    yield made
    made.close()


def _county(path: Path, base: Base, folder: Path, far: Far, port: int) -> County:
    folder.mkdir()
    shutil.copyfile(path, folder / "geying.db")
    far.plant(base.seed, MORNING.isoformat())
    environ = environ_of(folder, f"sqlite:///{folder / 'geying.db'}", far, port)
    return County(Deployment(folder, environ), far)
