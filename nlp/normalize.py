"""The text as people mean it, each character still tied to where it stood in what they typed."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from nlp.repairs import repair

TEXT_LIMIT = 2_000
"""Characters read of one message; what follows is left unread and the sender is asked."""

_INVISIBLE = re.compile(
    "[\u00ad\u20e3\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ONE_FOR_ONE = {
    **_HALF_WIDTH,
    **str.maketrans(
        "✖✗✘✔✓☑\r\u2005\u3000\xa0\u2028\u2029\x0b\x0c\u2212\u301c\u3014\u3015{}\u2571\u2500\u2502\u2503〇○\x00﹣﹟︰﹕﹔﹐﹑﹒",
        "❌❌❌✅✅✅\n   \n\n\n\n-~()()/-||零零 -#::;,、.",
    ),
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text: simplified, half-width, no invisible marks, slips mended.

    `index[i]` is where character `i` of `text` stood in `raw`; None when nothing moved.
    `repaired` are the positions in `text` where a slip was mended (each lowers confidence);
    `cut` says that the message went on beyond `TEXT_LIMIT`.
    """

    raw: str
    text: str
    index: tuple[int, ...] | None = None
    repaired: tuple[int, ...] = ()
    cut: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw text that characters *start* to *end* (exclusive) came from."""
        if self.index is None or end <= start:
            return start, end
        return self.index[start], self.index[end - 1] + 1


_TRADITIONAL = frozenset(files("nlp").joinpath("words/traditional.txt").read_text("utf-8").replace("\n", ""))
"""Every character that OpenCC may change, alone or in a phrase: a text without them is not put through it."""


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Return *text* in simplified characters, always of the same length."""
    if _TRADITIONAL.isdisjoint(text):
        return text
    out: str = _converter().convert(text)
    if len(out) == len(text):
        return out
    return "".join(one if len(one := _converter().convert(char)) == 1 else char for char in text)


def _folded(char: str) -> str:
    if _INVISIBLE.match(char):
        return ""
    code = ord(char)
    if 0x2460 <= code <= 0x2473:  # ① opens a line of a list: NFKC alone would glue it to the figures around
        return f"\n{code - 0x245F})"
    if code < 0x80 or 0x4E00 <= code <= 0x9FFF:
        return char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) <= 5 else char


def _fold(raw: str) -> tuple[str, tuple[int, ...]]:
    chars: list[str] = []
    index: list[int] = []
    for at, char in enumerate(raw):
        folded = _folded(char)
        if folded.startswith("\n") and (not chars or chars[-1] == "\n"):
            folded = folded.lstrip("\n") or folded
        for one in folded:
            chars.append(one)
            index.append(at)
    return "".join(chars), tuple(index)


@lru_cache(maxsize=32)  # one message is looked at by a dozen readers of words in turn
def normalize(raw: str) -> Plain:
    """Return *raw* normalised and cut to `TEXT_LIMIT` characters, with the way back to its spans."""
    shown = raw[:TEXT_LIMIT]
    text = shown.translate(_ONE_FOR_ONE)
    index: tuple[int, ...] | None = None
    if not unicodedata.is_normalized("NFKC", text) or _INVISIBLE.search(text):
        text, index = _fold(text)
        text, index = text[:TEXT_LIMIT], index[:TEXT_LIMIT]
    work = repair(simplify(text), index)
    kept = None if work.index is None else tuple(work.index)
    return Plain(raw, work.text, kept, tuple(work.mended), len(raw) > TEXT_LIMIT)
