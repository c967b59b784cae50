"""A household file as people keep it: rows to a plan, every fault by row and column, and no identity number."""

import doctest
from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType

import pytest
from household_samples import LEVELS, ROWS

from handlers.domain import household_cells, household_homes
from handlers.domain.care_team import FIVE_FOR_ONE
from handlers.domain.hierarchy import Node, Tree
from handlers.domain.household import Age, Health, Relation
from handlers.domain.household_plan import plan
from handlers.domain.household_planned import HouseholdPlan, HouseRow, PlannedHousehold
from handlers.domain.roster_places import PlaceText

DAY = date(2026, 2, 8)
A = "35010101-0001"
STAFF = frozenset({"yt_lin", "yt_zhou"})
_IDS = {row.code: number for number, row in enumerate(ROWS, start=1)}
TREE = Tree(
    (Node(_IDS[r.code], r.code, r.name, r.level, _IDS.get(r.parent_code or ""), r.branch) for r in ROWS), LEVELS
)
NOTHING: Mapping[str, str] = MappingProxyType({})


def places(*texts: str) -> tuple[PlaceText, ...]:
    return tuple(
        PlaceText(label, text, (level,))
        for label, text, level in zip(("乡镇", "村", "网格"), texts, ("township", "village", "grid"), strict=True)
    )


def row(number: int, where: tuple[PlaceText, ...] = (), care: Mapping[str, str] = NOTHING, **cells: str) -> HouseRow:
    return HouseRow(number, where, cells, care)


def made(*rows: HouseRow, grow: bool = False) -> HouseholdPlan:
    return plan(rows, TREE, FIVE_FOR_ONE, DAY, STAFF, allow_sample_phones=True, grow=grow)


def faults(*rows: HouseRow, grow: bool = False) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.say) for error in made(*rows, grow=grow).errors]


def only(found: HouseholdPlan) -> PlannedHousehold:
    assert found.errors == ()
    (one,) = found.households
    return one


@pytest.mark.parametrize("module", [household_cells, household_homes])
def test_the_examples_in_the_words_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_one_row_a_person_and_the_household_stands_in_the_first() -> None:
    one = only(
        made(
            row(2, code=A, address="溪尾3号", heads="3人", in_group="是", times="8:00-9:30、晚上", name="王拟花",
                age="81", vulnerable="独居、残疾人", medicines="高血压药/胰岛素", language="本地话",
                phone="10400000001"),
            row(3, code=A, name="王 测", age="2015年", here="是"),
            row(4, name="林样女", phone="104 0000 0002", here="否", relation="女儿", answers="是"),
        )
    )  # fmt: skip
    assert (one.code, one.row, one.address, one.head_count, one.in_group) == (A, 2, "溪尾3号", 3, True)
    assert one.preferred == ((time(8), time(9, 30)), (time(18, 30), time(21)))
    old, child = one.members.values()
    assert (old.name, old.age, old.language, old.phones) == ("王拟花", Age.VERY_OLD, "dialect", ("10400000001",))
    assert old.health == Health(("alone", "disabled"), ("blood_pressure", "insulin"))
    assert (child.name, child.age, child.health, child.may_answer) == ("王测", Age.UNDER_14, None, None)
    (daughter,) = one.proxies.values()
    assert (daughter.name, daughter.relation, daughter.may_answer) == ("林样女", Relation.CHILD, True)
    for word in ("溪尾", "王", "林", "104"):
        assert word not in repr(one)
        assert word not in repr(old) + repr(daughter)


def test_what_is_not_said_stays_unknown() -> None:
    one = only(made(row(2, code=A)))
    assert (one.address, one.head_count, one.in_group, one.preferred, one.members) == (None, None, None, None, {})


@pytest.mark.parametrize("house", ["0001户", "1", "1户", "第1号", "0001", "１"])
def test_a_household_is_found_by_its_number_in_the_grid(house: str) -> None:
    assert only(made(row(2, places("清凉镇", "旗山村", "一格"), house=house, heads="2"))).code == A


def test_rows_below_go_on_with_the_household_above_and_ditto_repeats() -> None:
    found = made(
        row(2, places("清凉镇", "旗山", "第01网格"), house="1", name="王测"),
        row(3, places("", "", ""), house="", name="王例"),
        row(4, places("同上", "同上", "同上"), house="2", name="李样"),
        row(5, places("〃", "〃", "〃"), house="同上", name="李拟", age="同上"),
    )
    assert found.errors == ()
    assert [(one.code, list(one.members)) for one in found.households] == [
        (A, ["王测", "王例"]), ("35010101-0002", ["李样", "李拟"]),
    ]  # fmt: skip


