"""A stand-in for each module, its world new for each test, and a rig on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_rig import Rig, seed
from resident_rig import ResidentRig, resident_seed
from services import free_port

from standin.server import StandIn
from store.engine import Database


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn(seed()) as server:
        yield server


@pytest.fixture
def rig(server: StandIn, tmp_path: Path, _sqlite_with_tables: Path) -> Iterator[Rig]:
    """A rig on SQLite; the repositories have their own tests on both databases."""
    server.site.plant(seed())
    shutil.copy(_sqlite_with_tables, tmp_path / "geying.db")
    database = Database(f"sqlite:///{tmp_path / 'geying.db'}")
    made = Rig(database, server)
    yield made
    made.close()
    database.close()


@pytest.fixture
def rig_on_both(server: StandIn, database: Database) -> Iterator[Rig]:
    """A rig on SQLite, then on PostgreSQL."""
    server.site.plant(seed())
    made = Rig(database, server)
    yield made
    made.close()


@pytest.fixture
def town(server: StandIn, tmp_path: Path, _sqlite_with_tables: Path) -> Iterator[ResidentRig]:
    """Residents on the far side, and a sender that reaches them, on SQLite."""
    server.site.plant(resident_seed())
    shutil.copy(_sqlite_with_tables, tmp_path / "geying.db")
    database = Database(f"sqlite:///{tmp_path / 'geying.db'}")
    made = ResidentRig(database, server)
    yield made
    made.close()
    database.close()


@pytest.fixture
def town_on_both(server: StandIn, database: Database) -> Iterator[ResidentRig]:
    """The same on SQLite, then on PostgreSQL."""
    server.site.plant(resident_seed())
    made = ResidentRig(database, server)
    yield made
    made.close()


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    return free_port()
