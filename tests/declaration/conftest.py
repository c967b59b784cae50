"""The village: on SQLite and on PostgreSQL, or on SQLite alone where what is shown is not the store's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from village import Village

from store.engine import Database


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


@pytest.fixture
def hamlet(_sqlite_with_tables: Path, tmp_path: Path) -> Iterator[Village]:
    shutil.copy(_sqlite_with_tables, tmp_path / "geying.db")
    made = Database(f"sqlite:///{tmp_path / 'geying.db'}")
    yield Village(made)
    made.close()
