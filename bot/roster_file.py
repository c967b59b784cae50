"""A roster file (xlsx or csv) read into rows of text: merged cells filled in, headers recognised, bombs refused."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.roster_sheet import Sheet, read_xlsx
from handlers.domain.county import County
from handlers.domain.errors import BadSetting
from handlers.domain.roster import RowIn
from handlers.domain.roster_fields import clean, ditto
from handlers.domain.roster_places import PlaceText

FILE_LIMIT = 10_000_000
ROWS_LIMIT = 50_000
_HEADER_WITHIN = 10
_NOTE = re.compile(r"\(.*?\)|[\s*]")
_PLACES = {
    "township": ("乡镇/街道", "乡镇", "街道", "乡镇街道", "镇街", "镇", "镇乡", "所属乡镇", "所在乡镇"),
    "village": ("村/社区", "村", "社区", "村社区", "村居", "行政村", "村名", "所属村", "所在村"),
    "grid": ("网格", "网格名称", "所属网格", "工作网格", "基础网格", "网格号"),
    "sector": ("行业", "部门", "行业部门", "条线"),
}
_FIELDS = {
    "code": ("编码", "节点编码", "网格编码", "代码", "code"),
    "name": ("姓名", "名字", "网格员", "网格员姓名", "负责人"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码"),
    "userid": ("企业微信账号", "企微账号", "企业微信", "企业微信id", "账号", "帐号", "userid"),
    "role": ("职务", "角色", "岗位", "职务/角色"),
    "chat_name": ("群名", "群名称", "微信群", "群聊名称"),
    "chat_address": ("群号", "群id", "chatid", "群聊id"),
    "channel": ("渠道", "群类型"),
}


def read(path: Path, county: County) -> tuple[RowIn, ...]:
    """Return the rows of the file; BadSetting (Chinese) when it cannot be read as a roster at all."""
    sheets = open_sheets(path)
    found = [row for sheet in sheets for row in _rows(sheet, county)]
    if not any(_header(sheet, county) for sheet in sheets):
        raise BadSetting("没找到表头:要有“姓名”“企业微信账号”“职务”,以及乡镇、村、网格或编码这些列")
    return tuple(found)


def open_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of an xlsx, or the one of a CSV, as texts; BadSetting for any other file, or one too large."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise BadSetting("文件超过 10 MB,请拆成几个再导入")
        raw = path.read_bytes()
    except OSError as error:
        raise BadSetting(f"读不到文件 {path.name}") from error
    return read_xlsx(raw) if zipfile.is_zipfile(io.BytesIO(raw)) else [Sheet("", list(_csv_rows(raw)))]


def _csv_rows(raw: bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV in UTF-8 (with or without BOM) or GB18030, the two that spreadsheets write in China."""
    if b"\0" in raw:
        raise BadSetting("这不是 xlsx 也不是 CSV;旧的 .xls 请另存为 .xlsx")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadSetting("CSV 的编码不认识,请另存为 UTF-8")
    first = text.partition("\n")[0]
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
        ):
            if number >= ROWS_LIMIT:
                raise BadSetting(f"超过 {ROWS_LIMIT} 行,请拆成几个文件再导入")
            yield row
    except csv.Error as error:
        raise BadSetting("CSV 写法不对,可能有没配对的引号") from error


def _rows(sheet: Sheet, county: County) -> Iterator[RowIn]:
    header = _header(sheet, county)
    if header is None:
        return
    at, columns = header
    above: tuple[PlaceText, ...] = ()
    for number, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
        texts = {key: cells[place] for place, key in columns.items() if place < len(cells)}
        if not any(clean(text) for text in texts.values()):
            continue
        above = filled(place_cells(texts, columns, sheet.rows[at], county), above)
        yield RowIn(number, above, sheet=sheet.name, **{key: text for key, text in texts.items() if key in _FIELDS})


def _header(sheet: Sheet, county: County) -> tuple[int, dict[int, str]] | None:
    return find_header(sheet, county, _FIELDS, lambda keys: len(keys) >= 2 and bool({"name", "chat_address"} & keys))


def find_header(
    sheet: Sheet, county: County, fields: Mapping[str, Sequence[str]], enough: Callable[[set[str]], bool]
) -> tuple[int, dict[int, str]] | None:
    """Return the header's row and what each column holds (a field, or a place); None when none of the first ten is one.

    *fields* are the words of each field; *enough* says whether the columns found make a header.
    """
    known = {name: key for key, names in ({**_PLACES, **fields}).items() for name in names}
    known |= {plain_header(level.title): level.key for level in county.levels if level.staff}
    for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns: dict[int, str] = {}
        for place, cell in enumerate(cells):
            key = known.get(plain_header(cell))
            if key and key not in columns.values():
                columns[place] = key
        if enough(set(columns.values())):
            return at, columns
    return None


def plain_header(header: str) -> str:
    """Return a column's header without notes in brackets, stars and blanks, in lower case."""
    return _NOTE.sub("", clean(header)).lower()


def place_cells(
    texts: Mapping[str, str], columns: Mapping[int, str], header: Sequence[str], county: County
) -> tuple[PlaceText, ...]:
    """Return the row's place cells from the top down; 网格 may name any post between village and household."""
    order = {level.key: place for place, level in enumerate(county.levels)}
    staffed = [level.key for level in county.levels if level.staff and not level.side]
    village = order.get("village", 0)
    found = []
    for place, key in columns.items():
        if key == "grid":
            accepted = tuple(level for level in staffed if order[level] > village)
        elif key in order:
            accepted = (key,)
        else:
            accepted = tuple(level.key for level in county.levels if level.side and key == "sector")
        if accepted:
            found.append(PlaceText(clean(header[place]), texts.get(key, ""), accepted))
    return tuple(sorted(found, key=lambda one: order[one.levels[0]]))


def filled(row: tuple[PlaceText, ...], above: tuple[PlaceText, ...]) -> tuple[PlaceText, ...]:
    """Return the row with its village and town taken from above when only its grid is written (a CSV of merged cells).

    A village without its town is left so: its name decides, or the fault asks. Town and village never come by guess.
    """
    said = [place for place in row if clean(place.text)]
    if len(said) != 1 or said[0] is not row[-1] or len(row) < 2 or ditto(said[0].text):
        return row
    return (*above[: len(row) - 1], row[-1]) if above else row
