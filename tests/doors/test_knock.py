"""敲门: a round is shown and begun, worked door by door; nobody there goes to another time; all can be taken back."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from estate import ROUND, Estate
from sqlalchemy import select

from handlers import release_directive
from handlers.domain.fatigue import Fatigue
from handlers.domain.hierarchy import Tree
from handlers.domain.knocking import Knocked, RoundKind
from handlers.wording.knock_progress import counted
from store.models import parcel

pytestmark = pytest.mark.long


def test_a_round_is_shown_begun_and_walked(estate: Estate) -> None:
    shown = estate.open_round()
    assert "柳树村《返乡排查》,10户,网格员2人各收一条,住户不收消息" in shown
    assert "1月28日17:00" in shown
    assert "用途:返乡摸底。依据:样防指2号" in shown
    assert "已告诉2人" in estate.begun
    assert "【敲门】《返乡排查》" in estate.letters("lv")[-1]
    assert "【敲门】" in estate.letters("sun")[-1]
    first = estate.say("lv", "敲门")
    assert "还有9户没敲(3栋3户、8栋4户、9栋2户)" in first
    assert "接着敲:3-101、3-102、3-103、8-801、8-802。" in first
    assert estate.say("lv", "3-101 敲了 3人 都好") == "记:3-101 敲到了,3人。还有8户没敲。"
    assert "没人" in estate.say("lv", "3-102 没人")
    assert "人去了哪里、听来的话都不记" in estate.say("lv", "3-103 搬走了 听说去了武汉")
    assert estate.states() == {"3-101": "met", "3-102": "absent", "3-103": "moved"}
    assert "敲到1/9户 没人1 空户或搬走1 未敲6" in estate.say("head", "敲门进度")
    assert "第02网格 未敲(1户)" in estate.say("head", "敲门进度")
    assert "3-1" not in estate.say("boss", "敲门进度")


def test_a_building_is_read_back_with_its_number_before_it_is_put_down(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "8-801 敲了")
    asked = estate.say("lv", "8栋敲完了 除了803没人")
    assert "8栋还没敲的有2户,都记「敲到」;8-803 没人" in asked
    assert estate.states() == {"8-801": "met"}
    assert "敲到2户、没人1户" in estate.say("lv", "对")
    assert estate.states() == {"8-801": "met", "8-802": "met", "8-803": "absent", "8-804": "met"}
    assert "没有重复记" in estate.say("lv", "8栋敲完了")
    assert "已撤回:8-802、8-803、8-804" in estate.say("lv", "撤回")
    assert estate.states() == {"8-801": "met"}
    assert "是3栋、8栋、9栋里的哪一栋" in estate.say("lv", "7栋敲完了")
    assert "没有「805」" in estate.say("lv", "8栋敲完 除了805没人")
    assert "没看懂,还没有记" in estate.say("lv", "8栋敲完 除了803")


def test_nobody_there_goes_to_another_time_the_evening_a_note_and_is_left_so(estate: Estate) -> None:
    estate.open_round()
    assert "没人,14:00再敲一回" in estate.say("lv", "3-101 没人")
    estate.pass_(hours=5)
    assert "这会儿方便可以再敲:3-101" in estate.letters("lv")[-1]
    told = len(estate.letters("lv"))
    estate.pass_(minutes=1)
    assert len(estate.letters("lv")) == told  # once, whoever ticks
    assert "可以再敲:3-101" in estate.say("lv", "敲门")
    assert "又没人,换18:30再敲" in estate.say("lv", "3-101 还是没人")
    estate.pass_(hours=5)
    assert "留张条或打个电话" in estate.say("lv", "3-101 没人在家")
    assert "请留张条或打个电话(回「门牌 留条了」「门牌 电话打通了」):3-101" in estate.say("lv", "敲门")
    assert "没有重复记" in estate.say("lv", "3-101 没人")  # said twice is no second try
    assert "记未见到,不算谁的错" in estate.say("lv", "3-101 又没人")
    assert [why for _, why, _ in estate.steps("3-101")] == ["next_slot", "evening", "note", "unmet"]
    assert "未见到1" in estate.say("head", "敲门进度")


def test_what_was_said_is_corrected_and_the_earlier_word_stays(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "3-101 敲了 3人")
    assert "前面记过了(敲到,3人),没有重复记" in estate.say("lv", "3-101 敲了 3人")
    assert "已改:3-101 敲到3人→敲到了,2人" in estate.say("lv", "3-101 敲了 两口人")
    assert "没有改" in estate.say("lv", "3-101 没人")
    assert "已撤回:3-101" in estate.say("lv", "3-101 敲错了")
    assert estate.steps("3-101") == [("met", "seen", False), ("met", "seen", True)]
    assert estate.states() == {"3-101": "met"}
    assert estate.say("lv", "敲门 3-101") == "3-101:\n09:00 敲到3人 吕样\n09:00 敲到2人 吕样,已撤回"
    assert "3-102 还没敲过" in estate.say("lv", "敲门记录 3-102")
    assert "没有「3-999」" in estate.say("lv", "3-999 没人")
    assert "没有您刚记的" in estate.say("sun", "撤回敲门")
    assert "不再敲了" in estate.say("lv", "3-102 不方便")


def test_somebody_ill_at_a_door_is_told_on_and_other_words_are_not_lost_in_silence(estate: Estate) -> None:
    estate.open_round()
    answer = estate.say("lv", "3-101 敲了 2人 有一个发烧39度")
    assert "记:3-101 敲到了,2人" in answer
    assert "已马上告诉" in answer
    assert any("发烧39度" in words for words in estate.letters("head"))
    assert "「想买菜」没有记" in estate.say("lv", "3-102 敲了 想买菜")
    assert "已马上告诉" in estate.say("lv", "3-103 搬走了 门口有个老人晕倒了")
    assert "已马上告诉" in estate.say("lv", "8-801 没人 屋里有煤气味")


def test_a_note_or_a_call_ends_the_tries(estate: Estate) -> None:
    estate.open_round()
    for text in ("3-101 没人", "3-101 又没人", "3-101 又没人", "3-102 没人"):
        estate.say("lv", text)
    assert "未见到(留了条)" in estate.say("lv", "3-101 留条了")
    assert "电话联系上了,2人" in estate.say("lv", "3-102 电话打通了 2人")
    estate.say("lv", "8-803 敲了")
    assert "8-803先不记" in estate.say("lv", "8栋敲完 除了803没人")  # somebody was seen there


def test_of_two_rounds_one_is_chosen_by_its_title(estate: Estate) -> None:
    estate.open_round()
    estate.open_round(ROUND.replace("返乡排查", "用电安全").replace("28日", "29日"))
    first = estate.say("lv", "敲门")
    assert "《返乡排查》" in first
    assert "还开着:《用电安全》" in first
    assert "《用电安全》" in estate.say("lv", "敲门 用电")
    estate.say("lv", "3-101 敲了 3人")
    assert "《用电安全》截止1月29日17:00,还有8户没敲" in estate.say("lv", "敲门")
    assert "还有9户没敲" in estate.say("lv", "敲门 返乡排查")
    assert "请由开的人来结束" in estate.say("boss", "结束敲门")


def test_a_place_that_is_gone_stops_no_tick(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "3-101 没人")
    estate.tree = Tree([node for node in estate.tree if node.code in ("c", "t1")], estate.county.levels)
    estate.pass_(hours=40)
    estate.pass_(days=5)
    with estate.store.read() as work:
        assert work.knocks.live(RoundKind.KNOCK) == ()


@pytest.mark.parametrize(
    "text",
    ["今天敲门46 空5 隔离0 发热0", "敲门 46", "3网格敲了46户", "发热0 没人", "敲门 46户 空5", "敲门 3网格46户 空5"],
)
def test_a_report_stays_a_report(estate: Estate, text: str) -> None:
    estate.open_round()
    assert not estate.intent("lv", text).startswith("knock")


def test_who_may_open_and_what_is_missing(estate: Estate) -> None:
    assert "用途" in estate.say("head", "敲门 全村 返乡排查 依据 样防指2号")
    assert "您" in estate.say("lv", ROUND)
    assert estate.say("other", "3-101 没人") == estate.say("other", "3-101 没人")
    assert "没有发出去的 D-9" in estate.say("head", "敲门 D-9 用途 摸底 依据 令")
    estate.say("head", ROUND)
    assert "没有开" in estate.say("head", "撤")
    assert "没有" in estate.say("lv", "敲门进度")
    with estate.store.read() as work:
        assert work.knocks.live(RoundKind.KNOCK) == ()


def test_a_round_goes_with_a_directive_that_went_out(estate: Estate) -> None:
    estate.say("head", "给所有网格发 今天下午5点前把返乡的再摸一遍")
    estate.say("head", "发")
    assert "没有发出去的 D-1" in estate.say("head", "敲门 D-1 用途 返乡摸底 依据 样防指2号")  # it may still be stopped
    estate.forward(seconds=61)
    with estate.store.begin() as work:
        release_directive.run(work, estate.ctx)
    estate.county_with(confirm_above=1)
    shown = estate.say("head", "敲门 D-1 用途 返乡摸底 依据 样防指2号")
    assert "返乡的再摸一遍" in shown
    assert "截止:17:00" in shown
    estate.say("head", "发")
    assert "还有9户没敲" in estate.say("lv", "敲门")


def test_who_had_enough_today_hears_with_the_digest(estate: Estate) -> None:
    estate.county_with(fatigue=Fatigue(MappingProxyType({"gridworker": 1, "other": 99})))
    estate.open_round()
    shown = estate.say("head", ROUND.replace("返乡排查", "用电安全"))
    assert "其中2人今天收得够多了" in shown
    estate.say("head", "发")
    with estate.database.read() as connection:
        due = connection.scalars(
            select(parcel.c.due_at).where(parcel.c.purpose == "notice").order_by(parcel.c.id)
        ).all()
    assert due[-1] - estate.now == timedelta(hours=3)  # noon


def test_many_people_are_reached_only_after_two_have_looked(estate: Estate) -> None:
    estate.county_with(confirm_above=1)
    assert "要两个人看过" in estate.say("head", ROUND)


def test_the_author_hears_at_the_deadline_and_the_round_closes(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "3-101 敲了")
    estate.pass_(hours=33)
    assert "到点了" in estate.letters("head")[-1]
    assert "敲到1/10户 未敲9" in estate.letters("head")[-1]
    assert "记:3-102" in estate.say("lv", "3-102 敲了")
    estate.pass_(days=4)
    with estate.store.read() as work:
        assert work.knocks.live(RoundKind.KNOCK) == ()


def test_a_round_is_put_down_once_and_goes_on_where_it_was_cut(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.knocks.AT_ONCE", 4)
    monkeypatch.setattr("handlers.open_knocks.AT_ONCE", 4)
    estate.open_round()
    with estate.store.read() as work:
        (one,) = work.knocks.live(RoundKind.KNOCK)
        assert sum(sum(held.values()) for held in work.knocks.counts(one.id).values()) < 10
    for _ in range(8):
        estate.pass_(seconds=1)
    with estate.store.read() as work:
        counts = work.knocks.counts(one.id)
    assert sum(held[Knocked.TODO] for held in counts.values()) == 10


def test_unknown_is_never_zero() -> None:
    assert counted({Knocked.TODO: 3}) == "未敲(3户)"
    assert counted({}) == "没有住户"


def test_what_was_heard_of_people_is_not_kept_whatever_the_door_said(estate: Estate) -> None:
    estate.open_round()
    for words in ("3-101 没人 邻居说回老家了", "3-102 敲了 3人 听说他儿子去武汉打工了"):
        assert estate.intent("lv", words) == "knock_hearsay"  # what such a message said is not kept
    assert "武汉" not in "".join(estate.letters("lv"))
    assert estate.states() == {"3-101": "absent", "3-102": "met"}


def test_a_number_once_said_and_a_door_once_left_stand(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "3-101 敲了 3人")
    assert "前面记过了(敲到,3人)" in estate.say("lv", "3-101 敲了")
    estate.say("lv", "3-102 留条了")
    assert "前面记过了(未见到)" in estate.say("lv", "3-102 没人")
    assert estate.states() == {"3-101": "met", "3-102": "unmet"}
    assert "这一轮里没有" not in estate.say("lv", "发热3记错了")  # it is about a report


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("8-801 敲了 没人", "absent"),  # knocked at, and nobody there
        ("8-801 敲了,没人在家", "absent"),
        ("8-801 人不在", "absent"),
        ("8-801 敲了 没人不舒服", "met"),
        ("8-801敲了三口人", "met"),
        ("8-801 敲了 不给开门", "unmet"),
        ("8-801 退租了", "moved"),
    ],
)
def test_what_was_found_at_a_door_is_read_to_its_end(estate: Estate, said: str, state: str) -> None:
    estate.open_round()
    estate.say("lv", said)
    assert estate.states() == {"8-801": state}


def test_a_deadline_that_is_gone_opens_nothing(estate: Estate) -> None:
    assert "或已经过了,还没有开" in estate.say("head", ROUND.replace("1月28日17点", "昨天"))
    assert "8栋还没敲的有4户" in (estate.open_round(), estate.say("lv", "8栋都敲了"))[1]


def test_a_yes_that_comes_after_the_end_puts_nothing_down(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "8栋敲完了")
    assert "结束了" in estate.say("head", "结束敲门")
    assert "已经结束了,这一句没有记" in estate.say("lv", "对")


def test_a_number_that_is_waved_off_is_not_put_down_by_a_later_yes(estate: Estate) -> None:
    estate.open_round()
    estate.say("lv", "8栋敲完了")
    assert "好,没有记" in estate.say("lv", "算了")
    assert "记:" not in estate.say("lv", "对")
    assert estate.states() == {}
    estate.say("lv", "8-801 敲了 2人")
    assert "敲到2人" in estate.say("lv", "敲门记录 8-801")
