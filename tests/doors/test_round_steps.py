"""步骤: a round follows a template from YAML; steps close by themselves or by a word; the lead sees how many did."""

from dataclasses import replace
from pathlib import Path

import pytest
from estate import ROUND, Estate
from village import ROOT

from bot import steps_part
from bot.yaml_lint import lint
from handlers.domain.errors import BadSetting

pytestmark = pytest.mark.long

OWN = """
title: 三步走
source: 本县自拟
steps:
  - {key: one, title: 说, words: 先说, closes: said}
  - {key: two, title: 敲, words: 再敲, closes: all_doors}
"""


@pytest.fixture
def stepped(estate: Estate) -> Estate:
    estate.county = replace(estate.county, steps=steps_part.read(ROOT / "data/steps"))
    shown = estate.open_round(f"{ROUND} 步骤 七步工作法")
    assert "按步骤:邻里守望、居家观察七步工作法" in shown
    return estate


def test_a_grid_sees_where_it_stands_and_the_lead_how_many_did_each(stepped: Estate) -> None:
    assert "现在:对着户册走一遍楼道" in stepped.say("lv", "步骤")
    assert "下一步「敲开第一户」" in stepped.say("lv", "第1步好了")
    assert "没有重复记" in stepped.say("lv", "第1步好了")
    stepped.say("lv", "3-101 敲了")
    shown = stepped.say("lv", "步骤")
    assert "①对户册 ✔\n②敲开第一户 ✔\n③告知留联系方式\n" in shown
    assert "不用说,没有未敲、没人的就算" in stepped.say("lv", "第5步好了")
    lead = stepped.say("head", "步骤")
    assert "共2格" in lead
    assert "①对户册 1格做了" in lead
    assert "③告知留联系方式 还没有格做" in lead
    assert "改回没做完" in stepped.say("lv", "第1步没做完")
    assert "①对户册 还没有格做" in stepped.say("boss", "步骤")
    assert "没有第9步,一共7步" in stepped.say("lv", "第9步好了")
    assert "步骤由各格的网格员说" in stepped.say("boss", "第1步好了")


def test_all_doors_is_done_when_none_is_left(stepped: Estate) -> None:
    stepped.say("sun", "5-201 没人")
    assert "⑤敲到底 还没有格做" in stepped.say("head", "步骤")
    stepped.say("sun", "5-201 敲了")
    assert "⑤敲到底 1格做了" in stepped.say("head", "步骤")


def test_a_county_adds_one_with_yaml_alone(estate: Estate, tmp_path: Path) -> None:
    (tmp_path / "three.yaml").write_text(OWN, "utf-8")
    estate.county = replace(estate.county, steps=steps_part.read(tmp_path))
    assert "没有叫「七步工作法」的步骤。现有:三步走" in estate.say("head", f"{ROUND} 步骤 七步工作法")
    estate.open_round(f"{ROUND} 步骤 三步走")
    assert "现在:先说" in estate.say("lv", "步骤")


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("key: two", "key: one", "步骤 one 写了两遍"),
        ("closes: said", "closes: later", "第5行 steps.0.closes:只能是这几种里的一种"),
        ("source: 本县自拟", "", "缺少这一项"),
        ("closes: said", "closes: all_doors", "只能有一步"),
        ("words: 先说", "wrods: 先说", "不认识这一项"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(tmp_path: Path, old: str, new: str, say: str) -> None:
    (tmp_path / "three.yaml").write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(BadSetting, match=say):
        steps_part.read(tmp_path)


def test_the_shipped_ones_hold_and_say_where_they_are_from(tmp_path: Path) -> None:
    assert lint([ROOT / "data/steps", ROOT / "data/matters"]) == []
    (made,) = steps_part.read(ROOT / "data/steps")
    assert "没写七步各是什么" in made.source
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps/bad.yaml").write_text("title: x", "utf-8")
    assert "bad.yaml" in "".join(lint([tmp_path / "steps"]))
    assert lint([tmp_path]) != []
