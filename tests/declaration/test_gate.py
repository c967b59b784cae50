"""A checkpoint: counts by shift, a checklist that the place words itself, travellers who declare; no plates."""

from datetime import date

import pytest
from village import HERE, WUHAN, Village, person

from bot.papers.rows import checkpoint_rows
from handlers.domain.report import CHECKPOINT
from handlers.domain.rollup import fold


def test_counts_by_shift_and_the_later_word_of_a_shift_stands(hamlet: Village) -> None:
    heard = hamlet.say("lv", "卡点3 夜班 车126 人203 外地车4")
    assert "3卡点 夜班" in heard
    assert "①检查车辆126辆 ②排查人数203人 ③外省车辆4辆" in heard
    hamlet.say("lv", "卡点3 早班 车80 人99 外地车1")
    hamlet.forward(minutes=5)
    hamlet.say("lv", "卡点3 早班 车82 人99 外地车1")
    with hamlet.store.read() as work:
        said = work.reports.of_day([hamlet.node("v1g1")], hamlet.ctx.day, [CHECKPOINT])
    rows = checkpoint_rows(fold(said).values(), {})
    assert {(row.checkpoint, row.shift, row.vehicles, row.people, row.out_of_province) for row in rows} == {
        ("3", "早班", 82, 99, 1), ("3", "夜班", 126, 203, 4),
    }  # fmt: skip
    assert [row.temperatures for row in rows] == [None, None]  # nobody said how many were measured


def test_a_place_words_its_own_checklist_and_goes_back(hamlet: Village) -> None:
    assert "测体温" in hamlet.say("lv", "清单")
    heard = hamlet.say("head", "清单改成\n柳树村卡点\n一测:测体温,到 37.3 度旁边坐\n二问:从哪来\n- 三记:只记车数人数")
    assert "现在起用这份清单" in heard
    for who in ("lv", "head"):
        assert hamlet.say(who, "卡点清单").splitlines()[:4] == [
            "柳树村卡点", "一测:测体温,到 37.3 度旁边坐", "二问:从哪来", "三记:只记车数人数",
        ]  # fmt: skip
    assert "柳树村卡点" not in hamlet.say("other", "清单")
    assert "测体温" in hamlet.say("head", "恢复清单")
    assert hamlet.say("lv", "清单").startswith("一测二问三记四留")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("清单改成\n一测:测体温\n二记:记车牌", "不能要记车牌"),
        ("清单改成\n一测:测体温\n二拍:拍照片", "不能要记车牌"),
        ("清单改成\n" + "\n".join(f"第{n}条" for n in range(20)), "最多12条"),
        ("清单改成\n一测:" + "长" * 130, "最多12条"),
    ],
)
def test_what_a_checklist_may_not_be(hamlet: Village, text: str, why: str) -> None:
    assert why in hamlet.say("head", text)
    assert hamlet.say("lv", "清单").startswith("一测二问三记四留")


def test_not_recording_plates_may_be_written(hamlet: Village) -> None:
    assert "现在起用" in hamlet.say("head", "清单改成\n一测:测体温\n三记:只记人数,不记车牌、不拍脸")


def test_only_who_leads_the_place_words_it(hamlet: Village) -> None:
    assert "由负责人改" in hamlet.say("lv", "清单改成\n一测:不测")
    assert hamlet.say("lv", "清单").startswith("一测二问三记四留")


def test_travellers_declare_at_the_gate_and_are_nobodys_household(hamlet: Village) -> None:
    answer = hamlet.declare(person(journey=WUHAN), person("p2", name="李样", journey=HERE), at="v1")
    assert [one.label for one in answer.people] == ["王**", "李*"]
    assert hamlet.count("v1", "declared_people") == 2
    assert hamlet.count("v1", "returnees_wuhan", "arrivals", day=date(2020, 1, 22)) == 1
    hamlet.declare(person(journey=WUHAN), at="v1")  # the same name again is somebody else: nothing ties travellers
    assert hamlet.count("v1", "declared_people") == 3
