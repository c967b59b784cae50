"""`geying import-households`: one transaction or nothing, twice is once, nobody is taken out by being left out."""

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result
from household_samples import COUNTY, DAY, LEVELS, NOW, person
from sqlalchemy import func, select

from bot import household_file
from bot.household_commands import Outcome, commands, import_households
from handlers.domain.errors import BadSetting
from handlers.domain.household import Age, Health, Reach, Relation
from handlers.domain.privacy import Purpose
from handlers.ports import Context
from store.household_save import HouseholdImport
from store.models import care, contact, contact_address, household, membership, node, resident
from store.work import Store

HEADER = [
    "户编码",
    "住址",
    "人数",
    "姓名",
    "年龄",
    "重点人群",
    "长期用药",
    "手机号",
    "是否同住",
    "关系",
    "可代报",
    "村医",
]
A, B = "35010101-0001", "35010101-0002"
HOUSE = 6
GOOD = [
    [A, "溪尾3号", "2", "王拟花", "81", "独居", "胰岛素", "10400000001", "", "", "", "yt_zhou"],
    [A, "", "", "王测", "50", "", "", "", "", "", "", ""],
    [A, "", "", "林样女", "", "", "", "10400000002", "否", "女儿", "是", ""],
    [B, "溪尾4号", "", "", "", "", "", "", "", "", "", ""],
]


class Desk(SimpleNamespace):
    """What the commands find: the parts, with the county as it stands now."""

    def __init__(self, store: Store) -> None:
        super().__init__(parts=SimpleNamespace(store=store, counties=SimpleNamespace(context=lambda: at(store))))


def at(store: Store) -> Context:
    with store.read() as work:
        return Context(NOW, COUNTY, work.tree.load(LEVELS, DAY))


def file_of(tmp_path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    path = tmp_path / "households.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def load(store: Store, path: Path, **how: bool) -> Outcome:
    return import_households(path, store, at(store), **how)


def counts(store: Store) -> tuple[int, ...]:
    tables = (household, resident, membership, contact, contact_address, care)
    with store.read() as work:
        return tuple(work.connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)


@pytest.fixture
def run(store: Store) -> Callable[..., Result]:
    group = click.Group(commands={str(command.name): command for command in commands})
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words], obj=Desk(store))


def test_a_file_makes_people_proxies_needs_and_care(store: Store, tmp_path: Path) -> None:
    saved = load(store, file_of(tmp_path, GOOD)).saved
    assert saved is not None
    assert (saved.households, saved.people_new, saved.contacts_new, saved.phones_new, saved.care_changed) == (
        2,
        2,
        2,
        2,
        1,
    )
    with store.begin() as work:
        one = work.households.get(HOUSE)
        assert one is not None
        assert (one.address, one.head_count) == ("溪尾3号", 2)
        old, son = work.households.members(HOUSE, DAY)
        assert (old.name, old.age, son.name, son.number) == ("王拟花", Age.VERY_OLD, "王测", 2)
        assert work.households.health([old.id, son.id], Purpose.CARE) == {old.id: Health(("alone",), ("insulin",))}
        own, daughter = work.households.contacts(HOUSE, DAY)
        assert (own.member_id, own.may_answer, own.addresses[0].address) == (old.id, False, "10400000001")
        assert (daughter.name, daughter.relation, daughter.may_answer) == ("林样女", Relation.CHILD, True)
        assert work.households.of_address("phone", "10400000002", DAY)[0].household_id == HOUSE
        assert work.households.reach([HOUSE], DAY) == {HOUSE: Reach.PHONE_ONLY}
        team = work.households.care_team(HOUSE, DAY, COUNTY.care)
        assert person(work, "yt_zhou").id in team.on_call(health=True)


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    load(store, file_of(tmp_path, GOOD))
    before = counts(store)
    saved = load(store, file_of(tmp_path, GOOD)).saved
    assert saved is not None
    assert not any(getattr(saved, name) for name in saved.__slots__)
    assert counts(store) == before == (2, 2, 2, 2, 2, 1)


