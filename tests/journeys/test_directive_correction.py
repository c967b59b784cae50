"""更新, 改成, 作废: what is out can be corrected or taken back, always with its reference, never as something new."""

from typing import Any

import pytest
from talking import DEPUTY, FOURTH, GRID_LEAD, LEAD, SECOND, THIRD, TOWN_GROUP, WORKER, answer, last, send, told
from town import Town

pytestmark = pytest.mark.long


def card_of(town: Town, userid: str, words: str) -> dict[str, Any]:
    """The newest card with these words on somebody's phone."""
    return next(m for m in reversed(town.messages(userid)) if m.get("task_id") and words in str(m["card"]))


@pytest.mark.parametrize(
    "words", ["上午那个通知作废 改成只看武汉的", "更新 D-1 只看武汉的", "D-1 改成只看武汉的", "改成只看武汉的"]
)
def test_what_is_out_is_corrected_by_words_with_a_preview(town: Town, words: str) -> None:
    send(town, LEAD, "给所有网格员发 今天下午5点前把湖北回来的再摸一遍")
    town.forward(minutes=25)
    preview = answer(town, LEAD, words)
    assert "将发更正" in preview
    assert "原文:只看武汉的" in preview
    assert "替代:D-1" in preview
    assert not told(town, WORKER, "武汉")  # nothing goes out before the author says so
    assert "D-2 60秒后发出" in answer(town, LEAD, "嗯")
    town.forward(seconds=61)
    card = card_of(town, WORKER, "武汉")["card"]
    assert card["main_title"]["title"] == "更正 D-2"
    beside = {line["keyname"]: line["value"] for line in card["horizontal_content_list"]}
    assert beside["替代"] == "D-1"
    post = next(said for said in town.chat(TOWN_GROUP) if "更正 D-2" in said)
    assert "(替代 D-1)" in post
    assert "不用按 D-1「今天下午5点前把湖北回来的再摸一遍」办" in post


