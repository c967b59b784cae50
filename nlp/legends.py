"""Rows of figures with a legend: 126-412-5,依次是户、人、返乡; 户/人/返乡 above 3网格:126/412/5."""

import re

from nlp.cells import Cell, Column, column, names_figure
from nlp.lazy import lazy
from nlp.tables import Rebuilt, Writer

_MARK = r"[ \t]*[-—/、,|+ \t][ \t]*"
_FIGURE = r"(?:\d{1,9}(?:\.\d{1,9})?|[零一二两三四五六七八九十]{1,3}|无)"
_ROW = re.compile(rf"(?<![\d.\-]){_FIGURE}(?:{_MARK}{_FIGURE}){{2,14}}(?![\d.户人个名辆台份张条次起处%℃])")
_WORD = r"[一-鿿]{1,8}(?:\([一-鿿]{1,6}\))?"
_LEGEND = lazy(rf"{_WORD}(?:{_MARK}{_WORD}){{2,14}}")
_ORDERED = lazy(r"依次|分别|顺序|顺次|对应|按|格式")
_SHELL = lazy(r"^(?:按照?|依次|分别|顺序|顺次|格式)?(?:是|为|对应)?|(?:依次|分别|顺序|的顺序)?(?:是|为)?$")


_LETTER = re.compile(r"(?<![A-Za-z])(?P<key>[A-Z])\s*[=:.、)-]?\s*(?P<label>[一-鿿]{1,8}(?:\([^()\n]{1,6}\))?)")
_KEYED = lazy(r"(?<![A-Za-z])(?P<key>[A-Z])\s*[=:]?\s*(?P<n>\d{1,9}(?:\.\d{1,3})?|无|零)(?![\d网])")
_STRETCH = lazy(r"[^\n;。]+")


def _known(words: list[str]) -> int:
    return sum(names_figure(re.sub(r"\(.*\)", "", word)) or names_figure(word) for word in words)


def read_legend(text: str) -> list[Rebuilt]:
    """Return rows of figures with a legend as labelled lines, [] when there is none."""
    lettered = _lettered(text)
    if lettered:
        return lettered
    if not _ROW.search(text):
        return []
    for legend in _LEGEND.finditer(text):
        words = [_SHELL.sub("", word) for word in re.split(_MARK, legend[0])]
        words = [word for word in words if word]
        if len(words) < 3 or _known(words) < (2 if _ORDERED.search(text) else len(words) - 1):
            continue
        rows = [row for row in _ROW.finditer(text) if len(re.split(_MARK, row[0])) == len(words)]
        rows = [row for row in rows if row.end() <= legend.start() or row.start() >= legend.end()]
        if rows:
            return [_line(text, words, row, legend) for row in rows]
    return []


def _lettered(text: str) -> list[Rebuilt]:
    """Read a legend of letters: A排查户B排查人C返乡 above 9网格 A64 B201 C2."""
    if text == text.lower():
        return []
    meant: dict[str, Column] = {}
    for found in _LETTER.finditer(text):
        label = column(found["label"].removesuffix("为").removesuffix("是"))
        if label.role == "figure":
            meant.setdefault(found["key"], label)
    if len(meant) < 2:
        return []
    rows = [row for row in _STRETCH.finditer(text) if sum(one["key"] in meant for one in _KEYED.finditer(row[0])) >= 2]
    return [_keyed(row, meant) for row in rows]


def _keyed(row: re.Match[str], meant: dict[str, Column]) -> Rebuilt:
    out = Writer()
    at = 0
    for found in _KEYED.finditer(row[0]):
        if found["key"] in meant:
            out.add(row[0][at : found.start()], row.start() + at)
            one = meant[found["key"]]
            out.figure(one.label, Cell(found["n"], row.start() + found.start("n")), one.unit)
            at = found.end()
    out.add(row[0][at:], row.start() + at)
    return out.done()


def _line(text: str, words: list[str], row: re.Match[str], legend: re.Match[str]) -> Rebuilt:
    out = Writer()
    line = text.rfind("\n", 0, row.start()) + 1
    line = max(line, legend.end() if legend.end() <= row.start() and legend.end() > line else line)
    head = text[line : row.start()].strip(" :,。;、)")
    out.add(head, text.find(head, line) if head else -1)
    out.add(" ")
    at = row.start()
    for word, figure in zip(words, re.split(_MARK, row[0]), strict=True):
        at = text.find(figure, at)
        out.figure(word, Cell(figure, at))
        at += len(figure)
    return out.done()
