"""The nodes of a county as a CSV: `code,name,level,parent_code[,branch,aliases]`, parents first, plain or .gz.

`aliases` are former names and former codes, separated by `|`.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
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
        rows = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        strange = [column for column in rows.fieldnames or () if column not in COLUMNS + _MORE]
        if missing or strange:
            raise BadSetting(f"{path.name} 第1行:表头应是 {','.join(COLUMNS)},可再加 branch,aliases")
        return list(_checked(rows, levels, path.name))
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


def _checked(rows: "csv.DictReader[str]", levels: Mapping[str, Level], name: str) -> Iterator[NodeIn]:
    seen: dict[str, str] = {}  # code -> level; its keys are also the one copy of each parent's code
    words: dict[str, str] = {}
    faults: list[str] = []
    for row in rows:
        cells = {
            key: (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and not isinstance(value, list)
        }
        code, level, parent = cells["code"], cells["level"], cells["parent_code"] or None
        if fault := _fault(cells, levels, seen):
            faults.append(f"{name} 第{rows.line_num}行:{fault}")
            if len(faults) >= _FAULTS_SHOWN:
                break
            continue
        seen[code] = words.setdefault(level, level)
        aliases = tuple(part for part in cells.get("aliases", "").split("|") if part)
        title = words.setdefault(cells["name"], cells["name"])  # 0001户 stands in a thousand grids
        parent = None if parent is None else words.setdefault(parent, parent)
        yield NodeIn(code, title, seen[code], parent, cells.get("branch") or None, aliases)
    if faults:
        raise BadSetting("\n".join(faults))


def _fault(cells: Mapping[str, str], levels: Mapping[str, Level], seen: Mapping[str, str]) -> str | None:
    code, level, parent = cells["code"], cells["level"], cells["parent_code"]
    if not code or len(code) > _CODE_LIMIT or not cells["name"] or len(cells["name"]) > _NAME_LIMIT:
        return f"编码应有且不超过{_CODE_LIMIT}字,名称应有且不超过{_NAME_LIMIT}字"
    if level not in levels:
        return f"没有配置“{level}”这个层级"
    if code in seen:
        return f"编码 {code} 前面已有"
    if not parent:
        return "最上级只能有一个,请写上级编码" if seen else None
    if parent not in seen:
        return f"上级 {parent} 不存在,上级应写在前面"
    return order_fault(levels, seen[parent], level)


def order_fault(levels: Mapping[str, Level], above: str, level: str) -> str | None:
    """Return what is wrong with a node of *level* under one of *above*; None when it may stand there."""
    order = list(levels)
    if not levels[level].side and order.index(above) >= order.index(level):
        return f"{levels[level].title}不能在{levels[above].title}下面"
    return None
