"""The console and the residents' pages over a real database and the sample town, with a clock the tests move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_house import House, seeded
from resident_house import Lane


@pytest.fixture(scope="session")
def seeded_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory.mktemp("console-town"))


@pytest.fixture
def house(seeded_town: Path, tmp_path: Path) -> Iterator[House]:
    """A console of its own: tree, roster and groups of the sample town, nobody signed in, nothing sent."""
    made = House(tmp_path, seeded_town)
    yield made
    made.close()


@pytest.fixture
def lane(seeded_town: Path, tmp_path: Path) -> Iterator[Lane]:
    """Two households and a gate, with codes on their doors; nobody declared anything."""
    made = Lane(tmp_path, seeded_town)
    yield made
    made.close()
