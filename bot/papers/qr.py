"""A QR code as its black squares, and as rectangles to paint: the one place that asks segno."""

from collections.abc import Iterator
from dataclasses import dataclass

import segno

QUIET = 4
"""White squares around the code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A code: rows of squares, True for black, without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Return how many squares a side has, the quiet zone included."""
        return len(self.rows) + 2 * QUIET

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Yield the black runs as (left, top, length) in squares, the quiet zone included."""
        for top, row in enumerate(self.rows, start=QUIET):
            left = 0
            while left < len(row):
                length = 0
                while left + length < len(row) and row[left + length]:
                    length += 1
                if length:
                    yield left + QUIET, top, length
                left += length + 1


def qr_of(text: str) -> Qr:
    """Return the code of *text*. A quarter of it may be torn off or dirty (level Q): it hangs outside.

    >>> qr_of("https://a.example/d/" + "A" * 32).side
    45
    """
    made = segno.make(text, error="q", micro=False, boost_error=False)
    return Qr(tuple(tuple(bool(square) for square in row) for row in made.matrix))
