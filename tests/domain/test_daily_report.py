"""The daily report: seven sections, unknown printed as unknown, frozen cells, corrections beside them."""

import doctest
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from handlers.domain import daily_layout, daily_report, daily_text
from handlers.domain.daily_json import of_json, to_json
from handlers.domain.daily_report import (
    Branch,
    CorrectionRow,
    DailyReport,
    Template,
    branch,
    compose,
    corrections,
    difference_line,
    read_template,
    text,
)
from handlers.domain.errors import BadSetting
from handlers.domain.report import Report, ReportStatus
from handlers.domain.rollup import Cell, Mismatch, fold

DAY = date(2020, 2, 8)
FREEZE = datetime(2020, 2, 8, 8, 0, tzinfo=UTC)
NAMES = {1: "柳树村", 2: "上河村", 3: "五里村"}


def said(number: int, node: int, values: dict[str, float | None], **changes: object) -> Report:
    whole: dict[str, object] = {
        "id": f"R-{number}",
        "node_id": node,
        "day": DAY,
        "template": "daily",
        "values": values,
        "flags": frozenset(),
        "status": ReportStatus.READ,
        "reporter_id": number,
        "reporter_role": "village",
        "message_id": str(number),
        "received_at": FREEZE - timedelta(hours=1) + timedelta(minutes=number),
    }
    return Report(**{**whole, **changes})  # type: ignore[arg-type]


def branches(*reports: Report) -> list[Branch]:
    counted = fold(reports).values()
    return [branch(n, name, [r for r in counted if r.node_id == n], {n}) for n, name in NAMES.items()]


def report(*reports: Report, **changes: object) -> DailyReport:
    whole: dict[str, object] = {
        "node_name": "清水镇",
        "day": DAY,
        "as_of": FREEZE,
        "issue": 3,
        "branches": branches(*reports),
        "names": NAMES,
    }
    return compose(**{**whole, **changes})  # type: ignore[arg-type]


def test_the_skeleton_of_a_day_when_nobody_spoke() -> None:
    assert text(report()) == (
        "【清水镇 疫情防控日报】(截至2月8日16:00,第3期)\n"
        "一、摸排:武汉返回未报,湖北(除武汉)返回未报,省外(除湖北)返回未报,省内返回未报,解除未报,在管未报\n"
        "二、居家观察与四个一:发热未报\n"
        "三、卡点:卡点未报,值守未报,检测车辆未报,卡点发热未报\n"
        "四、事件与险情:未报\n"
        "五、需求与调解:未报\n"
        "六、宣传消杀:未报\n"
        "七、存在问题:没有人报「做不了」\n"
        "与昨日比:没有昨日日报\n"
        "覆盖0/3村;未报:柳树村、上河村、五里村;更正:无;口径版本 v1"
    )


def test_zero_is_printed_and_partial_figures_say_how_many_gave_them() -> None:
    day = report(
        said(1, 1, {"returnees_wuhan": 0, "returnees_wuhan_new": 0, "returnees_wuhan_cum": 4, "isolated_people": 5}),
        said(2, 2, {"returnees_wuhan": 0, "fever_people": 0}),
    )
    printed = text(day)
    assert "武汉返回0人(今日新增0,累计4)" in printed
    assert "在管5人(1村报)" in printed
    assert "发热0人(1村报)" in printed
    assert "省内返回未报," in printed
    assert printed.endswith("覆盖2/3村;未报:五里村;更正:无;口径版本 v1")


def test_a_figure_without_a_row_is_not_lost() -> None:
    printed = text(report(said(1, 1, {"returnees@浙江": 2, "isolated_people_new": 1, "never_defined": 7})))
    assert "浙江返乡2人" in printed.splitlines()[1]
    assert "今日新增在管1人" in printed.splitlines()[1] or "在管未报(今日新增1)" in printed.splitlines()[1]
    assert printed.splitlines()[7] == "七、存在问题:never_defined7"


def test_plates_of_one_province_are_never_shown() -> None:
    day = report(said(1, 1, {"vehicles_hubei": 4}), said(2, 1, {"vehicles_hubei": 9}, template="checkpoint", part="东"))
    assert "鄂" not in text(day)
    assert not [line for line in day.lines if "hubei" in line.key and "vehicles" in line.key]


def test_a_checkpoint_table_speaks_before_the_villages_sentence() -> None:
    day = report(
        said(1, 1, {"vehicles_checked": 20, "people_checked": 300}),
        said(2, 1, {"vehicles_checked": 12, "people_checked": 30}, template="checkpoint", part="东口", period="am"),
        said(3, 1, {"vehicles_checked": 7}, template="checkpoint", part="东口", period="night"),
        said(4, 2, {"vehicles_checked": 5}),
    )
    assert day.figure("checkpoint.vehicles_checked") == 24
    assert day.figure("checkpoint.people_checked") == 30
    assert day.figure("people_checked") == 300
    assert day.figure("checkpoint.parts") == 1
    assert "对不上:柳树村检测车辆自报20、下级合计19" in text(day)


