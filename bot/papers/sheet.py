"""One sheet of a workbook, written row by row; every value passes the sanitiser on its way into a cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.papers.cells import clean, starts_like_formula
from handlers.domain.daily_text import TOWN_ZONE, UNKNOWN

Value = str | int | Decimal | date | datetime | None
_LINKS = 60_000  # a sheet keeps 65,530 links; those beyond are written without one rather than dropped with a warning


@dataclass(frozen=True, slots=True)
class Linked:
    """A value whose cell leads to a row (counted from 0) of the sources sheet."""

    value: Value
    row: int


class Book:
    """The formats of one workbook; `Sheet` asks it for the one a cell needs."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        base = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 16, "border": 0, "align": "center", "text_wrap": False},
            "note": {"border": 0},
            "head": {"bold": True, "align": "center", "bg_color": "#E8EEF4"},
            "text": {},
            "quoted": {"quote_prefix": True},
            "number": {"align": "center"},
            "linked": {"align": "center", "font_color": "#0563C1", "underline": 1},
            "unknown": {"align": "center", "font_color": "#9A5B00", "italic": True},
        }
        self.formats = {name: workbook.add_format({**base, **look}) for name, look in looks.items()}

    def sheet(self, name: str, widths: Sequence[float], header: str) -> "Sheet":
        """Return a new A4 landscape sheet, one page wide, with *header* and page numbers on every page."""
        raw = self.workbook.add_worksheet(name)
        raw.set_landscape()
        raw.set_paper(9)  # A4
        raw.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        raw.fit_to_pages(1, 0)
        # & is a command in a header: a doubled one prints itself. Excel holds 255 characters.
        raw.set_header("&C" + clean(header).replace("&", "&&").replace("\n", " ")[:200])
        raw.set_footer("&L" + name + "&R第 &P 页 共 &N 页")
        for column, width in enumerate(widths):
            raw.set_column(column, column, width)
        return Sheet(self, raw, len(widths))


class Sheet:
    """A sheet under construction. Rows go down and never back: the workbook keeps only the last one in memory."""

    def __init__(self, book: Book, raw: Any, columns: int) -> None:
        self._book, self._raw, self._columns = book, raw, columns
        self._links = 0
        self.row = 0

    def title(self, text: str) -> None:
        """Write *text* across the sheet as its title."""
        self._raw.set_row(self.row, 28)
        self._across(text, "title")

    def note(self, text: str) -> None:
        """Write *text* across the sheet, wrapped; its height follows its length."""
        lines = sum(1 + len(line) // 60 for line in text.split("\n"))
        self._raw.set_row(self.row, min(15 * lines, 400))
        self._across(text, "note")

    def head(self, titles: Sequence[str]) -> None:
        """Write the column titles, freeze them and repeat them on every printed page."""
        for column, title in enumerate(titles):
            self._raw.write_string(self.row, column, clean(title), self._book.formats["head"])
        self._raw.repeat_rows(self.row)
        self._raw.freeze_panes(self.row + 1, 0)
        self.row += 1

    def line(self, values: Sequence[Value | Linked]) -> None:
        """Write one row; None prints 未报."""
        for column, value in enumerate(values):
            if isinstance(value, Linked):
                self._link(column, value)
            else:
                self._cell(column, value)
        self.row += 1

    def _across(self, text: str, look: str) -> None:
        written = clean(text)
        self._raw.merge_range(self.row, 0, self.row, self._columns - 1, "", self._book.formats[look])
        self._raw.write_string(self.row, 0, written, self._book.formats[look])
        self.row += 1

    def _link(self, column: int, linked: Linked) -> None:
        look = "linked" if self._links < _LINKS else None
        if look:
            # The URL's own text is overwritten at once by the typed value: a figure stays a number, and a link.
            self._raw.write_url(self.row, column, f"internal:'来源'!A{linked.row + 1}", None, "", "到来源")
            self._links += 1
        self._cell(column, linked.value, look)

    def _cell(self, column: int, value: Value, look: str | None = None) -> None:
        formats = self._book.formats
        if value is None:
            self._raw.write_string(self.row, column, UNKNOWN, formats["unknown"])
        elif isinstance(value, int | Decimal):
            self._raw.write_number(self.row, column, float(value), formats[look or "number"])
        else:
            written = clean(_printed(value))
            quoted = "quoted" if starts_like_formula(written) else look or "text"
            self._raw.write_string(self.row, column, written, formats[quoted])


def _printed(value: str | date | datetime) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(TOWN_ZONE):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value
