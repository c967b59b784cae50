"""The daily workbook: the summary, the villages, the five official tables, corrections, and where each figure is from.

Names show as 张**, phones as their last four digits, and nothing has a column for an identity number.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bot.papers.cells import last_four, mask_name, scrub
from bot.papers.rows import CheckpointRow, ReturneeRow, SourceLine
from bot.papers.sheet import Book, Linked, Value
from bot.papers.whole import whole_file
from handlers.domain.daily_layout import SECTIONS
from handlers.domain.daily_text import figure, givers, text
from handlers.domain.daily_value import DailyReport, Line
from handlers.domain.metric import metric
from handlers.domain.report import Number, exact
from handlers.domain.returnees import TITLES
from handlers.domain.rollup import Cell
from handlers.wording.ledger import NOT_FOR_A_GROUP, NOT_SHOWN

DESTROYED = "原文已按期销毁"
ASKED, ABROAD = "出发地待核人员", "境外返回人员"
WITHHELD = "群文件不带原文,请在后台查看"
_ROLES = {"gridworker": "网格员", "village": "村干部", "lead": "负责人", "leader": "镇领导", "resident": "居民"}

ReturneeColumn = tuple[str, float, Callable[[ReturneeRow], Value]]
RETURNEE_COLUMNS: tuple[ReturneeColumn, ...] = (
    ("村", 10, lambda r: r.village),
    ("网格", 8, lambda r: r.grid),
    ("户码", 10, lambda r: r.household),
    ("姓名", 7, lambda r: mask_name(r.name)),
    ("电话", 9, lambda r: last_four(r.phone)),
    ("人员类别", 8, lambda r: r.category),
    ("返回日期", 10, lambda r: r.returned),
    ("出发地", 14, lambda r: r.origin),
    ("交通方式", 8, lambda r: r.transport),
    ("同住人数", 5, lambda r: r.companions),
    ("今日早体温", 6, lambda r: r.morning_celsius if r.health else NOT_SHOWN),
    ("今日晚体温", 6, lambda r: r.evening_celsius if r.health else NOT_SHOWN),
    ("症状", 10, lambda r: r.symptoms if r.health else NOT_SHOWN),
    ("观察第几天", 6, lambda r: r.observed_day),
    ("预计解除", 10, lambda r: r.release),
    ("责任人", 7, lambda r: r.responsible and mask_name(r.responsible)),
    ("备注", 16, lambda r: r.notes),
)
CheckpointColumn = tuple[str, float, Callable[[CheckpointRow], Value]]
CHECKPOINT_COLUMNS: tuple[CheckpointColumn, ...] = (
    ("日期", 11, lambda r: r.day),
    ("卡点", 16, lambda r: r.checkpoint),
    ("班次", 8, lambda r: r.shift),
    ("值守人数", 8, lambda r: r.staff),
    ("检测车辆", 8, lambda r: r.vehicles),
    ("其中外地", 8, lambda r: r.out_of_province),
    ("登记人数", 8, lambda r: r.people),
    ("测温人次", 8, lambda r: r.temperatures),
    ("发热", 6, lambda r: r.fever),
    ("处置", 18, lambda r: r.handling),
    ("物资余量", 14, lambda r: r.stock),
    ("填报人", 8, lambda r: r.reporter and mask_name(r.reporter)),
)


def write_daily_workbook(
    path: Path,
    report: DailyReport,
    returnee_rows: Sequence[ReturneeRow] | None,
    checkpoint_rows: Sequence[CheckpointRow],
    sources: Mapping[str, SourceLine],
    returnee_columns: Sequence[ReturneeColumn] = RETURNEE_COLUMNS,
    checkpoint_columns: Sequence[CheckpointColumn] = CHECKPOINT_COLUMNS,
    *,
    given_to: str = "",
) -> None:
    """Write the workbook of *report* to *path*, whole or not at all.

    *returnee_rows* None: people are not for this file, and the tables say where they are. *given_to*: whom a file with
    people was made for; it stands on every page of them. *sources* by report id; a figure's cell leads to its rows
    on the sheet 来源. The column lists may be replaced by a county's own. Raises OSError when the disk refuses;
    *path* is then as it was.
    """
    places = _places(report)
    with whole_file(path) as part, _scratch(path) as scratch, ExitStack() as stack:
        options = {"constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False, "strings_to_urls": False}
        stack.callback(_let_go, workbook := xlsxwriter.Workbook(str(part), options))
        made = report.as_of.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": f"{report.node_name} 疫情防控日报", "created": made})
        book = Book(workbook)
        _summary(book, report, places)
        _villages(book, report, places)
        _returnees(book, report, returnee_rows, returnee_columns, given_to)
        _checkpoints(book, report, checkpoint_rows, checkpoint_columns)
        _corrections(book, report)
        _sources(book, report, sources)
        try:
            workbook.close()
        except FileCreateError as refused:
            raise OSError(f"the workbook was not written: {refused}") from refused


def _scratch(path: Path) -> tempfile.TemporaryDirectory[str]:
    # The rows wait here for the zip: beside the file, so that no personal row goes to a shared /tmp.
    return tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=".part")


def _let_go(workbook: xlsxwriter.Workbook) -> None:
    # After an error xlsxwriter would hold its scratch files open, and the disk space with them.
    for sheet in workbook.worksheets():
        if sheet.row_data_fh and not sheet.row_data_fh.closed:
            with suppress(OSError):  # a full disk refuses what is still in the buffer
                sheet.row_data_fh.close()


def _header(report: DailyReport) -> str:
    drill = "【演练】" if report.drill else ""
    return f"{drill}{report.node_name} 疫情防控日报 {report.day.isoformat()} 第{report.issue}期 内部资料"


def _summary(book: Book, report: DailyReport, places: Mapping[tuple[str, str], int]) -> None:
    sheet = book.sheet("日报汇总", (18, 28, 10, 8, 10, 10, 14, 22), _header(report))
    sheet.title(text(report).split("\n", 1)[0])
    sheet.head(("节", "指标", "数", "单位", "昨日", "比昨日", f"报此项的{report.unit}", "依据"))
    for number, lines in report.sections.items():
        for line in lines:
            sheet.line([f"{number}、{SECTIONS[number]}", *_summary_line(report, line, places)])
    sheet.note(text(report))


def _summary_line(report: DailyReport, line: Line, places: Mapping[tuple[str, str], int]) -> list[Value | Linked]:
    change = line.value - line.before if line.value is not None and line.before is not None else "—"
    gave = givers(report, line.cell)
    given = "—" if gave is None else f"{gave}/{len(report.coverage.expected)}"
    value: Value | Linked = line.value
    basis: Value | Linked = "—"
    if line.cell and line.cell.sources:
        first = places[line.key, line.cell.sources[0]]
        value, basis = Linked(line.value, first), Linked(f"{len(line.cell.sources)}条报告", first)
    return [line.label, value, line.unit, line.before if line.before is not None else "—", change, given, basis]


def _villages(book: Book, report: DailyReport, places: Mapping[tuple[str, str], int]) -> None:
    given = {key for b in report.branches for key in b.tally.values}
    lines = [line for line in report.lines if line.key in given]
    sheet = book.sheet("分单位", [14, 10, *[9] * len(lines)], _header(report))
    sheet.title(f"{report.node_name} 各单位数字")
    sheet.head(["单位", "报送", *(f"{line.label}({line.unit})" if line.unit else line.label for line in lines)])
    for b in report.branches:
        missing = len(b.tally.coverage.missing)
        state = "已报" if not missing else f"缺{missing}" if b.tally.coverage.counted else None
        cells = [b.tally.values.get(line.key) for line in lines]
        pairs = zip(cells, lines, strict=True)
        sheet.line([b.name, state, *(_linked(cell, line.key, places) for cell, line in pairs)])


def _linked(cell: Cell | None, key: str, places: Mapping[tuple[str, str], int]) -> Value | Linked:
    if cell is None:
        return None
    row = places.get((key, cell.sources[0])) if cell.sources else None
    return cell.value if row is None else Linked(cell.value, row)


def _returnees(
    book: Book,
    report: DailyReport,
    rows: Sequence[ReturneeRow] | None,
    columns: Sequence[ReturneeColumn],
    given_to: str,
) -> None:
    people = rows or ()
    tables: list[tuple[str, list[ReturneeRow]]] = [
        (title, [row for row in people if row.table is table]) for table, title in TITLES.items()
    ]
    rest = [row for row in people if row.table is None]
    beside = ((ASKED, [r for r in rest if not r.overseas]), (ABROAD, [r for r in rest if r.overseas]))
    tables += [(title, found) for title, found in beside if found]
    header = _header(report) + (f" 交给:{given_to}" if given_to else "")
    for title, of_table in tables:
        sheet = book.sheet(title, [5, *(width for _, width, _ in columns)], header)
        sheet.title(title)
        sheet.head(["序号", *(name for name, _, _ in columns)])
        for number, row in enumerate(of_table, 1):
            sheet.line([number, *(_scrubbed(value(row)) for _, _, value in columns)])
        if rows is None:
            sheet.note(NOT_FOR_A_GROUP)
        elif not of_table:
            sheet.note("本表无人登记;无人登记不等于无人返回,以汇总的覆盖为准。")


def _checkpoints(
    book: Book, report: DailyReport, rows: Sequence[CheckpointRow], columns: Sequence[CheckpointColumn]
) -> None:
    sheet = book.sheet("卡点工作情况统计表", [width for _, width, _ in columns], _header(report))
    sheet.title("卡点工作情况统计表")
    sheet.head([name for name, _, _ in columns])
    for row in rows:
        sheet.line([_scrubbed(value(row)) for _, _, value in columns])
    if not rows:
        sheet.note("没有收到卡点报数。")


def _corrections(book: Book, report: DailyReport) -> None:
    sheet = book.sheet("更正", (16, 30, 12, 12, 18, 12), _header(report))
    sheet.title("冻结以后的更正(冻结的数不改)")
    sheet.head(("单位", "指标", "原数", "现数", "时间", "报告"))
    for row in report.corrections:
        sheet.line([row.node_name, row.metric, row.old, row.new, row.at, "、".join(row.report_ids)])
    if not report.corrections:
        sheet.note("无更正。")


def _places(report: DailyReport) -> dict[tuple[str, str], int]:
    """Return the row of the sources sheet for each figure and report: under the title and the head, in print order."""
    pairs = ((line.key, source) for line in report.lines if line.cell for source in line.cell.sources)
    return {pair: row for row, pair in enumerate(dict.fromkeys(pairs), 2)}


def _sources(book: Book, report: DailyReport, sources: Mapping[str, SourceLine]) -> None:
    sheet = book.sheet("来源", (24, 10, 9, 9, 14, 9, 16, 6, 40, 60), _header(report))
    sheet.title("每个数从哪几条消息来")
    sheet.head(("指标", "本条的数", "报告", "消息", "报送单位", "角色", "时间", "代报", "读到的各项", "原文"))
    labels = {line.key: line.label for line in report.lines}
    known = {report_id: _known(source, labels) for report_id, source in sources.items()}
    for key, report_id in _places(report):
        if report_id not in known:
            sheet.line([labels[key], None, report_id, *["查不到"] * 7])
            continue
        values = sources[report_id].values
        own = key.rpartition(".")[2]
        # A total has no slot of its own in the message: its parts have, and stand in the column of slots.
        said = _exact(values[own]) if own in values else "见各项"
        sheet.line([labels[key], said, report_id, *known[report_id]])


def _known(source: SourceLine, labels: Mapping[str, str]) -> list[Value]:
    """Return what is told of one report in each of its rows: message, node, role, time, on behalf, slots, text."""
    slots = ";".join(f"{labels.get(k) or metric(k).label}{figure(_exact(v))}" for k, v in source.values.items())
    return [
        source.message_id,
        source.node_name,
        _ROLES.get(source.role, source.role),
        source.received_at,
        "是" if source.on_behalf else "",
        slots,
        _words(source),
    ]


def _words(source: SourceLine) -> str:
    """Return what was typed, and under it what was typed before it and still stands in part."""
    if source.withheld:
        return WITHHELD
    own = DESTROYED if source.text is None else scrub(source.text, source.names)
    before = (f"此前{b.report_id}:{DESTROYED if b.text is None else scrub(b.text, b.names)}" for b in source.earlier)
    return "\n".join((own, *before))


def _exact(value: float | None) -> Number | None:
    return None if value is None else exact(value)


def _scrubbed(value: Value) -> Value:
    return scrub(value) if isinstance(value, str) else value
