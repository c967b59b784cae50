"""From an order to its going out: the preview, the minute, the second person, the urgent one in war, the household
groups that only a person can reach."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from talking import (
    COUNTY,
    COUNTY_DEPUTY,
    DEPUTY,
    GRID_LEAD,
    LEAD,
    SECOND,
    TOWN_GROUP,
    VILLAGE_GROUP,
    WAR,
    WORKER,
    answer,
    answer_in,
    county_file,
    last,
    name_of,
    send,
    told,
)
from town import Town

pytestmark = pytest.mark.long


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Town]:
    """A town where more than twenty people need a second person's yes."""
    made = Town(tmp_path, hierarchy=county_file(tmp_path, ("confirm_above: 200", "confirm_above: 20")))
    yield made
    made.close()


def state_of(town: Town, number: int = 1) -> str:
    with town.parts.store.read() as work:
        directive = work.directives.by_number(number)
        assert directive is not None
        return directive.state.value


# -- the preview -------------------------------------------------------------------------------------------------------


def test_the_preview_says_who_how_many_by_what_what_it_costs_and_until_when(town: Town) -> None:
    said = answer(town, LEAD, "给所有住户发 今天下午5点前报名做核酸")
    assert "将发:清凉镇 网格长和网格员+住户群(人工转发)(12村→13基础网格→42网格)" in said
    assert "56人(机器直达卡片56张)、工作群13个、住户群42个要网格员人工转发" in said
    calls, heads = map(int, re.findall(r"预算:(\d+)次接口调用、约(\d+)人次", said)[0])
    assert calls == 1 + 13 + 42  # one card to all, a post a group, a text of its own a relay
    assert 56 + 42 < heads < 56 + 42 + 200  # a post counts by the people of its group
    assert "截止:17:00" in said
    assert "发送请回「发」" in said
    assert not told(town, WORKER, "核酸")


def test_an_order_in_a_group_is_previewed_and_sent_there(town: Town) -> None:
    said = answer_in(town, TOWN_GROUP, LEAD, "给旗山村、古岸村发 明天上午9点开会")
    assert "将发:清凉镇旗山村、清凉镇古岸村 全体工作人员" in said
    assert "居民不打扰" in said
    assert "没有等您确认的通知" in answer_in(town, TOWN_GROUP, DEPUTY, "发")
    assert "在别处预览的" in answer(town, LEAD, "发")
    assert "D-1 60秒后发出" in answer_in(town, TOWN_GROUP, LEAD, "发")
    town.forward(seconds=61)
    assert told(town, WORKER, "通知 D-1") == 1
    assert not told(town, "yt_105205_02", "D-1")


def test_a_second_发_says_where_the_first_one_went(town: Town) -> None:
    answer(town, LEAD, "给古岸村发 这条不要了")
    answer(town, LEAD, "给旗山村发 明天开会")
    answer(town, LEAD, "发")
    assert "秒后发出" in answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert "D-1 已经发出了,不用再发" in answer(town, LEAD, "发")
    town.forward(minutes=1)
    assert told(town, WORKER, "明天开会") == 1


def test_a_preview_lives_ten_minutes(town: Town) -> None:
    answer(town, LEAD, "给旗山村发 明天开会")
    town.forward(minutes=11)
    said = answer(town, LEAD, "发")
    assert said.startswith("预览已过10分钟,还没发出。请再看一眼,对了再回「发」:\n将发:清凉镇旗山村")
    town.forward(minutes=11)
    assert not told(town, WORKER, "明天开会")
    said = answer(town, LEAD, "截止改4点半 发")
    assert "预览已过10分钟" in said
    assert "截止:16:30" in said
    assert "D-1 60秒后发出" in answer(town, LEAD, "发")
    town.forward(seconds=30)
    assert "D-1 已取消,一条也没发出" in answer(town, LEAD, "撤"), "the minute counts, not the age of the draft"
    town.forward(seconds=60)
    assert not told(town, WORKER, "明天开会")


def test_a_round_shown_since_is_not_answered_with_an_older_notice(town: Town) -> None:
    answer(town, LEAD, "给旗山村发 明天开会")
    town.forward(minutes=11)
    answer(town, LEAD, "敲门 全镇 外来人员再摸一遍 到2月9日17点 用途 摸排返乡人员 依据 镇防指2号")
    town.forward(minutes=11)
    assert "没有等您确认的通知(预览10分钟内有效)" in answer(town, LEAD, "发")


