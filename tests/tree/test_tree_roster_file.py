"""Roster files: merged cells, encodings, headers, and files made to harm."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot import roster_file
from handlers.domain.county import County
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import Tree
from handlers.domain.roster import RowIn, plan

HEADER = ["乡镇(街道)", "所属村", "网格", "姓名*", "联系电话", "企业微信账号(必填)", "职务/角色"]


def texts(rows: tuple[RowIn, ...]) -> list[tuple[str, ...]]:
    return [(*(place.text for place in row.places), row.name, row.userid) for row in rows]


def workbook(path: Path, rows: list[list[object]], merged: tuple[str, ...] = (), title: str = "花名册") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    book.close()
    return path


def test_merged_cells_are_filled_in(tmp_path: Path, county: County, small: Tree) -> None:
    path = workbook(
        tmp_path / "r.xlsx",
        [
            ["清凉镇网格员花名册", *[None] * 6],
            HEADER,
            ["清凉镇", None, None, "王仿山", 10400000001, "yt_w", "镇长"],
            ["清凉镇", "旗山村", "第01网格", "周样明", 10400000002, "yt_z", "网格员"],
            [None, None, "第02网格", "李拟安", "10400000003、10400000004", "yt_l", "同上"],
            [None, None, None, "吴演石", None, "yt_s", "网格员"],
            [None] * 7,
        ],
        ("A1:G1", "A3:C3", "A4:A6", "B4:B6", "C5:C6"),
    )
    rows = roster_file.read(path, county)
    assert [row.row for row in rows] == [3, 4, 5, 6]
    assert texts(rows) == [
        ("清凉镇", "清凉镇", "清凉镇", "王仿山", "yt_w"),
        ("清凉镇", "旗山村", "第01网格", "周样明", "yt_z"),
        ("清凉镇", "旗山村", "第02网格", "李拟安", "yt_l"),
        ("清凉镇", "旗山村", "第02网格", "吴演石", "yt_s"),
    ]
    made = plan(rows, small, county, allow_sample_phones=True)
    assert made.errors == ()
    assert [(h.node_code, h.role) for h in made.holdings] == [
        ("3501", "township_lead"),
        ("3501010101", "gridworker"),
        ("3501010102", "gridworker"),
        ("3501010102", "gridworker"),
    ]


def test_numbers_keep_their_digits_or_say_that_they_lost_them(tmp_path: Path, county: County, small: Tree) -> None:
    rows: list[list[object]] = [["编码", "姓名", "企业微信账号", "职务"]]
    rows += [[3501010101, "周样明", "yt_1", "网格员"], [35012510000101001, "李拟安", "yt_2", "网格员"]]
    found = roster_file.read(workbook(tmp_path / "r.xlsx", rows), county)
    assert found[0].code == "3501010101"
    made = plan(found, small, county, allow_sample_phones=True)
    assert [(error.row, error.column) for error in made.errors] == [(3, "编码")]
    assert "文本" in made.errors[0].say


def test_a_csv_of_merged_cells_is_filled_only_where_it_is_no_guess(tmp_path: Path, county: County) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        ",".join(HEADER) + "\n"
        "清凉镇,旗山村,一格,周样明,,yt_1,网格员\n"
        ",,二格,李拟安,,yt_2,网格员\n"  # only the grid: the village goes on
        ",坵演村,,王仿山,,yt_3,村支书\n"  # a village without its town: left for its name to decide
        ",,,吴演石,,yt_4,县领导\n",  # nothing: left
        "utf-8",
    )
    assert texts(roster_file.read(path, county)) == [
        ("清凉镇", "旗山村", "一格", "周样明", "yt_1"),
        ("清凉镇", "旗山村", "二格", "李拟安", "yt_2"),
        ("", "坵演村", "", "王仿山", "yt_3"),
        ("", "", "", "吴演石", "yt_4"),
    ]


def test_both_encodings_give_the_same_rows(tmp_path: Path, irregular: Mapping[str, Any]) -> None:
    read = []
    for record in irregular["C45"]:
        raw = bytes.fromhex(record["hex"])
        assert raw.decode(record["encoding"]).startswith("code,name")
        read.append([[cell.strip() for cell in row] for row in roster_file._csv_rows(raw)])
    assert read[0] == read[1]
    assert ["350125108205", "尤墘村委会"] in read[0]
    assert any("陈测𬳵" in row for row in read[0])


def test_headers_are_known_by_many_names_and_by_the_countys_own(tmp_path: Path, county: County) -> None:
    path = tmp_path / "r.csv"
    path.write_text("基础网格\t村社区\t镇街\t姓名\t账号\n第1基础网格\t旗山\t城峰\t周样明\tyt_1\n", "utf-8-sig")
    (found,) = roster_file.read(path, county)
    assert [(place.text, place.levels) for place in found.places] == [
        ("城峰", ("township",)),
        ("旗山", ("village",)),
        ("第1基础网格", ("base_grid",)),
    ]


def test_every_sheet_is_read_and_errors_name_it(tmp_path: Path, county: County, small: Tree) -> None:
    book = openpyxl.Workbook()
    for name, village in (("清凉", "旗山村"), ("城峰", "没有村")):
        sheet = book.create_sheet(name)
        sheet.append(["乡镇", "村", "姓名", "企业微信账号", "职务"])
        sheet.append([f"{name}镇", village, "周样明", f"yt_{'ab'[name == '城峰']}", "村支书"])
    book.create_sheet("说明").append(["请按表头填写"])
    book.save(tmp_path / "r.xlsx")
    book.close()
    made = plan(roster_file.read(tmp_path / "r.xlsx", county), small, county)
    assert [(error.sheet, error.row) for error in made.errors] == [("城峰", 2)]
    assert len(made.people) == 1


@pytest.mark.parametrize(
    ("name", "raw", "say"),
    [
        ("r.csv", "甲,乙\n1,2\n".encode(), "表头"),
        ("r.csv", b"", "表头"),
        ("r.xls", b"\xd0\xcf\x11\xe0\0\0", "另存为"),
        ("r.csv", b"\xff\xff\xff", "编码"),
        ("r.csv", '姓名,账号\n"未完'.encode(), "表头|引号|姓名"),
        ("r.xlsx", b"PK\x05\x06" + bytes(18), "打不开"),
    ],
)
def test_what_is_no_roster_is_refused_kindly(tmp_path: Path, county: County, name: str, raw: bytes, say: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    if name == "r.csv" and b'"' in raw:
        assert len(roster_file.read(path, county)) == 1  # a quote left open swallows the rest, and is seen in the row
        return
    with pytest.raises(BadSetting, match=say):
        roster_file.read(path, county)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path, county: County) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"x" * (roster_file.FILE_LIMIT + 1))
    with pytest.raises(BadSetting, match="10 MB"):
        roster_file.read(path, county)
    with pytest.raises(BadSetting, match="读不到"):
        roster_file.read(tmp_path / "absent.csv", county)


def tampered(path: Path, part: str, change: Any) -> Path:
    """Rewrite one part of the workbook."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            raw = old.read(info)
            new.writestr(info.filename, change(raw) if info.filename.endswith(part) else raw)
    return path


