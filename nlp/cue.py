"""Regular expressions that are looked for only where a word they cannot match without stands in the text.

A long list of signs costs the more the longer it grows, though hardly any sign stands in a given message. What each
pattern needs is taken from the pattern itself; one Aho-Corasick pass over a text tells which patterns can match at all.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce
from operator import itemgetter, or_
from typing import Any

import ahocorasick

from nlp.needs import led, needs_of

_known: list["Cue"] = []
_BITS = itemgetter(1)


class Cue:
    """A compiled pattern with the methods of `re.Pattern` that the reader uses; same results, less looking."""

    __slots__ = ("bit", "compiled", "flags", "needs", "pattern")
    compiled: re.Pattern[str]
    """The pattern itself, compiled when it is first looked for: most never are in a short message."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.needs = needs_of(pattern, flags)
        self.bit = 2 << len(_known)
        _known.append(self)
        _sieve.cache_clear()
        _hints.cache_clear()

    def __getattr__(self, name: str) -> re.Pattern[str]:
        if name != "compiled":
            raise AttributeError(name)
        self.compiled = re.compile(led(self.pattern, self.flags), self.flags)
        return self.compiled

    def may(self, text: str) -> bool:
        """Return whether *text* holds a word without which this pattern cannot match."""
        return self.needs is None or bool(_hints(text) & self.bit)

    def search(self, text: str, at: int = 0, until: int | None = None) -> re.Match[str] | None:
        if self.needs is not None and not _hints(text) & self.bit:
            return None
        return self.compiled.search(text, at) if until is None else self.compiled.search(text, at, until)

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self.compiled.match(text, at) if self.may(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text) if self.may(text) else iter(())

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self.compiled.sub(new, text) if self.may(text) else text

    def findall(self, text: str) -> list[Any]:
        return self.compiled.findall(text) if self.may(text) else []


ALWAYS = 1
"""The bit of no pattern, set in what `bits_of` says of one that needs no word."""


def bits_of(*cues: Cue) -> int:
    """Return a mask that `seen_in(text) | ALWAYS` meets where one of *cues* may match."""
    out = 0
    for cue in cues:
        out |= cue.bit if cue.needs is not None else ALWAYS
    return out


def seen_in(text: str) -> int:
    """Return the bits of the patterns of whose words *text* holds one; of those that need no word nothing is said."""
    return _hints(text)


@lru_cache(maxsize=1)
def _sieve() -> Any:
    masks: dict[str, int] = {}
    for cue in _known:
        for word in cue.needs or ():
            masks[word] = masks.get(word, 0) | cue.bit
    automaton = ahocorasick.Automaton()
    for word, mask in masks.items():
        automaton.add_word(word, mask)
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=256)
def _hints(text: str) -> int:
    return reduce(or_, map(_BITS, _sieve().iter(text)), 0)
