"""Rosters as people fill them in: what is understood, what is refused, and in which words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from handlers.domain.county import County
from handlers.domain.hierarchy import Tree
from handlers.domain.roster import PlannedHolding, RosterPlan, RowIn, plan
from handlers.domain.roster_fields import Unfit, mobile, mobiles, node_code, person_name, user_id
from handlers.domain.roster_places import PlaceText

Cases = Mapping[str, list[dict[str, Any]]]


def row(number: int, town: str = "", village: str = "", grid: str = "", **cells: str) -> RowIn:
    places = (
        PlaceText("乡镇", town, ("township",)),
        PlaceText("村", village, ("village",)),
        PlaceText("网格", grid, ("base_grid", "grid")),
    )
    filled = {"name": "周样明", "userid": f"yt_{number}", "role": "网格员"} | cells
    return RowIn(number, places, **filled)


@pytest.fixture
def planned(small: Tree, county: County) -> Any:
    """Plan rows over the small county; `planned(rows, strict=True)` refuses sample phones."""

    def run(*rows: RowIn, strict: bool = False, grow: bool = False) -> RosterPlan:
        return plan(rows, small, county, allow_sample_phones=not strict, grow=grow)

    return run


def held(made: RosterPlan) -> list[tuple[str, str, str]]:
    return [(holding.userid, holding.node_code, holding.role) for holding in made.holdings]


def said(made: RosterPlan) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in made.errors]


def test_a_good_row_gives_a_person_and_a_post(planned: Any) -> None:
    made = planned(row(2, "清凉镇", "旗山村", "第01网格", phone="10400000001、104 0000 0002", userid="YT_Zhou"))
    assert made.errors == ()
    assert [(p.userid, p.name, p.phones, p.row) for p in made.people] == [
        ("yt_zhou", "周样明", ("10400000001", "10400000002"), 2)
    ]
    assert made.holdings == (PlannedHolding("yt_zhou", "3501010101", "gridworker"),)


@pytest.mark.parametrize("grid", ["一格", "1网格", "第01网格", "旗山村第01网格", "３５０１０１０１０１"])
def test_a_grid_is_known_however_it_is_written(planned: Any, grid: str) -> None:
    assert held(planned(row(2, "清凉", "旗山", grid))) == [("yt_2", "3501010101", "gridworker")]


def test_each_post_is_held_at_its_own_level(planned: Any) -> None:
    made = planned(
        row(2, role="县领导"),
        row(3, "清凉镇", "清凉镇", "清凉镇", role="镇长"),  # merged across three columns
        row(4, "清凉镇", role="审核人"),
        row(5, "清凉镇", "旗山", role="村支书"),
        row(6, "清凉镇", "旗山", "基础网格", role="网格长"),
        RowIn(7, (PlaceText("行业", "卫健", ("sector",)),), name="李拟安", userid="yt_7", role="行业专员"),
    )
    assert made.errors == ()
    assert [(code, role) for _, code, role in held(made)] == [
        ("35", "county_lead"),
        ("3501", "township_lead"),
        ("3501", "deputy"),
        ("350101", "village_lead"),
        ("35010101", "grid_lead"),
        ("35-T01", "sector"),
    ]


def test_an_ambiguous_village_is_asked_for_with_both_places_named(planned: Any) -> None:
    made = planned(row(9, village="旗山", role="村支书"))
    assert said(made) == [(9, "村")]
    assert "清凉镇旗山村" in made.errors[0].say
    assert "城峰镇旗山社区" in made.errors[0].say
    assert made.people == made.holdings == ()


def test_what_follows_may_settle_an_ambiguous_village(planned: Any) -> None:
    assert held(planned(row(2, village="旗山", grid="二格"))) == [("yt_2", "3501010102", "gridworker")]


def test_an_unknown_village_is_refused_with_the_nearest_name(planned: Any) -> None:
    made = planned(row(5, "清凉镇", "旗山林村", "一格"), row(6, "清凉镇", "旗山", "九格"))
    assert said(made) == [(5, "村"), (6, "网格")]
    assert "旗山村" in made.errors[0].say
    assert "--grow" in made.errors[1].say


def test_a_former_name_and_a_former_code_still_lead_there(planned: Any) -> None:
    made = planned(row(2, "清凉镇", "丘演", role="村支书"), row(3, role="村支书", code="350199"))
    assert [code for _, code, _ in held(made)] == ["350102", "350102"]


def test_as_above_means_the_cell_above_even_twice(planned: Any) -> None:
    made = planned(
        row(2, "清凉镇", "旗山", "一格", name="周样明", userid="yt_zhou"),
        row(3, "同上", "〃", "二格", name="同上", userid="同上", role="同上"),
        row(4, "同上", "同上", "同上", name="李拟安", userid="yt_li", role='"'),
    )
    assert made.errors == ()
    assert held(made) == [
        ("yt_zhou", "3501010101", "gridworker"),
        ("yt_zhou", "3501010102", "gridworker"),  # one gridworker, two grids
        ("yt_li", "3501010102", "gridworker"),  # one grid, two gridworkers
    ]
    assert said(planned(row(2, "同上", "旗山", "二格"))) == [(2, "乡镇")]


def test_every_fault_of_a_row_is_named_at_once(planned: Any) -> None:
    made = planned(row(7, "清凉镇", "旗山", "一格", name=" ", userid="周 明", phone="0591-00012345", role="国王"))
    assert said(made) == [(7, "姓名"), (7, "企业微信账号"), (7, "手机号"), (7, "职务")]
    assert all(error.say for error in made.errors)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "姓名"),
        ({"name": "13"}, "姓名"),
        ({"userid": ""}, "企业微信账号"),
        ({"userid": "-x"}, "企业微信账号"),
        ({"userid": "a" * 65}, "企业微信账号"),
        ({"role": ""}, "职务"),
        ({"phone": "10400000O06"}, "手机号"),
        ({"code": "3.50125E+11"}, "编码"),
        ({"code": "77"}, "编码"),
        ({"code": "3502010101"}, "编码"),  # the other 旗山: names and code disagree
    ],
)
def test_one_bad_cell_refuses_the_row(planned: Any, cells: dict[str, str], column: str) -> None:
    made = planned(row(3, "清凉镇", "旗山", "一格", **cells))
    assert said(made) == [(3, column)]
    assert made.people == made.holdings == ()


def test_a_post_at_the_wrong_level_is_refused(planned: Any) -> None:
    made = planned(row(2, "清凉镇", "旗山"), row(3, "", "", ""))
    assert said(made) == [(2, "职务"), (3, "乡镇")]


def test_the_same_account_with_two_names_and_one_phone_with_two_accounts(planned: Any) -> None:
    made = planned(
        row(2, "清凉镇", "旗山", "一格", userid="yt_a", phone="10400000001"),
        row(3, "清凉镇", "旗山", "二格", userid="YT_A", name="李拟安"),
        row(4, "清凉镇", "旗山", "二格", userid="yt_b", name="王仿山", phone="10400000001"),
        row(5, "清凉镇", "旗山", "一格", userid="yt_a", phone="10400000009"),  # said twice: one person, one post
    )
    assert said(made) == [(3, "企业微信账号"), (4, "手机号")]
    assert [(p.userid, p.phones) for p in made.people] == [("yt_a", ("10400000001", "10400000009"))]
    assert len(made.holdings) == 1


def test_the_dots_of_one_name_make_no_second_person(planned: Any) -> None:
    names = ["样例古丽·测试江", "样例古丽•测试江", "样例古丽・测试江", "样例古丽.测试江"]
    made = planned(*(row(n, "清凉镇", "旗山", "一格", name=name, userid="yt_g") for n, name in enumerate(names, 2)))
    assert made.errors == ()
    assert [person.name for person in made.people] == ["样例古丽·测试江"]


def test_nobody_is_two_administrators(planned: Any) -> None:
    rows = [row(n, userid="yt_a", role=role, code="35") for n, role in enumerate(["系统管理员", "审计员", "县领导"], 2)]
    made = planned(*rows)
    assert said(made) == [(3, "职务")]
    assert [role for _, _, role in held(made)] == ["sysadmin", "county_lead"]


def test_sample_phones_are_refused_where_people_are_real(planned: Any) -> None:
    good = row(2, "清凉镇", "旗山", "一格", phone="10400000001")
    assert planned(good).errors == ()
    assert said(planned(good, strict=True)) == [(2, "手机号")]
    assert planned(replace(good, phone="1" + "3" * 10), strict=True).errors == ()


def test_phones_as_people_write_them(irregular: Cases) -> None:
    read: list[tuple[str, ...] | None] = []
    for record in irregular["C43"]:
        try:
            read.append(mobiles(record["phone"], allow_sample=True))
        except Unfit:
            read.append(None)
    assert read == [
        ("10400000001",), ("10400000022",), ("10400000003",), None, None, ("10400000004", "10400000005"), None,
    ]  # fmt: skip
    assert all(mobile(record["phone"]) is None for record in irregular["C43"])


@pytest.mark.parametrize("text", ["10400000001 10400000002", "10400000001;10400000002", "10400000001\n10400000002(家)"])
def test_two_phones_in_one_cell(text: str) -> None:
    assert mobiles(text, allow_sample=True) == ("10400000001", "10400000002")


def test_codes_damaged_by_a_spreadsheet_are_recovered_or_refused(irregular: Cases) -> None:
    damaged = [record["code"] for record in irregular["C44"]]
    with pytest.raises(Unfit, match="科学计数"):
        node_code(damaged[0])
    assert [node_code(code) for code in damaged[1:]] == ["350125100001"] * 4


def test_lost_leading_zeros_are_found_again(county: County, small: Tree) -> None:
    rows = [replace(small.node(at), code="0" + small.node(at).code if at != 1 else "35") for at in range(1, 13)]
    tree = Tree(rows, small.levels)
    made = plan([row(2, code="350101", role="村支书")], tree, county, allow_sample_phones=True)
    assert [code for _, code, _ in held(made)] == ["0350101"]


@pytest.mark.parametrize("name", ["<img src=x>", "=HYPERLINK(1)", "陈测𬳵", "欧阳测", "Nguyễn Thị Mẫu", "نموذج اختبار"])
def test_a_name_is_data_whatever_it_looks_like(name: str) -> None:
    assert person_name(name) == name


def test_a_name_hides_nothing() -> None:
    assert person_name("\u202e周样\u200b明 ") == "周样明"
    assert user_id("ＹＴ_Ａ") == "yt_a"
    with pytest.raises(Unfit):
        person_name("\u200b\u2060")


def test_groups_are_bound_by_their_address(planned: Any) -> None:
    blank = {"name": "", "userid": "", "role": ""}
    made = planned(
        row(2, code="3501", chat_name="清凉镇村居工作群", chat_address="yt3501", **blank),
        row(3, code="3501010101", chat_name="一家亲❤️", chat_address="G1", channel="住户群", **blank),
        row(4, code="3501010101", chat_name="二群", chat_address="G2", channel="relay", **blank),
    )
    assert made.errors == ()
    assert [(c.node_code, c.channel, c.address, c.capabilities) for c in made.chats] == [
        ("3501", "appchat", "yt3501", ("push",)),
        ("3501010101", "relay", "G1", ("human",)),
        ("3501010101", "relay", "G2", ("human",)),  # over 500 households: one grid, two groups
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"chat_address": "x" * 33}, "群号"),
        ({"chat_address": "群一"}, "群号"),
        ({"chat_address": "yt1", "channel": "电报"}, "渠道"),
        ({"chat_address": ""}, "姓名"),
        ({"chat_address": "yt1", "code": "77"}, "编码"),
    ],
)
def test_a_group_that_cannot_be_reached_is_refused(planned: Any, cells: dict[str, str], column: str) -> None:
    made = planned(row(2, **({"code": "3501", "name": "", "userid": "", "role": ""} | cells)))
    assert said(made) == [(2, column)]
    assert made.chats == ()


def test_one_group_is_bound_to_one_node(planned: Any) -> None:
    blank = {"name": "", "userid": "", "role": "", "chat_address": "yt1"}
    made = planned(row(2, code="3501", **blank), row(3, code="3502", **blank))
    assert said(made) == [(3, "群号")]


def test_new_places_are_made_only_when_allowed(planned: Any) -> None:
    rows = (
        row(2, "清凉镇", "新村", "一格"),
        row(3, "清凉镇", "新村", "第1网格", name="李拟安"),  # the same grid, said otherwise
        row(4, "清凉镇", "旗山", "基础网格", role="网格长", name="王仿山"),
        row(5, "清凉镇", "废村", "一格", name=""),
    )
    assert said(planned(*rows)) == [(2, "村"), (3, "村"), (5, "姓名"), (5, "村")]
    grown = planned(*rows, grow=True)
    assert said(grown) == [(5, "姓名")]
    assert [(n.code, n.name, n.level, n.parent_code) for n in grown.nodes] == [
        ("3501-01", "新村", "village", "3501"),
        ("3501-01-01", "一格", "grid", "3501-01"),
    ]
    assert [code for _, code, _ in held(grown)] == ["3501-01-01", "3501-01-01", "35010101"]


def test_the_irregular_workers_are_taken_as_they_are(irregular: Cases, planned: Any, small: Tree) -> None:
    """C11 one worker, two grids; C12 one grid, two workers; C14 replaced: the roster names who holds it now."""
    grids = {code: f"35010101{n:02d}" for n, code in enumerate(["35012510120901001", "35012510120901002"], start=1)}
    worker = irregular["C11"][2]
    rows = [
        row(n, code=grids[code], name=worker["name"], userid="yt_wx001", phone=worker["phone"])
        for n, code in enumerate(worker["grids"], start=2)
    ]
    shifts = [
        row(n, code="3502010101", name=w["name"], userid=w["id"], phone=w["phone"])
        for n, w in enumerate(irregular["C12"][1:], start=4)
    ]
    made = planned(*rows, *shifts)
    assert made.errors == ()
    assert held(made) == [
        ("yt_wx001", "3501010101", "gridworker"),
        ("yt_wx001", "3501010102", "gridworker"),
        ("wx002", "3502010101", "gridworker"),
        ("wx003", "3502010101", "gridworker"),
    ]