BOMBS = {
    "a merge of the whole sheet": lambda xml: xml.replace(b"A2:A3", b"A1:XFD1048576"),
    "entities": lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1),
    "a hundred megabytes of blanks": lambda xml: xml + b" " * 100_000_000,
    "a cell a million rows down": lambda xml: re.sub(rb' r="([A-Z]*)3"', rb' r="\g<1>1048576"', xml),
    "no xml at all": lambda xml: b"\0",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_made_to_harm_is_refused(tmp_path: Path, county: County, bomb: str) -> None:
    rows: list[list[object]] = [["村", "姓名", "账号"], ["旗山", "周样明", "yt_1"], [None, "李拟安", "yt_2"]]
    path = workbook(tmp_path / "r.xlsx", rows, ("A2:A3",))
    assert len(roster_file.read(path, county)) == 2
    with pytest.raises(BadSetting):
        roster_file.read(tampered(path, "sheet1.xml", BOMBS[bomb]), county)


def test_the_sample_rosters_read_without_a_fault_with_or_without_codes(yongtai: tuple[County, Tree]) -> None:
    county, tree = yongtai
    rows = roster_file.read(Path(__file__).parents[2] / "data/yongtai/roster.csv", county)
    made = plan(rows, tree, county, allow_sample_phones=county.sample)
    assert made.errors == ()
    roles = [holding.role for holding in made.holdings]
    assert {role: roles.count(role) for role in set(roles)} == {
        "county_lead": 1, "deputy": 22, "township_lead": 21, "grid_lead": 291, "gridworker": 1_110,
        "village_doctor": 272,
    }  # fmt: skip
    nameless = [row for row in rows if row.role in ("网格员", "网格长")]
    by_name = plan(
        [RowIn(r.row, r.places, "", r.name, r.phone, r.userid, r.role) for r in nameless], tree, county,
        allow_sample_phones=True,
    )  # fmt: skip
    assert by_name.errors == ()
    coded = {(h.userid, h.node_code) for h in made.holdings}
    assert {(h.userid, h.node_code) for h in by_name.holdings} <= coded
    assert len(by_name.holdings) == 1_401


def test_the_sample_groups_are_those_of_the_county(yongtai: tuple[County, Tree]) -> None:
    county, tree = yongtai
    made = plan(roster_file.read(Path(__file__).parents[2] / "data/yongtai/chats.csv", county), tree, county)
    assert made.errors == ()
    levels = [(chat.channel.value, node.level) for chat in made.chats if (node := tree.by_code(chat.node_code))]
    assert {key: levels.count(key) for key in set(levels)} == {
        ("appchat", "county"): 1, ("appchat", "township"): 21, ("appchat", "village"): 272,
        ("appchat", "sector"): 50, ("relay", "grid"): 1_085,
    }  # fmt: skip
