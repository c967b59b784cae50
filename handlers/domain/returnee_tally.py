"""The ledger of returnees (底数清) in numbers: who came by table, who is observed still, how many on which day since.

Counts under 5 are left out upwards, and enough beside them that they cannot be worked out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.domain.returnees import METRICS, Table
from handlers.domain.small_counts import Branch, shown

UNROUTED, OVERSEAS = "returnees_unrouted", "returnees_overseas"
KINDS: tuple[str, ...] = (*(METRICS[table] for table in Table), OVERSEAS, UNROUTED)
"""What somebody who came is counted as: one of the four tables, from abroad, or still being asked."""
_TOTAL, _OBSERVED, _RELEASED = -1, -2, -3


@dataclass(frozen=True, slots=True)
class Tally:
    """The ledger of a node on one day, persons; None: too few to show.

    `came` by `KINDS`; `observed` are on day 0 to the last day of observation, `released` beyond it. `by_day` is how
    many are on each day since their arrival, from day 0 to the end of the incubation.
    """

    came: Mapping[str, int | None]
    total: int | None
    observed: int | None
    released: int | None
    by_day: tuple[int | None, ...]


def tally_of(
    counted: Mapping[date, Mapping[str, int]], day: date, observe_days: int, incubation_days: int, *, exact: bool
) -> Tally | None:
    """Return the ledger on *day* from how many came when and as what, None when nobody did.

    *exact*: whoever hears it may see each of these people anyway.
    """
    by_kind: dict[str, int] = defaultdict(int)
    by_day: dict[int, int] = defaultdict(int)
    for came_on, kinds in counted.items():
        for kind, count in kinds.items():
            by_kind[kind] += count
            by_day[(day - came_on).days] += count
    total = sum(by_kind.values())
    if not total:
        return None
    days = [by_day.get(at, 0) for at in range(incubation_days + 1)]
    observed = sum(count for at, count in by_day.items() if at <= observe_days)
    if exact:
        return Tally({kind: by_kind.get(kind, 0) for kind in KINDS}, total, observed, total - observed, tuple(days))
    tables = shown(_branch(_TOTAL, [_leaf(at, by_kind.get(kind, 0)) for at, kind in enumerate(KINDS)]))
    leaves = [_leaf(at, count) for at, count in enumerate(days)]
    late = _leaf(len(days), total - sum(days))
    within, beyond = leaves[: observe_days + 1], [*leaves[observe_days + 1 :], late]
    found = shown(_branch(_TOTAL, [_branch(_OBSERVED, within), _branch(_RELEASED, beyond)]))
    return Tally(
        {kind: tables.get(at) for at, kind in enumerate(KINDS)},
        tables[_TOTAL],
        found.get(_OBSERVED),
        found.get(_RELEASED),
        tuple(found.get(at) for at in range(len(days))),
    )


def _leaf(number: int, count: int) -> Branch:
    return Branch(number, count)


def _branch(number: int, parts: Sequence[Branch]) -> Branch:
    return Branch(number, sum(part.count for part in parts), tuple(parts))