def test_a_later_file_corrects_and_adds_and_takes_nobody_out(store: Store, tmp_path: Path) -> None:
    load(store, file_of(tmp_path, GOOD))
    later = [
        [A, "", "3", "王拟花", "", "独居、低保", "胰岛素", "10400000009", "", "", "是", ""],
        [A, "", "", "王新例", "30", "", "", "", "", "", "", ""],
    ]
    saved = load(store, file_of(tmp_path, later)).saved
    assert saved is not None
    assert (saved.households, saved.people_new, saved.people_changed, saved.phones_new) == (1, 1, 1, 1)
    with store.begin() as work:
        assert [m.name for m in work.households.members(HOUSE, DAY)] == ["王拟花", "王测", "王新例"]
        one = work.households.get(HOUSE)
        assert one is not None
        assert (one.address, one.head_count) == ("溪尾3号", 3)  # an empty cell takes nothing away
        old = work.households.members(HOUSE, DAY)[0]
        assert old.age is Age.VERY_OLD
        assert work.households.health([old.id], Purpose.CARE)[old.id] == Health(("alone", "poor"), ("insulin",))
        own = work.households.contacts(HOUSE, DAY)[0]
        assert (own.may_answer, [a.address for a in own.addresses]) == (True, ["10400000001", "10400000009"])


def test_who_moved_out_is_said_so(store: Store, tmp_path: Path) -> None:
    load(store, file_of(tmp_path, GOOD))
    header = [*HEADER, "状态"]
    gone = [[A, "", "1", "王测", *[""] * 8, "迁出"], [A, "", "", "林样女", *[""] * 4, "否", "女儿", "", "", "迁出"]]
    saved = load(store, file_of(tmp_path, gone, header)).saved
    assert saved is not None
    assert saved.people_left == 1
    with store.begin() as work:
        assert [m.name for m in work.households.members(HOUSE, DAY)] == ["王拟花"]
        assert [c.name for c in work.households.contacts(HOUSE, DAY)] == ["王拟花"]


def test_one_bad_row_holds_back_all_the_others(store: Store, tmp_path: Path, run: Callable[..., Result]) -> None:
    bad = [GOOD[0], [A, "", "", "王测", "很老", *[""] * 7], ["35010101-9999", *[""] * 11], GOOD[3]]
    refused = run("import-households", file_of(tmp_path, bad))
    assert refused.exit_code == 1
    assert "第3行 年龄:" in refused.stderr
    assert "第4行 户编码:户编码 35010101-9999 在层级表里没有" in refused.stderr
    assert "没有导入:读到 2 户、1 人" in refused.stdout
    assert counts(store) == (0, 0, 0, 0, 0, 0)
    assert run("import-households", file_of(tmp_path, GOOD), "--dry-run").stdout.startswith(
        "试导入:读到 2 户、2 人、1 位"
    )
    assert counts(store) == (0, 0, 0, 0, 0, 0)
    partial = run("import-households", file_of(tmp_path, bad), "--partial")
    assert partial.exit_code == 0
    assert "2 处错误" in partial.stdout
    assert counts(store)[:2] == (2, 1)
    for name in ("王拟花", "10400000001"):
        assert name not in refused.output + partial.output


def test_a_power_cut_in_the_middle_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def cut(self: HouseholdImport, *_: object) -> None:
        seen.append(self._connection.execute(select(func.count()).select_from(resident)).scalar_one())
        raise OSError("power cut")

    monkeypatch.setattr(HouseholdImport, "_put_contacts", cut)
    with pytest.raises(OSError, match="power cut"):
        load(store, file_of(tmp_path, GOOD))
    assert seen == [2]
    assert counts(store) == (0, 0, 0, 0, 0, 0)