def test_yesterdays_preview_is_said_again(town: Town) -> None:
    answer(town, LEAD, "给旗山村发 今晚8点开会")
    town.forward(hours=24)
    assert "没有等您确认的通知(预览10分钟内有效)" in answer(town, LEAD, "发")
    assert "没有等您确认的通知" in answer(town, LEAD, "截止改4点半")


def test_what_was_shown_nine_minutes_ago_can_be_stopped_in_its_minute(town: Town) -> None:
    answer(town, LEAD, "给旗山村发 明天开会")
    town.forward(minutes=9, seconds=40)
    assert "60秒后发出" in answer(town, LEAD, "发")
    town.forward(seconds=50)
    assert "D-1 已取消,一条也没发出" in answer(town, LEAD, "撤")


def test_the_minute_can_be_used_to_stop_it(town: Town) -> None:
    answer(town, LEAD, "给旗山村发 明天开会")
    answer(town, LEAD, "发")
    town.forward(seconds=55)
    assert "D-1 已取消,一条也没发出" in answer(town, LEAD, "撤")
    town.forward(seconds=60)
    assert not told(town, WORKER, "D-1")
    assert state_of(town) == "dropped"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("给火星村发 明天开会", "没有这个地方,或不归您看"),
        ("给城峰镇发 明天开会", "没有这个地方,或不归您看"),  # the other town: not there and not yours are one answer
        ("给所有村发", "要发什么?请连内容一起说"),
        ("给旗山村的网格员发:", "要发什么?请连内容一起说"),
        ("给所有村发 请联系 11010519491231002X", "身份证号"),
        ("给所有村发 明天带 13900000001 13900000002 13900000003", "电话名单"),
        ("给所有村发 查 闽A8K321", "内容里有车牌,不能群发"),
        ("给所有村发 " + "说明" * 400, "内容有800字,请删到600字以内"),
    ],
)
def test_what_cannot_go_out_is_said_at_once(town: Town, order: str, said: str) -> None:
    answered = answer(town, LEAD, order)
    assert said in answered
    assert "将发" not in answered
    assert "11010519491231002X" not in answered
    assert "没有等您确认的通知" in answer(town, LEAD, "发")


def test_a_long_order_is_taken_whole(town: Town) -> None:
    body = "请各村今天把防汛物资再点一遍" * 30 + "报数"  # 422 signs
    assert f"原文:{body}" in answer(town, LEAD, f"给所有村发 {body}")


@pytest.mark.parametrize("userid", [WORKER, GRID_LEAD])
def test_who_may_not_issue_is_told_kindly(town: Town, userid: str) -> None:
    for order in ("给所有网格发 明天开会", "给所有村发"):
        assert "您的岗位不能下发通知" in answer(town, userid, order)


# -- cards, posts, relays ----------------------------------------------------------------------------------------------


def test_staff_get_a_card_of_their_own_and_the_group_a_post(town: Town) -> None:
    send(town, LEAD, "给旗山村发 今天下午5点前排查")
    card = town.messages(WORKER)[-1]["card"]
    assert [button["text"] for button in card["button_list"]] == ["收到", "做不了"]
    assert card["sub_title_text"] == "今天下午5点前排查"
    beside = {line["keyname"]: line["value"] for line in card["horizontal_content_list"]}
    assert beside == {"截止": "17:00", "回执": "点按钮,或回「收到 D-1」", "群里": "先@小格,不@我听不到"}
    post = next(said for said in town.chat(VILLAGE_GROUP) if "D-1" in said)
    assert "回执请 @小格 收到 D-1,不@我听不到" in post
    assert name_of(town, WORKER) not in post


def test_household_groups_go_to_the_gridworker_with_text_and_code(town: Town) -> None:
    send(town, LEAD, "给旗山村住户发 明早8点起分批做核酸")
    relays = [said for said in town.heard(WORKER) if "接力码" in said]
    assert len(relays) == 1
    assert "请转到「旗山村第01网格联户群」" in relays[0]
    assert "明早8点起分批做核酸" in relays[0]
    code = re.findall(r"接力码 (\w\w)", relays[0])[0]
    assert f"没有给您的接力码 {code}" in answer(town, SECOND, f"已转 {code}")  # another's code is nobody's else
    assert "都转完了,辛苦" in answer(town, WORKER, f"已转 {code.lower()}")
    assert "接力:已转1、等人转3" in answer(town, LEAD, "进度")
    assert "D-1 回执 1/5人" in answer(town, LEAD, "进度")  # who pasted it has had it


