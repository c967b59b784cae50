"""The village, on SQLite and on PostgreSQL."""

import pytest
from village import Village

from store.engine import Database


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)
