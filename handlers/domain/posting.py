"""张贴: where something hangs, building by building; a place nobody spoke of is 未贴, never 0."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    """Where something hangs: a building, or ("" with an amount) so many without saying which."""

    place_id: int
    building: str
    by_id: int
    at: datetime
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """How one place stands: `done` of `of` buildings (households where there are none); `left` None: not said which."""

    done: int
    of: int
    left: tuple[str, ...] | None = field(default=None)


def posted(buildings: Sequence[str], households: int, posts: Iterable[Post]) -> Posted | None:
    """Return how a place stands; None when nobody said anything: 未贴, never 0.

    >>> posted(["1栋", "2栋"], 20, []) is None
    True
    """
    rows = list(posts)
    if not rows:
        return None
    named = {one.building for one in rows if one.building}
    said = max((one.amount or 0 for one in rows if not one.building), default=0)
    of = len(buildings) or households
    hanging = len(named.intersection(buildings))
    if said > hanging:
        return Posted(min(said, of), of)
    return Posted(hanging, of, tuple(one for one in buildings if one not in named))


_NUMBER = re.compile(r"\d{1,4}")


def building_words(said: str) -> list[str]:
    """Return the buildings that words name, as `building_of` writes them.

    >>> building_words("3栋、7栋"), building_words("8号楼")
    (['3栋', '7栋'], ['8栋'])
    """
    return [f"{int(number)}栋" for number in _NUMBER.findall(said)]


@dataclass(frozen=True, slots=True)
class Summed:
    """How several places stand: buildings, households where there are none, and places nobody spoke of."""

    buildings: int = 0
    up: int = 0
    households: int = 0
    done: int = 0
    unsaid: int = 0
    places: int = 0

    @property
    def of(self) -> int:
        """Return how many buildings and households there are."""
        return self.buildings + self.households

    def plus(self, buildings: int, homes: int, stands: Posted | None) -> "Summed":
        """Return the sum with one more place."""
        done = stands.done if stands else 0
        return Summed(
            self.buildings + buildings,
            self.up + (done if buildings else 0),
            self.households + (0 if buildings else homes),
            self.done + (0 if buildings else done),
            self.unsaid + (stands is None),
            self.places + 1,
        )
