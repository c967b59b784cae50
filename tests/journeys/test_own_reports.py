"""A county's own report, as docs/reports.md has it: from what is typed to the printed daily report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from talking import LEAD, TOWN_GROUP, WORKER, answer, county_file
from town import ROOT, Town

from bot import hierarchy_file
from bot.report_folder import ReportFolder
from bot.ticks import Ticks
from handlers.domain.errors import BadSetting
from nlp.lexicon import lexicon
from nlp.metrics import METRICS, forget, label_of
from nlp.wordbook import activate

pytestmark = pytest.mark.long

IN_FORCE = "templates: [daily_report]"


def worked_example() -> str:
    found = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/reports.md").read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    book = lexicon()
    yield
    activate(book)
    forget(tuple(yaml.safe_load(worked_example())["metrics"]))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    file = county_file(tmp_path, (IN_FORCE, f"{IN_FORCE}\nreports: reports"), ("definition: v1", "definition: v2"))
    (file.parent / "reports").mkdir()
    (file.parent / "reports/fire.yaml").write_text(worked_example(), "utf-8")
    return file


def test_what_a_clerk_copies_is_read_summed_and_printed(tmp_path: Path, county: Path) -> None:
    town = Town(tmp_path, hierarchy=county)
    try:
        assert "①护林巡查3次 ②清除火点2处" in answer(town, WORKER, "今天防火巡查3次 清除火点2处")
        answer(town, WORKER, "对")
        assert "护林巡查3次" in answer(town, LEAD, "汇总")
        town.forward(hours=7, minutes=40)
        daily = next(said for said in town.chat(TOWN_GROUP) if "疫情防控日报" in said)
    finally:
        town.close()
    assert "护林巡查3次" in daily
    assert "清除火点2处" in daily
    assert "fire_patrols" not in daily
    assert "口径版本 v2" in daily


def test_the_process_that_only_ticks_knows_the_names_as_well(tmp_path: Path, county: Path) -> None:
    town = Town(tmp_path, hierarchy=county)
    try:
        assert label_of("fire_patrols") == "护林巡查"  # put in force as the parts were made, before any message
        forget(("fire_patrols", "fire_points_removed", "kindling_kept"))
        parts = town.parts
        reports = ReportFolder(county.parent / "reports")
        Ticks(parts.store, parts.counties, parts.spool, parts.papers, parts.owned, reports).run()
    finally:
        town.close()
    assert METRICS["fire_patrols"].label == "护林巡查"


def test_a_template_nobody_knows_is_a_fault(tmp_path: Path) -> None:
    file = county_file(tmp_path, (IN_FORCE, "templates: [daily_report, nope]"))
    with pytest.raises(BadSetting, match=r"templates.*reports: 所指的文件夹"):
        hierarchy_file.read(file)
