"""Regular expressions that are looked for only where a word they cannot match without stands in the text.

A long list of signs costs the more the longer it grows, though hardly any sign stands in a given message. What each
pattern needs is taken from the pattern itself; one Aho-Corasick pass over a text tells which patterns can match at all.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import ahocorasick

_PARSER: Any = import_module("re._parser")  # the tree of a pattern; the same module that compiles it
_FEW = 16
_known: list["Cue"] = []


class Cue:
    """A compiled pattern with the methods of `re.Pattern` that the reader uses; same results, less looking."""

    __slots__ = ("_made", "bit", "flags", "needs", "pattern")

    def __init__(self, pattern: str, flags: int = 0, sift: bool = True) -> None:
        """*sift* False only puts off compiling: for a large pattern that few messages come to."""
        self.pattern, self.flags = pattern, flags
        self.needs = needs_of(pattern, flags) if sift else None
        self._made: re.Pattern[str] | None = None
        self.bit = 1 << len(_known)
        _known.append(self)
        _sieve.cache_clear()
        _hints.cache_clear()

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself, compiled when it is first looked for: most never are in a short message."""
        if self._made is None:
            self._made = re.compile(self.pattern, self.flags)
        return self._made

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


def needs_of(pattern: str, flags: int = 0) -> frozenset[str] | None:
    """Return words of which every text that *pattern* matches holds one, None when there are no such words.

    >>> sorted(needs_of("(?:已经)?送达|发(?:完|好)了"))
    ['完', '好', '送达']
    """
    found = _of_row(_PARSER.parse(pattern, flags))
    if found is not None and flags & re.IGNORECASE:
        return found if all(word.lower() == word.upper() for word in found) else None
    return found


def _of_row(row: Any) -> frozenset[str] | None:
    """Return the most telling need among the parts of a sequence."""
    best: frozenset[str] | None = None
    run = ""
    for op, value in [*row, (None, None)]:
        if op is not None and str(op) == "LITERAL":
            run += chr(value)
            continue
        if run:
            best = _better(best, frozenset({run}))
        run = ""
        if op is not None:
            best = _better(best, _of_part(str(op), value))
    return best


def _of_part(op: str, value: Any) -> frozenset[str] | None:
    if op == "SUBPATTERN":
        return _of_row(value[-1])
    if op == "BRANCH":
        return _union([_of_row(one) for one in value[1]])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_row(value[2]) if value[0] > 0 else None
    if op == "ATOMIC_GROUP":
        return _of_row(value)
    if op == "ASSERT":
        return _of_row(value[1])
    if op == "IN" and len(value) <= _FEW and all(str(kind) == "LITERAL" for kind, _ in value):
        return frozenset(chr(code) for _, code in value)
    return None


def _union(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    out: set[str] = set()
    for one in parts:
        if one is None:
            return None
        out |= one
    return frozenset(out)


def _better(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return max(one, two, key=lambda words: (min(map(len, words)), -len(words)))


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
    mask = 0
    for _, bits in _sieve().iter(text):
        mask |= bits
    return mask
