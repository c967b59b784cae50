"""A picture under construction, measured in pixels from the top left; one font, flat colours, no global state.

Importing this brings matplotlib (about a second and 60 MB): import it inside the function that draws.
"""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.patheffects import withStroke

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
_DPI = 72  # at 72 dots an inch a point is a pixel, so sizes here are what the phone shows
_MISSING = "〓"
_drawn: frozenset[int] = frozenset()


class Canvas:
    """A white picture of *width* × *height* pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.axis("off")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str = "#1A1A1A",
        *,
        align: str = "left",
        bold: bool = False,
        alpha: float = 1.0,
        turned: float = 0.0,
    ) -> None:
        """Write *text* with its middle at height *y*; a character the font lacks shows as 〓."""
        self._axes.text(
            x,
            # From the baseline, so that brackets and descenders do not lift one of two labels that stand side by side.
            y if turned else y + size * 0.37,
            drawable(text),
            color=colour,
            ha=align,
            va="center" if turned else "baseline",
            alpha=alpha,
            rotation=turned,
            # The text is text: $ is no formula.
            parse_math=False,
            fontproperties=FontProperties(fname=str(FONT), size=size),
            # One weight is vendored; an outline of the same colour is its bold.
            path_effects=[withStroke(linewidth=size / 22, foreground=colour)] if bold else None,
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "none", hatch: str = ""
    ) -> None:
        """Draw a rectangle; *hatch* (matplotlib's letters) tells it apart without colour."""
        self._axes.add_patch(
            Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, hatch=hatch or None, linewidth=1.5)
        )

    def card(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a rectangle with round corners."""
        style = "round,pad=0,rounding_size=14"
        self._axes.add_patch(FancyBboxPatch((x, y), width, height, style, facecolor=fill, edgecolor="none"))

    def rule(self, x: float, y: float, width: float, colour: str = "#8A8A8A") -> None:
        """Draw a thin horizontal line."""
        self._axes.plot((x, x + width), (y, y), color=colour, linewidth=1.5)

    def save(self, path: Path, limit: int) -> None:
        """Write a PNG of at most *limit* bytes, smaller in pixels where it would be more."""
        for dpi in (_DPI, _DPI * 3 // 4, _DPI // 2):
            self._figure.savefig(path, format="png", dpi=dpi, metadata={"Software": None})
            if path.stat().st_size <= limit:
                return
        raise ValueError(f"a picture of {path.stat().st_size} bytes")


def drawable(text: str) -> str:
    """Return *text* as the font can draw it."""
    global _drawn
    if not _drawn:
        _drawn = frozenset(FT2Font(str(FONT)).get_charmap())
    return "".join(c if c == "\n" or ord(c) in _drawn else _MISSING for c in text)


def wrapped(text: str, width: float, size: float) -> Iterator[str]:
    """Yield the lines of *text* that fit *width* pixels at *size*; a Chinese character is as wide as it is high."""
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for char in paragraph:
            wide = size if unicodedata.east_asian_width(char) in "WFA" else size * 0.58
            if used + wide > width and line:
                yield line
                line, used = "", 0.0
            line, used = line + char, used + wide
        yield line