def test_new_households_come_with_grow_only_and_once() -> None:
    there = places("清凉镇", "旗山村", "二格")
    rows = (
        row(2, there, house="9", name="王测"),
        row(3, there, house="9户", name="王例"),
        row(4, there, house="3-1-201"),
    )
    assert [(r, c) for r, c, _ in faults(*rows)] == [(2, "户号"), (3, "户号"), (4, "户号")]
    found = made(*rows, grow=True)
    assert found.errors == ()
    assert [(node.code, node.name, node.parent_code) for node in found.nodes] == [
        ("35010102-0009", "0009户", "35010102"), ("35010102-0010", "3-1-201", "35010102"),
    ]  # fmt: skip
    assert [one.code for one in found.households] == ["35010102-0009", "35010102-0010"]
    wrong = made(row(2, there, house="9", name="王测", phone="12"), grow=True)
    assert wrong.nodes == ()  # a row with a fault makes no household


def test_care_roles_are_columns_of_accounts() -> None:
    one = only(made(row(2, care={"doctor": "YT_zhou", "gridworker": "yt_lin、yt_zhou", "police": ""}, code=A)))
    assert one.care == {"doctor": ("yt_zhou",), "gridworker": ("yt_lin", "yt_zhou")}
    assert faults(row(2, care={"doctor": "yt_nobody"}, code=A)) == [
        (2, "村医", "花名册里没有账号 yt_nobody,请先导入花名册"),
    ]


FAR = {"code": A, "name": "林样女", "here": "否"}
FAULTS = {
    "没有这户": ({"code": "35010101-9999"}, "户编码", "层级表里没有"),
    "不是一户": ({"code": "35010101"}, "户编码", "不是一户"),
    "科学计数": ({"code": "3.501E+11"}, "户编码", "文本"),
    "没写哪一户": ({"name": "王测"}, "户号", "没写是哪一户"),
    "人数": ({"code": A, "heads": "三四个"}, "人数", "整数"),
    "人数多": ({"code": A, "heads": "900"}, "人数", "整数"),
    "在群": ({"code": A, "in_group": "也许"}, "在群", "是"),
    "时间": ({"code": A, "times": "9:00-8:00"}, "方便时间", "8:00-9:00"),
    "住址": ({"code": A, "address": "样" * 200}, "住址", "120"),
    "没姓名": ({"code": A, "phone": "10400000001"}, "姓名", "姓名没填"),
    "年龄": ({"code": A, "name": "王测", "age": "很老"}, "年龄", "岁数"),
    "年龄负": ({"code": A, "name": "王测", "age": "180"}, "年龄", "岁数"),
    "人群": ({"code": A, "name": "王测", "vulnerable": "好人"}, "重点人群", "独居老人"),
    "用药": ({"code": A, "name": "王测", "medicines": "维生素"}, "长期用药", "降压药"),
    "语言": ({"code": A, "name": "王测", "language": "火星话"}, "语言", "普通话"),
    "手机": ({"code": A, "name": "王测", "phone": "123"}, "手机号", "不是手机号"),
    "真手机": ({"code": A, "name": "123456"}, "姓名", "不像姓名"),
    "关系": ({"code": A, "name": "林样女", "here": "否"}, "关系", "女儿"),
    "关系2": ({"code": A, "name": "林样女", "relation": "路人"}, "关系", "核对"),
    "代报": ({**FAR, "relation": "女儿", "answers": "看情况"}, "可代报", "是"),
    "外地病": ({**FAR, "relation": "女儿", "medicines": "降压药"}, "是否同住", "只登记怎么联系"),
    "状态": ({"code": A, "name": "王测", "state": "出差"}, "状态", "迁出"),
    "身份证": ({"code": A, "name": "王测", "address": "350125199001010018"}, "住址", "不收"),
    "身份证X": ({"code": A, "name": "王测", "phone": "３５０１２５１９９００１０１００１Ｘ"}, "手机号", "不收"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_its_row_and_column_and_says_what_to_do(case: str) -> None:
    told, column, say = FAULTS[case]
    found = faults(row(7, **told))
    assert found
    assert (found[0][0], found[0][1]) == (7, column)
    assert any(say in text for _, _, text in found)


def test_a_row_with_a_fault_adds_nothing_and_the_others_stand() -> None:
    found = made(row(2, code=A, name="王测"), row(3, code=A, name="王例", age="?"), row(4, code=A, name="王仿"))
    assert [error.row for error in found.errors] == [3]
    assert list(found.households[0].members) == ["王测", "王仿"]


def test_what_two_rows_say_of_one_household_must_agree() -> None:
    assert faults(row(2, code=A, heads="3"), row(5, code=A, heads="4"))[0] == (
        5, "人数", "与第2行写的不一样,同一户请写一样的",
    )  # fmt: skip
    assert faults(row(2, code=A, heads="3"), row(5, code=A, heads="")) == []
    assert faults(row(2, code=A, name="王测"), row(3, code=A, name="王 测"))[0][1] == "姓名"


def test_ditto_in_the_first_row_is_asked_for() -> None:
    assert "请写全" in faults(row(2, code="同上", name="王测"))[0][2]


def test_a_house_is_not_guessed_where_the_place_has_two() -> None:
    assert faults(row(2, places("清凉镇", "旗山村", "九格"), house="1"))[0][1] == "网格"
    assert faults(row(2, places("清凉镇", "旗山村", ""), house="1"))[0][1] == "网格"
