"""Tables written out as lines the readers know: figures by place, people with readings, those who came back, goods."""

import re
from dataclasses import dataclass

from nlp.cells import Cell, Column, Sheet, read_sheet
from nlp.fields import Form, read_form
from nlp.lazy import lazy

_NO_VALUE = lazy(r"[-/—\\_]*|\?+|未报|待报")
_BOTH = lazy(r"(?P<a>\d{1,6})\s?/\s?(?P<b>\d{1,6})")
_PLACES = ("grid", "village", "checkpoint", "group", "place", "address")
_ENDINGS = {"grid": "网格", "group": "组", "checkpoint": "卡点"}
_ENDED = {"grid": r"格$", "group": r"组$|队$|社$", "checkpoint": r"[点口站]$"}
_PART = {"早": "早", "晨": "早", "上午": "上午", "下午": "下午", "午": "中午", "中": "中午", "晚": "晚"}
_OF_WHOM = lazy(r"姓名\s*[:=]")
_SENT = lazy(r"^(?:已|✅|√|✓|送达|完成|是)")
_YES = lazy(r"^(?:是|已|有|√|✓|✅|Y|y|yes|对)|隔离")
_NO = lazy(r"^(?:否|未|没|无|×|N|n|no|不)")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A row of a table written out as a line; `index[i]` is where character i stood, -1 if it was added."""

    text: str
    index: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters *start* to *end* of the rebuilt text stood, (0, 0) when all were added."""
        stood = [at for at in self.index[start:end] if at >= 0]
        return (min(stood), max(stood) + 1) if stood else (0, 0)


