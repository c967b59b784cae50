"""The shape of a message before its words: several grids, a table, a row of figures with a legend, prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from nlp.places import Place, scan_places
from nlp.wordbook import is_label

_MARK = r"[ \t]*[-—/、,|+ \t][ \t]*"
_FIGURE = r"(?:\d{1,9}(?:\.\d{1,9})?|[零一二两三四五六七八九十]{1,3}|无)"
_ROW = re.compile(rf"(?<![\d.\-]){_FIGURE}(?:{_MARK}{_FIGURE}){{2,14}}(?![\d.户人个名辆台份张条次起处%℃])")
_WORD = r"[一-鿿]{1,8}(?:\([一-鿿]{1,6}\))?"
_LEGEND = re.compile(rf"{_WORD}(?:{_MARK}{_WORD}){{2,14}}")
_ORDERED = re.compile(r"依次|分别|顺序|顺次|对应|按")
_SHELL = re.compile(r"^(?:按照?|依次|分别|顺序|顺次)?(?:是|为|对应)?|(?:依次|分别|顺序|的顺序)?(?:是|为)?$")
_DASHES = re.compile(r"[\s|:+=-]+")
_NO_VALUE = re.compile(r"[-/—\\_]*|\?+|未报|待报")
_WHERE = re.compile(r"网格|村|社区|卡点|单位|地点|名称|区域|小组|^组|点位|站点|辖区|地区|镇|站名")
_WHEN = re.compile(r"日期|时间")
_ASIDE = re.compile(r"序号|编号|责任人|填报人|备注|姓名|联系|电话|网格员|负责|审核|上报人|签字")
_SUM = re.compile(r"\s*(?:合计|总计|小计|共计|总数)")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text that is one record: its span and its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A row of a table written out as labelled figures; `index[i]` is where character i stood, -1 if it was added."""

    text: str
    index: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters *start* to *end* of the rebuilt text stood, (0, 0) when all were added."""
        stood = [at for at in self.index[start:end] if at >= 0]
        return (min(stood), max(stood) + 1) if stood else (0, 0)


class _Cell(NamedTuple):
    text: str
    start: int


class _Writer:
    """Writes a rebuilt line piece by piece, keeping where each came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.index: list[int] = []

    def add(self, text: str, start: int = -1) -> None:
        self.parts.append(text)
        self.index += [start + at if start >= 0 else -1 for at in range(len(text))]

    def figure(self, label: str, cell: _Cell) -> None:
        """Write a labelled figure: 户 and 人 alone are the households and people checked."""
        plain = re.sub(r"\((?:单位:?)?(?:户|人|辆|台|份|次|张|条|个|处|人次)\)|[\s:]", "", label)
        plain = {"户": "排查户数", "户数": "排查户数", "人": "排查人数", "人数": "排查人数"}.get(plain, plain)
        self.add(f"{plain}:")
        self.add(cell.text, cell.start)
        self.add(",")

    def done(self) -> Rebuilt:
        return Rebuilt("".join(self.parts), tuple(self.index))


def _known(words: list[str]) -> int:
    return sum(is_label(re.sub(r"\(.*\)", "", word)) for word in words)


def positional(text: str) -> list[Rebuilt]:
    """Return rows of figures with a legend (126-412-5,依次是户、人、返乡) as labelled lines, [] when there is none."""
    for legend in _LEGEND.finditer(text):
        words = [_SHELL.sub("", word) for word in re.split(_MARK, legend[0])]
        words = [word for word in words if word]
        if len(words) < 3 or _known(words) < (2 if _ORDERED.search(text) else len(words) - 1):
            continue
        rows = [row for row in _ROW.finditer(text) if len(re.split(_MARK, row[0])) == len(words)]
        rows = [row for row in rows if row.end() <= legend.start() or row.start() >= legend.end()]
        if rows:
            return [_positional_row(text, words, row, legend) for row in rows]
    return []


def _positional_row(text: str, words: list[str], row: re.Match[str], legend: re.Match[str]) -> Rebuilt:
    out = _Writer()
    line = text.rfind("\n", 0, row.start()) + 1
    line = max(line, legend.end() if legend.end() <= row.start() and legend.end() > line else line)
    head = text[line : row.start()].strip(" :,。;、)")
    out.add(head, text.find(head, line) if head else -1)
    out.add(" ")
    at = row.start()
    for word, figure in zip(words, re.split(_MARK, row[0]), strict=True):
        at = text.find(figure, at)
        out.figure(word, _Cell(figure, at))
        at += len(figure)
    return out.done()


def _cells(line: str, start: int, mark: str) -> list[_Cell]:
    out, at = [], 0
    for found in [*re.finditer(mark, line), None]:
        piece = line[at : found.start() if found else len(line)]
        out.append(_Cell(piece.strip(), start + at + len(piece) - len(piece.lstrip())))
        at = found.end() if found else at
    return out


def _mark_of(line: str) -> str:
    if "\t" in line:
        return r"\t"
    if line.count("|") >= 2:
        return r"\|"
    if len(re.findall(r"\S {2,}\S", line)) >= 2:
        return r" {2,}"
    if line.count(",") >= 2:
        return r","
    return r" +"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        if line.strip() and not _DASHES.fullmatch(line):
            yield at, line
        at += len(line) + 1


