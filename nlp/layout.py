"""The shape of a message before its words: several grids, a table, key=value, a row of figures with a legend, prose."""

import itertools
import re
from dataclasses import dataclass

from nlp.places import Place, scan_places

_LEGEND = re.compile(
    r"(?:依次|分别|顺序|顺次)?(?:是|为|对应"
    r"|:)\s*(?P<labels>[一-鿿()0-9]{1,8}(?:\s*[、,/\-—\s]\s*[一-鿿()0-9]{1,8}){1,14})\s*[。)]?\s*$"
)
_ROW_OF_FIGURES = re.compile(r"(?<![\d.])(?P<row>\d+(?:\s*[-—/、,\s]\s*\d+){2,14})(?![\d.])")
_CELL = re.compile(r"\t+| *\| *| {2,}|,(?=\S)|(?<=\S) (?=\S)")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text that is one record: its span and the text to read for it (same length, or rebuilt)."""

    start: int
    end: int
    text: str
    rebuilt: bool = False


def positional(text: str) -> str | None:
    """Return a row of figures with its legend (126-412-5,依次是户、人、返乡) with labels; None when it is none."""
    legend = _LEGEND.search(text)
    if legend is None or not re.search(r"依次|分别|顺序|顺次|对应", text):
        return None
    row = _ROW_OF_FIGURES.search(text[: legend.start()])
    if row is None:
        return None
    labels = [part for part in re.split(r"[、,/\-—\s]+", legend["labels"]) if part]
    figures = re.findall(r"\d+", row["row"])
    if len(labels) != len(figures):
        return None
    body = ",".join(_labelled(label, figure) for label, figure in zip(labels, figures, strict=True))
    return f"{text[: row.start()]} {body}"


def _labelled(label: str, figure: str) -> str:
    plain = {"户": f"排查{figure}户", "户数": f"排查{figure}户", "人": f"排查{figure}人", "人数": f"排查{figure}人"}
    return plain.get(label) or f"{label}:{figure}"


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.strip().split("\t")]
    if "|" in line:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    if re.search(r"\S {2,}\S", line):
        return [cell.strip() for cell in re.split(r" {2,}", line.strip())]
    if line.count(",") >= 2:
        return [cell.strip() for cell in line.strip().split(",")]
    return line.split()


def _is_figure(cell: str) -> bool:
    return re.fullmatch(r"[\d.]+|[零一二两三四五六七八九十百]+|无|没有|-+|/|—+|", cell) is not None


def table(text: str) -> list[str] | None:
    """Return the rows of a table (a header of labels, then lines of values) as labelled lines, None when it is none.

    Tabs, pipes, runs of spaces, commas or single spaces part the cells; a line of dashes is skipped.
    """
    lines = [line for line in text.split("\n") if line.strip() and not re.fullmatch(r"[\s|:+-]+", line)]
    for at, line in enumerate(lines[:-1]):
        head = _cells(line)
        if len(head) < 3 or any(re.search(r"\d", cell) for cell in head[1:] if not re.search(r"[一-鿿]", cell)):
            continue
        rows = [_cells(row) for row in lines[at + 1 :]]
        fitting = [
            row
            for row in rows
            if len(row) == len(head) and sum(_is_figure(cell) for cell in row) >= max(2, len(head) - 3)
        ]
        if not fitting or sum(_is_figure(cell) for cell in head) > 0:
            continue
        title = " ".join(lines[:at])
        return [f"{title} {_row(head, row)}" for row in fitting if not re.match(r"合计|总计|小计|共计", row[0])] or None
    return None


_WHERE = re.compile(r"网格|村|社区|卡点|单位|地点|名称|区域|组|点位|站点|辖区|日期|时间|姓名|序号|责任人|填报人|备注")


def _row(head: list[str], row: list[str]) -> str:
    parts: list[str] = []
    for label, value in zip(head, row, strict=True):
        if _WHERE.fullmatch(label) or (_WHERE.search(label) and not re.search("数|户|人|辆", label)):
            if re.search(r"序号|责任人|填报人|备注|姓名", label):
                continue
            ending = label if label in ("网格", "组", "卡点", "村") and not value.endswith(label) else ""
            parts.append(f"{value}{ending}")
        elif value and not re.fullmatch(r"[-/—]+", value):
            clean = re.sub(r"[((](?:单位[:：]?)?(户|人|辆|台|份|次|张|条|个|处|人次)[))]", "", label)
            parts.append(f"{_labelled(clean, value)}")
    return ",".join(parts).replace(",", " ", 1) if parts and not re.search(r"\d.*:", parts[0]) else ",".join(parts)


def sections(text: str, key: str = "grid") -> list[Section]:
    """Return the stretches of *text* that each open with a new place of kind *key* (grid, checkpoint, village).

    A place named again inside its own stretch opens nothing; one place gives one section, the whole text.
    """
    heads = [place for place in scan_places(text) if place.key == key and _opens(text, place)]
    distinct = {place.value for place in heads}
    if len(distinct) < 2:
        return [Section(0, len(text), text)]
    out: list[Section] = []
    bounds = [*(place.start for place in heads), len(text)]
    title = text[: bounds[0]]
    for start, end in itertools.pairwise(bounds):
        start = _back(text, start)
        if re.search(r"\d|无|正常|零|同", text[start:end]):
            out.append(Section(start, end, text[start:end]))
    if title.strip() and out:
        first = out[0]
        out[0] = Section(first.start, first.end, first.text)
    return out


def _back(text: str, start: int) -> int:
    while start > 0 and text[start - 1] in "第":
        start -= 1
    return start


def _opens(text: str, place: Place) -> bool:
    before = text[: place.start].rstrip(" 第")
    return not before or before[-1] in "\n;。!,、:】)*-•·." or place.key == "checkpoint"