def test_a_villages_own_word_stands_beside_its_grids() -> None:
    reports = fold([said(1, 1, {"isolated_people": 6}), said(2, 11, {"isolated_people": 2, "fever_people": 0})])
    village = branch(1, "柳树村", reports.values(), {11, 12}, {1: [11, 12]})
    assert village.tally.values["isolated_people"].value == 6
    assert village.tally.values["fever_people"].sources == ("R-2",)
    assert village.mismatches == (Mismatch("isolated_people", 6, 2, ("R-2",), frozenset({12})),)
    day = report(branches=[village], names={11: "一格", 12: "二格"}, unit="网格")
    assert "对不上:柳树村在管自报6、下级合计2(下级还有1个未报)" in text(day)
    assert text(day).endswith("覆盖1/2网格;未报:二格;更正:无;口径版本 v1")
    assert "在管6人\n" in text(day)  # the village spoke for all its grids: no note that one node gave it


def test_many_mismatches_are_cut_and_those_of_silent_children_come_last() -> None:
    waiting = Mismatch("isolated_people", 9, 1, ("R-1",), frozenset({12}))
    plain = [Mismatch("isolated_people", n, 1, ("R-1",), frozenset()) for n in range(2, 8)]
    village = replace(branches()[0], mismatches=(waiting, *plain))
    problems = text(report(branches=[village])).splitlines()[7]
    assert problems.count("对不上:") == 5
    assert "下级还有" not in problems
    assert problems.endswith(";等7处对不上")


def test_reports_on_behalf_are_counted_once_a_node() -> None:
    day = report(said(1, 1, {"fever_people": 0}, on_behalf=True), said(2, 2, {"fever_people": 0}))
    assert day.on_behalf == 1
    assert "\n其中1村由他人代报\n" in text(day)


def test_other_ledgers_bring_their_own_figures() -> None:
    day = report(
        said(1, 1, {}), counted={"contacts_due": Cell(41, (), frozenset()), "events_opened": Cell(0, (), frozenset())}
    )
    assert "应联系41户" in text(day)
    assert "四、事件与险情:新增事件0件" in text(day)


def test_what_people_could_not_do_is_counted_and_holds_no_number() -> None:
    day = report(
        blockers=[("缺体温计", 1), ("缺口罩", 6), ("打不通 10412345678", 1), ("证件 110101 199001011234 看不清", 1)]
    )
    assert "七、存在问题:缺口罩(6);其他(含号码,不列)(2);缺体温计(1)" in text(day)
    assert "104" not in repr(day)


def test_difference_to_yesterday_names_the_branches_that_moved() -> None:
    before = report(
        said(1, 1, {"isolated_people": 5, "fever_people": 0}),
        said(2, 2, {"isolated_people": 3}),
        said(3, 3, {"isolated_people": 9}),
        day=DAY - timedelta(days=1),
    )
    day = report(
        said(4, 1, {"isolated_people": 3, "fever_people": 0}),
        said(5, 2, {"isolated_people": 2}),
        said(6, 3, {"isolated_people": 9}),
        yesterday=before,
    )
    assert day.difference == "与昨日比:在管17→14(−3:柳树村−2、上河村−1);无更正"
    silent = report(
        said(4, 1, {"isolated_people": 5, "fever_people": 0}), said(5, 2, {"isolated_people": 3}), yesterday=before
    )
    assert silent.difference == "与昨日比:在管17→8(−9);无更正;昨日已报今日未报:五里村"
    assert difference_line(before, before) == "与昨日比:各主要数字相同;无更正"
    back = difference_line(before, silent)
    assert back.endswith("昨日未报今日已报:五里村")
    assert "口径由 v1 改为 v2" in difference_line(replace(day, definition="v2"), before)


def test_corrections_are_rows_and_the_frozen_cells_stay() -> None:
    first, second = said(1, 1, {"isolated_people": 5, "fever_people": 0}), said(2, 2, {"isolated_people": 3})
    frozen = report(first, second)
    changed = said(7, 1, {"isolated_people": 6, "fever_people": 0}, supersedes="R-1")
    late = said(8, 3, {"isolated_people": 0})
    gone = replace(second, status=ReportStatus.WITHDRAWN)
    now = [replace(first, status=ReportStatus.SUPERSEDED), gone, changed, late]
    noticed = FREEZE + timedelta(hours=2)
    rows = corrections(frozen, branches(*now), {r.id: r.received_at for r in now}, noticed)
    assert rows == (
        CorrectionRow("柳树村", "在管", 5, 6, changed.received_at, ("R-7",)),
        CorrectionRow("五里村", "在管", None, 0, late.received_at, ("R-8",)),
        CorrectionRow("上河村", "在管", 3, None, noticed, ("R-2",)),
    )
    posted = replace(frozen, corrections=rows)
    assert posted.figure("isolated_people") == 8
    assert text(posted).endswith("更正:柳树村在管5→6、五里村在管未报→0、上河村在管3→未报;口径版本 v1")
    assert corrections(frozen, branches(first, second), {}, noticed) == ()


