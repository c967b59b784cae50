"""Who does not answer: one private word in peace; in declared war the person, the substitute, one list to the level
above, on the ladder the directive took with it; over as soon as somebody answers, or as the war is."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from talking import (
    COUNTY,
    GRID_LEAD,
    LEAD,
    PAIR,
    SECOND,
    THIRD,
    VILLAGE_GROUP,
    WAR,
    WORKER,
    answer,
    county_file,
    last,
    name_of,
    send,
    told,
)
from town import Town

pytestmark = pytest.mark.long

EVENING = datetime(2026, 2, 8, 13, 30, tzinfo=UTC)  # half past nine in the county
REMINDED, ASKED_BESIDE, LISTED = "还没收到您的回执", "请您替着看一眼", "未回执名单"


def test_in_peace_one_private_word_and_nothing_after_it(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    assert not told(town, WORKER, "提醒一次")
    town.forward(hours=2)
    assert told(town, WORKER, "提醒一次:D-1 今晚排查") == 1
    assert "回不回自愿" in last(town, WORKER)
    for _ in range(8):
        town.forward(hours=1)
    assert told(town, WORKER, "提醒一次") == 1
    assert not any(told(town, one, LISTED) for one in (GRID_LEAD, LEAD))
    assert not any("提醒" in said for said in town.chat(VILLAGE_GROUP))  # nagging is never public


def test_in_war_the_person_then_who_stands_beside_then_the_level_above(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给芹洋村网格员发 今天下午5点前排查")
    town.forward(minutes=9)
    assert not told(town, PAIR[0], REMINDED)
    town.forward(minutes=1)
    assert told(town, PAIR[0], REMINDED) == 1
    assert told(town, PAIR[0], "截止17:00") == 1
    assert not told(town, PAIR[0], ASKED_BESIDE)
    town.forward(minutes=10)
    assert told(town, PAIR[0], ASKED_BESIDE) == told(town, PAIR[1], ASKED_BESIDE) == 1
    assert not told(town, "yt_105203_01", LISTED)
    town.forward(minutes=10)
    listed = [said for said in town.heard("yt_105203_01") if LISTED in said]
    assert len(listed) == 1  # one list, not one word a person
    assert "第01网格、" in listed[0]
    assert "第03网格" in listed[0]
    assert name_of(town, PAIR[0]) not in listed[0]
    town.forward(minutes=60)
    assert told(town, PAIR[0], REMINDED) == 1
    assert told(town, LEAD, LISTED) == 0


def test_it_stops_the_moment_somebody_answers(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给芹洋村网格员发 今天排查")
    town.say(PAIR[0], "收到")
    town.forward(minutes=10)
    assert not told(town, PAIR[0], REMINDED)
    assert told(town, PAIR[1], REMINDED) == 1
    town.forward(minutes=10)
    assert told(town, PAIR[0], ASKED_BESIDE) == 1
    assert "没回的同事也替着记了" in answer(town, PAIR[0], "收到 D-1")  # asked in the other's stead
    town.forward(minutes=11)
    assert told(town, "yt_105203_01", "第03网格") == 0
    assert told(town, "yt_105203_01", LISTED) == 1  # 一格 and 二格 are still silent
    assert "D-1 回执 2/4人" in answer(town, LEAD, "进度")


def test_做不了_stops_it_as_well(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    town.say(WORKER, "做不了 缺口罩")
    town.forward(minutes=31)
    assert not told(town, WORKER, REMINDED)
    assert "第01网格" not in next(said for said in town.heard(GRID_LEAD) if LISTED in said)


def test_somebody_on_leave_is_left_alone_and_the_substitute_hears_it(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    town.say(SECOND, "做不了 D-1 没人手")
    town.forward(minutes=31)
    assert not told(town, WORKER, REMINDED)
    assert not told(town, SECOND, REMINDED)  # one answer for both posts
    with town.parts.store.read() as work:
        said = {r.node_id: r.via for r in work.receipts.blocked(1)}
    assert len(said) == 2
    assert sorted(said.values(), key=str) == ["substitute", "word"]


def test_a_substitute_entered_before_gets_it_instead(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, GRID_LEAD)}代")
    preview = answer(town, LEAD, "给旗山村网格员发 今天排查")
    assert "旗山村第01网格有人请假,改送代班" in preview
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert not told(town, WORKER, "D-1")
    assert told(town, GRID_LEAD, "通知 D-1") == 1
    assert "D-1 收到" in answer(town, GRID_LEAD, "收到")


def test_nobody_in_reach_is_said_before_sending(town: Town) -> None:
    town.say(WORKER, "今天请假")
    preview = answer(town, LEAD, "给旗山村网格员发 今天排查")
    assert "1人够不着(请假无人代)" in preview
    assert "旗山村第01网格有人请假无人代,这条送不到" in preview


def test_the_ladder_copied_in_war_does_not_climb_in_peace(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    town.forward(minutes=12)
    assert told(town, WORKER, REMINDED) == 1
    assert "已转平时" in answer(town, LEAD, "平时")
    town.forward(minutes=40)
    assert not told(town, GRID_LEAD, LISTED)
    assert told(town, WORKER, REMINDED) == 1


def test_a_ladder_changed_in_the_file_does_not_move_what_is_under_way(tmp_path: Path) -> None:
    town = Town(tmp_path, hierarchy=county_file(tmp_path, ("after: 10m", "after: 15m")))
    try:
        town.say(LEAD, WAR)
        send(town, LEAD, "给旗山村网格员发 今天排查")
        with town.parts.store.read() as work:
            directive = work.directives.by_number(1)
        assert directive is not None
        assert directive.ladder == ((15, "self"), (20, "substitute"), (30, "above"))
    finally:
        town.close()


def test_at_night_in_peace_nothing_rings(tmp_path: Path) -> None:
    town = Town(tmp_path, start=EVENING)
    try:
        send(town, LEAD, "给旗山村网格员发 明天排查")
        town.forward(minutes=40)  # past ten
        answer(town, LEAD, "给旗山村网格员发 后天开会")
        assert "现在是休息时间" in last(town, LEAD)
        answer(town, LEAD, "发")
        town.forward(hours=5)  # the reminder of the first would have been due, the second would have gone out
        assert told(town, WORKER, "D-1") == 1
        assert not told(town, WORKER, "D-2")
        assert not any("D-2" in said for said in town.chat(VILLAGE_GROUP))
        town.forward(hours=3, minutes=50)  # a minute past seven
        assert told(town, WORKER, "提醒一次:D-1") == 1
        assert told(town, WORKER, "通知 D-2") == 1
    finally:
        town.close()


def test_in_war_the_night_is_no_reason_to_wait(tmp_path: Path) -> None:
    town = Town(tmp_path, start=EVENING)
    try:
        town.say(LEAD, WAR)
        town.forward(hours=1)
        send(town, LEAD, "给旗山村网格员发 立即上堤")
        assert told(town, WORKER, "通知 D-1") == 1
        town.forward(minutes=10)
        assert told(town, WORKER, REMINDED) == 1
    finally:
        town.close()


def test_war_in_one_town_gives_no_powers_over_the_whole_county(town: Town) -> None:
    town.say(LEAD, WAR)
    answer(town, COUNTY, "给所有村发 今天排查")
    with town.parts.store.read() as work:
        whole = work.directives.get(1)
    assert whole is not None
    assert not whole.compulsory
    assert [tell for _, tell in whole.ladder] == ["self"]


def test_late_by_a_breakdown_is_marked_and_not_sent(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    town.clock.offset_s += 25 * 60  # nothing ran meanwhile: the first reminder is a quarter of an hour late
    town.work()
    assert not told(town, WORKER, REMINDED)
    with town.parts.store.read() as work:
        assert [kind for _, kind, *_ in work.alarms.open()] == ["reminders_late"]
    town.forward(minutes=6)
    assert "第01网格" in next(said for said in town.heard(GRID_LEAD) if LISTED in said)


def test_晚点_puts_off_the_private_word_but_not_the_list(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    assert "30分钟内不私下催您" in answer(town, WORKER, "在开车 晚点")
    town.forward(minutes=12)
    assert not told(town, WORKER, REMINDED)
    assert told(town, SECOND, REMINDED) == 1
    town.forward(minutes=20)
    assert "第02网格" in next(said for said in town.heard(GRID_LEAD) if LISTED in said)


def test_progress_claims_no_more_than_the_channels_prove(town: Town) -> None:
    town.say(LEAD, WAR)
    send(town, LEAD, "给旗山村网格员发 今天排查")
    said = answer(town, LEAD, "进度")
    assert "D-1 回执 0/4人(发出不等于看到" in said
    assert "卡片:已发4" in said
    assert not re.search("已看|已读|送达", said)
    town.click(WORKER, "ack:1")
    town.say(THIRD, "做不了 没车")
    town.forward(minutes=10)
    said = answer(town, LEAD, "进度")
    assert "D-1 回执 2/4人" in said
    assert "没回:" in said
    assert "已私下催过2人" in said


def test_progress_says_what_was_not_taken_and_what_may_have_been(town: Town) -> None:
    town.fault(kind="err", code=60011, match={"path": "appchat/send", "count": 1})
    answer(town, LEAD, "给旗山村住户发 明早做核酸")
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    said = answer(town, LEAD, "进度")
    assert "群通知:没发成1" in said
    assert "接力:等人转4" in said
    code = next(said for said in town.heard(WORKER) if "接力码" in said).split("接力码 ")[1][:2]
    town.say(WORKER, f"已转 {code}")
    assert "接力:已转1、等人转3" in answer(town, LEAD, "进度")


def test_who_may_not_see_a_place_hears_nothing_about_it(town: Town) -> None:
    send(town, LEAD, "给旗山村网格员发 今天排查")
    assert "没有 D-1 这条通知,或不归您看" in answer(town, WORKER, "进度 D-1")
    assert "没有 D-1 这条通知,或不归您看" in answer(town, "yt_t104_lead", "进度 D-1")
    assert "没有 D-99 这条通知,或不归您看" in answer(town, "yt_t104_lead", "进度 D-99")
    assert "D-1 回执" in answer(town, COUNTY, "进度 D-1")
