"""Finding nodes by what people call them. Only posts are indexed; households are looked at place by place."""

from collections.abc import Iterable

from handlers.domain.place_names import fold, keys, numbered, split_path
from handlers.domain.tree_arrays import Arrays

_LEAVES_READ = 5_000
"""Households whose numbers are compared for one search; a wider place must be named more closely first."""
_TEXT_LIMIT = 120
"""Characters of a search that are read: longer than any path of names, short enough to cut every way."""


class NameIndex:
    """The keys of every node above the households, and the cutting of a run of words into a path."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._leaf = frozenset(place for place, level in enumerate(arrays.levels) if not level.staff)
        places: dict[str, list[int]] = {}
        for place in range(len(arrays)):
            if arrays.level[place] not in self._leaf:
                for key in self._keys(place):
                    places.setdefault(key, []).append(place)
        self._places = {key: tuple(found) for key, found in places.items()}
        self._longest = max(map(len, self._places), default=0)

    def _keys(self, place: int) -> set[str]:
        above = [self._arrays.name(at) for at in self._arrays.above(place)]
        names = (self._arrays.name(place), *self._arrays.aliases.get(place, ()))
        return {key for name in names for key in keys(name, *above)}

    def find(self, text: str, start: int) -> list[int]:
        """Return the positions meant by *text*, at *start* or below it, in tree order."""
        words = text.strip()[:_TEXT_LIMIT]
        exact = self._arrays.place_of_code(words)
        if exact is not None and exact in self._arrays.inside(start):
            return [exact]
        here = self._arrays.inside(start)
        if whole := self._matches(fold(words), here):
            return whole
        first, *parts = split_path(words) or ("",)
        found = self._matches(first, here)
        for part in parts:
            found = self._below(found, part)
        return found

    def _below(self, places: Iterable[int], part: str) -> list[int]:
        """Return what *part* means under the places; of several readings, those with the fewest answers.

        葛岭 is a town and a village in it; 葛岭三格 has one answer under the village, a dozen under the town.
        """
        readings = [found for place in places if (found := self._matches(part, self._arrays.inside(place)[1:]))]
        fewest = min(map(len, readings), default=0)
        return sorted({place for found in readings if len(found) == fewest for place in found})

    def _matches(self, part: str, inside: range) -> list[int]:
        """Return what *part* means there, as one name or as a path without separators, longest name first."""
        if found := self._named(part, inside):
            return found
        for cut in range(min(len(part) - 1, self._longest), 0, -1):
            above = self._named(part[:cut], inside)
            if above and (found := self._below(above, part[cut:])):
                return found
        return []

    def _named(self, key: str, inside: range) -> list[int]:
        number = numbered(key)
        places = {*self._places.get(key, ()), *(self._places.get(number, ()) if number else ())}
        found = sorted(place for place in places if place in inside)
        return found or (self._numbered_leaves(number, inside) if number else [])

    def _numbered_leaves(self, number: str, inside: range) -> list[int]:
        if len(inside) > _LEAVES_READ:
            return []
        arrays = self._arrays
        leaves = (place for place in inside if arrays.level[place] in self._leaf)
        return [place for place in leaves if numbered(fold(arrays.name(place))) == number]
