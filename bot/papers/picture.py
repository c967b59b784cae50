"""The daily report as one picture for a group on a phone: coverage, today's numbers large, what moves, what is short.

Blue and orange of the Okabe–Ito palette, told apart by hatching and words too; unknown is drawn as unknown, never as 0.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bot.papers.whole import whole_file
from handlers.domain.daily_branch import Branch
from handlers.domain.daily_text import TOWN_ZONE, UNKNOWN, counterpart, coverage_line, figure, moment, partial, signed
from handlers.domain.daily_value import DailyReport, Line
from handlers.domain.report import Number
from handlers.domain.small_counts import HIDDEN, THRESHOLD

if TYPE_CHECKING:
    from bot.papers.canvas import Canvas

WIDTH, LIMIT = 1080, 1_000_000
_EDGE = 48
_BLUE, _ORANGE, _RED, _PALE, _INK, _GREY = "#0072B2", "#E69F00", "#B34700", "#EEF4F8", "#1A1A1A", "#5A5A5A"
# The six large numbers, the most asked for first; a county's own totals come in where these are not in its report.
_LARGE = (
    "isolated_people",
    "fever_people",
    "returnees_wuhan",
    "returnees_hubei_other",
    "returnees_out_province",
    "returnees_in_province",
)
_ARRIVED = (
    "returnees_wuhan_new",
    "returnees_hubei_other_new",
    "returnees_out_province_new",
    "returnees_in_province_new",
)
_NAMED = 30  # so many branches still have room for their names on the strip
_TILE_NAME = 7  # characters of a branch's name on its tile

Block = tuple[int, Callable[["Canvas", float], None]]


@dataclass(frozen=True, slots=True)
class DayPoint:
    """What one day moved: who came, who was released; None is unknown."""

    day: date
    arrived: Number | None
    released: Number | None


def points(dailies: Iterable[DailyReport]) -> tuple[DayPoint, ...]:
    """Return the movement of each daily report, oldest first: 新增返乡 as said, else the four tables' if all were."""
    made = []
    for daily in sorted(dailies, key=lambda d: d.day):
        parts = [daily.figure(key) for key in _ARRIVED]
        known = [part for part in parts if part is not None]
        summed = sum(known, Decimal()) if len(known) == len(parts) else None
        said = daily.figure("returnees_new")
        made.append(DayPoint(daily.day, summed if said is None else said, daily.figure("released_people")))
    return tuple(made)


def draw_daily(
    path: Path,
    report: DailyReport,
    history: Sequence[DayPoint] = (),
    cohort: Sequence[int | None] = (),
    needs: Sequence[tuple[str, int]] = (),
    observe_days: int = 14,
) -> None:
    """Draw *report* as a PNG of at most 1 MB, 1080 pixels wide, to *path*, whole or not at all.

    *history*: the last days, oldest first (`points`); *cohort*: how many came so many days ago, from day 0 on, None for
    too few to show; *observe_days*: the last day of observation; *needs*: (what, how many), most first. A part without
    data is left out. Raises OSError when the disk refuses.
    """
    # matplotlib takes a second and 60 MB to import: only the process that draws pays for it.
    from bot.papers.canvas import Canvas

    blocks = [_title(report), _coverage(report), _numbers(report)]
    blocks += [_movement(history)] if _any(p.arrived for p in history) or _any(p.released for p in history) else []
    blocks += [_incubation(cohort, observe_days)] if _any(cohort) else []
    blocks += [_ranked("需求最多的", needs, _BLUE)] if needs else []
    blocks += [_ranked("做不了的原因", report.blockers, _ORANGE)] if report.blockers else []
    blocks += [_words(report)]
    canvas = Canvas(WIDTH, sum(height for height, _ in blocks))
    top = 0.0
    for height, draw in blocks:
        draw(canvas, top)
        top += height
    if report.drill:
        for y in range(260, canvas.height, 420):
            canvas.text(WIDTH / 2, y, "演 练 · 不 入 统 计", 90, _RED, align="center", alpha=0.13, turned=18)
    with whole_file(path) as part:
        canvas.save(part, LIMIT)


def _any(values: Iterable[object]) -> bool:
    return any(value is not None for value in values)


def _title(report: DailyReport) -> Block:
    def draw(canvas: "Canvas", top: float) -> None:
        at = report.as_of.astimezone(TOWN_ZONE)
        canvas.box(0, top, WIDTH, 150, _BLUE)
        drill = "【演练】" if report.drill else ""
        name = f"{drill}{report.node_name} 疫情防控日报"
        canvas.text(_EDGE, top + 56, name, min(50, 960 / len(name)), "white", bold=True)
        canvas.text(_EDGE, top + 114, f"截至{moment(at)}  第{report.issue}期  口径 {report.definition}", 30, "white")

    return 150, draw


