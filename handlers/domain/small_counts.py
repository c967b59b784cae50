"""Small counts (人数少于 5) are not shown upwards: a count of one in a small place is a name.

What is left out cannot be worked out from what is shown: a left-out count has company, so that no total less the
others gives it away, and what is left out beside it adds up to at least the threshold too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 5
HIDDEN = "<5"


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with its count and its children's. A leaf has none; `known` False: nobody reported (未报)."""

    node_id: int
    count: int
    children: tuple["Branch", ...] = ()
    known: bool = True


def shown(root: Branch, threshold: int = THRESHOLD) -> Mapping[int, int | None]:
    """Return the count of every node that may be shown, None where it is left out; a node nobody spoke for is absent.

    Children of a node add up to it. A count of 0 is shown: it names nobody. Decided from the top down, so that what
    was left out above cannot be summed up from below.
    """
    found: dict[int, int | None] = {}
    if root.known:
        hidden = 0 < root.count < threshold
        found[root.node_id] = None if hidden else root.count
        _below(root, hidden, threshold, found)
    return found


def _below(branch: Branch, hidden: bool, threshold: int, found: dict[int, int | None]) -> None:
    """Decide for the children: at least as much is left out as keeps the parent and each of them unknown."""
    known = [child for child in branch.children if child.known]
    if not known:
        return
    left_out = {child.node_id for child in known if 0 < child.count < threshold}
    needs_company = bool(left_out) or hidden
    counts = sorted((child.count, child.node_id) for child in known if child.count)
    for _, node_id in counts:  # the smallest first: the least is lost
        if not needs_company or _safe(left_out, known, threshold):
            break
        left_out.add(node_id)
    if needs_company and not _safe(left_out, known, threshold):
        left_out = {child.node_id for child in known}  # nothing to hide behind: then all, zeros too
    for child in known:
        out = child.node_id in left_out
        found[child.node_id] = None if out else child.count
        _below(child, out, threshold, found)


def _safe(left_out: set[int], known: Sequence[Branch], threshold: int) -> bool:
    counts = [child.count for child in known if child.node_id in left_out]
    return len(counts) >= 2 and sum(counts) >= threshold


def print_count(count: int | None) -> str:
    """Return a count as it is shown upwards.

    >>> print_count(None), print_count(0), print_count(12)
    ('<5', '0', '12')
    """
    return HIDDEN if count is None else str(count)
