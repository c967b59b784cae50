"""A long text in parts the platform takes whole: cut by bytes, on borders a reader would not notice, and numbered."""

import re
import unicodedata
from collections.abc import Iterator

_STOPS = frozenset("。!?;！？；…")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEWLINE = re.compile(r"\r\n|\r|\n")


def sayable(text: str) -> str:
    """Return *text* without what no platform takes: half characters, NUL and other controls.

    >>> sayable("今晚\\ud800排查\\x00\\n")
    '今晚?排查\\n'
    """
    if text.isprintable():
        return text
    return _CONTROLS.sub("", text.encode("utf-8", "replace").decode())


def split(text: str, limit: int) -> tuple[str, ...]:
    """Return *text* in parts of at most *limit* bytes of UTF-8, numbered when there are several.

    Joined without their numbers the parts are the text, sign by sign.

    >>> split("今晚有雨", 12), split("一二三四五六七八", 17)
    (('今晚有雨',), ('(1/2)一二三四', '(2/2)五六七八'))
    """
    if len(text.encode()) <= limit:
        return (text,)
    for digits in range(1, 7):
        parts = tuple(_cut(text, limit - 3 - 2 * digits))
        if len(parts) < 10**digits:
            return tuple(f"({number}/{len(parts)}){part}" for number, part in enumerate(parts, 1))
    raise ValueError(f"a text of {len(text)} signs does not fit into parts of {limit} bytes")


def clip(text: str, signs: int) -> str:
    """Return *text* with at most *signs* characters, an ellipsis in place of what is missing.

    >>> clip("排查低洼户", 4), clip("排查", 4)
    ('排查低…', '排查')
    """
    if len(text) <= signs:
        return text
    kept = ""
    for cluster in clusters(text):
        if len(kept) + len(cluster) > signs - 1:
            break
        kept += cluster
    return kept + "…"


def clip_bytes(text: str, limit: int) -> str:
    """Return *text* with at most *limit* bytes, an ellipsis in place of what is missing."""
    if len(text.encode()) <= limit:
        return text
    return next(_cut(text, limit - len("…".encode()))) + "…"


def _cut(text: str, room: int) -> Iterator[str]:
    """Yield pieces of at most *room* bytes: after a line if one ends in the second half, else after a sentence, else
    between two signs."""
    if room < 4:
        raise ValueError("no room for a single sign")
    piece, size, line, sentence = "", 0, 0, 0
    for cluster in _fitting(clusters(text), room):
        weight = len(cluster.encode())
        if size + weight > room:
            border = next((b for b in (line, sentence) if b and len(piece[:b].encode()) * 2 >= room), len(piece))
            yield piece[:border]
            piece = piece[border:]
            size, line, sentence = len(piece.encode()), 0, 0
            if size + weight > room:  # only when the rest and the new cluster are both large
                yield piece
                piece, size = "", 0
        piece += cluster
        size += weight
        if _NEWLINE.fullmatch(cluster):
            line = len(piece)
        elif cluster in _STOPS:
            sentence = len(piece)
    if piece:
        yield piece


def _fitting(found: Iterator[str], room: int) -> Iterator[str]:
    """Yield the clusters; one that is larger than a whole part comes character by character."""
    for cluster in found:
        if len(cluster.encode()) <= room:
            yield cluster
        else:
            yield from cluster


def clusters(text: str) -> Iterator[str]:
    """Yield what a reader takes for single signs: a letter with its marks, an emoji with its modifiers, a flag.

    The rules of Unicode's UAX #29 that matter for chat: extending marks, joiners, emoji modifiers and tags, flags,
    Hangul syllables, CR LF.
    """
    start = 0
    for at in range(1, len(text)):
        if not _joined(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _joined(text: str, start: int, at: int) -> bool:
    """Return whether *at* lies inside the cluster that begins at *start*."""
    before, sign = text[at - 1], text[at]
    if before < "\u0300" and sign < "\u0300":
        return before == "\r" and sign == "\n"
    if before in "\r\n" or sign in "\r\n":
        return False
    if _extends(sign) or before == "\u200d":
        return True
    if _flag(before) and _flag(sign):
        return (at - start) % 2 == 1
    return _hangul(before, sign)


def _extends(sign: str) -> bool:
    if sign in "\u200c\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f":
        return True
    return unicodedata.category(sign) in ("Mn", "Me", "Mc")


def _flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _hangul(before: str, sign: str) -> bool:
    leads = "\u1100" <= before <= "\u115f"
    syllable = "\uac00" <= before <= "\ud7a3"
    vowel_or_tail = "\u1160" <= before <= "\u11ff"
    if "\u1160" <= sign <= "\u11ff":
        return leads or syllable or vowel_or_tail
    return leads and ("\u1100" <= sign <= "\u115f" or "\uac00" <= sign <= "\ud7a3")
