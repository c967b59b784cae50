"""收到, 1, 好的, 👌, a button, a quote: what counts as a receipt, for which directive, what is asked when unsure."""

import pytest
from talking import (
    LEAD,
    PAIR,
    SECOND,
    THIRD,
    TOWN_GROUP,
    VILLAGE_GROUP,
    WORKER,
    answer,
    answer_in,
    answer_quoting,
    last,
    send,
    told,
)
from town import Town

pytestmark = pytest.mark.long


def receipts(town: Town, number: int = 1) -> dict[str, int]:
    """How many people stand where on a directive."""
    with town.parts.store.read() as work:
        directive = work.directives.by_number(number)
        assert directive is not None
        return {state.value: n for state, n in work.receipts.counts(directive.id).items()}


@pytest.mark.parametrize("words", ["收到", "1", "好的", "👌", "收道", "好的领导", "OK", "收到 D-1", "D1收到"])
def test_in_a_one_to_one_any_yes_is_a_receipt(town: Town, words: str) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "已记:D-1 收到" in answer(town, WORKER, words)
    assert receipts(town) == {"waiting": 3, "acknowledged": 1}


def test_a_button_is_a_receipt_and_changes_for_the_one_who_pressed_it(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    town.click(WORKER, "ack:1")
    assert receipts(town) == {"waiting": 3, "acknowledged": 1}
    assert town.messages(WORKER)[-1]["replaced"] == "已收到"
    assert "replaced" not in town.messages(SECOND)[-1] or not town.messages(SECOND)[-1]["replaced"]


def test_in_a_group_only_what_names_the_bot_and_the_directive_is_sure(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    town.say(WORKER, "收到 D-1", group=VILLAGE_GROUP)  # no @: the bot never hears it
    assert receipts(town) == {"waiting": 4}
    assert "已记:D-1 收到" in answer_in(town, VILLAGE_GROUP, WORKER, "收到 D-1")
    assert answer_in(town, VILLAGE_GROUP, SECOND, "1") == ""  # may be meant for anybody
    assert "群里请说全:@小格 收到 D-1" in last(town, SECOND)
    assert receipts(town) == {"waiting": 3, "acknowledged": 1}
    assert "已记:D-1 收到" in answer_in(town, VILLAGE_GROUP, THIRD, "收到")  # one waits: no doubt which


def test_with_several_waiting_the_bot_asks_and_takes_the_number(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    send(town, LEAD, "给旗山村网格员发 明天上午开会")
    asked = answer(town, WORKER, "收到")
    assert "有2条在等您:①D-1 今晚排查;②D-2 明天上午开会" in asked
    assert receipts(town, 1) == receipts(town, 2) == {"waiting": 4}
    assert "一共2条" in answer(town, WORKER, "3")
    assert "已记:D-2 收到" in answer(town, WORKER, "2")
    assert "已记:D-1 收到" in answer(town, WORKER, "1")  # nothing is open any more: a plain yes to what is left
    answer(town, SECOND, "好的")
    assert "已记:D-1 收到" in answer(town, SECOND, "收到 1")
    answer(town, THIRD, "收到")
    both = answer(town, THIRD, "都收到")
    assert "已记:D-1 收到" in both
    assert "已记:D-2 收到" in both


def test_what_cannot_be_done_is_asked_for_as_well(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    send(town, LEAD, "给旗山村网格员发 明天上午开会")
    answer(town, WORKER, "做不了 缺口罩")
    assert "已记:D-1 做不了(缺口罩)" in answer(town, WORKER, "1")
    assert receipts(town, 1) == {"waiting": 3, "blocked": 1}


def test_a_group_hears_the_codes_but_not_what_they_are_about(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    send(town, LEAD, "给旗山村网格员发 明天上午开会")
    asked = answer_in(town, VILLAGE_GROUP, WORKER, "收到")
    assert "D-1、D-2" in asked
    assert "排查" not in asked
    assert "已记:D-2 收到" in answer_in(town, VILLAGE_GROUP, WORKER, "收到 D-2")


def test_a_quoted_post_says_which(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    send(town, LEAD, "给旗山村网格员发 明天上午开会")
    post = next(said for said in town.chat(VILLAGE_GROUP) if "D-1" in said)
    assert "已记:D-1 收到" in answer_quoting(town, VILLAGE_GROUP, WORKER, "收到", post)
    assert "已记:D-1 做不了(没车)" in answer_quoting(town, VILLAGE_GROUP, SECOND, "做不了 没车", post)
    assert "D-1 回执 2/4人" in answer_quoting(town, TOWN_GROUP, LEAD, "进度", post)


def test_a_yes_to_nothing_is_told_and_to_an_unsent_preview_as_well(town: Town) -> None:
    assert "现在没有等您回执的通知" in answer(town, WORKER, "收到")
    answer(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "上面那条还没发。要发请回「发」" in answer(town, LEAD, "好的")
    assert "D-9不是我们发的" in answer(town, WORKER, "收到 D-9")


def test_somebody_not_meant_owes_nothing(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "D-1 不用您回执" in answer(town, PAIR[0], "收到 D-1")
    assert receipts(town) == {"waiting": 4}


def test_finished_is_more_than_received_and_stays(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "办好了「" not in answer(town, WORKER, "办好了")
    assert receipts(town) == {"waiting": 3, "done": 1}
    answer(town, WORKER, "收到 D-1")
    assert receipts(town) == {"waiting": 3, "done": 1}
    assert "其中办好1人" in answer(town, LEAD, "进度 D-1")


def test_办好了_without_a_number_is_about_what_was_received_too(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    answer(town, WORKER, "收到")
    assert "已记:D-1 办好了" in answer(town, WORKER, "办好了")
    assert receipts(town) == {"waiting": 3, "done": 1}
    answer(town, SECOND, "收到")
    send(town, LEAD, "给旗山村网格员发 明天上午开会")
    assert "是哪一条" in answer(town, SECOND, "办好了")
    assert "已记:D-1 办好了" in answer(town, SECOND, "1")


@pytest.mark.parametrize("words", ["缺口罩 做不了", "缺口罩,今天办不了", "D-1 缺口罩 干不了"])
def test_a_blocker_may_begin_with_its_reason(town: Town, words: str) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "已记:D-1 做不了(缺口罩)" in answer(town, WORKER, words)
    assert receipts(town) == {"waiting": 3, "blocked": 1}


def test_做不了_by_button_asks_why_and_takes_the_next_words(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    town.click(WORKER, "cannot:1")
    assert "是缺什么、差什么" in last(town, WORKER)
    assert "已记:D-1 做不了(缺口罩)" in answer(town, WORKER, "缺口罩")
    assert "D-1 办不了" in answer(town, SECOND, "做不了")
    assert "已记:D-1 做不了(下雨去不了)" in answer(town, SECOND, "下雨去不了")
    town.click(THIRD, "cannot:1")
    assert "李奶奶" not in answer(town, THIRD, "李奶奶摔倒了")  # an accident is no reason: it goes to a person
    assert "已原样转给" in last(town, THIRD)
    assert receipts(town) == {"waiting": 2, "blocked": 2}


def test_blockers_reach_the_author_once_a_kind_and_add_up_by_place(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 今晚排查")
    workers = [f"yt_1052{v:02d}_0{n}" for v, n in ((1, 2), (1, 3), (2, 2), (2, 3), (4, 2), (4, 3))]
    for worker in workers:
        answer(town, worker, "做不了 缺口罩")
    answer(town, THIRD, "做不了 没车")
    assert told(town, LEAD, "说做不了:缺口罩") == 1
    assert told(town, LEAD, "说做不了:没车") == 1
    assert "做不了:42处中6处缺口罩、1处没车" in answer(town, LEAD, "进度")
    town.say(workers[0], "收到 D-1")  # masks came after all
    assert "42处中5处缺口罩" in answer(town, LEAD, "进度")


def test_a_reason_with_somebodys_number_is_not_passed_on_in_lists(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    answer(town, WORKER, "做不了 13900001234打不通")
    assert not told(town, LEAD, "13900001234")
    assert "含号码" in answer(town, LEAD, "进度")
    assert not told(town, LEAD, "13900001234")


def test_late_answers_count_until_the_directive_is_taken_back(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今天下午5点前排查")
    town.forward(hours=40)  # a day past its deadline it is over: nobody is asked about it any more
    assert "现在没有等您回执的通知" in answer(town, WORKER, "收到")
    assert "已记:D-1 收到" in answer(town, WORKER, "收到 D-1")
    assert town.messages(SECOND)[0]["replaced"] == "已截止"
    assert "D-1(已截止) 回执 1/4人" in answer(town, LEAD, "进度 D-1")
