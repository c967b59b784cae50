"""An xlsx read into texts: every cell of a merged range gets its text; files made to harm are refused before opening.

Numbers become the digits people typed. Beyond 15 digits a spreadsheet has already lost some: such a cell is written
in scientific notation, which the roster refuses by name instead of importing a wrong code.
"""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.domain.errors import BadSetting

_OPEN_LIMIT = 30_000_000
_PARTS_LIMIT = 2_000
_ROWS_LIMIT, _COLUMNS_LIMIT = 50_000, 100
_MERGED_LIMIT = 200_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its rows of texts."""

    name: str
    rows: list[list[str]]


def read_xlsx(raw: bytes) -> list[Sheet]:
    """Return the sheets of the workbook; BadSetting when it is damaged, too large, or made to harm."""
    import openpyxl  # here, not above: 15 MB that no running process needs

    _refuse_bombs(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it drops; we read texts only
            book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise: KeyError, ValueError, TypeError, ParseError
        raise BadSetting("xlsx 打不开,可能坏了;请用表格软件另存一份再试") from error
    try:
        return [_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def _refuse_bombs(raw: bytes) -> None:
    """Raise BadSetting for a workbook that would unfold to far more than it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            infos = parts.infolist()
            if len(infos) > _PARTS_LIMIT or sum(info.file_size for info in infos) > _OPEN_LIMIT:
                raise BadSetting("xlsx 解开后太大,请删掉图片和多余的表再导入")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    _refuse_part(parts.read(info), "worksheets/" in info.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadSetting("xlsx 打不开,可能坏了或加了密码") from error


def _refuse_part(xml: bytes, sheet: bool) -> None:
    if _DOCTYPE.search(xml):
        raise BadSetting("xlsx 里有不该有的内容,请用表格软件另存一份再试")
    merged = 0
    for found in _MERGE.finditer(xml) if sheet else ():
        merged += _cells(found[1].decode())
    if merged > _MERGED_LIMIT:
        raise BadSetting("合并的单元格太大,请取消整列、整行的合并")


def _cells(ref: str) -> int:
    """Return how many cells a reference covers.

    >>> _cells("A2:B11"), _cells("C3"), _cells("A1:XFD1048576")
    (20, 1, 17179869184)
    """
    ends = [re.match(r"([A-Z]+)([0-9]+)", end) for end in (ref.partition(":")[0], ref.rpartition(":")[2])]
    (left, top), (right, bottom) = [(_column(end[1]), int(end[2])) for end in ends if end]
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(sheet: Any) -> Sheet:
    if sheet.max_row > _ROWS_LIMIT or sheet.max_column > _COLUMNS_LIMIT:
        raise BadSetting(f"表“{sheet.title}”超过 {_ROWS_LIMIT} 行或 {_COLUMNS_LIMIT} 列,请删掉空白的行列")
    rows = [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        text = rows[merged.min_row - 1][merged.min_col - 1]
        for row in rows[merged.min_row - 1 : merged.max_row]:
            row[merged.min_col - 1 : merged.max_col] = [text] * (merged.max_col - merged.min_col + 1)
    return Sheet(sheet.title, rows)


def _text(value: object) -> str:
    """Return the cell as typed.

    >>> _text(350125100001), _text(350125100001.0), _text(35012510000101001), _text(None), _text(1.5)
    ('350125100001', '350125100001', '3.501251E+16', '', '1.5')
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        if not abs(value) < 1e15:  # also infinity and not-a-number
            return f"{value:.6E}"
        return str(int(value)) if value == int(value) else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)