def test_another_bots_name_stands_in_every_hint(tmp_path: Path) -> None:
    town = Town(tmp_path, hierarchy=county_file(tmp_path, ("bot_names: [小格]", "bot_names: [格应助手]")))
    try:
        send(town, LEAD, "给旗山村发 今晚排查")
        card = str(town.messages(WORKER)[-1]["card"])
        everything = [*town.heard(WORKER), *town.chat(VILLAGE_GROUP), answer(town, WORKER, "帮助"), card]
        assert not any("小格" in said for said in everything)
        assert any("@格应助手 收到 D-1" in said for said in everything)
    finally:
        town.close()


def test_已转_without_its_code_is_the_only_one_waiting_or_asked_about(town: Town) -> None:
    send(town, LEAD, "给旗山村住户发 明早8点起分批做核酸")
    assert "都转完了" in answer(town, WORKER, "转好了")
    send(town, LEAD, "给旗山村住户发 明早停水")
    send(town, LEAD, "给旗山村住户发 明早停电")
    asked = answer(town, WORKER, "已转")
    assert asked.count("旗山村第01网格联户群") == 2
    code = asked.split("如:已转 ")[1][:2]
    assert f"已记:{code} 转好了" in answer(town, WORKER, f"{code}已转")


def test_what_would_reach_nobody_is_not_sent(town: Town) -> None:
    town.say(WORKER, "今天请假")
    assert "1人够不着" in answer(town, LEAD, "给旗山村第一网格发 后天开会")
    assert "那里现在没有人收得到" in answer(town, LEAD, "发")


def test_a_second_place_is_looked_for_beside_the_first(town: Town) -> None:
    assert "将发:清凉镇旗山村第03网格、清凉镇旗山村第04网格" in answer(town, LEAD, "给旗山村三格、四格发 后天开会")
    assert "您说的是哪一个" in answer(town, LEAD, "给四格发 后天开会")


@pytest.mark.parametrize("words", ["谁没回执", "D-1", "D-1 谁没回", "没回的有谁"])
def test_who_is_silent_is_asked_in_many_words(town: Town, words: str) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    town.say(WORKER, "收到")
    said = answer(town, LEAD, words)
    assert "D-1 回执 1/4人" in said
    assert "没回:第02网格、第03网格、第04网格" in said.replace("清凉镇旗山村", "")


