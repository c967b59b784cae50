"""A household's card, A5 and two on a sheet: for whoever has no phone that scans. Big type; nobody's name on it."""

from collections.abc import Iterable
from pathlib import Path

from bot.papers.pdf_font import paper_font
from bot.papers.pdf_page import Pdf
from bot.papers.qr import qr_of
from handlers.domain.poster import Card
from handlers.wording import posters as words

_WIDTH, _HEIGHT, _EDGE = 210.0, 148.5, 12.0
_GREEN, _DEEP, _PALE, _RED = "#0A7A4B", "#075C38", "#EEF6F1", "#B3261E"
_INK, _GREY = "#161616", "#5A5A5A"


def texts_of(cards: Iterable[Card]) -> set[str]:
    """Return every text that the cards show: what their font must be able to draw."""
    fixed = {
        words.CARD_TITLE, words.CARD_HINT, words.CARD_FIRST, words.CARD_FIRST_DO, words.CARD_OTHER, words.CARD_WHEN,
        words.CARD_SCAN, words.CARD_SCAN_SAYS, words.CHECK_TITLE, words.no_worker(), "120",
    }  # fmt: skip
    for card in cards:
        fixed |= {card.number, card.code, card.place, card.check, words.ask_for(card.worker_title, card.worker)}
        fixed |= {words.spoken_phone(card.phone), words.imprint(card.printed_on, card.serial, card.code)}
    return fixed


def draw_cards(cards: list[Card], path: Path, font: str | None = None) -> None:
    """Write one PDF, two cards a page with a line to cut along; *font* is one made for all of them already."""
    if font is None:
        with paper_font(texts_of(cards)) as made:
            return draw_cards(cards, path, made)
    pdf = Pdf(path, font, _WIDTH, 2 * _HEIGHT, f"{words.CARD_TITLE}:{len(cards)}户")
    for place, card in enumerate(cards):
        lower = place % 2
        _card(pdf, card, lower * _HEIGHT)
        if lower or place == len(cards) - 1:
            pdf.rule(0, _HEIGHT, _WIDTH, "#8A8A8A", dashed=True)
            pdf.next_page()
    return pdf.save()


def _card(pdf: Pdf, card: Card, top: float) -> None:
    pdf.box(0, top, _WIDTH, 20, _GREEN)
    pdf.text(_EDGE, top + 14, words.CARD_TITLE, 30, "#FFFFFF", bold=True)
    pdf.text(_WIDTH - _EDGE, top + 13, words.CARD_HINT, 16, "#FFFFFF", align="right")
    left = 128.0
    pdf.text(_EDGE, top + 32, card.place, pdf.fitted(card.place, left, 20), _DEEP)
    pdf.text(_EDGE, top + 53, card.number, pdf.fitted(card.number, left, 56), _INK, bold=True)
    _worker(pdf, card, top + 59, left)
    _scan(pdf, card, top + 25)
    _help(pdf, top + 109)
    imprint = words.imprint(card.printed_on, card.serial, card.code)
    pdf.text(_EDGE, top + _HEIGHT - 3.2, imprint, 8.5, _GREY)


def _worker(pdf: Pdf, card: Card, top: float, width: float) -> None:
    pdf.box(_EDGE, top, width, 45, _PALE, edge=_GREEN, round_mm=3, line=0.5)
    pdf.text(_EDGE + 5, top + 9.5, words.CARD_WHEN, pdf.fitted(words.CARD_WHEN, width - 10, 18), _DEEP)
    name = words.ask_for(card.worker_title, card.worker)
    pdf.text(_EDGE + 5, top + 23.5, name, pdf.fitted(name, width - 10, 34), _INK, bold=True)
    phone = words.spoken_phone(card.phone) or words.no_worker()
    pdf.text(_EDGE + 5, top + 40, phone, pdf.fitted(phone, width - 10, 44), _INK, bold=True)


def _scan(pdf: Pdf, card: Card, top: float) -> None:
    side, x = 52.0, _WIDTH - _EDGE - 52.0
    pdf.text(x + side / 2, top + 4, words.CARD_SCAN, 13, _DEEP, align="center", bold=True)
    pdf.qr(x, top + 5.5, side, qr_of(card.link))
    check = f"{words.CHECK_TITLE} {card.check}"
    pdf.text(x + side / 2, top + 62, check, 16, _INK, align="center", bold=True)
    pdf.paragraph(x, top + 68.5, side, words.CARD_SCAN_SAYS, 10, _GREY, spacing=1.3)


def _help(pdf: Pdf, top: float) -> None:
    pdf.box(_EDGE, top, _WIDTH - 2 * _EDGE, 32, "#FFFFFF", edge=_RED, round_mm=3, line=1.0)
    pdf.text(_EDGE + 6, top + 13.5, words.CARD_FIRST, 26, _RED, bold=True)
    pdf.text(_EDGE + 6, top + 26, words.CARD_OTHER, 19, _INK)
    pdf.text(_WIDTH - _EDGE - 6, top + 26, "120", 76, _RED, align="right", bold=True)
    pdf.text(_WIDTH - _EDGE - 52, top + 25.5, words.CARD_FIRST_DO, 22, _RED, align="right", bold=True)
