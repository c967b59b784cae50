"""Whoever walks several grids: doors of one name are told apart by their grid, in the list, in words, in the number."""

import pytest
from estate import Estate

pytestmark = pytest.mark.long


@pytest.fixture
def wide(estate: Estate) -> Estate:
    """The head walks both grids; the second one has an 8-801 and a 3-101 of its own."""
    with estate.store.begin() as work:
        for door in ("8-801", "3-101"):
            work.household_steps.make(estate.node("v1g2"), f"v1g2-{door}", door, estate.ctx.day, estate.now, None)
    estate.reload()
    estate.open_round()
    return estate


def test_the_list_goes_grid_by_grid_and_says_how_to_answer(wide: Estate) -> None:
    shown = wide.say("head", "敲门")
    assert "第01网格9户、第02网格3户" in shown
    assert "接着敲:第01网格 3-101、3-102、3-103、8-801、8-802。" in shown
    assert "像「第01网格3-101 没人」" in shown


def test_a_door_of_two_grids_is_asked_about_and_what_was_asked_for_is_understood(wide: Estate) -> None:
    asked = wide.say("head", "8-801 敲了 3人")
    assert "①第01网格8-801、②第02网格8-801" in asked
    assert "还没有记" in asked
    assert "记:第02网格8-801 敲到了,3人" in wide.say("head", "第02网格8-801 敲了 3人")
    assert "记:第01网格8-801 没人" in wide.say("head", "1格 8-801 没人")
    assert wide.states("v1g1") == {"8-801": "absent"}
    assert wide.states("v1g2") == {"8-801": "met"}
    assert "是哪一户" in wide.say("head", "8-801 敲错了")
    assert "已撤回:8-801" in wide.say("head", "第02网格8-801 敲错了")


def test_said_with_the_name_of_the_round_it_is_a_door_all_the_same(wide: Estate) -> None:
    assert "记:第02网格3-101 没人" in wide.say("head", "敲门 第02网格3-101 没人")
    assert "记:第01网格8-801 敲到了,3人" in wide.say("head", "敲门 第01网格8栋801 敲了 3人 都好")
    assert "没人" in wide.say("head", "敲门 第02网格3-101")  # what was said of it


def test_a_building_of_two_grids_is_never_put_down_as_one(wide: Estate) -> None:
    assert "像「第01网格8栋敲完了」" in wide.say("head", "8栋敲完了")
    assert "还没敲的有4户,都记「敲到」" in wide.say("head", "第01网格8栋敲完了")
    wide.say("head", "对")
    assert set(wide.states("v1g1")) == {"8-801", "8-802", "8-803", "8-804"}
    assert wide.states("v1g2") == {}
    assert "还没敲的有8户(第01网格5户、第02网格3户)" in wide.say("head", "全敲完了")


def test_somebody_in_danger_is_heard_whatever_becomes_of_the_door(wide: Estate) -> None:
    assert "已马上告诉" in wide.say("head", "8-801 敲了 老人摔倒起不来了")
    assert "已马上告诉" in wide.say("head", "8栋敲完了 803老人晕倒了")
    assert wide.states("v1g1") == wide.states("v1g2") == {}