def test_a_bare_number_from_who_owes_is_told_how_to_answer(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "收到了回「收到 D-1」" in answer(town, WORKER, "D-1")
    assert "没有 D-7 这条通知" in answer(town, WORKER, "D-7")
    assert "催办不用您操心" in answer(town, LEAD, "催一下")


# -- the second person -------------------------------------------------------------------------------------------------


def test_above_the_limit_somebody_else_says_yes_first(strict: Town) -> None:
    answer(strict, LEAD, "给所有网格员发 明天开会")
    assert "D-1 要发给43人,超过20人须第二人同意" in answer(strict, LEAD, "发")
    assert told(strict, DEPUTY, "请复核D-1") == 1
    strict.forward(minutes=2)
    assert not told(strict, WORKER, "D-1")
    assert "D-1 在等第二人同意" in answer(strict, LEAD, "发")
    assert "D-1 是您自己起草的" in answer(strict, LEAD, "同意 D-1")
    assert "只有起草人或复核人" in answer(strict, GRID_LEAD, "同意 D-1")
    assert "D-1 60秒后发出" in answer(strict, DEPUTY, "同意")
    assert "D-1 60秒后发出" in last(strict, LEAD)
    strict.forward(seconds=61)
    assert told(strict, WORKER, "通知 D-1") == 1
    assert "D-1 已停" in answer(strict, DEPUTY, "撤 D-1")  # the confirmer may stop it too


def test_a_no_reaches_the_author_with_its_reason(strict: Town) -> None:
    answer(strict, LEAD, "给所有网格员发 明天开会")
    answer(strict, LEAD, "发")
    assert "D-1 复核没通过:人数不对" in answer(strict, DEPUTY, "不同意 D-1 人数不对")
    assert "D-1 复核没通过:人数不对" in last(strict, LEAD)
    assert state_of(strict) == "dropped"
    assert "D-1 已经过了复核的时间" in answer(strict, DEPUTY, "同意 D-1")


def test_nobodys_yes_in_time_is_told_to_the_author(strict: Town) -> None:
    answer(strict, LEAD, "给所有网格员发 明天开会")
    answer(strict, LEAD, "发")
    strict.forward(minutes=10, seconds=1)
    assert told(strict, LEAD, "D-1 10分钟没等到第二人同意,没有发出") == 1
    assert "D-1 已经过了复核的时间" in answer(strict, DEPUTY, "同意 D-1")
    strict.forward(minutes=2)
    assert not told(strict, WORKER, "D-1")


def test_with_nobody_to_ask_it_is_said_and_the_draft_stays(strict: Town) -> None:
    for deputy in (DEPUTY, COUNTY_DEPUTY, COUNTY):
        strict.say(deputy, "今天请假")
    answer(strict, LEAD, "给所有网格员发 明天开会")
    assert "没有别的能复核的人" in answer(strict, LEAD, "发")
    strict.say(DEPUTY, "销假")
    assert "D-1 要发给43人" in answer(strict, LEAD, "发")


def test_below_the_limit_nobody_is_asked(strict: Town) -> None:
    answer(strict, LEAD, "给旗山村发 明天开会")
    assert "D-1 60秒后发出" in answer(strict, LEAD, "发")
    assert not told(strict, DEPUTY, "复核")


# -- urgent in war -----------------------------------------------------------------------------------------------------


def test_an_urgent_one_in_declared_war_goes_at_once_and_is_reviewed(strict: Town) -> None:
    strict.say(LEAD, WAR)
    assert "将发【急】" in answer(strict, LEAD, "【急】给所有网格员发 立即上堤")
    said = answer(strict, LEAD, "发")
    assert "D-1 正在发出" in said
    assert told(strict, WORKER, "【急】通知 D-1") == 1
    assert told(strict, DEPUTY, "战时急件已先发出,请30分钟内复核:D-1") == 1
    assert "已记:D-1 复核通过" in answer(strict, DEPUTY, "同意 D-1")
    strict.forward(minutes=31)
    assert not told(strict, DEPUTY, "还没人复核")


def test_the_reviewer_may_take_it_back(strict: Town) -> None:
    strict.say(LEAD, WAR)
    answer(strict, LEAD, "【急】给所有网格员发 立即上堤")
    answer(strict, LEAD, "发")
    assert "不同意的话请回「作废 D-1」" in answer(strict, DEPUTY, "不同意 D-1")
    assert "D-1 已停" in answer(strict, DEPUTY, "作废 D-1")
    strict.forward(seconds=2)
    assert told(strict, WORKER, "取消 D-2") == 1


def test_an_unreviewed_one_is_told_to_its_author_and_the_level_above(strict: Town) -> None:
    strict.say(LEAD, WAR)
    answer(strict, LEAD, "【急】给所有网格员发 立即上堤")
    answer(strict, LEAD, "发")
    strict.forward(minutes=30, seconds=1)
    assert told(strict, DEPUTY, "D-1 发出后超过时限还没人复核") == 1
    assert told(strict, LEAD, "发出后一直没人复核") == 1
    assert told(strict, COUNTY, "发出后一直没人复核") == 1
    strict.forward(minutes=60)
    assert told(strict, DEPUTY, "还没人复核") == 1
    assert "已记:D-1 复核通过" in answer(strict, DEPUTY, "同意 D-1")


def test_urgent_in_peace_waits_like_any_other(strict: Town) -> None:
    answer(strict, LEAD, "【急】给旗山村发 明天开会")
    assert "D-1 60秒后发出" in answer(strict, LEAD, "发")
    answer(strict, LEAD, "【急】给所有网格员发 明天开会")
    assert "须第二人同意" in answer(strict, LEAD, "发")


def test_a_small_urgent_one_in_war_needs_no_review(strict: Town) -> None:
    strict.say(LEAD, WAR)
    answer(strict, LEAD, "【急】给旗山村发 立即上堤")
    assert "D-1 正在发出" in answer(strict, LEAD, "发")
    strict.forward(minutes=31)
    assert not told(strict, DEPUTY, "复核")
    assert not told(strict, LEAD, "复核")


def test_a_drill_says_so_everywhere(town: Town) -> None:
    assert "将发【演练】" in answer(town, LEAD, "【演练】给旗山村住户发 紧急转移")
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert told(town, WORKER, "【演练】通知 D-1") == 1
    assert any("【演练】" in said for said in town.chat(VILLAGE_GROUP))
    assert "演练" in next(said for said in town.heard(WORKER) if "接力码" in said)