def test_the_old_card_says_where_to_look_and_waits_for_nobody(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 今天排查湖北返乡")
    answer(town, LEAD, "更新 D-1 只查武汉返乡")
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert card_of(town, WORKER, "通知 D-1")["replaced"] == "已更正,看 D-2"
    assert "D-1 已经收回,不用办了,谢谢。请看 D-2。" in answer(town, WORKER, "收到 D-1")
    assert "已记:D-2 收到" in answer(town, WORKER, "收到")  # one is waiting, not two
    assert "D-1 是我们08:31发的通知,已更正,后来的是 D-2。" in answer(town, WORKER, "核验 D-1")


def test_who_has_finished_does_nothing_again_and_owes_nothing(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今天排查湖北返乡")
    assert "已记:D-1 办好了" in answer(town, WORKER, "办好了")
    town.say(SECOND, "收到 D-1")
    preview = answer(town, LEAD, "更新 D-1 只查武汉返乡")
    assert "1人回过,会再请他们看一眼;已办好的1人不重做、不用再回" in preview
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert told(town, WORKER, "更正 D-2")
    assert "现在没有等您回执的通知" in answer(town, WORKER, "收到")
    assert "已记:D-2 收到" in answer(town, SECOND, "收到")
    assert "D-2 回执 2/4人" in answer(town, LEAD, "进度 D-2")


def test_the_words_before_发_change_the_draft_itself(town: Town) -> None:
    answer(town, LEAD, "给所有网格员发 今天下午5点前排查湖北返乡")
    assert "原文:明天上午9点前排查武汉返乡" in answer(town, LEAD, "改成明天上午9点前排查武汉返乡")
    assert "截止:2月9日09:00" in last(town, LEAD)
    send(town, LEAD, "改成今晚排查")
    assert told(town, WORKER, "今晚排查")
    assert not told(town, WORKER, "武汉")
    assert not told(town, WORKER, "替代")


def test_a_deadline_is_moved_and_sent_in_one_breath(town: Town) -> None:
    answer(town, LEAD, "给所有网格员发 今天下午5点前排查")
    said = answer(town, LEAD, "截止改4点半 发")
    assert "截止:16:30" in said
    assert "D-1 60秒后发出,回「撤」取消" in said
    assert "D-1 5" in answer(town, LEAD, "发")  # said once more, it tells how the minute runs
    town.forward(seconds=61)
    assert "截止:16:30" in next(said for said in town.chat(TOWN_GROUP) if "D-1" in said)
    assert told(town, WORKER, "通知 D-1") == 1


def test_two_deadlines_are_pointed_out(town: Town) -> None:
    answer(town, LEAD, "给所有网格员发 今天下午5点前排查")
    assert "原文里写的是17:00" in answer(town, LEAD, "截止改4点半")


def test_the_deadline_of_what_is_out_moves_by_a_correction(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 今天下午5点前排查")
    assert "将发更正" in answer(town, LEAD, "D-1 截止改6点半")
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert "截止:18:30" in next(said for said in town.chat(TOWN_GROUP) if "更正 D-2" in said)


def test_a_cancel_can_never_be_sent_as_new_nor_cancelled(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 明天开会")
    assert "D-1 已停" in answer(town, LEAD, "作废 D-1")
    town.forward(seconds=2)
    assert told(town, WORKER, "取消 D-2")
    assert "D-2 本身是取消通知" in answer(town, LEAD, "作废 D-2")
    assert "D-2 本身是取消通知" in answer(town, LEAD, "更新 D-2 明天不开会")
    assert "D-1 已经收回过了,后来的是 D-2" in answer(town, LEAD, "作废 D-1")
    assert "D-1 已经收回过了" in answer(town, LEAD, "更新 D-1 后天开会")
    with town.parts.store.read() as work:
        notice = work.directives.by_number(2)
    assert notice is not None
    assert (notice.kind.value, notice.refers_to) == ("cancel", 1)


def test_a_card_is_recalled_within_a_day_and_greyed_within_three(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 明天开会")
    send(town, LEAD, "给旗山村网格员发 后天开会")
    answer(town, LEAD, "作废 D-1")
    town.forward(seconds=3)
    assert [m["recalled"] for m in town.messages(WORKER) if "明天开会" in str(m.get("card"))] == [True]
    assert any("取消 D-3(替代 D-1)" in said for said in town.chat(TOWN_GROUP) + town.chat("yt350125105204"))
    town.forward(hours=30)
    answer(town, LEAD, "作废 D-2")
    town.forward(seconds=3)
    late = card_of(town, WORKER, "后天开会")
    assert not late["recalled"]
    assert late["replaced"] == "D-2 已取消"
    with town.parts.store.read() as work:
        assert [detail for _, kind, detail, *_ in work.alarms.open() if kind == "send"] == []


def test_words_without_a_number_name_one_directive_or_ask_which(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 明天开会")
    town.forward(hours=4)  # half past twelve
    send(town, LEAD, "给所有网格员发 今晚排查武汉返乡")
    assert "D-1 已停" in answer(town, LEAD, "上午那个通知作废")
    send(town, LEAD, "给所有网格员发 今晚排查湖北返乡")
    asked = answer(town, LEAD, "今天那个通知作废")
    assert "要收回哪一条?" in asked
    assert "D-2 今晚排查武汉返乡" in asked
    assert "D-2 已停" in answer(town, LEAD, "武汉的通知取消")


def test_撤_without_a_number_reaches_ten_minutes_back(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 明天开会")
    town.forward(minutes=12)
    assert "最近10分钟没有您发的通知可撤" in answer(town, LEAD, "撤")
    assert "D-1 已停" in answer(town, LEAD, "撤 D-1")


def test_撤回_is_of_a_directive_for_who_sent_one_and_of_a_report_for_who_reports(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 明天开会")
    answer(town, WORKER, "今天敲门20户")
    assert "R-1 已撤回" in answer(town, WORKER, "撤回")
    assert "D-1 已停" in answer(town, LEAD, "撤回")
    send(town, LEAD, "给所有网格员发 后天开会")
    assert "D-3 已停" in answer(town, LEAD, "撤回 D-3")
    assert "没找到您最近报的日报" in answer(town, LEAD, "撤回")


@pytest.mark.parametrize("words", ["撤 D-1", "作废 D-1", "更新 D-1 不开会了", "发"])
def test_nobody_else_moves_it(town: Town, words: str) -> None:
    answer(town, LEAD, "给所有网格员发 明天开会")
    answer(town, LEAD, "发")
    said = answer(town, DEPUTY, words)
    assert "只有起草人或复核人" in said or "没有等您确认的通知" in said
    answer(town, GRID_LEAD, words)
    answer(town, WORKER, words)
    town.forward(seconds=61)
    assert told(town, WORKER, "通知 D-1") == 1


def test_aborted_in_mid_sending_the_rest_stays_home_and_those_who_have_it_hear(town: Town) -> None:
    answer(town, LEAD, "给所有住户发 明早8点起分批做核酸")
    answer(town, LEAD, "发")
    town.clock.offset_s += 61
    assert town.parts.ticks.run()  # written, not sent
    due = town.parts.due_parcels()
    town.parts.sender.send(due[:20])
    said = answer(town, LEAD, "撤")
    stopped = int(said.split("D-1 已停:")[1].split("份")[0])
    gone = int(said.split("没发出,")[1].split("份")[0])
    assert stopped > 20
    assert gone > 0
    assert stopped + gone == 56 + 13 + 42
    town.forward(seconds=5)
    relays = [m for w in (WORKER, SECOND, THIRD, FOURTH) for m in town.heard(w) if "接力码" in m and "取消" in m]
    assert relays == []  # nobody is asked to call off what their group never saw
    assert sum(told(town, w, "取消 D-2") for w in (WORKER, SECOND, THIRD, FOURTH)) == 4


def test_a_cancel_is_relayed_into_the_groups_that_had_the_text(town: Town) -> None:
    send(town, LEAD, "给旗山村住户发 明早8点起分批做核酸")
    relay = next(said for said in town.heard(WORKER) if "接力码" in said)
    code = relay.split("接力码 ")[1][:2]
    assert "转好了" in answer(town, WORKER, f"已转 {code}")
    other = next(said for said in town.heard(SECOND) if "接力码" in said).split("接力码 ")[1][:2]
    answer(town, LEAD, "作废 D-1")
    town.forward(seconds=3)
    assert told(town, WORKER, "取消:D-1 的通知作废") == 1
    assert told(town, SECOND, "取消:D-1 的通知作废") == 0
    assert "请不要再转" in answer(town, SECOND, f"已转 {other}")


def test_a_correction_of_what_was_cancelled_meanwhile_does_not_go_out(town: Town) -> None:
    send(town, LEAD, "给所有网格员发 明天开会")
    answer(town, LEAD, "更新 D-1 后天开会")
    answer(town, LEAD, "发")
    answer(town, LEAD, "作废 D-1")
    town.forward(seconds=61)
    assert told(town, LEAD, "D-1 已经收回,更正 D-2 没有发出") == 1
    assert not told(town, WORKER, "后天开会")