def _grid(text: str) -> tuple[list[list[_Cell]], str] | None:
    """Return the cells of the table in *text*, header first, and the title above it; None when there is no table."""
    lines = list(_lines(text))
    for number, (start, line) in enumerate(lines[:-1]):
        trimmed = line.strip().strip("|").strip() if "|" in line else line.rstrip()
        mark = _mark_of(trimmed)
        head = _cells(trimmed, start + line.find(trimmed), mark)
        if len(head) < 3 or any(re.fullmatch(r"[\d.]+", cell.text) for cell in head):
            continue
        rows = [_fitting(row, at, mark, len(head)) for at, row in lines[number + 1 :]]
        full = [row for row in rows if row]
        if full and (_known([cell.text for cell in head]) >= 2 or _known([row[0].text for row in full]) >= 2):
            return [head, *full], text[:start]
    return None


def _fitting(line: str, start: int, mark: str, width: int) -> list[_Cell]:
    trimmed = line.strip().strip("|").strip() if "|" in line and mark == r"\|" else line.rstrip("\n")
    cells = _cells(trimmed, start + line.find(trimmed), mark)
    if mark == r"\t" and 2 <= len(cells) < width:
        cells += [_Cell("", start) for _ in range(width - len(cells))]
    if len(cells) != width and mark != r"\t":
        cells = _cells(line.strip(), start + len(line) - len(line.lstrip()), r"[\s,|]+")
    return cells if len(cells) == width else []


def table(text: str) -> list[Rebuilt]:
    """Return the rows of a table as labelled lines, [] when *text* holds none.

    Tabs, pipes, runs of spaces, commas or single spaces part the cells; a table with the labels down its first column
    is turned; a row of totals is left out.
    """
    found = _grid(text)
    if found is None:
        return []
    rows, title = found
    if _known([cell.text for cell in rows[0]]) < 2:
        rows = [list(column) for column in zip(*rows, strict=True)]
    head = [cell.text for cell in rows[0]]
    body = [row for row in rows[1:] if not any(_SUM.match(cell.text) for cell in row[:2])]
    return [_table_row(title, head, row) for row in body if _has_figures(head, row)]


def _has_figures(head: list[str], row: list[_Cell]) -> bool:
    figures = [cell for label, cell in zip(head, row, strict=True) if is_label(re.sub(r"\(.*\)", "", label))]
    return any(re.match(r"\d|[零一二两三四五六七八九十]|无", cell.text) for cell in figures)


def _table_row(title: str, head: list[str], row: list[_Cell]) -> Rebuilt:
    out = _Writer()
    out.add(title.strip(), len(title) - len(title.lstrip()))
    out.add(" ")
    for label, cell in zip(head, row, strict=True):
        counted = re.search(r"数|户|人|辆|次|率", label) and not _WHERE.fullmatch(label)
        if not cell.text or _ASIDE.search(label):
            continue
        if (_WHERE.search(label) and not counted and not is_label(label)) or _WHEN.search(label) or cell is row[0]:
            if is_label(label) and re.match(r"\d", cell.text):
                out.figure(label, cell)
                continue
            out.add(cell.text, cell.start)
            out.add(_ending(label, cell.text))
            out.add(" ")
        elif not _NO_VALUE.fullmatch(cell.text):
            out.figure(label, cell)
    return out.done()


def _ending(label: str, value: str) -> str:
    """Return what a cell leaves to its header: 卡点 under 东桥, 网格 under 3."""
    if re.search(r"卡点|卡口|检查[点站]", label):
        return "" if re.search(r"[点口站]$", value) else "卡点"
    if re.fullmatch(r"[\d一二三四五六七八九十]{1,9}", value):
        return "网格" if "格" in label else ("组" if "组" in label else "")
    return ""


def sections(text: str, key: str = "grid") -> list[Section]:
    """Return the stretches of *text* that each open with a new place of kind *key* (grid, checkpoint, village).

    A place named again inside its own stretch opens nothing; one place gives one section, the whole text.
    """
    heads: list[Place] = []
    for place in scan_places(text):
        if place.key == key and _opens(text, place) and not (heads and heads[-1].value == place.value):
            heads.append(place)
    if len({place.value for place in heads}) < 2:
        return [Section(0, len(text), text)]
    bounds = [*(_back(text, place.start) for place in heads), len(text)]
    out = [Section(start, end, text[start:end]) for start, end in pairwise(bounds)]
    return [part for part in out if re.search(r"[\d零一二两三四五六七八九十]|无|正常|同", part.text)]


def _back(text: str, start: int) -> int:
    while start > 0 and text[start - 1] in "第 ":
        start -= 1
    return start


def _opens(text: str, place: Place) -> bool:
    before = text[: place.start].rstrip(" 第")
    if before.endswith(("村", "社区")):
        return True
    return not before or before[-1] in "\n;。!,、:】)*-•·./" or place.key == "checkpoint"
