"""A household's weekly card: A4, one a page, big type, boxes to tick; nobody's name on it."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.papers.pdf_font import paper_font
from bot.papers.pdf_page import Pdf
from bot.papers.qr import qr_of
from handlers.domain.week_card import WeekCard
from handlers.wording import posters
from handlers.wording import week_cards as words

_WIDTH, _HEIGHT, _EDGE = 210.0, 297.0, 12.0
_GREEN, _DEEP, _PALE, _RED = "#0A7A4B", "#075C38", "#EEF6F1", "#B3261E"
_INK, _GREY, _LINE = "#161616", "#5A5A5A", "#8A8A8A"
_TOP, _HEAD, _ROW = 84.0, 13.0, 19.5
_DAY_WIDTH, _OTHER_WIDTH = 40.0, 48.0


def texts_of(cards: Iterable[WeekCard]) -> set[str]:
    """Return every text that the cards show: what their font must be able to draw."""
    fixed = {
        words.TITLE, words.HINT, words.WELL, words.CELSIUS, words.OTHER, words.DAY, words.SCAN, words.FIRST, words.CALL,
        words.FREE, posters.CHECK_TITLE, posters.no_worker(), "℃",
    }  # fmt: skip
    for one in cards:
        card = one.card
        fixed |= {card.number, card.code, card.place, card.check, posters.ask_for(card.worker_title, card.worker)}
        fixed |= {posters.spoken_phone(card.phone), posters.imprint(card.printed_on, card.serial, card.code)}
        fixed |= {words.day(day) for day in one.days} | {words.hour(hour) for hour in one.hours}
        fixed |= {words.why(one.why), words.span(one.days[0], one.days[-1])}
    return fixed


def draw_week_cards(cards: Sequence[WeekCard], path: Path) -> None:
    """Write one PDF, a page a household."""
    with paper_font(texts_of(cards)) as font:
        pdf = Pdf(path, font, _WIDTH, _HEIGHT, f"{words.TITLE}:{len(cards)}户")
        for one in cards:
            _page(pdf, one)
            pdf.next_page()
        pdf.save()


def _page(pdf: Pdf, one: WeekCard) -> None:
    card = one.card
    pdf.box(0, 0, _WIDTH, 22, _GREEN)
    pdf.text(_EDGE, 15.5, words.TITLE, 32, "#FFFFFF", bold=True)
    span = words.span(one.days[0], one.days[-1])
    pdf.text(_WIDTH - _EDGE, 12, span, 20, "#FFFFFF", align="right", bold=True)
    pdf.text(_WIDTH - _EDGE, 18.5, words.HINT, 12, "#FFFFFF", align="right")
    left = 126.0
    pdf.text(_EDGE, 33, card.place, pdf.fitted(card.place, left, 20), _DEEP)
    pdf.text(_EDGE, 54, card.number, pdf.fitted(card.number, left, 58), _INK, bold=True)
    pdf.text(_EDGE, 66, words.CALL, 18, _DEEP)
    worker = f"{posters.ask_for(card.worker_title, card.worker)}  {posters.spoken_phone(card.phone)}".strip()
    worker = worker if card.phone else f"{worker} {posters.no_worker()}"
    pdf.text(_EDGE, 77.5, worker, pdf.fitted(worker, left, 30), _INK, bold=True)
    side, x = 50.0, _WIDTH - _EDGE - 50.0
    pdf.qr(x, 24.5, side, qr_of(card.link))
    check = f"{words.SCAN}  {posters.CHECK_TITLE} {card.check}"
    pdf.text(x + side / 2, 79.5, check, pdf.fitted(check, side, 14), _DEEP, align="center", bold=True)
    _table(pdf, one)
    _foot(pdf, one)


def _table(pdf: Pdf, one: WeekCard) -> None:
    whole = _WIDTH - 2 * _EDGE
    width = (whole - _DAY_WIDTH - _OTHER_WIDTH) / len(one.hours)
    lefts = [_EDGE + _DAY_WIDTH + number * width for number in range(len(one.hours))]
    pdf.box(_EDGE, _TOP, whole, _HEAD, _PALE, edge=_LINE)
    pdf.text(_EDGE + 3, _TOP + 9, words.DAY, 18, _DEEP, bold=True)
    for left, hour in zip(lefts, one.hours, strict=True):
        pdf.text(left + width / 2, _TOP + 9, words.hour(hour), 18, _DEEP, align="center", bold=True)
    other = _EDGE + whole - _OTHER_WIDTH
    pdf.text(other + 3, _TOP + 9, words.OTHER, pdf.fitted(words.OTHER, _OTHER_WIDTH - 6, 14), _DEEP, bold=True)
    for number, day in enumerate(one.days):
        _day(pdf, day, _TOP + _HEAD + number * _ROW, lefts, width)


def _day(pdf: Pdf, day: date, top: float, lefts: Sequence[float], width: float) -> None:
    pdf.box(_EDGE, top, _WIDTH - 2 * _EDGE, _ROW, edge=_LINE)
    shown = words.day(day)
    pdf.text(_EDGE + 3, top + 12.5, shown, pdf.fitted(shown, _DAY_WIDTH - 6, 19), _INK, bold=True)
    for left in lefts:
        pdf.box(left, top, width, _ROW, edge=_LINE)
        pdf.box(left + 3, top + 5.5, 8.5, 8.5, edge=_INK, line=0.6)
        pdf.text(left + 13, top + 12.8, words.WELL, 22, _INK, bold=True)
        at = left + 24
        if width >= 50:
            pdf.text(at, top + 12.5, words.CELSIUS, 15, _GREY)
            at += 13
        pdf.rule(at, top + 14, max(left + width - 9 - at, 8), _INK)
        pdf.text(left + width - 8, top + 12.8, "℃", 15, _GREY)


def _foot(pdf: Pdf, one: WeekCard) -> None:
    top = _TOP + _HEAD + len(one.days) * _ROW + 5
    pdf.box(_EDGE, top, _WIDTH - 2 * _EDGE, 18, "#FFFFFF", edge=_RED, round_mm=3, line=1.0)
    size = pdf.fitted(words.FIRST, _WIDTH - 2 * _EDGE - 12, 27)
    pdf.text(_WIDTH / 2, top + 12.3, words.FIRST, size, _RED, align="center", bold=True)
    at = pdf.paragraph(_EDGE, top + 26, _WIDTH - 2 * _EDGE, words.FREE, 15, _INK)
    pdf.paragraph(_EDGE, at + 1, _WIDTH - 2 * _EDGE, words.why(one.why), 11, _GREY, spacing=1.3)
    card = one.card
    pdf.text(_EDGE, _HEIGHT - 5, posters.imprint(card.printed_on, card.serial, card.code), 9, _GREY)
