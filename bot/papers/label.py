"""A place's code as a picture: PNG for a group or a screen, SVG for a print shop. Never a bare code: the place's name
and the check digits belong to it, or a swapped one would not be seen."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from PIL import Image, ImageDraw, ImageFont

from bot.papers.pdf_font import FONT, drawable, glyph_names, outlines
from bot.papers.pdf_page import halves
from bot.papers.qr import Qr, qr_of
from handlers.domain.poster import Poster
from handlers.wording import posters as words

WIDTH, HEIGHT = 1080, 1440
_EDGE = 60
_GREEN, _PALE, _INK, _GREY = "#0A7A4B", "#DFF2E8", "#161616", "#5A5A5A"


def save_png(poster: Poster, path: Path) -> None:
    """Write the label as a PNG of 1080 × 1440 pixels."""
    picture = _Png()
    _draw(picture, poster)
    picture.image.save(path, "PNG")


def save_svg(poster: Poster, path: Path) -> None:
    """Write the label as an SVG whose letters are outlines: it looks the same on a machine without the font."""
    picture = _Svg(f"{poster.above} {poster.name} {words.CHECK_TITLE} {poster.check}")
    _draw(picture, poster)
    path.write_text(picture.document(), "utf-8")


class _Surface(Protocol):
    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None: ...
    def text(self, x: float, y: float, text: str, size: float, colour: str, align: str) -> None: ...
    def squares(self, runs: Iterable[tuple[int, int, int, int]]) -> None: ...


def _draw(on: _Surface, poster: Poster) -> None:
    inner = WIDTH - 2 * _EDGE
    on.box(0, 0, WIDTH, HEIGHT, "#FFFFFF")
    on.box(0, 0, WIDTH, 250, _GREEN)
    on.text(WIDTH / 2, 84, poster.above, _fitted(poster.above, inner, 46), _PALE, "center")
    size = _fitted(poster.name, inner, 104)
    rows = (poster.name,) if size >= 60 else halves(poster.name)
    size = min(size if len(rows) == 1 else 64, *(_fitted(row, inner, 104) for row in rows))
    for n, row in enumerate(rows):
        on.text(WIDTH / 2, 200 if len(rows) == 1 else 158 + 70 * n, row, size, "#FFFFFF", "center")
    _squares(on, qr_of(poster.link), 95, 255, 890)
    on.text(_EDGE + 40, 1226, words.CHECK_TITLE, 52, _GREEN, "left")
    on.text(WIDTH - _EDGE - 40, 1232, poster.check, 104, _INK, "right")
    on.box(_EDGE, 1268, inner, 3, _GREEN)
    on.text(WIDTH / 2, 1328, words.LABEL, _fitted(words.LABEL, inner, 42), _INK, "center")
    imprint = words.imprint(poster.printed_on, poster.serial, poster.code)
    on.text(WIDTH / 2, 1394, imprint, _fitted(imprint, inner, 32), _GREY, "center")


def _squares(on: _Surface, code: Qr, left: int, top: int, side: int) -> None:
    square = side // code.side  # whole pixels, so that every edge is sharp
    shift = (side - square * code.side) // 2
    on.squares(
        (left + shift + x * square, top + shift + y * square, length * square, square) for x, y, length in code.runs()
    )


def _fitted(text: str, width: float, largest: float) -> float:
    return min(largest, width / _width(drawable(text), 1.0))


def _width(text: str, size: float) -> float:
    widths, names = outlines()["hmtx"], glyph_names()
    return float(sum(widths[names[ord(mark)]][0] for mark in text)) * size / 1000


@lru_cache(maxsize=64)
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


class _Png:
    """The label in pixels."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self._pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self._pen.rectangle((round(x), round(y), round(x + width) - 1, round(y + height) - 1), fill=fill)

    def squares(self, runs: Iterable[tuple[int, int, int, int]]) -> None:
        for x, y, width, height in runs:
            self.box(x, y, width, height, "#000000")

    def text(self, x: float, y: float, text: str, size: float, colour: str, align: str) -> None:
        anchor = {"left": "ls", "center": "ms", "right": "rs"}[align]
        bold = round(size / 40) if size > 60 else 0
        self._pen.text((x, y), drawable(text), colour, _face(int(size)), anchor, stroke_width=bold, stroke_fill=colour)


class _Svg:
    """The label as paths."""

    def __init__(self, title: str) -> None:
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(title)}</title>",
        ]

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self._parts.append(f'<path fill="{fill}" d="M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"/>')

    def squares(self, runs: Iterable[tuple[int, int, int, int]]) -> None:
        path = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in runs)
        self._parts.append(f'<path fill="#000" shape-rendering="crispEdges" d="{path}"/>')

    def text(self, x: float, y: float, text: str, size: float, colour: str, align: str) -> None:
        said = drawable(text)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * _width(said, size)
        glyphs: Any = outlines().getGlyphSet()
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
        for mark in said:
            name = glyph_names()[ord(mark)]
            glyphs[name].draw(TransformPen(pen, (size / 1000, 0, 0, -size / 1000, left, y)))
            left += outlines()["hmtx"][name][0] * size / 1000
        line = f' stroke="{colour}" stroke-width="{size / 26:.1f}"' if size > 60 else ""
        self._parts.append(f'<path fill="{colour}"{line} d="{pen.getCommands()}"/>')

    def document(self) -> str:
        return "".join([*self._parts, "</svg>\n"])
