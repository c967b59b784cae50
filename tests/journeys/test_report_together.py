"""What stands beside what: pieces and corrections against each other and the roster, two grids in one, yesterday's."""

from collections.abc import Iterator

import pytest
from talking import FOURTH, GRID_LEAD, LEAD, PAIR, SECOND, THIRD, WORKER
from town import Town

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("together"))
    yield made
    made.close()


def answer(town: Town, person: str, text: str) -> str:
    town.forward(seconds=20)
    before = len(town.heard(person))
    town.say(person, text)
    return "\n".join(town.heard(person)[before:])


def test_a_correction_is_held_against_roster_and_neighbours(town: Town) -> None:
    answer(town, SECOND, "今天敲门46 空户5 隔离5户")
    for slip, why in (("2=9000", "在册只有"), ("更正 空户50户", "比走访46户还多"), ("空户47户", "比走访46户还多")):
        told = answer(town, SECOND, slip)
        assert why in told, slip
        assert "先没记" in told, slip
    assert "刚说的这一项" in answer(town, SECOND, "隔离4人")
    standing = answer(town, SECOND, "汇总")
    assert "空户5户" in standing
    assert "隔离户5户" in standing
    assert "隔离4人" not in standing
    assert "②空户6户" in answer(town, SECOND, "2=6")


def test_two_grids_with_nothing_are_two_reports_and_one_answer(town: Town) -> None:
    told = answer(town, GRID_LEAD, "三格和四格今天都没事")
    assert "第03网格(代报)" in told
    assert "第04网格(代报)" in told
    assert "要改哪一个" in answer(town, GRID_LEAD, "2=6")
    told = answer(town, GRID_LEAD, "对")
    assert "第03网格、" in told
    assert "第04网格日报已确认" in told
    assert "待确认" not in answer(town, THIRD, "汇总")
    assert answer(town, GRID_LEAD, "1格今天敲门20户\n3格今天敲门30户").count("今天日报 R-") == 2
    told = answer(town, GRID_LEAD, "撤回")
    assert told.count("R-") == 2
    assert "0/1网格已报" in answer(town, WORKER, "汇总")


def test_what_waited_before_is_not_drawn_into_the_next_answer(town: Town) -> None:
    answer(town, PAIR[0], "今天敲门21户")
    told = answer(town, PAIR[0], "1格 今天敲门9000户\n3格 今天敲门22户")
    assert "在册只有" in told
    assert answer(town, PAIR[0], "对").count("网格") == 1


def test_figures_of_two_grids_together_are_not_taken_apart(town: Town) -> None:
    told = answer(town, GRID_LEAD, "1、2格今天敲门40户")
    assert "分不开" in told
    assert "1格、2格" in told


def test_yesterdays_figures_are_said_before_they_are_taken(town: Town) -> None:
    assert "没有可照抄" in answer(town, FOURTH, "跟昨天一样")
    answer(town, FOURTH, "昨天的补报:敲门30 空户3")
    told = answer(town, FOURTH, "跟昨天一样")
    assert "①走访30户 ②空户3户" in told
    assert "走访30" not in answer(town, FOURTH, "汇总")
    told = answer(town, FOURTH, "对")
    assert "已确认" in told
    assert "对吗" not in told  # it was just answered
    assert "走访30户" in answer(town, FOURTH, "汇总")


@pytest.mark.parametrize("asked", ["谁没报", "哪些村还没报?", "报齐了吗", "缺谁"])
def test_a_leader_asks_who_is_missing_in_many_words(town: Town, asked: str) -> None:
    told = answer(town, LEAD, asked)
    assert "网格已报" in told
    assert "缺:古岸村第01网格、" in told


def test_a_place_is_asked_for_by_its_name(town: Town) -> None:
    for asked in ("汇总 旗山村", "旗山村汇总", "旗山村报得怎么样"):
        assert "清凉镇旗山村今天" in answer(town, LEAD, asked), asked
    for asked in ("汇总 城峰镇", "汇总 火星村"):  # the other town: not there and not yours are one answer
        assert "没有这个地方,或不归您看" in answer(town, LEAD, asked), asked
    assert "没有这个地方,或不归您看" in answer(town, WORKER, "汇总 清凉镇")


def test_what_hangs_on_its_place_in_a_row_is_to_be_looked_at_once_more(town: Town) -> None:
    doubted = answer(town, "yt_104003_13", "敲门=46 空户=5 隔离户=3")
    assert "有的数我拿不准,请逐个对一眼,错了就改。" in doubted
    assert "①走访46户 ②空户5户 ③隔离户3户" in doubted
    assert "拿不准" not in answer(town, "yt_104003_13", "走访48户 空户6户 隔离3户")
