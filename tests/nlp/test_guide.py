"""docs/reports.md: the worked example a clerk copies is a template that comes into force and reads what it says."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot import faq_file
from nlp.faq import answer_to
from nlp.lexicon import adopt, lexicon
from nlp.metrics import METRICS, forget
from nlp.understand import records, understand
from nlp.wordbook import activate

AT = datetime(2026, 4, 3, 10, tzinfo=UTC)
GUIDE = Path(__file__).parents[2] / "docs/reports.md"
FLOOD_WATCH = """
template: flood_watch
title: 汛期值守
intent: daily_report
metrics: {pumps_ready: [备用水泵, 台]}
counts:
  - {say: ["{备用,待命}{水泵,抽水泵}"], unit: {辆: pumps_ready}, bare: pumps_ready}
examples:
  - {say: "2网格值守6人,备用水泵3台", counts: {staff_on_duty: 6, pumps_ready: 3}}
readback: "{where}{when}值守:{figures}"
"""


def example() -> str:
    found = re.search(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


@pytest.fixture
def as_before() -> Iterator[None]:
    book = lexicon()
    yield
    activate(book)
    forget((*yaml.safe_load(example())["metrics"], "pumps_ready"))


def test_the_worked_example_reads_what_the_guide_says(as_before: None) -> None:
    said = "5网格 防火巡查3次 清除火点2处"
    assert said in GUIDE.read_text("utf-8")
    assert "fire_patrols" not in METRICS
    assert adopt({"forest_fire": example()}) == []
    assert records(understand(said, AT)) == [
        {"type": "daily", "grid": "5", "fire_patrols": 3, "fire_points_removed": 2}
    ]


def test_what_was_read_before_reads_on(as_before: None) -> None:
    said = "3网格巡查2次,排查20户61人"
    before = records(understand(said, AT))
    assert adopt({"forest_fire": example(), "flood_watch": FLOOD_WATCH}) == []
    assert records(understand(said, AT)) == before
    assert records(understand("4网格备用水泵5台", AT)) == [{"type": "daily", "grid": "4", "pumps_ready": 5}]


def test_one_bad_template_keeps_the_good_one_out(as_before: None) -> None:
    before = lexicon()
    faults = adopt({"forest_fire": example(), "flood_watch": FLOOD_WATCH.replace("pumps_ready: 3}", "pumps_ready: 4}")})
    assert faults
    assert lexicon() is before
    assert not {"fire_patrols", "pumps_ready"} & set(METRICS)


def test_nothing_read_under_the_old_words_is_kept(as_before: None) -> None:
    said = "6网格上山巡查2次"
    understand(said, AT)  # read once before the words change
    assert adopt({"forest_fire": example()}) == []
    assert records(understand(said, AT)) == [{"type": "daily", "grid": "6", "fire_patrols": 2}]


def test_the_worked_answer_is_one_that_is_given(tmp_path: Path) -> None:
    """The second block of the guide is a file of common questions as it stands."""
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    path = tmp_path / "faq.yaml"
    path.write_text(blocks[1], "utf-8")
    known = faq_file.read(path)
    for asked in ("核酸点在哪", "请问做核酸去哪里", "做核酸什么时间"):
        found = answer_to(asked, known)
        assert found is not None
        assert (found.source, found.as_of.isoformat()) == ("镇卫生院(样例)", "2026-02-08")
    assert answer_to("核酸做完了", known) is None
