"""A county's own report: a YAML file beside `hierarchy.yaml`, in force from the reader to the daily report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from talking import LEAD, TOWN_GROUP, WORKER, answer, county_file
from town import ROOT, Town

from bot import hierarchy_file, report_templates
from handlers.domain.errors import BadSetting
from nlp.lexicon import lexicon
from nlp.metrics import forget
from nlp.wordbook import activate

pytestmark = pytest.mark.long

IN_FORCE = ("templates: [daily_report]", "templates: [daily_report, reports/防火.yaml]")


def worked_example() -> str:
    """The one of docs/reports.md, which a clerk copies."""
    found = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/reports.md").read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


@pytest.fixture
def as_before() -> Iterator[None]:
    book = lexicon()
    yield
    activate(book)
    forget(tuple(yaml.safe_load(worked_example())["metrics"]))


def with_template(folder: Path, text: str, *changes: tuple[str, str]) -> Path:
    file = county_file(folder, IN_FORCE, *changes)
    (file.parent / "reports").mkdir()
    (file.parent / "reports/防火.yaml").write_text(text, "utf-8")
    return file


def test_what_a_clerk_copies_is_read_summed_and_printed(tmp_path: Path, as_before: None) -> None:
    file = with_template(tmp_path, worked_example(), ("definition: v1", "definition: v2"))
    town = Town(tmp_path, hierarchy=file)
    try:
        assert "①护林巡查3次 ②清除火点2处" in answer(town, WORKER, "今天防火巡查3次 清除火点2处")
        answer(town, WORKER, "对")
        assert "护林巡查3次" in answer(town, LEAD, "汇总")
        town.forward(hours=7, minutes=40)
        daily = next(said for said in town.chat(TOWN_GROUP) if "疫情防控日报" in said)
        section = next(line for line in daily.splitlines() if line.startswith("四、"))
        assert "护林巡查3次" in section
        assert "清除火点2处" in section
        assert "口径版本 v2" in daily
        assert "fire_patrols" not in daily
    finally:
        town.close()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("template: [", "不是合法的 YAML"),
        (worked_example().replace("护林巡查, 次", "护林巡查, 次, 八"), "日报没有“八”这一部分"),
        (worked_example().replace("fire_patrols: 3,", "fire_patrols: 4,"), "应为"),
    ],
)
def test_a_faulty_file_is_named_and_nothing_changes(tmp_path: Path, as_before: None, text: str, fault: str) -> None:
    before = lexicon()
    with pytest.raises(BadSetting, match=fault):
        report_templates.put_in_force(hierarchy_file.read(with_template(tmp_path, text)).templates)
    assert lexicon() is before


@pytest.mark.parametrize(
    ("named", "fault"),
    [("nope", "“nope”不认识"), ("nope.yaml", "文件不存在"), ("../nope.yaml", "目录里的文件")],
)
def test_a_template_that_is_not_there_is_a_fault(tmp_path: Path, named: str, fault: str) -> None:
    file = county_file(tmp_path, (IN_FORCE[0], f"templates: [daily_report, {named}]"))
    with pytest.raises(BadSetting, match=fault):
        hierarchy_file.read(file)
