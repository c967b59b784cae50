"""A county's own reports from a folder: in force when all pass, else as before; what is wrong is told in Chinese."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from town import ROOT, Town

from bot import hierarchy_file
from bot.report_folder import ReportFolder
from handlers.domain.errors import BadSetting
from handlers.domain.metric import metric
from nlp.lexicon import lexicon
from nlp.metrics import METRICS, forget
from nlp.understand import records, understand
from nlp.wordbook import activate

AT = datetime(2022, 7, 6, 10, tzinfo=UTC)
HEAT = """
template: heat
title: 高温天气
intent: daily_report
metrics: {heatstroke_people: [中暑, 人], water_points: [饮水点, 处]}
counts:
  - {say: ["{,发现}中暑{,人员}"], metric: heatstroke_people}
  - {say: ["{,开放}饮水点"], metric: water_points}
examples:
  - {say: "3网格走访独居老人15户,发现中暑2人", counts: {households_visited: 15, heatstroke_people: 2}}
readback: "{where}{when}高温:{figures}"
"""
SAID = "5网格发现中暑3人 饮水点2处"


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        self.at += 10
        return self.at


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    book = lexicon()
    yield
    activate(book)
    forget(("heatstroke_people", "water_points"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


def read() -> list[dict[str, object]]:
    return records(understand(SAID, AT))


def known() -> bool:
    return any("water_points" in record for record in read())


def test_a_file_put_into_the_folder_is_in_force(folder: Path) -> None:
    reports = ReportFolder(folder, Hand())
    reports.refresh()
    assert not known()
    (folder / "heat.yaml").write_text(HEAT, "utf-8")
    reports.refresh()
    assert read() == [{"type": "daily", "grid": "5", "heatstroke_people": 3, "water_points": 2}]
    assert (metric("heatstroke_people_new").label, metric("water_points").unit) == ("新增中暑", "处")


def test_a_fault_changes_nothing_and_is_told_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "heat.yaml").write_text(HEAT, "utf-8")
    reports = ReportFolder(folder, Hand())
    reports.refresh()
    in_force = lexicon()
    (folder / "fire.yaml").write_text(HEAT.replace("template: heat", "template: fire").replace("2}}", "9}}"), "utf-8")
    reports.refresh()
    reports.refresh()
    assert lexicon() is in_force
    assert [record.getMessage() for record in caplog.records if "not changed" in record.getMessage()] != []
    assert sum("读成了" in record.getMessage() for record in caplog.records) == 1
    assert read()[0]["heatstroke_people"] == 3


def test_a_file_taken_away_is_out_of_force(folder: Path) -> None:
    (folder / "heat.yaml").write_text(HEAT, "utf-8")
    reports = ReportFolder(folder, Hand())
    reports.refresh()
    (folder / "heat.yaml").unlink()
    reports.refresh()
    assert not known()


def test_it_looks_at_most_every_five_seconds(folder: Path) -> None:
    moments = iter([10.0, 10.0, 12.0, 14.9, 15.1, 15.1])
    reports = ReportFolder(folder, lambda: next(moments))
    reports.refresh()
    (folder / "heat.yaml").write_text(HEAT, "utf-8")
    reports.refresh()
    reports.refresh()
    assert not known()
    reports.refresh()
    assert known()


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("big.yaml", b"#" * 100_001, "太大"),
        ("latin.yaml", "标题".encode("gbk"), "UTF-8"),
        ("list.yaml", b"- 1", "缺 template"),
        ("broken.yaml", b"template: [", "YAML"),
    ],
)
def test_what_is_no_template_is_named(folder: Path, name: str, raw: bytes, said: str) -> None:
    (folder / name).write_bytes(raw)
    faults = ReportFolder(folder).adopt_all()
    assert len(faults) == 1
    assert said in faults[0]


def test_the_settings_name_a_folder_beside_them(tmp_path: Path) -> None:
    text = (ROOT / "docs/example-hierarchy.yaml").read_text("utf-8")
    path = tmp_path / "hierarchy.yaml"
    path.write_text(text.replace("templates:", "reports: mine\ntemplates:"), "utf-8")
    with pytest.raises(BadSetting, match="文件夹不存在"):
        hierarchy_file.read(path)
    (tmp_path / "mine").mkdir()
    assert hierarchy_file.read(path).reports == tmp_path / "mine"
    path.write_text(text.replace("templates:", "reports: ..\ntemplates:"), "utf-8")
    with pytest.raises(BadSetting, match="所在目录"):
        hierarchy_file.read(path)


@pytest.mark.slow
def test_a_worker_reports_what_the_county_added(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    settings = tmp_path / "data/town.yaml"
    settings.write_text(settings.read_text("utf-8") + "\nreports: reports\n", "utf-8")
    (tmp_path / "data/reports").mkdir()
    (tmp_path / "data/reports/heat.yaml").write_text(HEAT, "utf-8")
    assert "heatstroke_people" not in METRICS
    town = Town(tmp_path, hierarchy=settings)
    try:
        town.say("yt_104003_02", "今天走访15户 发现中暑2人 饮水点1处")
        heard = "\n".join(town.heard("yt_104003_02"))
    finally:
        town.close()
    assert "中暑2人" in heard
    assert "饮水点1处" in heard
