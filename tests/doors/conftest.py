"""A village with buildings: a round of 敲门 and a campaign of 张贴 in it, on SQLite."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "declaration"))
sys.path.insert(0, str(Path(__file__).parents[1] / "four_ones"))

from estate import Estate

from store.engine import Database


@pytest.fixture
def estate(_sqlite_with_tables: Path, tmp_path: Path) -> Iterator[Estate]:
    shutil.copy(_sqlite_with_tables, tmp_path / "geying.db")
    made = Database(f"sqlite:///{tmp_path / 'geying.db'}")
    yield Estate(made)
    made.close()
