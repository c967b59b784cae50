"""The daily report as the text that is posted to the leaders' group: counts only, seven sections, coverage last."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from handlers.domain.daily_layout import SECTIONS
from handlers.domain.daily_value import CorrectionRow, DailyReport, Line
from handlers.domain.report import Number
from handlers.domain.rollup import Cell, Mismatch

TOWN_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
UNKNOWN = "未报"
_SHOWN = 12  # names in one line before 等N个
_MISMATCHES = 5
_DIGITS = re.compile(r"\d{5,}")


def text(report: DailyReport) -> str:
    """Return the 日报 as posted.

    Seven sections, the difference to yesterday, and as its last line the coverage. A figure fewer nodes gave than
    reported says so. Unknown prints 未报. No names of people, and reasons typed by people lose long numbers.
    """
    at = report.as_of.astimezone(TOWN_ZONE)
    drill = "【演练】" if report.drill else ""
    rows = [f"{drill}【{report.node_name} 疫情防控日报】(截至{moment(at)},第{report.issue}期)"]
    for number, lines in report.sections.items():
        body = _problems(report, lines) if number == "七" else ",".join(_figures(report, lines)) or UNKNOWN
        rows.append(f"{number}、{SECTIONS[number]}:{body}")
    if report.difference:
        rows.append(report.difference)
    if report.on_behalf:
        rows.append(f"其中{report.on_behalf}{report.unit}由他人代报")
    if report.drill:
        rows.append("演练数字,不入统计")
    rows.append(coverage_line(report))
    return "\n".join(rows)


def coverage_line(report: DailyReport) -> str:
    """Return the last line: how many of how many, who is missing, what was corrected, under which 口径."""
    covered = f"覆盖{report.coverage.counted}/{len(report.coverage.expected)}{report.unit}"
    corrected = "、".join(_correction(c) for c in report.corrections[:3]) or "无"
    more = f"等{len(report.corrections)}条" if len(report.corrections) > 3 else ""
    missing = listed(report.missing) or "无"
    return f"{covered};未报:{missing};更正:{corrected}{more};口径版本 {report.definition}"


def difference_line(today: DailyReport, yesterday: DailyReport | None) -> str:
    """Return why today's figures are not yesterday's: what moved and in which branch, corrections, who fell silent.

    A branch that reported on one of the two days only explains nothing by its figures: it is named instead.
    """
    if yesterday is None:
        return "与昨日比:没有昨日日报"
    if yesterday.definition != today.definition:
        return f"与昨日比:口径由 {yesterday.definition} 改为 {today.definition},两日数字不可直接比"
    moved = [part for line in today.lines if line.required and (part := _moved(line, today, yesterday))]
    parts = [";".join(moved) or "各主要数字相同"]
    parts.append(f"更正{len(today.corrections)}条" if today.corrections else "无更正")
    silent = [n for n in today.missing if n not in yesterday.missing]
    back = [n for n in yesterday.missing if n not in today.missing]
    parts += [f"昨日已报今日未报:{listed(silent)}"] if silent else []
    parts += [f"昨日未报今日已报:{listed(back)}"] if back else []
    return "与昨日比:" + ";".join(parts)


def figure(value: Number | None) -> str:
    """Return a figure as printed.

    >>> figure(None), figure(0), figure(Decimal("12.50"))
    ('未报', '0', '12.5')
    """
    if value is None:
        return UNKNOWN
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def signed(value: Number) -> str:
    """Return a difference as printed, with a true minus sign.

    >>> signed(2), signed(-3)
    ('+2', '−3')
    """
    return f"+{figure(value)}" if value > 0 else f"−{figure(-value)}"


def moment(at: datetime) -> str:
    """Return a moment of the town's day as printed: 2月8日16:00."""
    return f"{at.month}月{at.day}日{at:%H:%M}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Return names joined by 、, the first twelve and 等N个 when there are more."""
    return "、".join(names[:_SHOWN]) + (f"等{len(names)}个" if len(names) > _SHOWN else "")


def reason(said: str) -> str:
    """Return a 做不了 reason fit for a group: one line, short, and no long number that could be somebody's.

    >>> reason("缺口罩"), reason("找不到 10400001234 这个人")
    ('缺口罩', '其他(含号码,不列)')
    """
    line = " ".join(said.split())
    if _DIGITS.search(line):
        return "其他(含号码,不列)"
    return line if len(line) <= 14 else line[:13] + "…"


