"""English by a word in chat: one's own answers come in English, English words are commands, groups stay Chinese."""

from collections.abc import Iterator

import pytest
from talking import GRID_LEAD, LEAD, VILLAGE_GROUP, WORKER, answer_in
from town import Town

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("english"))
    yield made
    made.close()


def ask(town: Town, who: str, text: str) -> str:
    town.forward(seconds=5)
    before = len(town.heard(who))
    town.say(who, text)
    return "\n".join(town.heard(who)[before:])


def test_a_report_is_read_back_in_english_and_settled_with_english_words(town: Town) -> None:
    assert "I did not understand" not in ask(town, WORKER, "yes"), "before the switch English words are no commands"
    assert ask(town, WORKER, "English").startswith("I am 小格: I bring you notices")
    said = ask(town, WORKER, "今天敲门46 空5 隔离5户 发热0")
    assert "daily report of today, R-1: ①visited 46 households ②absent 5 households" in said
    assert "②absent 6 households" in ask(town, WORKER, "2=6")
    assert "daily report confirmed" in ask(town, WORKER, "yes")
    assert "1/1 grids have reported" in ask(town, WORKER, "summary")
    assert "I did not understand" in ask(town, WORKER, "gibberish")


def test_an_order_goes_out_and_comes_back_in_english_and_others_hear_chinese(town: Town) -> None:
    ask(town, LEAD, "english")
    shown = ask(town, LEAD, "给旗山村发 今晚8点开会")
    assert "To be sent: 清凉镇旗山村" in shown
    assert "\nText: 今晚8点开会\n" in shown
    assert "The draft is dropped" in ask(town, LEAD, "undo")
    ask(town, LEAD, "给旗山村发 今晚8点开会")
    assert "goes out in 60 s" in ask(town, LEAD, "send")
    town.forward(seconds=61)
    code = "D-1"
    assert f"{code} received" in ask(town, WORKER, f"received {code}")
    assert f"已记:{code} 收到" in ask(town, GRID_LEAD, f"收到 {code}")
    assert f"{code}: receipts 2/6" in ask(town, LEAD, f"progress {code}")
    assert "no masks" in ask(town, WORKER, "cannot D-1 no masks")


def test_a_group_reads_along_in_chinese(town: Town) -> None:
    assert "我是小格" in answer_in(town, VILLAGE_GROUP, WORKER, "help")


def test_中文_brings_chinese_back(town: Town) -> None:
    ask(town, WORKER, "English")
    assert ask(town, WORKER, "中文").startswith("我是小格,帮您收通知")
    assert "网格已报" in ask(town, WORKER, "汇总")
    assert "没看懂" in ask(town, WORKER, "summary")
