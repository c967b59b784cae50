"""敲门, 张贴 and 事项 over the stand-in's real HTTP: opened, walked in chat, the bringer hears how it went."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_four_ones import Isolated
from test_residents import WORKER

pytestmark = pytest.mark.long

LEAD = "yt_t104_lead"
DOORS = ("8-801", "8-802", "8-803", "8-804", "9-101")


class Estate(Isolated):
    """The worker's grid with two buildings besides its other households."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        context, now = self.parts.counties.context(), self.clock.now()
        code = context.tree.node(self.grid).code
        with self.parts.store.begin() as work:
            for door in DOORS:
                work.household_steps.make(self.grid, f"{code}-{door}", door, context.day, now, None)
            work.household_steps.announce(now)
        self.forward(seconds=3)

    def type_(self, text: str) -> str:
        """At the speed of a thumb: the platform counts the answers within a window by the second."""
        self.forward(seconds=2)
        return super().type_(text)

    def last(self, who: str, text: str) -> str:
        self.say(who, text)
        self.settle()
        return self.heard(who)[-1]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Estate]:
    made = Estate(tmp_path)
    yield made
    made.close()


def test_a_round_from_the_opening_to_the_evening(town: Estate) -> None:
    shown = town.last(LEAD, "敲门 旗山社区 返乡排查 到2月9日17点 用途 返乡摸底 依据 样防指2号 步骤 七步工作法")
    assert "将开一轮敲门:城峰镇旗山社区" in shown
    assert "按步骤:邻里守望、居家观察七步工作法" in shown
    town.last(LEAD, "发")
    assert any("【敲门】《返乡排查》" in words for words in town.heard(WORKER))
    assert "8栋4户" in town.last(WORKER, "敲门")
    assert "8-801 敲到了,3人" in town.last(WORKER, "8-801 敲了 3人 都好")
    assert "8栋还没敲的有2户,都记「敲到」;8-803 没人" in town.last(WORKER, "8栋敲完了 除了803没人")
    assert "敲到2户、没人1户" in town.last(WORKER, "对")
    assert "人去了哪里、听来的话都不记" in town.last(WORKER, "9-101 搬走了,听说去了外地")
    progress = town.last(LEAD, "敲门进度")
    assert "旗山社区 敲到3/" in progress
    assert "第02网格 未敲(" in progress
    town.to(14, 5)
    assert "可以再敲:8-803" in town.heard(WORKER)[-1]
    assert "换18:30再敲" in town.last(WORKER, "8-803 还是没人")
    assert "已撤回:8-803" in town.last(WORKER, "撤回")
    assert "②敲开第一户 ✔" in town.last(WORKER, "步骤")
    assert "②敲开第一户 1格做了" in town.last(LEAD, "步骤")


def test_a_notice_is_posted_building_by_building(town: Estate) -> None:
    town.last(LEAD, "张贴 旗山社区 告知书 用途 宣传 依据 样防指3号")
    town.last(LEAD, "发")
    assert "还差9栋" in town.last(WORKER, "8栋贴完了 累死")
    assert "没有重复记" in town.last(WORKER, "8栋贴完了")
    assert "2栋全贴完了" in town.last(WORKER, "9栋贴完了")
    assert "贴了2/" in town.last(LEAD, "张贴进度")


def test_hardship_from_the_phone_to_the_outcome(town: Estate) -> None:
    town.bind()
    assert "家里遇到什么难处" in town.type_("我要申请帮扶")
    assert "最要紧" in town.type_("孩子爸住院")
    assert "交吗?回「好」就交" in town.type_("医药费")
    town.type_("好")
    assert "交给" in town.told()[-1]
    worker = "yt_t104_deputy"  # the community has no secretary in the sample
    assert "孩子爸住院" not in "".join(town.heard(worker))
    assert "难处:孩子爸住院" in town.last(worker, "事项1")
    assert "困难帮扶:等受理" in town.type_("我的事")
    town.last(worker, "事项1 帮到了 临时救助一千元已到账")
    assert "临时救助一千元已到账" in town.told()[-1]
    assert "现在没有托付的事" in town.type_("我的事")


def test_the_worker_brings_one_and_hears_that_it_stands_still(town: Estate) -> None:
    assert "先问问本人" in town.last(WORKER, "调解 9001户 王样花 楼上漏水")
    assert "事项1(矛盾调解)交给了" in town.last(WORKER, "调解 9001户 王样花 本人同意 楼上漏水,希望 修好")
    assert "别人的事、听来的话" in town.last(WORKER, "调解 9001户 王样花 本人同意 听说她欠钱")
    town.to(9, 25, days=3)
    assert any("天了,已催" in words for words in town.heard(WORKER)[-3:])
