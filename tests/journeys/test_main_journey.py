"""The main journey as a conversation over the stand-in's real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.close()


LEAD, WORKER, OTHER = "yt_t105_lead", "yt_105204_02", "yt_104003_02"
TOWN_GROUP = "yt350125105"


def test_a_report_is_read_back_corrected_and_rolled_up(town: Town) -> None:
    town.say(OTHER, "今天敲门46 空户5 新增返乡2人 隔离5户 发热0")
    assert "②空户5户" in town.heard(OTHER)[-1]
    town.say(OTHER, "2=6")
    assert "②空户6户" in town.heard(OTHER)[-1]
    town.say(OTHER, "对")
    assert "已确认" in town.heard(OTHER)[-1]
    town.say(OTHER, "汇总")
    assert "1/1网格已报" in town.heard(OTHER)[-1]
    assert "空户6户" in town.heard(OTHER)[-1]


def test_withdrawn_is_missing_and_not_zero(town: Town) -> None:
    town.say(OTHER, "今天敲门46 空户5")
    town.say(OTHER, "撤回")
    town.say(OTHER, "汇总")
    assert "0/1网格已报" in town.heard(OTHER)[-1]
    assert "空户0" not in town.heard(OTHER)[-1]


def test_a_number_over_the_roster_is_asked_and_not_stored(town: Town) -> None:
    town.say(OTHER, "今天敲门9000户")
    assert "在册只有" in town.heard(OTHER)[-1]
    town.say(OTHER, "汇总")
    assert "0/1网格已报" in town.heard(OTHER)[-1]


def test_silence_is_told_in_private_then_above_and_stops_with_the_answer(town: Town) -> None:
    town.say(LEAD, "启动战时 依据县防指〔2026〕3号 到2月20日")
    town.say(LEAD, "给所有网格发 今天下午5点前把湖北回来的再摸一遍")
    town.say(LEAD, "发")
    assert "回「撤」取消" in town.heard(LEAD)[-1]
    assert not [words for words in town.heard(WORKER) if "D-1" in words]
    town.forward(seconds=61)
    assert any("D-1" in words for words in town.heard(WORKER))
    assert any("D-1" in words for words in town.chat(TOWN_GROUP))
    town.forward(minutes=10)
    assert any("还没收到您的回执" in words for words in town.heard(WORKER))
    town.say(WORKER, "1")
    reminded = len(town.heard(WORKER))
    town.forward(minutes=21)
    assert any("未回执名单" in words for words in town.heard(LEAD))
    assert len(town.heard(WORKER)) == reminded


def test_only_the_author_can_stop_it(town: Town) -> None:
    town.say(LEAD, "给所有网格发 明天上午开会")
    town.say(LEAD, "发")
    town.say(WORKER, "撤")
    assert "回「撤」取消" in town.heard(LEAD)[-1]
    town.say(LEAD, "撤")
    assert "一条也没发出" in town.heard(LEAD)[-1]
    town.forward(seconds=90)
    assert not [words for words in town.heard(WORKER) if "开会" in words]


def test_an_identity_number_in_a_group_is_neither_echoed_nor_kept(town: Town) -> None:
    number = "11010519491231002X"
    group = "yt350125104003"
    town.say(OTHER, f"@小格 王测 {number} 发热", group=group)
    assert "身份证号" in town.heard(OTHER)[-1]
    assert not any(number in words for words in town.chat(group) + town.heard(OTHER))
    with town.parts.store.read() as work:
        kept = work.connection.exec_driver_sql("SELECT body, destroyed FROM inbox ORDER BY id DESC LIMIT 1").one()
    assert kept[0] is None
    assert kept[1]


def test_a_lost_answer_shows_a_card_once(town: Town) -> None:
    town.fault(kind="commit_then_timeout", match={"path": "message/send", "count": 1}, how="reset")
    town.say(LEAD, "给所有网格发 今晚检查")
    town.say(LEAD, "发")
    town.forward(seconds=61)
    town.forward(minutes=2)
    shown = town.state()["shown"][WORKER]
    assert {times for key, times in shown.items() if key.startswith("D-")} == {1}