def test_new_households_are_made_with_grow_and_found_again(store: Store, tmp_path: Path) -> None:
    header = ["乡镇", "村", "网格", "户号", "姓名"]
    rows = [["清凉镇", "旗山村", "二格", "3-1-201", "王测"], ["", "", "", "", "王例"], ["", "", "二格", "3-1-202", ""]]
    assert len(load(store, file_of(tmp_path, rows, header)).plan.errors) == 3
    assert len(load(store, file_of(tmp_path, rows, header), grow=True).plan.nodes) == 2
    again = load(store, file_of(tmp_path, rows, header), grow=True)
    assert again.plan.nodes == again.plan.errors == ()
    with store.begin() as work:
        made = work.households.by_code("35010102-0004")
        assert made is not None
        assert (made.name, [m.name for m in work.households.members(made.id, DAY)]) == ("3-1-201", ["王测", "王例"])
        assert work.connection.execute(select(func.count()).select_from(node)).scalar_one() == 16


def test_merged_cells_of_a_workbook_are_filled_in(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["旗山村户册"], ["户编码(必填)", "家庭住址", "户人数", "户主姓名", "年龄"]):
        sheet.append(cells)
    sheet.append([A, "溪尾3号", 2, "王拟花", 81])
    sheet.append([None, None, None, "王测", 50])
    for cells in ("A3:A4", "B3:B4", "C3:C4"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "h.xlsx")
    book.close()
    assert load(store, tmp_path / "h.xlsx").plan.errors == ()
    with store.begin() as work:
        assert [m.name for m in work.households.members(HOUSE, DAY)] == ["王拟花", "王测"]


@pytest.mark.parametrize("header", ["身份证号", "身份证号码(必填)", "证件号"])
def test_a_column_of_identity_numbers_is_refused_before_it_is_read(store: Store, tmp_path: Path, header: str) -> None:
    path = file_of(tmp_path, [[A, "王测", "350125199001010018"]], ["户编码", "姓名", header])
    with pytest.raises(BadSetting, match="不收、不存"):
        household_file.read(path, COUNTY)


def test_what_is_no_household_file_is_refused_kindly(tmp_path: Path) -> None:
    for text in ("", "甲,乙\n1,2\n", "姓名,账号\n王测,yt\n"):
        (tmp_path / "x.csv").write_text(text, "utf-8")
        with pytest.raises(BadSetting, match="没找到表头"):
            household_file.read(tmp_path / "x.csv", COUNTY)


def test_the_register_from_a_terminal(store: Store, tmp_path: Path, run: Callable[..., Result]) -> None:
    run("import-households", file_of(tmp_path, GOOD))
    shown = run("household", A).stdout
    assert "清凉镇旗山村第01网格 0001户" in shown
    assert "人数 2 人;住户群 未报" in shown
    assert "成员 1.王**(80岁以上)、2.王*(14至59岁)" in shown
    assert "只能打电话;1.王**、2.林**(家人代报)" in shown
    assert "网格员 林样安、村医 周仿医、村干部 吴演石;缺 乡镇干部、民警" in shown
    for hidden in ("王拟花", "林样女", "10400000001", "溪尾", "胰岛素", "独居"):
        assert hidden not in shown
    moved = run("move-household", A, "--to", "旗山村二格", "--code", "auto")
    assert "新编码 35010102-0004" in moved.stdout
    assert f"(原编码 {A})" in run("household", A).stdout
    made = run("split-household", A, "--members", "2")
    assert "新户 35010102-0005" in made.stdout
    assert "登记 2 人" in run("merge-households", "35010102-0005", "--into", A).stdout
    assert "已销户" in run("close-household", B).stdout
    history = run("household", "35010102-0005").stdout
    assert [line.split()[1] for line in history.splitlines() if line.startswith("2026-02-08")] == [
        "迁户", "改编码", "分出", "并来",
    ]  # fmt: skip
    for words, say in ((("household", "x"), "没有“x”"), (("move-household", B, "--to", "二格"), "注销")):
        refused = run(*words)
        assert refused.exit_code == 1
        assert say in refused.stderr