def reasons(blockers: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return the 做不了 reasons as `reason` shows them, same ones added up, most often said first."""
    counts: dict[str, int] = {}
    for said, count in blockers:
        counts[reason(said)] = counts.get(reason(said), 0) + count
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _figures(report: DailyReport, lines: tuple[Line, ...]) -> list[str]:
    beside = {line.of: [other for other in lines if other.of == line.of] for line in lines if line.of}
    printed = []
    for line in lines:
        if not line.of and not (line.cell is None and counterpart(lines, line)):
            printed.append(_figure(report, line, beside.pop(line.key, [])))
    # A 新增 or 累计 whose plain figure nobody gave stands by itself.
    printed += [_figure(report, line, []) for others in beside.values() for line in others]
    return printed


def _figure(report: DailyReport, line: Line, beside: list[Line]) -> str:
    notes = [other.label.removesuffix(line.label) + figure(other.value) for other in beside]
    notes += [note] if (note := partial(report, line.cell)) else []
    silent = counterpart(report.sections[line.section], line, known=False) if line.cell else None
    notes += [f"{silent.unit}数{UNKNOWN}"] if silent and silent.required else []
    unit = line.unit if line.cell else ""
    return f"{line.label}{figure(line.value)}{unit}" + (f"({','.join(notes)})" if notes else "")


def counterpart(lines: Iterable[Line], line: Line, *, known: bool = True) -> Line | None:
    """Return the line that says the same thing in another unit (在管 in 户 and in 人) and is known, or is not."""
    same = (other for other in lines if other.label == line.label and other.key != line.key and not other.of)
    return next((other for other in same if (other.cell is not None) is known), None)


def givers(report: DailyReport, cell: Cell | None) -> int | None:
    """Return how many of the reporting nodes gave a figure; None when that says nothing: it comes from another ledger,
    or a node above them spoke for all of its own."""
    if cell is None or not cell.sources or not cell.nodes <= report.coverage.expected:
        return None
    return len(cell.nodes)


def partial(report: DailyReport, cell: Cell | None) -> str:
    """Return a note when fewer of the nodes that reported gave this figure, "" else; coverage alone would hide it."""
    gave = givers(report, cell)
    if gave is None or gave >= report.coverage.counted:
        return ""
    return f"{gave}{report.unit}报" if gave else "各项不全"


def _problems(report: DailyReport, lines: tuple[Line, ...]) -> str:
    parts = [f"{why}({count})" for why, count in report.blockers]
    parts += _figures(report, lines)
    # Where children are yet to report, their silence is the likelier reason: those come last.
    found = sorted(((b.name, m) for b in report.branches for m in b.mismatches), key=lambda pair: len(pair[1].missing))
    parts += [f"对不上:{name}{_mismatch(report, m)}" for name, m in found[:_MISMATCHES]]
    parts += [f"等{len(found)}处对不上"] if len(found) > _MISMATCHES else []
    return ";".join(parts) or "没有人报「做不了」"


def _mismatch(report: DailyReport, found: Mismatch) -> str:
    label = next((line.label for line in report.lines if line.key == found.metric), found.metric)
    waiting = f"(下级还有{len(found.missing)}个未报)" if found.missing else ""
    return f"{label}自报{figure(found.own)}、下级合计{figure(found.children)}{waiting}"


def _correction(row: CorrectionRow) -> str:
    return f"{row.node_name}{row.metric}{figure(row.old)}→{figure(row.new)}"


def _moved(line: Line, today: DailyReport, yesterday: DailyReport) -> str | None:
    if line.cell is None or line.before is None or line.cell.value == line.before:
        return None
    then = {b.node_id: b.tally.values.get(line.key) for b in yesterday.branches}
    shifts: list[tuple[str, Number]] = []
    for branch in today.branches:
        now, was = branch.tally.values.get(line.key), then.get(branch.node_id)
        if now and was and now.value != was.value:
            shifts.append((branch.name, now.value - was.value))
    shifts.sort(key=lambda s: (-abs(Decimal(s[1])), s[0]))
    where = "、".join(name + signed(change) for name, change in shifts[:3]) + ("等" if len(shifts) > 3 else "")
    total = signed(line.cell.value - line.before)
    return f"{line.label}{figure(line.before)}→{figure(line.cell.value)}({total}{':' if where else ''}{where})"
