"""The picture for the group: small enough, wide as a phone, drawn from what is known, and legible by shape alone."""

import struct
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import paper_samples as sample
import pytest

from bot.papers.canvas import Canvas, drawable, wrapped
from bot.papers.picture import LIMIT, WIDTH, DayPoint, draw_daily, points
from handlers.domain.daily_report import DailyReport, branch, compose
from handlers.domain.rollup import Cell

HISTORY = [DayPoint(sample.DAY - timedelta(days=n), None if n == 5 else n % 9, n % 7) for n in range(13, -1, -1)]
COHORT = [3, 5, 2, None, 8, 0, 4, 6, 1, 2, 7, 3, 2, 1, 4]
NEEDS = [("降压药", 12), ("米面", 9)]


def size_of(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def colours_of(path: Path) -> set[tuple[int, int, int]]:
    """Return the colours that cover at least 0.05 % of the picture, rounded to steps of 8."""
    from matplotlib.image import imread

    pixels = (imread(path)[:, :, :3] * 255).astype(int) // 8 * 8
    flat = pixels.reshape(-1, 3)
    packed = flat[:, 0] * 65536 + flat[:, 1] * 256 + flat[:, 2]
    counts: dict[int, int] = {}
    for value in packed.tolist():
        counts[value] = counts.get(value, 0) + 1
    return {(v >> 16, v >> 8 & 255, v & 255) for v, n in counts.items() if n > len(flat) / 2000}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "whole.png"
    draw_daily(path, sample.daily(sample.daily(shift=1)), HISTORY, COHORT, NEEDS)
    return path


def test_it_is_a_png_for_a_phone_and_a_group(whole: Path) -> None:
    width, height = size_of(whole)
    assert width == WIDTH == 1080
    assert 1_500 < height < 3_000
    assert whole.stat().st_size <= LIMIT
    assert list(whole.parent.iterdir()) == [whole]


def test_parts_without_data_are_left_out_and_the_rest_is_drawn(tmp_path: Path, whole: Path) -> None:
    draw_daily(tmp_path / "a.png", replace(sample.daily(), blockers=()))
    draw_daily(tmp_path / "b.png", replace(sample.daily(), blockers=()), needs=NEEDS)
    bare, needs, full = (size_of(p)[1] for p in (tmp_path / "a.png", tmp_path / "b.png", whole))
    assert bare < needs < full
    draw_daily(
        tmp_path / "c.png", replace(sample.daily(), blockers=()), [DayPoint(sample.DAY, None, None)], [None] * 15
    )
    assert size_of(tmp_path / "c.png")[1] == bare


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw_daily(tmp_path / name, sample.daily(), HISTORY)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_silent_village_shows_and_a_full_day_does_not_hatch(tmp_path: Path) -> None:
    silent = replace(sample.daily(), blockers=())
    spoken = [b for b in silent.branches if not b.tally.coverage.missing]
    full = compose(
        node_name="清水镇", day=sample.DAY, as_of=sample.FREEZE, issue=1, branches=spoken, names=sample.NAMES
    )
    draw_daily(tmp_path / "silent.png", silent)
    draw_daily(tmp_path / "full.png", full)
    orange = {c for c in colours_of(tmp_path / "silent.png") if c[0] > 200 and 120 < c[1] < 200 and c[2] < 60}
    assert orange
    assert not orange & colours_of(tmp_path / "full.png")


def test_a_drill_is_marked_across_the_picture(tmp_path: Path) -> None:
    draw_daily(tmp_path / "a.png", sample.daily())
    draw_daily(tmp_path / "b.png", replace(sample.daily(), drill=True))
    assert colours_of(tmp_path / "b.png") - colours_of(tmp_path / "a.png")


def test_a_county_of_many_branches_still_fits(tmp_path: Path) -> None:
    nodes = {n: f"某镇某村第{n:03}网格" for n in range(1, 273)}
    silent = [branch(n, name, [], {n}) for n, name in nodes.items()]
    report = compose(
        node_name="某某县", day=sample.DAY, as_of=sample.FREEZE, issue=1, branches=silent, names=nodes, unit="网格"
    )
    draw_daily(tmp_path / "a.png", report)
    assert size_of(tmp_path / "a.png")[0] == WIDTH
    assert (tmp_path / "a.png").stat().st_size <= LIMIT


def test_text_nobody_can_draw_and_dollars_are_no_error(tmp_path: Path) -> None:
    report = replace(sample.daily(), node_name="👌$x^2$镇𬳵", blockers=(("缺$口罩$👌", 3), ("", 1)))
    draw_daily(tmp_path / "a.png", report)
    assert drawable("好👌𬳵\n") == "好〓𬳵\n"


def test_lines_wrap_by_width() -> None:
    assert list(wrapped("一二三四五abc\n六", 81, 27)) == ["一二三", "四五a", "bc", "六"]
    assert list(wrapped("", 100, 27)) == [""]


def test_a_picture_over_the_limit_shrinks_and_then_is_refused(tmp_path: Path) -> None:
    canvas = Canvas(400, 400)
    for n in range(0, 400, 4):
        canvas.box(n, n, 50, 30, f"#{n * 40503 % 0xFFFFFF:06x}", hatch="//")
    canvas.save(tmp_path / "a.png", LIMIT)
    whole = (tmp_path / "a.png").stat().st_size
    canvas.save(tmp_path / "b.png", whole - 1)
    assert size_of(tmp_path / "b.png") == (300, 300)
    with pytest.raises(ValueError, match="bytes"):
        canvas.save(tmp_path / "c.png", 100)


def test_points_come_from_frozen_reports_and_unknown_stays_unknown() -> None:
    def day(shift: int, **figures: int) -> DailyReport:
        cells = {key: Cell(value, (), frozenset()) for key, value in figures.items()}
        return compose(
            node_name="清水镇",
            day=sample.DAY - timedelta(days=shift),
            as_of=sample.FREEZE,
            issue=1,
            branches=(),
            names={},
            counted=cells,
        )

    four = {f"returnees_{t}_new": 1 for t in ("wuhan", "hubei_other", "out_province")}
    made = points(
        [day(0, returnees_new=3, released_people=0), day(1, **four), day(2, **four, returnees_in_province_new=0)]
    )
    assert [(p.arrived, p.released) for p in made] == [(3, None), (None, None), (3, 0)]
    assert [p.day for p in made] == [sample.DAY - timedelta(days=n) for n in (2, 1, 0)]


def test_importing_it_does_not_bring_matplotlib() -> None:
    code = "import sys, bot.papers.picture; sys.exit('matplotlib' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60, check=False).returncode == 0
