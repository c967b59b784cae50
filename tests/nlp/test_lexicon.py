"""Templates: the linter finds what is wrong, a county's own come into force only whole."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nlp.lexicon import adopt, lexicon, lint, templates
from nlp.metrics import METRICS, forget, label_of
from nlp.understand import records, understand
from nlp.wordbook import activate, spell_out

AT = datetime(2022, 7, 6, 10, tzinfo=UTC)
HEAT = """
template: heat
title: 高温天气
intent: daily_report
metrics: {heatstroke_people: [中暑, 人]}
counts:
  - {say: ["{,发现}中暑{,人员}"], metric: heatstroke_people}
examples:
  - {say: "3网格走访独居老人15户,发现中暑2人", counts: {households_visited: 15, heatstroke_people: 2}}
readback: "{where}{when}高温:{figures}"
"""


@pytest.fixture
def own_templates() -> Iterator[None]:
    before = lexicon()
    yield
    activate(before)
    forget(("heatstroke_people",))


def test_the_templates_we_ship_are_sound() -> None:
    assert lint() == []


def test_every_report_asked_for_is_shipped() -> None:
    assert set(templates()) >= {
        "epidemic_daily", "five_tables", "temperature_roll", "checkpoint", "need", "delivery", "event", "knock",
        "flood",
        "swab", "vaccine", "duty", "disinfection", "publicity", "census",
    }  # fmt: skip


def test_a_county_adds_a_report_without_code(own_templates: None) -> None:
    assert adopt({"heat": HEAT}) == []
    read = records(understand("5网格发现中暑3人", AT))
    assert read == [{"type": "daily", "grid": "5", "heatstroke_people": 3}]
    assert label_of("heatstroke_people") == "中暑"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("template: [", "YAML"),
        ("template: x\ntitle: x", "intent"),
        (HEAT.replace("metric: heatstroke_people", "metric: nothing_known"), "不认识的指标"),
        (HEAT.replace("intent: daily_report", "intent: weather"), "不存在"),
        (HEAT.replace("{figures}", "{figure}"), "readback"),
        (HEAT.replace("heatstroke_people: 2}", "heatstroke_people: 3}"), "读成了"),
        (HEAT.replace('["{,发现}中暑{,人员}"]', "[排查]"), "意思不同"),
    ],
)
def test_with_any_fault_nothing_changes(text: str, fault: str) -> None:
    before = lexicon()
    faults = adopt({"heat": text})
    assert any(fault in one for one in faults), faults
    assert lexicon() is before
    assert "heatstroke_people" not in METRICS


def test_words_are_spelled_out() -> None:
    assert list(spell_out("{,已}排查{户,人}")) == ["排查户", "排查人", "已排查户", "已排查人"]
