"""A PDF page measured in millimetres from its top left: text that fits its place, boxes, a QR code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.papers.pdf_font import drawable, width_of
from bot.papers.qr import Qr

_NEVER_FIRST = frozenset(
    ",\uff0c。、;\uff1b:\uff1a?\uff1f!\uff01)\uff09》”%·…"
)  # a Chinese line does not begin with these


_ENDS = frozenset("镇乡村区会格道组栋")


def halves(name: str) -> tuple[str, str]:
    """Return a long name in two lines, broken behind a word of place near its middle.

    >>> halves("旗山社区居民委员会第1基础网格第03网格")
    ('旗山社区居民委员会', '第1基础网格第03网格')
    """
    middle = len(name) / 2
    ends = [at for at in range(2, len(name) - 1) if name[at - 1] in _ENDS and name[at] not in "区民员"]
    at = min(ends, key=lambda end: abs(end - middle), default=0)
    if abs(at - middle) > len(name) / 4:
        at = -(-len(name) // 2)
    return name[:at], name[at:]


class Pdf:
    """A document of pages of one size. Same words, same bytes: no clock is read."""

    def __init__(self, path: Path, font: str, width_mm: float, height_mm: float, title: str) -> None:
        self.font, self.width, self.height = font, width_mm, height_mm
        self._canvas: Any = Canvas(str(path), pagesize=(width_mm * mm, height_mm * mm), invariant=1, pageCompression=1)
        self._canvas.setTitle(drawable(title))
        self._canvas.setCreator("格应")
        self._canvas.setAuthor("格应")

    def next_page(self) -> None:
        """End the page."""
        self._canvas.showPage()

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()

    def box(
        self, x: float, y: float, width: float, height: float, fill: str | None = None, *, edge: str | None = None,
        round_mm: float = 0.0, line: float = 0.3,
    ) -> None:  # fmt: skip
        """Draw a rectangle from its top left."""
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if edge:
            self._canvas.setStrokeColor(HexColor(edge))
            self._canvas.setLineWidth(line * mm)
        place = (x * mm, (self.height - y - height) * mm, width * mm, height * mm)
        drawn = {"fill": int(fill is not None), "stroke": int(edge is not None)}
        if round_mm:
            self._canvas.roundRect(*place, round_mm * mm, **drawn)
        else:
            self._canvas.rect(*place, **drawn)

    def rule(self, x: float, y: float, width: float, colour: str = "#C9C9C9", *, dashed: bool = False) -> None:
        """Draw a thin horizontal line."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(0.25 * mm)
        self._canvas.setDash([2 * mm, 1.5 * mm] if dashed else [])
        self._canvas.line(x * mm, (self.height - y) * mm, (x + width) * mm, (self.height - y) * mm)
        self._canvas.setDash([])

    def text(
        self, x: float, y: float, text: str, size: float, colour: str = "#1A1A1A", *, align: str = "left",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Write one line, its baseline at *y*; *size* in points. One weight is vendored: an outline makes it bold."""
        said = drawable(text)
        width = width_of(said, self.font, size)
        left = x * mm - {"left": 0.0, "center": width / 2, "right": width}[align]
        line = self._canvas.beginText(left, (self.height - y) * mm)
        line.setFont(self.font, size)
        line.setFillColor(HexColor(colour))
        if bold:
            line.setStrokeColor(HexColor(colour))
            self._canvas.setLineWidth(size / 26)
        line.setTextRenderMode(2 if bold else 0)
        line.textOut(said)
        line.setTextRenderMode(0)
        self._canvas.drawText(line)

    def fitted(self, text: str, width: float, largest: float, smallest: float = 8.0) -> float:
        """Return the size in points at which *text* fits *width* in one line, at most *largest*."""
        at_one = width_of(drawable(text), self.font, 1.0)
        return max(min(largest, width * mm / at_one if at_one else largest), smallest)

    def lines(self, text: str, width: float, size: float) -> list[str]:
        """Return *text* in lines that fit *width*."""
        return list(self._wrapped(drawable(text), width * mm, size))

    def _wrapped(self, text: str, width: float, size: float) -> Iterator[str]:
        line = ""
        for mark in text:
            if line and width_of(line + mark, self.font, size) > width and mark not in _NEVER_FIRST:
                yield line
                line = ""
            line += mark
        if line:
            yield line

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float, colour: str = "#1A1A1A", *, spacing: float = 1.4
    ) -> float:
        """Write *text* in lines from the baseline *y* down; returns the baseline that would follow."""
        for line in self.lines(text, width, size):
            self.text(x, y, line, size, colour)
            y += size * spacing / mm
        return y

    def qr(self, x: float, y: float, side: float, code: Qr) -> None:
        """Draw the code, its quiet zone included, in a square of *side*."""
        self._canvas.setFillColor(white)
        self._canvas.rect(x * mm, (self.height - y - side) * mm, side * mm, side * mm, fill=1, stroke=0)
        square = side * mm / code.side
        path = self._canvas.beginPath()
        top = (self.height - y) * mm
        for left, row, length in code.runs():
            # a hair higher than the square, so that no white line shows between two rows
            path.rect(x * mm + left * square, top - (row + 1) * square, length * square, square * 1.01)
        self._canvas.setFillColor(HexColor("#000000"))
        self._canvas.drawPath(path, fill=1, stroke=0)
