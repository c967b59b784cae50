"""A pasted table as cells: which mark parts them, which line is the header, what each column holds."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.wordbook import is_label, lexicon

_FIGURES = lazy(r"\d\D+\d")
_GAP = lazy(r"\S {2,}\S")
_NUMBER = lazy(r"[\d.]+")
_SAYS = lazy(r":\S|^(?:示?例|格式)")
_SUM = lazy(r"\s*(?:合计|总计|小计|共计|总数|汇总)")
_MARKS = {mark: lazy(mark) for mark in (r"\t", r"\|", r" {2,}", r",", r"/", r" +", r"[\s,|]+")}
"""What may part the cells of a line."""
_DASHES = lazy(r"[\s|:+=-]+")
_UNIT = lazy(r"\((?:单位\s*:?)?\s*(户|人|人次|辆|台|辆次|份|张|条|个|处|次|间|亩|毫米|米|平方米|名|℃|度)\)")
_BEFORE = lazy(r"^(?:(?:今日|今天|本日|当日|目前|现有|当前|其中|共|本村|本格|全村|已)[:：]?)+(?=.)|^(?:\d{1,2}[.、)])")
_BEHIND = lazy(r"(?:情况|统计|合计|总计|总数|数量)$")
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, lazy(pattern))
    for role, pattern in (
        (
            "aside",
            r"序号|编号|^号$|责任人|填报人|备注|说明|联系|电话|手机|网格员|负责|审核|上报人|签字|身份证|性别|年龄|包保"
            r"|是否外出|外出|接触史|完成率|占比|车辆信息|职业",
        ),
        ("checkpoint", r"卡点|卡口|检查点|检查站|检测点|劝返点|点位|查验点"),
        ("state", r"^(?:状态|进度|送达情况|签收|是否送达|是否签收|配送情况|送达|完成情况)$"),
        ("story", r"事件(?!数)|险情(?!数)|灾情|诉求|求助|情况描述|具体情况|反映问题"),
        ("plate", r"车牌|号牌|车号"),
        ("action", r"^(?:处置|处理|放行|是否放行|处理结果|结果|处置情况|措施)$"),
        ("isolated", r"(?:是否|有无)(?:已)?(?:居家)?隔离|隔离与否"),
        ("arrival", r"(?:返|回|到|来).{0,3}(?:时间|日期|日)|何时(?:返|回)"),
        ("date", r"^(?:上报|填报|填表|统计)?(?:日期|时间)$|^日$"),
        (
            "temperature",
            r"体温|温度"
            r"|^(?:早|中|晚|上午|下午|晨|午|早上|中午|晚上|早间|晚间|早晨)(?:间|检|测)?(?:体温)?$",
        ),
        ("origin", r"来源|来自|从何|何处|何地|从哪|哪里|出发地|返(?:回|乡)地|返乡来源|始发|居住地(?!址)|来源地|途经"),
        ("symptoms", r"症状|不适|有无.{0,3}(?:咳|热)|健康状况|身体状况|身体情况"),
        ("grid", r"^(?:所属|所在)?网格(?:号|名|名称|编号)?$|^格$"),
        ("group", r"^(?:所属|所在)?(?:村民|居民)?小?组(?:别|名|号)?$"),
        (
            "village",
            r"^(?:所属|所在)?(?:行政)?"
            r"(?:村|村居|社区|村社区|村名|村组|村社|单位|单位名称|村\(社区\)|村/社区)(?:名|名称)?$",
        ),
        (
            "address",
            r"楼栋|楼号|栋号|房号|门牌|住址|地址|室号|住处|房间|户号|楼门|楼座|单元号?|^楼$|^栋$|^室$",
        ),
        ("person", r"姓名|户主|人员(?:姓名)?$|居民$|业主|名字|住户$|联系人|收货人|领取人|申请人"),
        ("quantity", r"^数量|^份数$|需求量|需要量"),
        ("item", r"物品|物资|品名|药品|商品|需求(?:内容|品种|明细)?$|东西|品种|种类|货品"),
        ("measure", r"^(?:计量)?单位$|规格"),
        ("place", r"地点|名称|区域|辖区|地区|片区|站名|站点|镇|乡|街道"),
    )
)  # fmt: skip
MARKS = (r"\t", r"\|", r" {2,}", r",", r" +")


_COUNT_WORD = lazy(r"(?<=[一-鿿]{2})(?:份|次|件|起|张|条|处|个)数$")


class Cell(NamedTuple):
    """One cell: its text without the spaces around it, and where it begins in the message."""

    text: str
    start: int


class Column(NamedTuple):
    """What one column holds: its role (see `_ROLES`; figure, or "" when unknown), its header tidied, its unit."""

    role: str
    label: str
    unit: str = ""


class Sheet(NamedTuple):
    """A table: the text above it, its columns, its rows (all as wide as the header), the text below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    footer: str = ""


