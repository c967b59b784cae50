"""What `docs/four-ones.md` tells people to say is understood, and its settings are good."""

import re

from village import COUNTY, MORNING, ROOT

from bot import yaml_text
from bot.four_ones_part import FourOnesPart, four_ones
from handlers.burden_words import read_burden
from handlers.four_ones_words import read_one
from handlers.isolation_words import read_isolation
from handlers.read_needs import read_needs
from handlers.read_wellbeing import read
from handlers.wish_words import read_wish

GUIDE = (ROOT / "docs/four-ones.md").read_text("utf-8")


def part(title: str) -> str:
    return GUIDE.split(f"## {title}")[1].split("\n## ")[0]


def test_what_leads_and_workers_are_told_to_say_is_understood() -> None:
    said = re.findall(r"`([^`]+)`", part("支书") + part("网格员"))
    assert len(said) >= 12
    assert [text for text in said if not (read_isolation(text) or read_one(text) or read_burden(text))] == []


def test_what_residents_are_told_to_say_is_understood() -> None:
    answers = re.findall(r"^- `([^`]+)`$", part("住户"), re.MULTILINE)
    assert len(answers) == 4
    wishes = re.findall(r"^- `([^`]+)`:", part("住户"), re.MULTILINE)
    assert [wish for wish in map(read_wish, (*wishes, "删除我的信息", "确认删除")) if wish is None] == []
    assert [text for text in answers if not read(text, MORNING).told] == []
    assert read("63.5", MORNING).wrong == "63.5"
    assert len(read_needs("白菜2 鸡蛋一板")) == 2


def test_its_settings_are_good() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", part("计划写在"), re.DOTALL)
    made = four_ones(FourOnesPart.model_validate(yaml_text.read(block.encode()).value["four_ones"]), COUNTY.peace)
    assert [plan.key for plan in made.plans] == ["isolation"]
