"""The numbered read-back of a report: every figure with its number, every zero said aloud."""

from collections.abc import Mapping, Sequence

from handlers import wording
from handlers.domain.report import CHECKPOINT, SHIFTS, Report, ReportStatus
from handlers.ports import Context
from nlp.metrics import label_of, unit_of


def read_back(
    report: Report, zeroed: Sequence[str], ctx: Context, notes: Sequence[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """Return the sentence, and the metric keys in the order of their numbers (what 2=6 counts by).

    Zeros that only a flag stands for are said after the numbered figures and carry the numbers that follow them.
    """
    keys = tuple(key for key in report.values if key not in zeroed) + tuple(zeroed)
    items = [(label_of(key), _figure(report, key)) for key in keys]
    numbered = len(keys) - len(zeroed)
    zeros = [f"{wording.numeral(numbered + n)}{label_of(key)}0" for n, key in enumerate(zeroed, 1)]
    place = ctx.tree.path_name(report.node_id) + (f" {report.part}卡点" if report.part else "")
    shift = SHIFTS.get(report.period or "", "") if report.template == CHECKPOINT else ""
    place += f" {shift}" if shift else ""
    place += "(代报)" if report.on_behalf else ""
    settled = report.status is ReportStatus.CONFIRMED
    said = wording.read_back(place, day_of(report, ctx), items[:numbered], zeros, report.id, notes, settled=settled)
    return said, keys


def day_of(report: Report, ctx: Context) -> str:
    """Return the day of *report* as people say it: 今天, or 2月7日."""
    return "今天" if report.day == ctx.day else f"{report.day.month}月{report.day.day}日"


def figures(values: Mapping[str, int | float | None]) -> str:
    """Return the figures with their numbers: ①敲门46户 ②空户5户."""
    named = enumerate(values.items(), 1)
    return " ".join(f"{wording.numeral(n)}{label_of(key)}{_said(key, value)}" for n, (key, value) in named)


def _figure(report: Report, key: str) -> str:
    return _said(key, report.values[key])


def _said(key: str, value: float | None) -> str:
    return "未报" if value is None else f"{value:g}{unit_of(key)}"