@lru_cache(maxsize=512)
def column(header: str) -> Column:
    """Return what a column headed *header* holds: a figure when the words name one, else a role.

    >>> column("其中返乡人数").role, column("姓名").role, column("早").role, column("排查(户)")
    ('figure', 'person', 'temperature', Column(role='figure', label='排查', unit='户'))
    """
    unit = _UNIT.search(header)
    plain = re.sub(r"\s", "", _UNIT.sub("", header)).strip(":：")
    bare = _BEFORE.sub("", plain)
    for role in ("checkpoint", "aside"):
        if dict(_ROLES)[role].search(bare) and not names_figure(bare):
            return Column(role, bare)
    if names_figure(bare):
        return Column("figure", {"户数": "户", "人数": "人"}.get(bare, bare), unit[1] if unit else "")
    shorter = _BEHIND.sub("", bare)
    if shorter != bare and names_figure(shorter):
        return Column("figure", shorter, unit[1] if unit else "")
    return Column(next((role for role, pattern in _ROLES if pattern.search(bare)), ""), bare, unit[1] if unit else "")


@lru_cache(maxsize=1024)
def names_figure(text: str) -> bool:
    """Return whether *text* as a whole names a figure: 排查户数, 新增返乡, 武汉, 今日新增返乡人员数."""
    text = _COUNT_WORD.sub("", text)
    if not text or len(text) > 24:
        return False
    if is_label(text):
        return True
    covered, labels = 0, 0
    for last, entries in lexicon().automaton.iter_long(text):
        kinds = {entry.kind for entry in entries}
        names = {entry.name for entry in entries}
        if kinds & {"label", "return", "place"}:
            labels += 1
        elif "scope" not in kinds or names & {"no", "should", "than", "redo"}:
            return False
        covered += len(entries[0].word)
        if last >= len(text):
            break
    return labels > 0 and len(re.sub(r"[()/、的]", "", text)) - covered <= 0


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the start and the text of every line that is neither empty nor a rule."""
    at = 0
    for line in text.split("\n"):
        if line.strip() and not _DASHES.fullmatch(line):
            yield at, line
        at += len(line) + 1


def mark_of(line: str) -> str:
    """Return the pattern of the mark that parts the cells of *line*."""
    if "\t" in line:
        return r"\t"
    if line.count("|") >= 2:
        return r"\|"
    if len(_GAP.findall(line)) >= 2:
        return r" {2,}"
    if line.count(",") >= 2:
        return r","
    return r"/" if line.count("/") >= 3 and " " not in line.strip() else r" +"


def split(line: str, start: int, mark: str) -> list[Cell]:
    """Return the cells of *line*, which stands at *start* of the message."""
    out, at = [], 0
    for found in [*_MARKS[mark].finditer(line), None]:
        piece = line[at : found.start() if found else len(line)]
        out.append(Cell(piece.strip(), start + at + len(piece) - len(piece.lstrip())))
        at = found.end() if found else at
    return out


def _framed(line: str, start: int) -> tuple[str, int]:
    """Return *line* without the frame of pipes or the spaces around it, and where that begins."""
    trimmed = line.strip().removeprefix("|").removesuffix("|").strip() if "|" in line else line.rstrip()
    return trimmed, start + line.find(trimmed)


def _fitting(line: str, start: int, mark: str, width: int) -> list[Cell]:
    trimmed, at = _framed(line, start)
    if mark == r"\|" and line.strip().startswith("|"):  # keep the empty cells at the end of a framed row
        inner = line.strip()[1:].removesuffix("|")
        trimmed, at = inner, start + line.find(inner)
    cells = split(trimmed if mark != r"\t" else line.rstrip("\n"), at if mark != r"\t" else start, mark)
    if mark == r"\t" and len(cells) > width and not any(cell.text for cell in cells[width:]):
        cells = cells[:width]
    if mark == r"\t" and 2 <= len(cells) < width:
        cells += [Cell("", start + len(line)) for _ in range(width - len(cells))]
    if len(cells) != width and mark != r"\t":
        cells = split(line.strip(), start + len(line) - len(line.lstrip()), r"[\s,|]+")
    return cells if len(cells) == width else []


def _is_header(cells: list[Cell], mark: str) -> bool:
    least = 2 if mark in (r"\t", r"\|") else 3
    return len(cells) >= least and not any(
        _NUMBER.fullmatch(cell.text) or len(cell.text) > 16 or _SAYS.search(cell.text) for cell in cells
    )


def read_sheet(text: str) -> Sheet | None:
    """Return the table in *text* (normalised), None when there is none.

    Tabs, pipes, runs of spaces, commas or single spaces part the cells; a table with its labels down the first column
    is turned; the rows of totals stay out.
    """
    lines = list(lines_of(text))
    for number, (start, line) in enumerate(lines[:-1]):
        trimmed, at = _framed(line, start)
        mark = mark_of(trimmed)
        head = split(trimmed, at, mark)
        if not _is_header(head, mark):
            continue
        rows = [_fitting(row, begins, mark, len(head)) for begins, row in lines[number + 1 :]]
        full = [row for row in rows if row]
        misfits = [line for (_, line), row in zip(lines[number + 1 :], rows, strict=True) if not row]
        if not full or (mark not in (r"\t", r"\|") and any(_FIGURES.search(line) for line in misfits)):
            continue
        columns = tuple(_settled(column(cell.text), full[0][at].text) for at, cell in enumerate(head))
        if _telling(columns):
            return Sheet(text[:start], columns, _without_totals(full), "\n".join(misfits))
        turned = tuple(column(row[0].text) for row in full)
        if sum(one.role == "figure" for one in turned) >= 2:
            flipped = [list(row) for row in zip(*[head, *full], strict=True)]
            corner = column(head[0].text)
            place = Column(corner.role if corner.role in ("grid", "village", "checkpoint") else "place", corner.label)
            return Sheet(text[:start], (place, *turned), _without_totals(flipped[1:]))
    return None


def _settled(one: Column, below: str) -> Column:
    """A column headed 卡点 counts them when figures stand below, and names them else."""
    if one.role != "figure" or not below or re.search(r"\d|^[零一二三四五六七八九十无]|没有", below):
        return one
    role = next((role for role, pattern in _ROLES if pattern.search(one.label)), "")
    return Column(role, one.label) if role else one


def _without_totals(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    kept = [row for row in rows if not _total(row)]
    return tuple(tuple(row) for row in kept or rows)


def _telling(columns: tuple[Column, ...]) -> bool:
    roles = [one.role for one in columns]
    figures = roles.count("figure")
    if figures >= 2 or (figures and {"grid", "village", "checkpoint", "group"}.intersection(roles)):
        return True
    known = {role for role in roles if role}
    if "plate" in known:
        return True
    if "temperature" in known and known & {"person", "address", "date"}:
        return True
    if "story" in known and {"place", "address", "person", "group", "grid", "village"} & known:
        return True
    return ("person" in known and ("origin" in known or "arrival" in known)) or {"item", "quantity"} <= known


def _total(row: list[Cell]) -> bool:
    return any(_SUM.match(cell.text) for cell in row[:2])
