"""The golden day: 24 invented village reports that add up to a real township's published daily report."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlers.domain.daily_report import DailyReport, branch, compose, read_template, text
from handlers.domain.metric import bundled
from handlers.domain.report import Report, ReportStatus
from handlers.domain.rollup import fold

GOLDEN: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "goushi.yaml").read_text("utf-8"))
TEMPLATE = read_template(GOLDEN["template"])
FREEZE = datetime(2020, 2, 10, 8, 0, tzinfo=UTC)


def village_reports() -> list[Report]:
    return [
        Report(
            id=f"R-{n}",
            node_id=n,
            day=GOLDEN["day"],
            template="daily",
            values=item["values"],
            flags=frozenset(),
            status=ReportStatus.CONFIRMED,
            reporter_id=n,
            reporter_role="village",
            message_id=str(900 + n),
            received_at=item["sent_at"].astimezone(UTC) + timedelta(seconds=2),
            definition=TEMPLATE.definition,
        )
        for n, item in enumerate(GOLDEN["reports"], 1)
    ]


def township(reports: list[Report]) -> DailyReport:
    """Return the township's daily report from whichever of the 24 villages spoke."""
    counted = fold(reports).values()
    names = {n: item["village"] for n, item in enumerate(GOLDEN["reports"], 1)}
    return compose(
        node_name=GOLDEN["node"],
        day=GOLDEN["day"],
        as_of=FREEZE,
        issue=12,
        branches=[
            branch(n, name, [r for r in counted if r.node_id == n], {n}, own=TEMPLATE.own) for n, name in names.items()
        ],
        names=names,
        template=TEMPLATE,
    )


@pytest.mark.parametrize(("key", "total"), GOLDEN["published"].items())
def test_the_roll_up_is_what_the_township_published(key: str, total: int) -> None:
    report = township(village_reports())
    figure = report.figure(key)
    assert (report.figure(f"checkpoint.{key}") if figure is None else figure) == total


def test_the_text_says_182_and_273_and_who_they_are_from() -> None:
    said = text(township(village_reports()))
    assert said.startswith("【缑氏镇 疫情防控日报】(截至2月10日16:00,第12期)\n一、摸排:")
    for part in (
        "武汉返回137人",
        "湖北(除武汉)返回45人",
        "武汉和湖北合计182人",
        "湖北返回已解除176人",
        "省内返回504人",
        "省内返回已解除303人",
        "密切接触者20人",
        "协查2人",
        "大数据比对合计273人",
        "24小时卡点43个",
        "普通卡点69个",
        "值守480人",
        "消杀面积190000平方米",
        "消毒队29支",
    ):
        assert part in said
    assert said.splitlines()[-1] == "覆盖24/24村;未报:无;更正:无;口径版本 v3"


def test_one_silent_village_shows_and_the_totals_fall_by_its_share() -> None:
    reports = village_reports()
    report = township(reports[:6] + reports[7:])
    gone = GOLDEN["reports"][6]["values"]
    assert report.figure("returnees_hubei_all") == 182 - gone["returnees_wuhan"] - gone["returnees_hubei_other"]
    assert report.coverage.counted == 23
    assert text(report).splitlines()[-1] == "覆盖23/24村;未报:七村;更正:无;口径版本 v3"


def test_every_total_leads_back_to_the_24_messages() -> None:
    report = township(village_reports())
    for line in report.lines:
        if line.cell:
            assert line.cell.sources == tuple(f"R-{n}" for n in range(1, 25))
            assert line.cell.nodes == frozenset(range(1, 25))


@pytest.mark.parametrize("item", GOLDEN["reports"], ids=lambda item: str(item["village"]))
def test_every_text_names_its_village_and_every_metric_of_the_template(item: dict[str, Any]) -> None:
    assert item["village"] in item["text"]
    assert set(item["values"]) <= bundled().keys() | TEMPLATE.own.keys()
    for key, own in GOLDEN["template"]["own"].items():
        assert key in item["values"]
        assert any(all(part in item["text"] for part in word.split("…")) for word in own["words"]), key
