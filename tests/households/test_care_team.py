"""The care team as a value, and as `hierarchy.yaml` states it: the police see no health data, whatever is written."""

from pathlib import Path

import pytest

from bot import hierarchy_file
from handlers.domain.care_team import FIVE_FOR_ONE, CareRole, CareRow, CareRules, team_of
from handlers.domain.errors import BadSetting

EXAMPLE = Path(__file__).parents[2] / "docs/example-hierarchy.yaml"
LINE = (10, 5, 1)


def with_care(tmp_path: Path, care: str) -> Path:
    path = tmp_path / "hierarchy.yaml"
    head = EXAMPLE.read_text("utf-8").partition("care_team:")[0].partition("peace:")[0]
    path.write_text(head + care + "tree:\n  nodes:\n    - {code: qs, name: 清水镇}\n", "utf-8")
    return path


def test_the_usual_five_hold_where_nothing_is_said(tmp_path: Path) -> None:
    assert hierarchy_file.read(with_care(tmp_path, "")).county.care == FIVE_FOR_ONE
    assert [role.title for role in FIVE_FOR_ONE.roles] == ["网格员", "村医", "村干部", "乡镇干部", "民警"]


def test_a_county_names_its_own_team_in_the_order_it_is_called(tmp_path: Path) -> None:
    care = (
        "care_team:\n  title: 三包一\n  roles:\n"
        "    - {key: doctor, title: 家庭医生, health: true}\n"
        "    - {key: gridworker, title: 楼长, post: gridworker}\n    - {key: fuzz, title: 社区民警}\n"
    )
    rules = hierarchy_file.read(with_care(tmp_path, care)).county.care
    assert (rules.title, [r.title for r in rules.roles]) == ("三包一", ["家庭医生", "楼长", "社区民警"])
    assert [r.sees_health for r in rules.roles] == [True, False, False]
    assert rules.titled("楼长") is rules.role("gridworker")
    assert rules.role("nobody") is rules.titled("谁") is None


@pytest.mark.parametrize(
    ("role", "say"),
    [
        ("{key: police, title: 民警, health: true}", "公安角色不能看健康信息"),
        ("{key: helper, title: 辅警, health: true}", "公安角色不能看健康信息"),
        ("{key: x, title: 公安分局联络员, health: true}", "公安角色不能看健康信息"),
        ("{key: x, title: 楼长, post: king}", "没有这个职务"),
        ("{key: x, title: 楼长}\n    - {key: y, title: 楼长}", "写了两遍"),
        ("{title: 楼长}", "缺少这一项"),
    ],
)
def test_what_cannot_be_a_team_is_refused_with_its_line(tmp_path: Path, role: str, say: str) -> None:
    with pytest.raises(BadSetting, match=say) as refused:
        hierarchy_file.read(with_care(tmp_path, f"care_team:\n  roles:\n    - {role}\n"))
    assert "第" in str(refused.value)


def test_whoever_is_police_as_well_sees_no_health_data() -> None:
    rules = CareRules("N包一", (CareRole("doctor", "村医", health=True), CareRole("police", "民警", health=True)))
    both = team_of(LINE, [CareRow(10, 7, "doctor"), CareRow(10, 7, "police"), CareRow(5, 8, "doctor")], [], rules, {})
    assert both.on_call() == (7,)
    assert not both.sees_health(7)
    doctor = team_of(LINE, [CareRow(5, 8, "doctor")], [], rules, {})
    assert doctor.sees_health(8)
    assert not doctor.sees_health(7)


def test_the_nearest_assignment_counts_and_posts_fill_what_nobody_was_given() -> None:
    rows = [
        CareRow(1, 1, "doctor", 1),
        CareRow(5, 3, "doctor", 2),
        CareRow(5, 2, "doctor", 1),
        CareRow(99, 9, "doctor"),
    ]
    team = team_of(LINE, rows, [CareRow(5, 4, "gridworker"), CareRow(1, 6, "village_lead")], FIVE_FOR_ONE, {})
    assert [(c.person_id, c.role.key, c.node_id) for c in team.carers] == [
        (4, "gridworker", 5), (2, "doctor", 5), (3, "doctor", 5), (6, "village_cadre", 1),
    ]  # fmt: skip
    assert team_of((), rows, (), FIVE_FOR_ONE, {}).missing == FIVE_FOR_ONE.roles
