"""Long lists in pieces that a statement may hold."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def pieces(values: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    """Yield the values, each once and in order, at most *size* at a time.

    >>> list(pieces([3, 1, 3, 2], 2))
    [[3, 1], [2]]
    """
    left = iter(dict.fromkeys(values))
    while piece := list(islice(left, size)):
        yield piece
