"""The console over a real database and the sample town, with a clock the tests move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_house import House, seeded


@pytest.fixture(scope="session")
def seeded_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory.mktemp("console-town"))


@pytest.fixture
def house(seeded_town: Path, tmp_path: Path) -> Iterator[House]:
    """A console of its own: tree, roster and groups of the sample town, nobody signed in, nothing sent."""
    made = House(tmp_path, seeded_town)
    yield made
    made.close()
