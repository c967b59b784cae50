"""Whether figures can be right together: against the roster, against each other, and against yesterday.

A `Doubt` is about figures that cannot stand as said: they are kept as unknown and asked. A `Jump` may well be true: it
stands, and the read-back points at it. Pure; the caller words both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.domain.metric import CUMULATIVE, NEW, Kind, base, metric

LARGEST = 10_000_000  # no county counts more of anything; a longer number is a slip or a code
Figures = Mapping[str, int | float | None]


class Why(StrEnum):
    """What is wrong with a figure."""

    NO_FIGURE = "negative, or longer than any figure"
    OVER_ROSTER = "more households than the roster has"
    FEWER_PEOPLE = "fewer people than households"
    OVER_WHOLE = "a part larger than its whole"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Figures that cannot stand: their keys, and why. `limit` is the roster's number for OVER_ROSTER."""

    keys: tuple[str, ...]
    why: Why
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure far from yesterday's."""

    key: str
    yesterday: int | float
    today: int | float


# 户 and 人 of one verb: every household has somebody.
_PAIRS = (
    ("households_checked", "people_checked"),
    ("isolated_households", "isolated_people"),
    ("released_households", "released_people"),
    ("relocated_households", "relocated_people"),
    ("households_registered", "people_registered"),
)
# The first is some of the second.
_PARTS = (
    ("returnees_wuhan", "returnees"),
    ("returnees_hubei_other", "returnees"),
    ("returnees_hubei", "returnees"),
    ("returnees_out_province", "returnees"),
    ("returnees_in_province", "returnees"),
    ("returnees_overseas", "returnees"),
    ("households_absent", "households_visited"),
    ("swab_done", "swab_due"),
    ("swab_missing", "swab_due"),
    ("sheltered_people", "relocated_people"),
    ("vehicles_turned_back", "vehicles_checked"),
    ("vehicles_out_province", "vehicles_checked"),
)
_FAR, _MUCH = 3, 20


def doubts(values: Figures, households: int) -> tuple[Doubt, ...]:
    """Return what cannot stand, gravest first; *households* is the roster's number, 0 when it has none.

    >>> [d.keys for d in doubts({"isolated_households": 6, "isolated_people": 5}, 0)]
    [('isolated_households', 'isolated_people')]
    """
    known = {key: value for key, value in values.items() if value is not None}
    found = [Doubt((key,), Why.NO_FIGURE) for key, value in known.items() if not 0 <= value <= LARGEST]
    for key, value in known.items():
        if households and value > households and metric(key).unit == "户" and not key.endswith(CUMULATIVE):
            found.append(Doubt((key,), Why.OVER_ROSTER, households))
    doubted = {key for doubt in found for key in doubt.keys}
    for pairs, why in ((_PAIRS, Why.FEWER_PEOPLE), (_PARTS, Why.OVER_WHOLE)):
        for small, large in _said_alike(pairs, known):
            if known[small] > known[large] and not doubted & {small, large}:
                found.append(Doubt((small, large), why))
    return tuple(found)


def jumps(values: Figures, yesterday: Figures) -> tuple[Jump, ...]:
    """Return the standing figures that are three times yesterday's or a third of it, and differ by twenty or more."""
    found = []
    for key, now in values.items():
        was = yesterday.get(key)
        if now is None or was is None or key.endswith(NEW) or metric(key).kind is not Kind.STOCK:
            continue
        if abs(now - was) >= _MUCH and (now > _FAR * was or was > _FAR * now):
            found.append(Jump(key, was, now))
    return tuple(found)


def doubts_of(said: Figures, standing: Figures, households: int) -> tuple[Doubt, ...]:
    """Return what cannot stand of *said*, by itself or beside what *standing* has of the same report.

    >>> [d.keys for d in doubts_of({"households_absent": 50}, {"households_visited": 46}, 0)]
    [('households_absent', 'households_visited')]
    """
    together = doubts({**standing, **said}, households)
    return tuple(doubt for doubt in together if any(key in said for key in doubt.keys))


def without(said: Figures, standing: Figures, found: Iterable[Doubt]) -> dict[str, int | float | None]:
    """Return *said* without what is doubted: unknown, or what stood before where something did."""
    doubted = {key for doubt in found for key in doubt.keys}
    stood = {key for key, value in standing.items() if value is not None}
    return {
        key: None if key in doubted else value for key, value in said.items() if key not in doubted or key not in stood
    }


def _said_alike(pairs: Iterable[tuple[str, str]], known: Figures) -> Iterable[tuple[str, str]]:
    """Yield the pairs of which both were said, in the same scope: 新增 with 新增, 累计 with 累计."""
    for small, large in pairs:
        for ending in ("", NEW, CUMULATIVE):
            if small + ending in known and large + ending in known:
                assert base(small + ending) == small
                yield small + ending, large + ending
