"""The nodes of a county as a CSV: `code,name,level,parent_code[,branch,aliases]`, parents first, plain or .gz.

`aliases` are former names and former codes, separated by `|`.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from handlers.domain.county import Level
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import NodeIn

COLUMNS = ("code", "name", "level", "parent_code")
_MORE = ("branch", "aliases")
_FILE_LIMIT = 50_000_000
_OPEN_LIMIT = 400_000_000
_FAULTS_SHOWN = 30
_CODE_LIMIT, _NAME_LIMIT = 64, 120


def folder_beside(settings: Path, named: str) -> Path:
    """Return the folder that the settings name; BadSetting unless it is there, beside the settings or below them."""
    home = settings.resolve().parent
    wanted = (home / named).resolve()
    if not wanted.is_relative_to(home):
        raise BadSetting(f"只能用本文件所在目录里的文件夹:{named}")
    if not wanted.is_dir():
        raise BadSetting(f"文件夹不存在:{named}")
    return wanted


def beside(settings: Path, include: str) -> Path:
    """Return the file that `include:` names; BadSetting unless it is there, beside the settings or below them."""
    home = settings.resolve().parent
    wanted = (home / include).resolve()
    if not wanted.is_relative_to(home):
        raise BadSetting(f"include 只能引用本文件所在目录里的文件:{include}")
    if not wanted.is_file():
        raise BadSetting(f"include 的文件不存在:{include}")
    if wanted.stat().st_size > _FILE_LIMIT:
        raise BadSetting(f"include 的文件太大:{include}")
    return wanted


def read(path: Path, levels: Mapping[str, Level]) -> list[NodeIn]:
    """Return the file's nodes; BadSetting names every faulty line (the first thirty of them)."""
    try:
        rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
        header = next(rows, [])
        if [*header[:4]] != [*COLUMNS] or [*header[4:]] != [*_MORE[: len(header) - 4]]:
            raise BadSetting(f"{path.name} 第1行:表头应是 {','.join(COLUMNS)},后面可再加 branch、aliases 两列")
        return _checked(rows, levels, path.name)
    except csv.Error as error:
        raise BadSetting(f"{path.name} 不是正常的 CSV") from error


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        if path.suffix == ".gz":
            with gzip.open(io.BytesIO(raw)) as packed:
                raw = packed.read(_OPEN_LIMIT + 1)
        if len(raw) > _OPEN_LIMIT:
            raise BadSetting(f"{path.name} 解开后太大")
        return raw.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise BadSetting(f"{path.name} 解压不开,文件可能坏了") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path.name} 不是 UTF-8 编码") from error


def _checked(rows: Iterable[list[str]], levels: Mapping[str, Level], name: str) -> list[NodeIn]:
    found: list[NodeIn] = []
    level_of: dict[str, str] = {}
    words = {key: key for key in levels}  # one copy of a word, however often it stands in the file
    fits = {(above, below) for above in levels for below in levels if order_fault(levels, above, below) is None}
    faults: list[str] = []
    for number, cells in enumerate(rows, start=2):
        code, title, level, parent, branch, aliases = (cell.strip() for cell in (*cells, "", "", "", "", "", "")[:6])
        sound = code and title and len(code) <= _CODE_LIMIT and len(title) <= _NAME_LIMIT and code not in level_of
        top = not found and not parent and level == next(iter(levels))
        if not sound or not (top or (level_of.get(parent), level) in fits):
            faults.append(f"{name} 第{number}行:{_fault(code, title, level, parent, levels, level_of)}")
            if len(faults) >= _FAULTS_SHOWN:
                break
            continue
        level_of[code] = words.get(level, level)
        above = words.setdefault(parent, parent) or None
        former = tuple(part for part in aliases.split("|") if part) if aliases else ()
        found.append(NodeIn(code, words.setdefault(title, title), level_of[code], above, branch or None, former))
    if faults:
        raise BadSetting("\n".join(faults))
    return found


def _fault(
    code: str, title: str, level: str, parent: str, levels: Mapping[str, Level], level_of: Mapping[str, str]
) -> str:
    """Return what is wrong with the row."""
    if not code or len(code) > _CODE_LIMIT or not title or len(title) > _NAME_LIMIT:
        return f"编码应有且不超过{_CODE_LIMIT}字,名称应有且不超过{_NAME_LIMIT}字"
    if level not in levels:
        return f"没有配置“{level}”这个层级"
    if code in level_of:
        return f"编码 {code} 前面已有"
    if not parent:
        return "没写上级编码(只有第一行,也就是最上级,可以不写)"
    if parent not in level_of:
        return f"上级 {parent} 不存在,上级应写在前面"
    return order_fault(levels, level_of[parent], level) or "填得不对"


def order_fault(levels: Mapping[str, Level], above: str, level: str) -> str | None:
    """Return what is wrong with a node of *level* under one of *above*; None when it may stand there."""
    order = list(levels)
    if not levels[level].side and order.index(above) >= order.index(level):
        return f"{levels[level].title}不能在{levels[above].title}下面"
    return None