def test_a_correction_names_every_late_report_behind_it() -> None:
    grids = (11, 12, 13)

    def village(*reports: Report) -> list[Branch]:
        return [branch(1, "柳树村", fold(reports).values(), grids, {1: grids})]

    early = said(1, 11, {"isolated_people": 5}, reporter_role="gridworker")
    late = [said(n, grid, {"isolated_people": 2}, reporter_role="gridworker") for n, grid in ((9, 12), (10, 13))]
    frozen = report(branches=village(early))
    (row,) = corrections(frozen, village(early, *late), {r.id: r.received_at for r in late}, FREEZE)
    assert (row.old, row.new, row.report_ids) == (5, 9, ("R-9", "R-10"))
    assert row.at == late[1].received_at


def test_a_report_does_not_repeat_its_own_name_before_every_place() -> None:
    named = [replace(b, name="清水镇" + b.name) for b in branches(said(1, 1, {"isolated_people": 5}))]
    day = report(branches=named, names={n: "清水镇" + name for n, name in NAMES.items()})
    assert [b.name for b in day.branches] == list(NAMES.values())
    assert day.missing == ("上河村", "五里村")
    now = [replace(b, name="清水镇" + b.name) for b in branches(said(1, 1, {"isolated_people": 6}))]
    assert corrections(day, now, {}, FREEZE)[0].node_name == "柳树村"


def test_many_names_and_corrections_are_cut_visibly() -> None:
    row = CorrectionRow("柳树村", "在管", 5, 6, FREEZE, ("R-7",))
    day = replace(report(), missing=tuple(f"{n}村" for n in range(20)), corrections=(row,) * 5)
    assert "11村等20个;" in text(day)
    assert "更正:" + "、".join(["柳树村在管5→6"] * 3) + "等5条" in text(day)


def test_a_drill_is_watermarked_first_and_last() -> None:
    printed = text(report(drill=True)).splitlines()
    assert printed[0].startswith("【演练】")
    assert printed[-2] == "演练数字,不入统计"


def test_it_comes_back_of_json_the_same() -> None:
    day = report(
        said(1, 1, {"rainfall_mm": 12.5, "isolated_people": 6, "disinfected_area_m2": 0.1}),
        said(2, 2, {"isolated_people": 6}),
        blockers=[("缺口罩", 6)],
        yesterday=report(said(3, 1, {"isolated_people": 1.5})),
        drill=True,
    )
    village = replace(
        day.branches[0], mismatches=(Mismatch("isolated_people", 6, Decimal("2.5"), ("R-2",), frozenset({12})),)
    )
    row = CorrectionRow("柳树村", "在管", None, Decimal("0.5"), FREEZE, ("R-7",))
    day = replace(day, branches=(village, *day.branches[1:]), corrections=(row,))
    assert of_json(json.loads(json.dumps(to_json(day)))) == day


def test_a_county_template_adds_rows_and_sums_and_names_its_faults() -> None:
    good = read_template(
        {
            "definition": "v7",
            "own": {"meals": {"label": "送餐", "unit": "份", "kind": "flow", "section": "五"}},
            "sums": [{"key": "both", "label": "合计", "unit": "份", "section": "五", "parts": ["meals", "deliveries"]}],
            "optional": ["returnees_wuhan"],
        }
    )
    assert "五、需求与调解:送餐2份,合计未报" in text(
        report(said(1, 1, {}), template=good, branches=_meals(good, {"meals": 2}))
    )
    whole = text(report(template=good, branches=_meals(good, {"meals": 2, "deliveries": 3})))
    assert "合计5份" in whole
    assert "武汉返回" not in whole
    assert whole.endswith("口径版本 v7")
    with pytest.raises(
        BadSetting, match=r"own a: no section 八; own b: 'nope' .*; sum s: no metric c; optional: no row d"
    ):
        read_template(
            {
                "own": {
                    "a": {"label": "甲", "unit": "人", "section": "八"},
                    "b": {"label": "乙", "unit": "人", "kind": "nope"},
                },
                "sums": [{"key": "s", "label": "和", "unit": "人", "section": "一", "parts": ["c"]}],
                "optional": ["d"],
            }
        )


def _meals(template: Template, values: dict[str, float | None]) -> list[Branch]:
    return [branch(1, "柳树村", [said(1, 1, values)], {1}, own=template.own)]


def test_a_sum_of_parts_no_node_gave_whole_says_so() -> None:
    template = read_template(
        {
            "sums": [
                {
                    "key": "both",
                    "label": "合计",
                    "unit": "人",
                    "section": "一",
                    "parts": ["cough_people", "fever_people"],
                }
            ]
        }
    )
    day = report(said(1, 1, {"cough_people": 1}), said(2, 2, {"fever_people": 2}), template=template)
    assert "合计3人(各项不全)" in text(day)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        report(as_of=datetime(2020, 2, 8, 16))  # noqa: DTZ001 - the naive moment is what is refused


@pytest.mark.parametrize("module", [daily_layout, daily_report, daily_text])
def test_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