class Writer:
    """Writes a rebuilt line piece by piece, keeping where each came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.index: list[int] = []

    def add(self, text: str, start: int = -1) -> None:
        self.parts.append(text)
        self.index += [start + at if start >= 0 else -1 for at in range(len(text))]

    def cell(self, cell: Cell, before: str = "", behind: str = " ") -> None:
        """Write a cell between words of our own."""
        self.add(before)
        self.add(cell.text, cell.start)
        self.add(behind)

    def figure(self, label: str, cell: Cell, unit: str = "") -> None:
        """Write a labelled figure: 户 and 人 alone are the households and people checked."""
        plain = re.sub(r"\((?:单位:?)?(?:户|人|辆|台|份|次|张|条|个|处|人次)\)|[\s:]", "", label)
        plain = {"户": "排查户数", "户数": "排查户数", "人": "排查人数", "人数": "排查人数"}.get(plain, plain)
        self.add(f"{plain}:")
        self.add(cell.text, cell.start)
        self.add(f"{unit if cell.text[-1:].isdigit() else ''},")

    def done(self) -> Rebuilt:
        return Rebuilt("".join(self.parts), tuple(self.index))


@dataclass(frozen=True, slots=True)
class Table:
    """A table as lines, and what its lines are: figures, people, returnees or goods."""

    kind: str
    lines: tuple[Rebuilt, ...]
    sheet: Sheet

    def stories(self) -> tuple[Rebuilt, ...]:
        """Return the rows as sentences about something that happened."""
        return tuple(_story(self.sheet, row) for row in self.sheet.rows)


def read_table(text: str) -> Table | None:
    """Return the table or the form in *text* (normalised) as lines; None when it holds neither."""
    sheet = read_sheet(text) if "\n" in text else None
    if sheet is None:
        form = read_form(text) if ":" in text or "=" in text else None
        return _filled(form) if form else None
    roles = {column.role for column in sheet.columns}
    if "plate" in roles:
        return Table("vehicles", (_joined(sheet, [_car(sheet, row) for row in sheet.rows]),), sheet)
    if "story" in roles and roles & {"place", "address", "person", "group", "grid", "village"}:
        return Table("event", tuple(_story(sheet, row) for row in sheet.rows), sheet)
    if "figure" in roles and not ({"origin", "arrival"} & roles and "person" in roles):
        rows = [row for row in sheet.rows if _has_figures(sheet, row)]
        return Table("figures", tuple(_figures(sheet, row) for row in rows), sheet) if rows else None
    if "item" in roles:
        sent = [row for row in sheet.rows if _SENT.search(_cell(sheet, row, "state"))]
        title = f"{sheet.title}已送达" if sent else sheet.title
        kept = sheet._replace(title=title, rows=tuple(sent) or sheet.rows)
        return Table("goods", (_joined(kept, [_goods(kept, row) for row in kept.rows]),), kept)
    if "person" in roles and {"origin", "arrival"} & roles:
        return Table("returnees", (_joined(sheet, [_returnee(sheet, row) for row in sheet.rows]),), sheet)
    return Table("people", (_joined(sheet, [_person(sheet, row) for row in sheet.rows]),), sheet)


def _filled(form: Form) -> Table:
    """Return a form as the lines of a table of its kind; an event as one sentence of its values."""
    sheet = form.sheet
    if form.kind == "event":
        return Table("event", tuple(_story(sheet, row) for row in sheet.rows), sheet)
    write = {"goods": _goods, "vehicles": _car, "returnees": _returnee, "people": _person}[form.kind]
    title = f"{sheet.title}{form.state}" if form.state else sheet.title
    return Table(form.kind, (_joined(sheet._replace(title=title), [write(sheet, row) for row in sheet.rows]),), sheet)


def _story(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    for column, cell in zip(sheet.columns, row, strict=True):
        if column.role == "figure" and column.label == "户":
            continue
        if not cell.text or column.role == "aside" or (not column.role and column.label != "时间"):
            continue
        if column.role in ("grid", "group", "village"):
            _place(out, column, cell)
            continue
        counted = (column.role == "people" or column.label in ("人", "人数")) and cell.text.isdigit()
        out.cell(cell, "姓名:" if column.role == "person" else "", f"{'人' if counted else ''},")
    return out.done()


def _has_figures(sheet: Sheet, row: tuple[Cell, ...]) -> bool:
    pairs = zip(sheet.columns, row, strict=True)
    return any(
        column.role == "figure" and re.match(r"\d|[零一二两三四五六七八九十]|无", cell.text) for column, cell in pairs
    )


def _cell(sheet: Sheet, row: tuple[Cell, ...], role: str) -> str:
    return next((cell.text for column, cell in zip(sheet.columns, row, strict=True) if column.role == role), "")


def _title(out: Writer, sheet: Sheet, behind: str) -> None:
    title = sheet.title.strip()
    out.add(title, len(sheet.title) - len(sheet.title.lstrip()))
    out.add(behind if title else "")


def _place(out: Writer, column: Column, cell: Cell) -> None:
    """Write where the row belongs; a bare 3 takes 网格 from its header, a bare 东口 takes 卡点."""
    bare = re.fullmatch(r"[\dA-Za-z一二三四五六七八九十]{1,9}", cell.text) is not None
    ended = re.search(_ENDED.get(column.role, "$^"), cell.text) is not None
    ending = _ENDINGS.get(column.role, "")
    out.cell(cell, "", f"{ending if (column.role == 'checkpoint' or bare) and not ended else ''} ")


def _figures(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    _title(out, sheet, " ")
    pairs = list(zip(sheet.columns, row, strict=True))
    for column, cell in pairs:
        if cell.text and column.role in _PLACES:
            _place(out, column, cell)
        elif (cell.text and column.role == "date") or (
            cell.text and not column.role and cell is row[0] and not re.match(r"\d", cell.text)
        ):
            out.cell(cell)
    for column, cell in pairs:
        if column.role == "figure" and cell.text and not _NO_VALUE.fullmatch(cell.text):
            both = _BOTH.fullmatch(cell.text)
            if both and not column.unit:  # 57/168 under 排查 are households and people
                out.figure(column.label, Cell(both["a"], cell.start), "户")
                out.figure(column.label, Cell(both["b"], cell.start + both.start("b")), "人")
                continue
            out.figure(column.label, cell, column.unit)
    return out.done()


def _joined(sheet: Sheet, rows: list[Rebuilt]) -> Rebuilt:
    out = Writer()
    _title(out, sheet, "\n")
    if _OF_WHOM.search(sheet.footer) and not any(column.role == "person" for column in sheet.columns):
        out.add(f"{sheet.footer.strip()}\n")
    for number, row in enumerate(rows, 1):
        out.add(f"{number}. ")  # whoever stands first in a numbered row is a person, whatever the surname
        out.parts.append(row.text + "\n")
        out.index += [*row.index, -1]
    return out.done()


def _head(out: Writer, sheet: Sheet, row: tuple[Cell, ...]) -> None:
    """Write the address and the person of a row: 楼栋 3, 房号 501 are one address."""
    pairs = list(zip(sheet.columns, row, strict=True))
    for column, cell in pairs:
        if cell.text and column.role in ("grid", "group", "village"):
            _place(out, column, cell)
    homes = [(column, cell) for column, cell in pairs if column.role == "address" and cell.text]
    bare = len(homes) > 1 and all(re.fullmatch(r"\d{1,4}", cell.text) for _, cell in homes)
    for number, (column, cell) in enumerate(homes):
        ending = "-" if bare and number < len(homes) - 1 else " "
        if not bare and re.search(r"楼|栋", column.label) and cell.text.isdigit():
            ending = "栋"
        out.cell(cell, "", ending)
    for column, cell in pairs:
        if column.role == "person" and cell.text:
            out.cell(cell)


def _reading(out: Writer, column: Column, cell: Cell) -> None:
    if not re.search(r"\d", cell.text):
        return
    part = next((word for sign, word in _PART.items() if sign in column.label), "")
    out.cell(cell, part or "体温")


def _person(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    _head(out, sheet, row)
    for column, cell in zip(sheet.columns, row, strict=True):
        dotted = re.fullmatch(r"(\d{1,2})[./](\d{1,2})", cell.text)
        if column.role == "date" and dotted:
            out.cell(Cell(dotted[1], cell.start), "", "月")
            out.cell(Cell(dotted[2], cell.start + dotted.start(2)), "", "日 ")
        elif column.role == "date" and cell.text:
            out.cell(cell)
    for column, cell in zip(sheet.columns, row, strict=True):
        if column.role == "temperature":
            _reading(out, column, cell)
        elif column.role == "symptoms" and cell.text:
            out.cell(cell, "症状:" if _NO.match(cell.text) else "")
        elif not column.role and cell.text and cell.text in ("正常", "异常", "良好"):
            out.cell(cell)
    return out.done()


def _returnee(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    _head(out, sheet, row)
    for column, cell in zip(sheet.columns, row, strict=True):
        if not cell.text:
            continue
        if column.role == "origin":
            out.cell(cell)
        elif column.role == "arrival":
            out.cell(cell, "", "回 ")
        elif column.role == "temperature":
            _reading(out, column, cell)
        elif column.role == "symptoms":
            out.cell(cell, "症状:" if _NO.match(cell.text) else "")
        elif column.role == "isolated" and _YES.match(cell.text) and not _NO.match(cell.text):
            out.cell(cell, "已隔离(", ") ")
        elif column.role == "isolated" and _NO.match(cell.text):
            out.cell(cell, "未隔离(", ") ")
    return out.done()


def _car(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    for column, cell in zip(sheet.columns, row, strict=True):
        if not cell.text:
            continue
        if column.role == "origin":
            out.cell(cell, "来自")
        elif column.label in ("人", "人数", "乘员", "乘车人数"):
            out.cell(cell, "", "人 " if cell.text.isdigit() else " ")
        elif column.role == "temperature":
            out.cell(cell, "体温")
        elif column.role in ("plate", "action", "checkpoint"):
            out.cell(cell)
    return out.done()


def _goods(sheet: Sheet, row: tuple[Cell, ...]) -> Rebuilt:
    out = Writer()
    _head(out, sheet, row)
    for role in ("item", "quantity", "measure"):
        for column, cell in zip(sheet.columns, row, strict=True):
            if column.role == role and cell.text and not _NO_VALUE.fullmatch(cell.text):
                out.cell(cell, "", "" if role == "quantity" else ("" if role == "item" else " "))
    return out.done()
