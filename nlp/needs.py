"""What a regular expression cannot match without: words of which one must stand in the text, signs it can begin with.

Both are taken from the pattern's own tree, so that no list beside the pattern can fall behind it.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

_PARSER: Any = import_module("re._parser")  # the tree of a pattern; the same module that compiles it
_FEW = 16
_MANY = 200
"""Signs in one range: a wider one (any Chinese character) sifts nothing."""
_EMPTY = ""
"""Among openings: the part may match without a single character."""


def needs_of(pattern: str, flags: int = 0) -> frozenset[str] | None:
    """Return words of which every text that *pattern* matches holds one, None when there are no such words.

    >>> sorted(needs_of("(?:已经)?送达|发(?:完|好)了"))
    ['发', '送达']
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


def led(pattern: str, flags: int = 0) -> str:
    """Return *pattern* behind a look at the first character: matches the same, and passes faster where it cannot begin.

    >>> led("(?:今|昨)天|3网格")
    '(?=[3今昨])(?:(?:今|昨)天|3网格)'
    """
    if flags & ~(re.MULTILINE | re.DOTALL):
        return pattern
    opens = _openings(_PARSER.parse(pattern, flags))
    if not opens or _EMPTY in opens:
        return pattern
    signs = "".join(one if len(one) > 1 else re.escape(one) for one in sorted(opens))
    return f"(?=[{signs}])(?:{pattern})"


def _openings(row: Iterable[Any]) -> frozenset[str] | None:
    """Return the signs (or \\d, \\s) a sequence can begin with, None when they are too many."""
    out: frozenset[str] = frozenset()
    for op, value in row:
        found = _opening(str(op), value)
        if found is None:
            return None
        out |= found - {_EMPTY}
        if _EMPTY not in found:
            return out
    return out | {_EMPTY}


def _opening(op: str, value: Any) -> frozenset[str] | None:
    if op == "LITERAL":
        return frozenset({chr(value)})
    if op == "IN":
        return _signs(value)
    if op in ("ASSERT", "ASSERT_NOT", "AT"):
        return frozenset({_EMPTY})
    if op == "SUBPATTERN":
        return _openings(value[-1])
    if op == "ATOMIC_GROUP":
        return _openings(value)
    if op == "BRANCH":
        return _union([_openings(one) for one in value[1]])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        found = _openings(value[2])
        return found | {_EMPTY} if found is not None and value[0] == 0 else found
    return None


def _signs(row: Iterable[Any]) -> frozenset[str] | None:
    out: set[str] = set()
    for kind, value in row:
        if str(kind) == "LITERAL":
            out.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] <= _MANY:
            out |= {chr(code) for code in range(value[0], value[1] + 1)}
        elif str(kind) == "CATEGORY" and str(value) in ("CATEGORY_DIGIT", "CATEGORY_SPACE"):
            out.add("\\d" if str(value) == "CATEGORY_DIGIT" else "\\s")
        else:
            return None
    return frozenset(out)
