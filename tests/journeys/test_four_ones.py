"""An isolated household in 微信客服, over the stand-in's real HTTP: told, asked, called, fourteen days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_residents import WORKER, Residents

from handlers.domain.four_ones import Contact, ContactState
from handlers.domain.household import Relation

pytestmark = pytest.mark.long

LEAD, DOCTOR = "yt_county_lead", "yt_104003_doc"
PAPER = "机关 样例县防指 文号 样防〔2026〕2号 依据 传染病防治法第三十九条 申诉 12345"
OPEN = f"隔离 9001户 王样花 从2月4日 到2月18日 {PAPER}"


class Isolated(Residents):
    """9001户, whose one member speaks with us on 微信客服."""

    def __init__(self, folder: Path, **more: Any) -> None:
        super().__init__(folder, **more)
        context, now = self.parts.counties.context(), self.clock.now()
        with self.parts.store.begin() as work:
            member = work.households.add_member(self.home, "王样花", context.day, now)
            contact = work.households.add_contact(
                self.home, "王样花", Relation.MEMBER, context.day, now, member_id=member.id, may_answer=True
            )
            work.households.bind_address(contact.id, "phone", "10400000777", now)
            self.contact_id = contact.id

    def bind(self) -> None:
        """The member scans the door's code and says a word: their address is theirs from now on."""
        address = self.scan()["external_userid"]
        with self.parts.store.begin() as work:
            work.households.bind_address(self.contact_id, "kf", address, self.clock.now())
        self.type_("你好")

    def type_(self, text: str) -> str:
        self.act("resident_kf_text", text=text)
        return self.told()[-1]

    def contacts(self) -> list[Contact]:
        with self.parts.store.read() as work:
            return list(work.contacts.of_households([self.home], date(2026, 1, 1)))

    def to(self, hour: int, minute: int = 0, days: int = 0) -> None:
        """Forward to a local time, today or later, eight hours at a time."""
        local = self.parts.counties.context().local(self.clock.now())
        goal = local.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
        while (left := (goal - self.parts.counties.context().local(self.clock.now())).total_seconds()) > 0:
            self.forward(seconds=min(left, 8 * 3600.0))
            self.settle()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Isolated]:
    made = Isolated(tmp_path)
    yield made
    made.close()


def test_a_household_from_the_decision_to_the_answer(town: Isolated) -> None:
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    assert "隔离1号" in town.heard(LEAD)[-1]
    assert "第4天(2月4日为第0天),预计2月18日" in town.heard(LEAD)[-1]
    assert "样例县防指" in town.told()[-1]
    assert any("本人已先告知" in words for words in town.heard(WORKER))
    town.to(9, 25)
    assert "早上好,今天体温?(没事回「好」)" in str(town.phone()[-1])
    town.act("resident_kf_tap", content="都好")
    assert "记:都好" in town.told()[-1]
    assert [one.state for one in town.contacts()] == [ContactState.ANSWERED]
    assert "36.7" in town.type_("36.7")
    told = town.type_("没发烧 就是嗓子疼")
    assert "村医胡样山" in told
    assert any("待看" in words for words in town.heard(DOCTOR))
    town.say(WORKER, "今天")
    assert "问候1户" in town.heard(WORKER)[-1]


def test_a_household_without_wechat_is_told_and_called_by_the_worker(town: Isolated) -> None:
    town.say(LEAD, OPEN)
    town.settle()
    ask = town.heard(WORKER)[-1]
    assert "先打电话或上门读给本人:10400000777" in ask
    town.say(WORKER, "已告知1")
    assert "现在告诉包保的人" in "".join(town.heard(WORKER)[-2:])
    town.to(9, 25)
    assert "9001户 微信够不着:10400000777" in "".join(town.heard(WORKER)[-2:])  # and the list of the morning
    town.say(WORKER, "打了 手机没电 人没事 36度5")
    assert "记:9001户 电话✔ 36.5℃" in town.heard(WORKER)[-1]
    assert [one.state for one in town.contacts()] == [ContactState.ANSWERED]


def test_the_medicine_lane_over_the_real_door(town: Isolated) -> None:
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    told = town.type_("胰岛素没了 断药两天了")
    assert "请马上打120" in "".join(town.told()[-2:]) + told
    assert any("胰岛素没了" in words for words in town.heard(WORKER))
    town.forward(minutes=6)
    assert any("待看" in words for words in town.heard(DOCTOR))


@pytest.mark.slow
def test_fourteen_days_each_contact_once(town: Isolated) -> None:
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    for day in range(14):
        town.to(9, 25, days=1 if day else 0)
        asked = [one for one in town.contacts() if one.state is ContactState.ASKED]
        if asked:
            town.type_(f"36.{day % 9 + 1}")
        else:
            assert day >= 5  # five days of nothing: only 有事 is said now
            town.type_("你好")
    found = town.contacts()
    assert len(found) == len({(one.day, one.slot) for one in found})
    assert {one.state for one in found} == {ContactState.ANSWERED}
    assert [one.day.day for one in found] == [8, 9, 10, 11, 12]
    town.say(LEAD, f"解除隔离1 {PAPER}")
    town.settle()
    assert "于2月21日解除" in "".join(town.told()[-2:])
    assert "不用再报了" in town.type_("36.5")
