"""The village of the declarations' tests, with the same households; on SQLite, and on both where the store is shown."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "declaration"))

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
