"""The workbook that came to the group, read as its reader does: from a figure along its link to the messages."""

from io import BytesIO
from typing import NamedTuple

import openpyxl


class Origin(NamedTuple):
    """One row of the sheet 来源."""

    metric: str
    figure: str
    report: str
    message: str
    place: str
    role: str
    at: str


def sheets_of(workbook: bytes) -> list[str]:
    """Return the names of the sheets."""
    return list(openpyxl.load_workbook(BytesIO(workbook), read_only=True).sheetnames)


def trace(workbook: bytes, metric: str) -> tuple[str, list[Origin]]:
    """Return the figure of *metric* on the first sheet and the rows its link leads to; LookupError when it has none."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    for cells in book.worksheets[0].iter_rows(min_row=3):
        if cells[1].value == metric and cells[2].hyperlink is not None:
            _, _, place = cells[2].hyperlink.location.rpartition("!A")
            rows = book["来源"].iter_rows(min_row=int(place), values_only=True)
            found = []
            for row in rows:
                if row[0] != metric:
                    break
                found.append(Origin(*(str(row[i]) for i in range(7))))
            return f"{cells[2].value}{cells[3].value}", found
    raise LookupError(metric)
