"""A poster of a place's code, A4: the place's name large, how to scan, what to compare, and the notice beside it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.papers.pdf_font import paper_font
from bot.papers.pdf_page import Pdf, halves
from bot.papers.qr import qr_of
from handlers.domain.poster import Poster
from handlers.wording import posters as words

_WIDTH, _HEIGHT, _EDGE = 210.0, 297.0, 14.0
_GREEN, _DEEP, _PALE = "#0A7A4B", "#075C38", "#EEF6F1"
_INK, _GREY = "#161616", "#5A5A5A"


def texts_of(posters: Iterable[Poster]) -> set[str]:
    """Return every text that the posters show: what their font must be able to draw."""
    fixed = {words.ENGLISH, words.CHECK_TITLE, words.CHECK, words.NOTICE, words.no_phone(), *words.TITLES.values()}
    fixed |= {part for step in words.STEPS for part in step}
    for one in posters:
        fixed |= {one.name, one.above, one.check, one.contact, words.imprint(one.printed_on, one.serial, one.code)}
        fixed |= {part for line in words.notice(one.asker, one.kept) for part in line}
    return fixed


def draw_posters(
    posters: Sequence[Poster],
    path: Path,
    font: str | None = None,
    watch: Callable[[Sequence[Poster]], Iterable[Poster]] = lambda pages: pages,
) -> None:
    """Write one PDF, a page a poster; *font* is one made for all of them already, *watch* sees the pages go by."""
    if font is None:
        with paper_font(texts_of(posters)) as made:
            return draw_posters(posters, path, made, watch)
    title = posters[0].name if len(posters) == 1 else f"{posters[0].name}等{len(posters)}处"
    pdf = Pdf(path, font, _WIDTH, _HEIGHT, f"申报码:{title}")
    for poster in watch(posters):
        _page(pdf, poster)
        pdf.next_page()
    return pdf.save()


def _page(pdf: Pdf, poster: Poster) -> None:
    _head(pdf, poster)
    _code(pdf, poster, 93.0)
    _notice(pdf, poster, 194.5)
    _foot(pdf, poster)


def _head(pdf: Pdf, poster: Poster) -> None:
    """Draw the band with the title, and the place's name in the largest type that fits."""
    pdf.box(0, 0, _WIDTH, 38, _GREEN)
    pdf.text(_EDGE, 19.5, words.TITLES[poster.kind], 36, "#FFFFFF", bold=True)
    pdf.text(_EDGE, 31, words.ENGLISH, 11.5, "#DFF2E8")
    pdf.box(0, 38, _WIDTH, 49, _PALE)
    inner = _WIDTH - 2 * _EDGE
    pdf.text(_WIDTH / 2, 48.5, poster.above, pdf.fitted(poster.above, inner, 20), _DEEP, align="center")
    size = pdf.fitted(poster.name, inner, 70)
    if size >= 40:
        pdf.text(_WIDTH / 2, 69 + size * 0.125, poster.name, size, _INK, align="center", bold=True)
        return
    rows = halves(poster.name)
    size = min(pdf.fitted(row, inner, 44) for row in rows)
    for row, baseline in zip(rows, (65.0, 82.0), strict=True):
        pdf.text(_WIDTH / 2, baseline, row, size, _INK, align="center", bold=True)


def _code(pdf: Pdf, poster: Poster, top: float) -> None:
    """Draw the code on the left; on the right how to scan it and what to compare."""
    side = 97.0
    pdf.box(_EDGE, top, side, side, "#FFFFFF", edge=_GREEN, round_mm=4, line=1.2)
    pdf.qr(_EDGE + 1.8, top + 1.8, side - 3.6, qr_of(poster.link))
    x, width = _EDGE + side + 7, _WIDTH - 2 * _EDGE - side - 7
    for n, (do, how) in enumerate(words.STEPS):
        y = top + n * 18.6
        pdf.box(x, y + 0.6, 12, 12, _GREEN, round_mm=6)
        pdf.text(x + 6, y + 9.2, str(n + 1), 22, "#FFFFFF", align="center", bold=True)
        pdf.text(x + 15.5, y + 6.8, do, pdf.fitted(do, width - 15.5, 25), _INK, bold=True)
        pdf.text(x + 15.5, y + 13.4, how, pdf.fitted(how, width - 15.5, 14), _GREY)
    y = top + 56
    pdf.box(x, y, width, side - 56, "#FFFFFF", edge=_DEEP, round_mm=3, line=0.6)
    pdf.text(x + 4.5, y + 10.5, words.CHECK_TITLE, 16, _DEEP, bold=True)
    pdf.text(x + width - 4.5, y + 11.5, poster.check, 32, _INK, align="right", bold=True)
    pdf.rule(x + 4.5, y + 16, width - 9, "#BFD9CB")
    pdf.paragraph(x + 4.5, y + 22.5, width - 9, words.CHECK, 13.5, _INK, spacing=1.35)


def _notice(pdf: Pdf, poster: Poster, top: float) -> None:
    """Draw the notice: every line a question that people ask, and its answer."""
    pdf.text(_EDGE, top + 5.5, words.NOTICE, 16, _DEEP, bold=True)
    pdf.rule(_EDGE + 36, top + 4, _WIDTH - 2 * _EDGE - 36, _GREEN)
    y, label = top + 14.8, 26.0
    for ask, answer in words.notice(poster.asker, poster.kept):
        pdf.text(_EDGE, y, ask, 12.8, _DEEP, bold=True)
        y = pdf.paragraph(_EDGE + label, y, _WIDTH - 2 * _EDGE - label, answer, 12.8, _INK, spacing=1.28) + 2.4


def _foot(pdf: Pdf, poster: Poster) -> None:
    """Draw whom to call, and the line that tells this print from another."""
    top = _HEIGHT - 33
    pdf.box(0, top, _WIDTH, 33, _GREEN)
    inner = _WIDTH - 2 * _EDGE
    pdf.text(_EDGE, top + 12, poster.contact, pdf.fitted(poster.contact, inner, 22), "#FFFFFF", bold=True)
    pdf.text(_EDGE, top + 21, words.no_phone(), 14, "#FFFFFF")
    imprint = words.imprint(poster.printed_on, poster.serial, poster.code)
    pdf.text(_EDGE, top + 28.5, imprint, pdf.fitted(imprint, inner, 9.5), "#DFF2E8")
