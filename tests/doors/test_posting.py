"""张贴: by building, by number with what is left, all at once; said twice is said so; an unknown building is asked."""

from dataclasses import replace

import pytest
from estate import Estate

from handlers.domain.knocking import RoundKind

pytestmark = pytest.mark.long

CAMPAIGN = "张贴 全村 防疫告知书 到1月28日17点 用途 宣传 依据 样防指3号"


def test_buildings_are_put_down_counted_and_taken_back(estate: Estate) -> None:
    assert "将开一轮张贴:清水镇柳树村《防疫告知书》" in estate.open_round(CAMPAIGN)
    assert "贴好回「8栋贴完了」" in estate.letters("lv")[-1]
    assert "第01网格 未贴(3栋)" in estate.say("lv", "张贴")
    assert "记:《防疫告知书》8栋贴好了。张贴1/3栋,还差3栋、9栋。" in estate.say("lv", "8栋贴完了 累死")
    assert "8栋前面记过了,没有重复记" in estate.say("lv", "8栋贴完了")
    assert "没有7栋。是8栋、9栋、3栋里的哪一栋" in estate.say("lv", "7栋贴完了")
    progress = estate.say("head", "张贴进度")
    assert "柳树村 贴了1/4栋 1处未贴" in progress
    assert "第02网格 未贴" in progress
    assert "已改:8栋没贴" in estate.say("lv", "8栋没贴")
    assert "第01网格 未贴" in estate.say("head", "张贴进度")
    assert "3栋全贴完了" in estate.say("lv", "全贴完了")
    assert "没有重复记" in estate.say("lv", "都贴完了")
    assert "贴了3/4栋" in estate.say("boss", "张贴进度")


def test_a_number_is_checked_and_which_are_left_is_asked(estate: Estate) -> None:
    estate.open_round(CAMPAIGN)
    assert "这里一共3栋,您说的是6+2=8栋,对不上,没有记" in estate.say("lv", "贴了6栋 还差2栋")
    assert "贴了1/3栋。差的是哪2栋?" in estate.say("lv", "贴了1栋 还差2栋")
    assert "贴了1/4栋" in estate.say("head", "张贴进度")
    assert "没有4栋" in estate.say("lv", "差3栋 4栋")
    assert "没有重复记" in estate.say("lv", "贴了1栋")
    assert "8栋贴好了。张贴1/3栋,还差3栋、9栋" in estate.say("lv", "差3栋 9栋")
    assert "请按栋说" in estate.say("lv", "贴了5户")


def test_a_village_without_buildings_counts_households(estate: Estate) -> None:
    with estate.store.begin() as work:
        for n in (1, 2, 3):
            work.household_steps.make(estate.node("v2g1"), f"x{n}", f"000{n}户", estate.ctx.day, estate.now, None)
        home = work.households.by_code("v2g1h1")
        assert home is not None
        work.household_steps.close(home, estate.ctx.day, estate.now, None)
    estate.tree = estate._tree()
    estate.forward(days=1)
    estate.tree = estate._tree()
    estate.say("boss", CAMPAIGN.replace("全村", "杨树村").replace("1月28日", "1月30日"))
    estate.say("boss", "发")
    assert "贴了2/3户" in estate.say("other", "贴了2户")
    assert "请说户数" in estate.say("other", "2栋贴完了")
    assert "已改(前面说的是2户)" in estate.say("other", "贴了1户")
    assert "3户全贴完了" in estate.say("other", "全贴完了")


def test_without_a_campaign_the_words_are_a_report_s(estate: Estate) -> None:
    assert not estate.intent("lv", "8栋贴完了").startswith("post")
    estate.open_round(CAMPAIGN)
    assert estate.intent("lv", "发放宣传单400份,张贴通告13张") == "daily_report"


def test_a_campaign_is_its_own_round(estate: Estate) -> None:
    estate.county = replace(estate.county, steps=())
    estate.open_round(CAMPAIGN)
    with estate.store.read() as work:
        assert work.knocks.live(RoundKind.KNOCK) == ()
        assert len(work.knocks.live(RoundKind.POSTING)) == 1
    assert "结束了" in estate.say("head", "结束张贴")
    assert "没有开着的张贴" in estate.say("head", "张贴进度")


def test_nothing_open_is_said_kindly_with_what_to_do(estate: Estate) -> None:
    for words in ("张贴", "全贴完了", "8栋贴完了", "贴了6栋 还差2栋"):
        assert "现在没有开着的张贴,开了会发给您" in estate.say("lv", words)
    for words in ("敲门", "8栋敲完了", "3-101 敲了 3人", "3-101 没人", "3-101 敲错了", "还有几户没敲"):
        assert "现在没有开着的敲门,开了会发给您" in estate.say("lv", words)
    assert "领导可以开:敲门" in estate.say("head", "敲门")
