"""`four_ones:` in the county's file: what is well formed but cannot be is named before anything starts."""

from datetime import time

import pytest
from pydantic import ValidationError
from village import COUNTY, ROOT

from bot import hierarchy_file
from bot.four_ones_part import FourOnesPart, four_ones
from handlers.domain.errors import BadSetting
from handlers.domain.four_ones import One, Whom

PLAN = {
    "title": "监测",
    "for": "isolation",
    "kinds": ["message"],
    "peace": ["09:00"],
    "purpose": "监测",
    "basis": "决定",
}


def read(**said):
    plan = {**PLAN, **said.pop("plan", {})}
    given = {"times": ["09:00", "16:00"], "plans": {"isolation": plan}, **said}
    return four_ones(FourOnesPart.model_validate(given), COUNTY.peace)


def test_the_sample_county_has_plans() -> None:
    four = hierarchy_file.read(ROOT / "data/town.yaml").county.four_ones
    assert four is not None
    isolation = four.plan("isolation")
    assert isolation is not None
    assert (isolation.whom, isolation.kinds) == (Whom.ISOLATION, One.MESSAGE | One.NEEDS)
    assert [plan.key for plan in four.asking(960, war=False)] == []
    assert [plan.key for plan in four.asking(960, war=True)] == ["isolation"]


def test_without_a_word_of_war_it_asks_as_in_peace() -> None:
    assert read().plans[0].war == (time(9, 0),)


@pytest.mark.parametrize(
    ("said", "say"),
    [
        ({"plan": {"peace": ["09:00", "16:00"]}}, "平时一天最多问一次"),
        ({"times": ["06:30", "16:00"], "plan": {"peace": ["06:30"]}}, "在平时不打扰的时段里"),
        ({"until": "22:30"}, "晚上不打扰之前"),
        ({"until": "15:00"}, "晚上不打扰之前"),
        ({"plan": {"peace": ["10:00"]}}, "不在 times 里"),
        ({"plan": {"war": ["16:00"]}}, "战时也要有"),
        ({"spread": "9h"}, "最长 4 小时"),
    ],
)
def test_what_cannot_be_is_named(said, say) -> None:
    with pytest.raises(BadSetting, match=say):
        read(**said)


@pytest.mark.parametrize("said", [{"kinds": ["sms"]}, {"kinds": []}, {"purpose": ""}, {"basis": ""}, {"for": "all"}])
def test_every_question_has_a_kind_a_purpose_and_a_basis(said) -> None:
    with pytest.raises(ValidationError):
        read(plan=said)
