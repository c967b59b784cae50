"""A 接龙 pasted back, corrections by quoting, and questions with a written answer."""

import re

import pytest
from talking import VILLAGE_GROUP, WORKER, answer, answer_in, answer_quoting, told
from town import Town

PASTE = "#接龙\n今天体温\n1. 0001户 36.5\n2. 0002户 36.7\n3. 0003户 37.6 咳嗽"


def test_a_pasted_roll_says_who_is_missing_to_the_relay_alone(town: Town) -> None:
    said = answer(town, WORKER, PASTE)
    assert "接龙:已有3户" in said
    assert "37.3℃以上:0003" in said
    assert re.search(r"还差\d+户:0004、0005", said)


def test_the_next_paste_restores_what_it_lost_and_adds_what_is_new(town: Town) -> None:
    answer(town, WORKER, PASTE)
    said = answer(town, WORKER, "#接龙\n今天体温\n1. 0001户 36.5\n2. 0004户 36.4")
    assert "已有4户" in said
    assert "这次漏了、先前有的2户已补回:0002、0003" in said
    assert re.search(r"还差\d+户:0005", said)
    town.forward(hours=20)
    assert "已有1户" in answer(town, WORKER, "#接龙\n今天体温\n1. 0001户 36.5")


def test_in_a_group_only_counts_are_said(town: Town) -> None:
    said = answer_in(town, VILLAGE_GROUP, WORKER, PASTE.replace("0003户", "0003户 王测"))
    assert "接龙收到3户" in said
    assert "0003" not in said
    assert "王测" not in "\n".join(town.chat(VILLAGE_GROUP))
    assert told(town, WORKER, "还差") == 1


def test_a_door_that_is_not_in_the_register_is_named(town: Town) -> None:
    assert "没对上:9-9-909" in answer(town, WORKER, "#接龙\n今天体温\n1. 0001户 36.5\n2. 9-9-909 36.6")


def test_quoting_an_older_read_back_corrects_that_one(town: Town) -> None:
    answer_in(town, VILLAGE_GROUP, WORKER, "补报昨天 敲门30 发热0")
    first = next(words for words in town.chat(VILLAGE_GROUP) if "R-1" in words)
    answer_in(town, VILLAGE_GROUP, WORKER, "今天敲门46 空户5")
    said = answer_quoting(town, VILLAGE_GROUP, WORKER, "1=33", first)
    assert "2月7日" in said
    assert "①走访33户" in said


@pytest.mark.parametrize("words", ["核酸点在哪", "请问怎么申报", "日报几点交?"])
def test_a_question_with_a_written_answer_gets_it_with_its_source(town: Town, words: str) -> None:
    said = answer(town, WORKER, words)
    assert "来源:县指挥部样例口径,2月1日" in said


def test_a_question_nobody_wrote_an_answer_for_goes_to_a_person(town: Town) -> None:
    assert "来源" not in answer(town, WORKER, "我这两天嗓子疼要不要去医院")
