"""Less asked of everybody, over the stand-in's real HTTP: the ledger, the cap and its waiver, wishes, erasure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from talking import answer, county_file
from test_four_ones import LEAD, OPEN, PAPER, Isolated
from test_residents import WORKER

from handlers.domain.four_ones import ContactState

pytestmark = pytest.mark.long

GREETED = (
    "      kinds: [call]\n      peace: [09:00]",
    "      kinds: [message]\n      peace: [16:00]\n      war: [16:00]",
)
CAPS = ("four_ones:\n", "fatigue:\n  peace: {gridworker: 3}\n  digest: [12:00, 17:30]\nfour_ones:\n")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Isolated]:
    made = Isolated(tmp_path / "home", hierarchy=county_file(tmp_path, GREETED, CAPS))
    yield made
    made.close()


def test_a_second_department_asks_nobody_again(town: Isolated) -> None:
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    town.say(WORKER, "照看 9001户 独居老人")
    town.to(9, 25)
    town.type_("36.4")
    before = len(town.phone())
    town.to(16, 25)
    assert len(town.phone()) == before
    assert [one.state for one in town.contacts()] == [ContactState.ANSWERED, ContactState.REFUSED]
    said = answer(town, WORKER, "问过 9001户")
    assert "居家健康监测(县卫生健康局)问身体,用途:居家健康监测,依据:隔离决定" in said
    assert "独居老人(县民政局)问身体,用途:独居老人问候,依据:本人同意。没再问,也没给" in said


def test_a_resident_is_busy_then_wants_less_then_nothing_and_is_forgotten(town: Isolated) -> None:
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    town.to(9, 25)
    assert "好,不急,15:00前后再回就行" in town.type_("下午吧")
    assert "说15:00前后回" in answer(town, WORKER, "今天")
    town.to(14, 0)
    assert not any("【打电话" in words for words in town.heard(WORKER))
    assert "改成没事不用回" in town.type_("有事才说")
    assert "确定请在30分钟内回「确认删除」" in town.type_("删除我的信息")
    assert "还留着:隔离决定(样例县防指 样防〔2026〕2号)" in town.type_("确认删除")
    town.to(9, 25, days=1)
    assert len(town.contacts()) == 1
    town.say(LEAD, f"解除隔离1 {PAPER}")
    town.settle()
    assert "解除" in town.told()[-1]
    town.type_("删除我的信息")
    assert "已删除" in town.type_("确认删除")
    with town.parts.store.read() as work:
        assert work.households.members(town.home, town.parts.counties.context().day) == ()


def test_who_had_enough_gets_the_rest_at_noon_unless_somebody_writes_down_why(town: Isolated) -> None:
    with town.parts.store.read() as work:
        person = work.people.by_userid(WORKER, town.parts.counties.context().day)
        assert person is not None
    order = "给旗山社区所有网格员发:第{}件小事 截止明天下午5点"
    for n in range(1, 5):
        shown = answer(town, LEAD, order.format(n))
        town.say(LEAD, "发")
        town.forward(seconds=61)
        town.settle()
    assert "已到上限,会攒到12:00一起看" in shown
    assert not any("第4件小事" in words for words in town.heard(WORKER))
    code = [words for words in town.heard(LEAD) if "开始发" in words][-1].split(" ")[0]
    assert "破例要写原因" in answer(town, LEAD, f"破例 {code}")
    answer(town, LEAD, order.format(5))
    town.say(LEAD, "发")
    town.forward(seconds=61)
    town.settle()
    assert "马上收到" in answer(town, LEAD, f"破例 {code} 原因 今晚大风")
    town.settle()
    assert any("第4件小事" in words for words in town.heard(WORKER))
    assert not any("第5件小事" in words for words in town.heard(WORKER))
    town.to(12, 1)
    town.settle()
    assert "【攒着的1条】" in town.heard(WORKER)[-1]
    assert "第5件小事" in town.heard(WORKER)[-1]
    bill = answer(town, LEAD, "减负账单")
    assert f"破例 {code}" in bill
    assert "今晚大风" in bill
    assert "不排名" in bill


def test_on_the_official_account_too(town: Isolated) -> None:
    openid = town.act("resident_mp_follow")["openid"]
    with town.parts.store.begin() as work:
        work.households.bind_address(town.contact_id, "official_account", openid, town.clock.now())
    town.act("resident_mp_text", text="你好")
    town.say(WORKER, "照看 9001户 独居老人")
    town.act("resident_mp_text", text="不要再发了")
    assert "「独居老人」停了,不再问" in town.told()[-1]
    assert "「独居老人」已停" in town.heard(WORKER)[-1]
    town.act("resident_mp_text", text="恢复问候")
    assert "恢复问候(「独居老人」)" in town.told()[-1]
    town.act("resident_mp_text", text="删除我的信息")
    town.act("resident_mp_text", text="确认删除")
    assert "已删除" in town.told()[-1]
    with town.parts.store.read() as work:
        assert work.households.of_address("official_account", openid, town.parts.counties.context().day) == ()
