"""The vendored font for PDF: reportlab embeds TrueType outlines only, ours are PostScript ones.

The characters a paper needs are turned into TrueType once (a few milliseconds for every ten), measured from the font's
own widths, and embedded; what was drawn can be searched and copied out of the PDF, rare characters too.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as Outlines
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfmetrics import stringWidth

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
MISSING = "〓"
_ALWAYS = frozenset("0123456789 " + MISSING)
_ASCENT, _DESCENT = 880, -120  # of 1000 units an em: the ideographic box of the face
_FULL_WIDTH = {",": "\uff0c", "?": "\uff1f", "!": "\uff01", ":": "\uff1a", ";": "\uff1b"}
_HALF_WIDTH = re.compile("(?<=[\u201d\u3007\u4e00-\u9fff])[,?!:;]")
_OFF_PLANE = re.compile(rb"<([0-9A-F]{5,6})>")


@cache
def outlines() -> Any:
    """Return the vendored font, opened once a process; glyphs are read as they are asked for."""
    return Outlines(io.BytesIO(FONT.read_bytes()), lazy=True)


@cache
def glyph_names() -> dict[int, str]:
    """Return the glyph of each character that the font can draw."""
    found: dict[int, str] = outlines().getBestCmap()
    return found


def drawable(text: str) -> str:
    """Return *text* as it is printed: 〓 for a character the font lacks, full-width marks between Chinese.

    >>> drawable("漈墘洑坵𬳵\U0001f600") == "漈墘洑坵𬳵〓", drawable("好,1,000") == "好\uff0c1,000"
    (True, True)
    """
    said = _HALF_WIDTH.sub(lambda found: _FULL_WIDTH[found[0]], text)
    return "".join(mark if ord(mark) in glyph_names() else MISSING for mark in said)


@contextmanager
def paper_font(texts: Iterable[str]) -> Iterator[str]:
    """Yield the name under which reportlab knows a font with the characters of *texts*; it is forgotten in the end."""
    marks = "".join(sorted(_ALWAYS.union(*map(drawable, texts))))
    name = f"Geying-{hashlib.sha256(marks.encode()).hexdigest()[:12]}"
    known = name in pdfmetrics.getRegisteredFontNames()
    if not known:
        pdfmetrics.registerFont(_PaperFont(name, io.BytesIO(_truetype(marks, name))))
    try:
        yield name
    finally:
        if not known:
            pdfmetrics._fonts.pop(name, None)  # reportlab has no public way; a server would gather them for ever


def width_of(text: str, font: str, size: float) -> float:
    """Return how wide *text* is at *size*, in points; ValueError when the font was made without one of its marks."""
    known = pdfmetrics.getFont(font).face.charToGlyph
    absent = [mark for mark in text if ord(mark) not in known]
    if absent:
        raise ValueError(f"the font was made without {''.join(absent)!r}")
    return float(stringWidth(text, font, size))


def _truetype(marks: str, called: str) -> bytes:
    """Return a TrueType font with these characters only, of the outlines of the vendored one."""
    source, names = outlines(), glyph_names()
    glyph_set, widths = source.getGlyphSet(), source["hmtx"]
    order = [".notdef", *dict.fromkeys(names[ord(mark)] for mark in marks)]
    glyphs: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyph_set[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    made = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap({ord(mark): names[ord(mark)] for mark in marks})
    made.setupGlyf(glyphs)
    table = made.font["glyf"]
    made.setupHorizontalMetrics({name: (widths[name][0], getattr(table[name], "xMin", 0)) for name in order})
    made.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    made.setupNameTable({"familyName": "Noto Sans CJK SC", "styleName": "Regular", "psName": called})
    made.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT)
    made.setupPost()
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


class _PaperFont(ttfonts.TTFont):  # type: ignore[misc]
    """reportlab's font, with characters beyond U+FFFF mapped back to text as PDF asks (UTF-16, 9.10.3 of ISO 32000)."""

    def addObjects(self, doc: Any) -> None:
        before = set(doc.idToObject)
        super().addObjects(doc)
        for key in set(doc.idToObject) - before:
            if str(key).startswith("toUnicodeCMap:"):
                stream = doc.idToObject[key]
                content = stream.content if isinstance(stream.content, bytes) else stream.content.encode("latin-1")
                stream.content = _OFF_PLANE.sub(_surrogates, content)


def _surrogates(found: "re.Match[bytes]") -> bytes:
    return b"<" + chr(int(found[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"
