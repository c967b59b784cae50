"""The daily workbook, read back as a leader's Excel would."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import paper_samples as sample
import pytest
from openpyxl.utils.escape import unescape

from bot.papers.rows import checkpoint_rows
from bot.papers.xlsx import DESTROYED, write_daily_workbook
from handlers.domain.daily_text import UNKNOWN, text
from handlers.domain.report import CHECKPOINT
from handlers.domain.returnees import TITLES
from handlers.domain.rollup import fold

SHEETS = ["日报汇总", "分单位", *TITLES.values(), "出发地待核人员", "卡点工作情况统计表", "更正", "来源"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "日报.xlsx"
    day = sample.daily(sample.daily(shift=1))
    write_daily_workbook(path, day, sample.returnees(), sample.gates(), sample.sources(day))
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def column(sheet: Any, title: str) -> list[Any]:
    head = [cell.value for cell in sheet[2]]
    return [row[head.index(title)] for row in rows(sheet)[2:]]


def test_the_sheets_and_their_columns(book: Any) -> None:
    assert book.sheetnames == SHEETS
    for title in TITLES.values():
        assert " ".join(c.value for c in book[title][2]) == (
            "序号 村 网格 户码 姓名 电话 人员类别 返回日期 出发地 交通方式 同住人数 "
            "今日早体温 今日晚体温 症状 观察第几天 预计解除 责任人 备注"
        )
    assert " ".join(c.value for c in book["卡点工作情况统计表"][2]) == (
        "日期 卡点 班次 值守人数 检测车辆 其中外地 登记人数 测温人次 发热 处置 物资余量 填报人"
    )


def test_the_summary_holds_the_figures_as_numbers_and_the_text_as_posted(book: Any) -> None:
    day = sample.daily(sample.daily(shift=1))
    sheet = book["日报汇总"]
    shown = {row[1]: row for row in rows(sheet)[2:] if row[1]}
    for line in day.lines:
        expected = UNKNOWN if line.value is None else float(line.value)
        assert shown[line.label][2] == expected
    assert shown["武汉返回"][6] == "11/12"
    assert shown["在管"][4] - shown["在管"][2] == -shown["在管"][5]
    assert rows(sheet)[-1][0] == text(day)


def test_every_figure_leads_to_its_rows_in_the_sources(book: Any) -> None:
    sheet, sources = book["日报汇总"], rows(book["来源"])
    day = sample.daily()
    checked = 0
    for row in sheet.iter_rows(min_row=3):
        link = row[2].hyperlink
        if isinstance(row[2].value, int | float):
            line = next(line for line in day.lines if line.label == row[1].value)
            place = re.fullmatch(r"'来源'!A(\d+)", link.location)
            assert place
            assert line.cell
            first = int(place[1]) - 1
            block = sources[first : first + len(line.cell.sources)]
            assert [r[0] for r in block] == [line.label] * len(block)
            assert tuple(r[2] for r in block) == line.cell.sources
            given = [r[1] for r in block]
            assert given == ["见各项"] * len(block) or sum(given) == row[2].value
            checked += 1
    assert checked >= 10


def test_village_cells_lead_to_their_own_message(book: Any) -> None:
    sheet, sources = book["分单位"], rows(book["来源"])
    head = [c.value for c in sheet[2]]
    at = head.index("在管(人)")
    village = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == "漈头村")
    place = int(village[at].hyperlink.location.rpartition("A")[2]) - 1
    assert sources[place][:5] == ["在管", village[at].value, "R-4", "704", "漈头村"]
    silent = next(row for row in rows(sheet) if row[0] == "墘下村")
    assert set(silent[1:]) == {UNKNOWN}


def test_a_destroyed_message_keeps_id_role_time_and_slots(book: Any) -> None:
    row = next(r for r in rows(book["来源"]) if r[2] == "R-1")
    assert row[3:8] == ["701", "柳树村", "网格员", "2020-02-08 15:01", ""]
    assert "武汉返回1;湖北(除武汉)返回1" in row[8]
    assert row[9] == DESTROYED
    assert next(r for r in rows(book["来源"]) if r[2] == "R-2")[7] == "是"


def test_names_are_masked_phones_cut_and_no_identity_number_stays(path: Path, book: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        whole = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    for secret in ("张样例", "欧阳模", "吕拟好", "10400001234", "110101190001011234"):
        assert secret not in whole
    wuhan = book[TITLES[sample.Table.WUHAN]]
    assert column(wuhan, "姓名") == ["张**"]
    assert column(wuhan, "电话") == ["尾号1234"]
    assert column(wuhan, "责任人") == ["吕**"]
    assert not [c.value for sheet in book for c in sheet[2] if "证" in str(c.value)]


def test_what_is_not_known_prints_so(book: Any) -> None:
    wuhan = book[TITLES[sample.Table.WUHAN]]
    assert column(wuhan, "交通方式") == column(wuhan, "今日晚体温") == [UNKNOWN]
    assert column(wuhan, "今日早体温") == [36.5]
    assert column(book["卡点工作情况统计表"], "检测车辆") == [120, UNKNOWN]
    assert column(book["出发地待核人员"], "出发地") == ["杭州经停武汉"]
    assert len(column(book[TITLES[sample.Table.IN_PROVINCE]], "序号")) == 2


def test_nothing_typed_runs_as_a_formula(path: Path, book: Any) -> None:
    quoted = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value.startswith(("=", "@", "-", "+")):
                    quoted[cell.value] = cell._style.quotePrefix
    assert quoted == {'=HYPERLINK("http://x","点我")': 1, "@小格 收到": 1, "-2": 1}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert not name.startswith("xl/externalLinks")


def test_corrections_stand_beside_the_frozen_figures(book: Any) -> None:
    assert rows(book["更正"])[2] == ["柳树村", "在管", 2, 3, "2020-02-08 17:00", "R-40"]


def test_it_prints_on_a4_with_heads_and_page_numbers(book: Any) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.print_title_rows == "$2:$2"
        assert "清水镇 疫情防控日报 2020-02-08 第12期" in sheet.oddHeader.center.text
        assert sheet.oddFooter.right.text == "第 &P 页 共 &N 页"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            1,
            0,
        ) or sheet.page_setup.fitToHeight == 0


def test_odd_texts_come_back_as_typed(tmp_path: Path) -> None:
    day = sample.daily()
    person = sample.returnees()[0]
    odd = ["_x0041_ 原样", "a\x00b\ud800c", "'引号在前", "𬳵" * 20_000, "王\r\n二\t三"]
    people = [replace(person, notes=note) for note in odd]
    write_daily_workbook(tmp_path / "a.xlsx", day, people, [], {})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    notes = column(book[TITLES[sample.Table.WUHAN]], "备注")
    # Excel reads _x0041_ as a letter unless its first underscore is escaped; openpyxl shows the file's own spelling.
    assert [unescape(note) for note in notes[:3]] == ["_x0041_ 原样", "abc", "'引号在前"]
    assert notes[0] == "_x005F_x0041_ 原样"
    assert re.fullmatch("𬳵+…〔超长,以下[0-9]+字未列〕", notes[3])
    assert notes[4] == "王\n二 三"
    assert {row[9] for row in rows(book["来源"])[2:]} == {"查不到"}
    assert "没有收到卡点报数。" in [row[0] for row in rows(book["卡点工作情况统计表"])]


def test_a_drill_says_so_on_every_page(tmp_path: Path) -> None:
    write_daily_workbook(tmp_path / "a.xlsx", replace(sample.daily(), drill=True), [], [], {})
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx"):
        assert sheet.oddHeader.center.text.startswith("【演练】")


def test_a_node_name_may_hold_what_headers_use(tmp_path: Path) -> None:
    write_daily_workbook(tmp_path / "a.xlsx", replace(sample.daily(), node_name="A&B'镇"), [], [], {})
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["日报汇总"]
    assert sheet.oddHeader.center.text.startswith("A&&B'镇 疫情")


def test_checkpoint_rows_come_from_the_reports_that_count() -> None:
    counted = [r for r in fold(sample.reports()).values() if r.template == CHECKPOINT]
    made = checkpoint_rows([*sample.reports()[:2], *counted], {1: "吕拟好"})
    assert [(r.checkpoint, r.shift, r.vehicles, r.temperatures, r.reporter) for r in made] == [
        ("东口", "早班", 120, None, "吕拟好"),
        ("东口", "夜班", 87, None, "吕拟好"),
    ]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "日报.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(AttributeError):
        write_daily_workbook(path, sample.daily(), [object()], [], {})  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import paper_samples as sample
from bot.papers.xlsx import write_daily_workbook
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
day = sample.daily()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    write_daily_workbook(Path(sys.argv[1]), day, sample.returnees(), sample.gates(), sample.sources(day))
except Exception as refused:
    print(type(refused).__mro__[-3].__name__, isinstance(refused, OSError))
"""


@pytest.mark.parametrize("limit", [100, 9_000])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "日报.xlsx"
    path.write_bytes(b"old")
    done = _python(FULL_DISK, [str(path), str(limit)])
    assert done.stdout.split()[-1:] == ["True"], done.stderr
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _python(code: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    here = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    code = f"import sys; sys.path[:0] = {here!r}\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
