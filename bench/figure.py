"""One measured figure: ours, the peer's, what was promised, and whether it was kept."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """At least, or at most, *value*; of the ratio to the peer, or of our own figure where there is none."""

    sign: str
    value: float

    def met(self, found: float) -> bool:
        """Return whether *found* keeps the promise.

        >>> Target("≥", 3.0).met(3.2), Target("≤", 5.0).met(5.1)
        (True, False)
        """
        return found >= self.value if self.sign == "≥" else found <= self.value

    def __str__(self) -> str:
        return f"{self.sign} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is against `peer`, and is what the target speaks of; without a peer the target speaks of `ours`.

    `words` is the name people read, `rounds` how many measurements the median is of.
    """

    name: str
    words: str
    unit: str
    ours: float
    rounds: int
    peer: float | None = None
    ratio: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Return whether the promise was kept, None when there is none."""
        if self.target is None:
            return None
        return self.target.met(self.ours if self.ratio is None else self.ratio)

    def row(self, calibration_ms: float) -> dict[str, Any]:
        """Return the figure as it stands in results.json; *calibration_ms* was taken just before it."""
        return {
            "name": self.name,
            "words": self.words,
            "ours": _short(self.ours),
            "peer": _short(self.peer),
            "ratio": _short(self.ratio),
            "target": str(self.target) if self.target else None,
            "met": self.met,
            "unit": self.unit,
            "rounds": self.rounds,
            "calibration_ms": _short(calibration_ms),
            "note": self.note,
        }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
