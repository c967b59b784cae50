"""Counters: what stands at every node for one metric, kept up as reports change, so that a board never scans.

A node's own word stands before what its children add up to; the two are kept apart and never added (对账). Pure: the
rows come in, the rows that changed go out. The sum over any history equals a recount of the reports that count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.domain.report import Number, exact
from handlers.domain.rollup import Shift

Place = tuple[int, str]
"""A node's id and a metric's key."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One metric at one node. `own` was said by the node itself, `below` is the sum of what its children show.

    `own_said` and `below_said` are from how many reports; a figure nobody gave is unknown, whatever its value.
    """

    own: Number = 0
    own_said: int = 0
    below: Number = 0
    below_said: int = 0

    @property
    def value(self) -> Number:
        """Return the figure that is shown, and that the node above adds up."""
        return self.own if self.own_said else self.below

    @property
    def said(self) -> int:
        """Return from how many reports the shown figure comes; 0 means unknown (未报)."""
        return self.own_said or self.below_said

    @property
    def differs(self) -> bool:
        """Return whether the node's own figure is not what its children add up to."""
        return bool(self.own_said and self.below_said and self.own != self.below)


NOTHING = Counter()


def climb(path: Sequence[int], moved: Mapping[str, Shift], found: Mapping[Place, Counter]) -> dict[Place, Counter]:
    """Return the counters that change when *moved* happens to the reports of the first node of *path*.

    *path* is the node and every node above it, nearest first; *found* are their counters as they stand.
    """
    changed: dict[Place, Counter] = {}
    for key, shift in moved.items():
        step = shift
        for height, node in enumerate(path):
            was = found.get((node, key), NOTHING)
            now = _own(was, step) if height == 0 else _below(was, step)
            if now == was:
                break
            changed[node, key] = now
            shown = now.value if now.said else 0
            before = was.value if was.said else 0
            step = Shift(exact(shown - before), now.said - was.said)
            if step == Shift():
                break
    return changed


def recount(
    moves: Iterable[tuple[Sequence[int], Mapping[str, Shift]]],
) -> dict[Place, Counter]:
    """Return every counter from nothing: one path and shift for each node that reported."""
    counters: dict[Place, Counter] = {}
    for path, moved in moves:
        counters |= climb(path, moved, counters)
    return {place: counter for place, counter in counters.items() if counter != NOTHING}


def _own(counter: Counter, shift: Shift) -> Counter:
    return replace(counter, own=exact(counter.own + shift.value), own_said=counter.own_said + shift.said)


def _below(counter: Counter, shift: Shift) -> Counter:
    return replace(counter, below=exact(counter.below + shift.value), below_said=counter.below_said + shift.said)
