"""A town of its own for every conversation: about a quarter of a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The small town at half past eight in the morning."""
    made = Town(tmp_path)
    yield made
    made.close()
