"""A household file (xlsx or csv) read into rows of text, in the style of the roster: headers by many names, merged
cells filled in; a column of identity numbers is refused before anything is read of it."""

from collections.abc import Iterator
from pathlib import Path

from bot.roster_file import filled, find_header, open_sheets, place_cells, plain_header
from bot.roster_sheet import Sheet
from handlers.domain.county import County
from handlers.domain.errors import BadSetting
from handlers.domain.household_planned import HouseRow
from handlers.domain.roster_fields import clean
from handlers.domain.roster_places import PlaceText

_FIELDS = {
    "code": ("户编码", "家庭编码", "户口编码", "编码", "code"),
    "house": ("户号", "户", "门牌号", "门牌", "房号", "楼栋房号"),
    "address": ("住址", "地址", "家庭住址", "详细地址", "居住地址"),
    "heads": ("人数", "户人数", "家庭人数", "人口", "人口数", "常住人数"),
    "in_group": ("在群", "是否在群", "进群", "在住户群"),
    "times": ("方便时间", "方便的时间", "联系时间"),
    "name": ("姓名", "名字", "成员姓名", "居民姓名", "户主", "户主姓名"),
    "age": ("年龄", "出生年份", "出生年", "年龄段"),
    "vulnerable": ("重点人群", "人群类别", "特殊人群", "人员类别"),
    "medicines": ("长期用药", "用药", "慢病用药", "慢性病用药"),
    "language": ("语言", "常用语言"),
    "phone": ("手机号", "手机", "电话", "联系电话", "手机号码", "联系方式"),
    "here": ("是否同住", "同住", "是否常住", "住在这里"),
    "relation": ("关系", "与本户关系", "与户主关系"),
    "answers": ("可代报", "代报", "是否代报", "能否代报"),
    "state": ("状态", "在住状态"),
}
_REFUSED = ("身份证", "身份证号", "身份证号码", "公民身份号码", "证件号", "证件号码")


def read(path: Path, county: County) -> tuple[HouseRow, ...]:
    """Return the rows of the file; BadSetting (Chinese) when it cannot be read as a household file at all."""
    sheets = open_sheets(path)
    fields = _FIELDS | {f"care:{role.key}": _care_words(role.title) for role in county.care.roles}
    found: list[HouseRow] = []
    headers = 0
    for sheet in sheets:
        header = find_header(sheet, county, fields, _enough)
        if header is not None:
            headers += 1
            _no_id_numbers(sheet.rows[header[0]])
            found += _rows(sheet, *header, county)
    if not headers:
        raise BadSetting("没找到表头:要有“户编码”(或乡镇、村、网格和户号),以及“姓名”或“人数”这些列")
    return tuple(found)


def _care_words(title: str) -> tuple[str, ...]:
    return (title, f"{title}账号", f"包保{title}", f"包保{title}账号")


def _enough(keys: set[str]) -> bool:
    return bool({"code", "house"} & keys) and bool({"name", "heads", "address"} & keys)


def _no_id_numbers(header: list[str]) -> None:
    for cell in header:
        if plain_header(cell) in _REFUSED:
            raise BadSetting(f"表里有“{clean(cell)}”这一列:身份证号我们不收、不存,请整列删掉再导入")


def _rows(sheet: Sheet, at: int, columns: dict[int, str], county: County) -> Iterator[HouseRow]:
    above: tuple[PlaceText, ...] = ()
    for number, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
        texts = {key: cells[place] for place, key in columns.items() if place < len(cells)}
        if not any(clean(text) for text in texts.values()):
            continue
        places = place_cells(texts, columns, sheet.rows[at], county)
        if any(clean(place.text) for place in places):
            places = above = filled(places, above)
        care = {key.removeprefix("care:"): text for key, text in texts.items() if key.startswith("care:")}
        told = {key: text for key, text in texts.items() if key in _FIELDS}
        yield HouseRow(number, places, told, care, sheet.name)
