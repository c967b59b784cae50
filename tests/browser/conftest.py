"""A browser, a street of households to walk, and phones that must have met nothing wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from street import Phone, Street, chromium, seed_in


@pytest.fixture(scope="module")
def walker() -> Iterator[Browser]:
    """One browser a file: two of them at a time would stand in each other's event loop."""
    with chromium() as made:
        yield made


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_in(tmp_path_factory.mktemp("street"))


@pytest.fixture
def street(seed: Path, tmp_path: Path) -> Iterator[Street]:
    """Two households and a gate; nobody declared anything."""
    made = Street(tmp_path, seed)
    yield made
    made.close()


@pytest.fixture
def phones(walker: Browser, street: Street) -> Iterator[Callable[..., Phone]]:
    """Make phones; at the end each is put away, and must have met nothing wrong."""
    made: list[Phone] = []

    def phone(**more: Any) -> Phone:
        made.append(Phone(walker, street.url, **more))
        return made[-1]

    yield phone
    for one in made:
        one.close()