def _coverage(report: DailyReport) -> Block:
    named = len(report.branches) <= _NAMED
    shared = any(len(b.tally.coverage.expected) > 1 for b in report.branches)
    columns = (4 if shared else 6) if named else 40
    tile = 70 if named else 34
    width = (WIDTH - 2 * _EDGE + 8) / columns

    def draw(canvas: "Canvas", top: float) -> None:
        covered = f"{report.coverage.counted}/{len(report.coverage.expected)}"
        canvas.text(_EDGE, top + 62, "覆盖", 34, _GREY)
        canvas.text(_EDGE + 84, top + 60, covered, 54, _BLUE, bold=True)
        canvas.text(_EDGE + 94 + 29 * len(covered), top + 62, report.unit, 34, _GREY)
        canvas.text(WIDTH - _EDGE, top + 62, "■ 已报   ▨ 未报", 26, _GREY, align="right")
        for n, branch in enumerate(report.branches):
            x, y = _EDGE + n % columns * width, top + 110 + n // columns * tile
            _tile(canvas, x, y, width - 8, tile - 8, branch, named)

    return 120 + -(-len(report.branches) // columns) * tile, draw


def _tile(canvas: "Canvas", x: float, y: float, width: float, height: float, branch: Branch, named: bool) -> None:
    """Draw one branch: blue as far as its nodes have reported, the rest hatched; its name, and how many of many."""
    coverage = branch.tally.coverage
    expected, counted = len(coverage.expected), coverage.counted
    share = counted / expected if expected else 0.0
    bar = 16.0 if named and expected > 1 else height
    canvas.box(x, y + height - bar, width, bar, "white", edge=_ORANGE, hatch="" if share == 1 else "///")
    canvas.box(x, y + height - bar, width * share, bar, _BLUE, edge=_BLUE if share else "none")
    if not named:
        return
    name = branch.name if len(branch.name) <= _TILE_NAME else branch.name[: _TILE_NAME - 1] + "…"
    if expected > 1:
        size = min(26.0, (width - 84) / len(name))
        canvas.text(x, y + 22, name, size, _INK if counted else _RED, bold=not counted)
        canvas.text(x + width, y + 22, f"{counted}/{expected}", 22, _GREY if share == 1 else _RED, align="right")
        return
    size = min(28.0, (width - 16) / len(name))
    centre, middle = x + width / 2, y + height / 2
    if not share:
        canvas.box(centre - size * len(name) / 2 - 6, middle - size * 0.7, size * len(name) + 12, size * 1.4, "white")
    canvas.text(centre, middle, name, size, "white" if share else _RED, align="center", bold=not share)


def _numbers(report: DailyReport) -> Block:
    lines = {line.key: line for line in report.lines}
    shown = [_known(lines[key], report) for key in _LARGE if key in lines]
    rest = [line for line in report.lines if line.cell and line not in shown and not line.of]
    rest.sort(key=lambda line: not line.required)
    shown += rest[: 6 - len(shown)]
    rows = -(-len(shown) // 3)

    def draw(canvas: "Canvas", top: float) -> None:
        width = (WIDTH - 2 * _EDGE - 2 * 20) / 3
        for n, line in enumerate(shown):
            _number(canvas, _EDGE + n % 3 * (width + 20), top + 10 + n // 3 * 220, width, line, report)

    return 20 + rows * 220, draw


def _known(line: Line, report: DailyReport) -> Line:
    """Return *line*, or the one that says the same in another unit when only that is known (在管 in 户)."""
    if line.cell is not None:
        return line
    return counterpart(report.sections[line.section], line) or line


def _number(canvas: "Canvas", x: float, y: float, width: float, line: Line, report: DailyReport) -> None:
    canvas.card(x, y, width, 200, _PALE)
    canvas.text(x + 22, y + 38, line.label, min(30.0, (width - 44) / len(line.label)), _GREY)
    known = line.value is not None
    value = figure(line.value)
    size = min(84.0, (width - 90) / (0.58 * len(value))) if known else 60.0
    alarming = not known or (line.key == "fever_people" and line.value != 0)
    canvas.text(x + 22, y + 104, value, size, _RED if alarming else _INK, bold=True)
    if known:
        canvas.text(x + 34 + size * 0.57 * len(value), y + 118, line.unit, 28, _GREY)
    canvas.text(x + 22, y + 170, _since(line, report), 25, _GREY)


def _since(line: Line, report: DailyReport) -> str:
    if line.value is None:
        return "没有人报这个数"
    note = partial(report, line.cell)
    given = f"  {note}" if note else ""
    if line.before is None:
        return "无昨日数" + given
    change = line.value - line.before
    return (f"比昨日 {signed(change)}" if change else "与昨日相同") + given


def _movement(history: Sequence[DayPoint]) -> Block:
    days = history[-14:]

    def draw(canvas: "Canvas", top: float) -> None:
        _heading(canvas, top, "每日新增返乡与解除", "▨ 新增(上)   ■ 解除(下)")
        arrived, released = [p.arrived for p in days], [p.released for p in days]
        middle = top + 210
        highest = max([1, *(v for v in (*arrived, *released) if v is not None)])
        step = min(96.0, (WIDTH - 2 * _EDGE) / len(days))
        for n, (point, up, down) in enumerate(zip(days, arrived, released, strict=True)):
            x = _EDGE + n * step
            _bar(canvas, x, middle, step, up, highest, -110, _ORANGE)
            _bar(canvas, x, middle + 36, step, down, highest, 110, _BLUE)
            canvas.text(
                x + step / 2,
                middle + 18,
                f"{point.day.month}/{point.day.day}",
                min(22.0, step / 3),
                _GREY,
                align="center",
            )

    return 400, draw


def _bar(
    canvas: "Canvas",
    x: float,
    base: float,
    step: float,
    value: Number | None,
    highest: Number,
    reach: float,
    colour: str,
) -> None:
    """Draw one bar from *base* by up to *reach* pixels (negative is up); unknown is a word, not a bar of no height."""
    down = 1 if reach > 0 else -1
    if value is None:
        canvas.text(x + step / 2, base + down * 16, UNKNOWN, min(20.0, step / 3), _RED, align="center")
        return
    length = float(value) / float(highest) * abs(reach)
    edge = base if reach > 0 else base - length
    canvas.box(
        x + step * 0.18, edge, step * 0.64, length, colour, edge="white", hatch="//" if colour == _ORANGE else ""
    )
    canvas.text(x + step / 2, base + down * (length + 16), figure(value), min(24.0, step / 2.2), align="center")


def _incubation(cohort: Sequence[int | None], observe_days: int) -> Block:
    days = list(cohort)

    def draw(canvas: "Canvas", top: float) -> None:
        _heading(canvas, top, "回来的人,按返回后第几天", f"第{observe_days}天满期  {HIDDEN}:不足5人")
        highest = max([THRESHOLD, *(n for n in days if n is not None)])
        step = (WIDTH - 2 * _EDGE) / len(days)
        base = top + 250
        for day, count in enumerate(days):
            x = _EDGE + day * step
            if count is None:  # how few they are is not to be read off the height either
                canvas.box(x + step * 0.18, base - 26, step * 0.64, 26, "white", edge=_GREY, hatch="...")
                canvas.text(x + step / 2, base - 42, HIDDEN, min(22.0, step / 2.2), _GREY, align="center")
            else:
                _bar(canvas, x, base, step, count, highest, -130, _BLUE if day <= observe_days else _ORANGE)
            canvas.text(x + step / 2, base + 22, str(day), min(24.0, step / 1.8), _GREY, align="center")
        canvas.rule(_EDGE, base, WIDTH - 2 * _EDGE)

    return 310, draw


def _ranked(title: str, rows: Sequence[tuple[str, int]], colour: str) -> Block:
    shown = sorted(rows, key=lambda row: (-row[1], row[0]))[:5]
    highest = max([1, *(count for _, count in shown)])

    def draw(canvas: "Canvas", top: float) -> None:
        _heading(canvas, top, title, "")
        for n, (name, count) in enumerate(shown):
            y = top + 96 + n * 56
            canvas.text(_EDGE + 290, y, name, min(30.0, 280 / max(len(name), 1)), align="right")
            width = max(6.0, 560 * count / highest)
            canvas.box(_EDGE + 310, y - 19, width, 38, colour, edge="white", hatch="//" if colour == _ORANGE else "")
            canvas.text(_EDGE + 324 + width, y, str(count), 30, bold=True)

    return 90 + 56 * len(shown), draw


def _heading(canvas: "Canvas", top: float, title: str, legend: str) -> None:
    canvas.text(_EDGE, top + 40, title, 34, _INK, bold=True)
    canvas.text(WIDTH - _EDGE, top + 42, legend, 24, _GREY, align="right")


def _words(report: DailyReport) -> Block:
    from bot.papers.canvas import wrapped  # with the canvas, see draw_daily

    size = 27
    says = [report.difference] if report.difference else []
    says.append(coverage_line(report))
    lines = [line for said in says for line in wrapped(said, WIDTH - 2 * _EDGE, size)]
    height = 60 + len(lines) * 42

    def draw(canvas: "Canvas", top: float) -> None:
        canvas.rule(_EDGE, top + 20, WIDTH - 2 * _EDGE)
        for n, line in enumerate(lines):
            canvas.text(_EDGE, top + 56 + n * 42, line, size, _INK)

    return height, draw
