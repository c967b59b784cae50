"""The days of the people: a gridworker's, a returning student's, a village doctor's, a night at the checkpoint."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_four_ones import DOCTOR, LEAD, OPEN, WORKER, Isolated

from handlers.domain.four_ones import ContactState
from handlers.domain.household import Relation

pytestmark = pytest.mark.long


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Isolated]:
    made = Isolated(tmp_path)
    yield made
    made.close()


@pytest.fixture
def home(town: Isolated) -> Isolated:
    """9001户 was told, and is asked this morning."""
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    town.to(9, 25)
    return town


def answer(town: Isolated, userid: str, text: str) -> str:
    """Say it a little later; returns what came to the same phone."""
    town.forward(seconds=90)
    before = len(town.heard(userid))
    town.say(userid, text)
    return "\n".join(town.heard(userid)[before:])


def said(town: Isolated, text: str) -> str:
    """The resident says it; returns what came to their phone."""
    town.forward(seconds=5)  # nobody types faster; within a second the five of a window cannot be told apart
    before = len(town.told())
    town.type_(text)
    return "\n".join(town.told()[before:])


# -- a gridworker's day ------------------------------------------------------------------------------------------------


def test_the_list_of_the_morning_comes_by_itself_once(town: Isolated) -> None:
    """08:40 今天4件: to who has something, from the real ticks; nobody else is rung, and it is not sent again."""
    town.bind()
    town.say(LEAD, OPEN)
    town.settle()
    town.to(8, 39)
    assert not [words for words in town.heard(WORKER) if "今天1件" in words]
    town.to(8, 41)
    (told,) = [words for words in town.heard(WORKER) if "今天1件" in words]
    assert "①问候1户(9:00起自动发,异常才找您)" in told
    town.to(10, 40)
    assert sum("随时回「今天」" in words for words in town.heard(WORKER)) == 1
    assert not [words for words in town.heard("yt_104003_11") if "随时回「今天」" in words]
    town.to(8, 41, days=1)
    assert sum("随时回「今天」" in words for words in town.heard(WORKER)) == 2


def test_not_answered_called_and_well(home: Isolated) -> None:
    """没回,打个电话? 号码点这里 → 打了 手机没电 人没事 36度5 → 记."""
    assert "问候1户(已自动发,答了0户" in answer(home, WORKER, "今天")
    home.to(10, 40)
    (ask,) = [words for words in home.heard(WORKER) if "【打电话1户】" in words]
    assert "9001户" in ask
    assert "没有回" in ask
    assert "10400000777" in ask  # to tap
    assert "打电话1户:9001户" in answer(home, WORKER, "我的")
    assert "欠" in answer(home, LEAD, "欠")
    assert "记:9001户 电话✔ 36.5℃" in answer(home, WORKER, "打了 手机没电 人没事 36度5")
    assert [one.state for one in home.contacts()] == [ContactState.ANSWERED]
    assert "打电话" not in answer(home, WORKER, "今天")


def test_a_sloppy_daily_report_in_the_afternoon(town: Isolated) -> None:
    """三格今天敲了46…: seven slots; what cannot be read is asked, one is corrected by its number, zero is said."""
    read = answer(town, WORKER, "三格今天敲了46 空5 新回来2个 一个武汉的一个浙江 都没烧 隔离5户 需求3 送了2")
    for slot in ("①走访46户", "②空户5户", "③新增返乡2人", "④武汉返回1人", "⑤浙江返回1人", "⑥发热0人", "⑦隔离户5户"):
        assert slot in read
    assert "「需求3」「送了2」这几处我没读懂" in read
    assert "先没改" in answer(town, WORKER, "5=6 隔离是六户")  # the number and the word say different things
    assert "⑦隔离户6户" in answer(town, WORKER, "7=6")
    assert "已确认" in answer(town, WORKER, "对")


def test_leave_and_who_stands_in_gets_the_calls(home: Isolated) -> None:
    assert "由王样喜代" in answer(home, WORKER, "今天请假 明天王姐代我")
    before = len(home.heard("yt_104003_11"))
    home.to(10, 40)
    assert any("【打电话1户】" in words for words in home.heard("yt_104003_11")[before:])
    assert not any("【打电话" in words for words in home.heard(WORKER))


# -- a student who came back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["36.4", "好着呢", "三十六度五"])
def test_however_it_is_said_it_is_read_back(home: Isolated, words: str) -> None:
    heard = said(home, words)
    assert heard.startswith("记:")
    assert {"36.4": "36.4℃", "好着呢": "都好", "三十六度五": "36.5℃"}[words] in heard
    assert [one.state for one in home.contacts()] == [ContactState.ANSWERED]


def test_a_sore_throat_goes_to_the_doctor_whose_queue_shows_it(home: Isolated) -> None:
    """没发烧 就是嗓子疼 → the doctor at once; 我的 shows the queue; taken, looked at, closed."""
    assert "已经告诉村医胡样山" in said(home, "没发烧 就是嗓子疼")
    assert "【待看1】" in home.heard(DOCTOR)[-1]
    queue = answer(home, DOCTOR, "我的")
    assert queue.startswith("待看1件:")
    assert "9001户" in queue
    assert "您接了" in answer(home, DOCTOR, "接1")
    assert "记好了" in answer(home, DOCTOR, "1 办好了")
    assert "9001户" not in answer(home, DOCTOR, "我的")


def test_medicine_first_to_the_doctor_noodles_on_the_list_closed_by_their_word(home: Isolated) -> None:
    heard = said(home, "能帮忙买点感冒药不 还有泡面")
    assert "泡面" in heard
    assert "感冒药先转给村医" in heard
    assert any("【要药】" in words for words in home.heard(DOCTOR))
    sheet = answer(home, WORKER, "采购单")
    assert "泡面" in sheet
    assert "感冒药" not in sheet
    answer(home, WORKER, "采购我来")
    assert "他回「收到啦」才算完" in answer(home, WORKER, "9001户 送到了")
    assert "泡面" in answer(home, WORKER, "采购单")  # the worker's word alone closes nothing
    assert "泡面都到了" in said(home, "到了到了 谢谢")
    assert "现在没有要买的" in answer(home, WORKER, "采购单")


def test_what_was_brought_is_denied_by_a_tap_and_closed_by_a_digit(home: Isolated) -> None:
    """送到了 → 到了回1,没有回2: over the real door, by what stands on the phone."""
    said(home, "白菜2")
    answer(home, WORKER, "采购我来")
    answer(home, WORKER, "9001户 送到了")
    home.settle()
    assert "收到请回「收到啦」或1,没有回2" in str(home.phone()[-1])
    home.act("resident_kf_tap", content="没有")
    assert "抱歉" in home.told()[-1]
    home.settle()
    assert "【没到】" in home.heard(WORKER)[-1]
    assert "要送1户:9001户" in answer(home, WORKER, "今天")
    answer(home, WORKER, "9001户 送到了")
    home.settle()
    assert "白菜2棵都到了" in said(home, "1")
    assert "要送" not in answer(home, WORKER, "今天")


# -- an old woman and her distant daughter -----------------------------------------------------------------------------


def test_the_daughter_answers_from_far_away(home: Isolated) -> None:
    """帮我妈报 …, on the 公众号: kept as the daughter's word, and the medicine goes to the doctor."""
    openid = home.follow("daughter")["openid"]
    context, now = home.parts.counties.context(), home.clock.now()
    with home.parts.store.begin() as work:
        child = work.households.add_contact(home.home, "王测丽", Relation.CHILD, context.day, now, may_answer=True)
        work.households.bind_address(child.id, "official_account", openid, now)
    before = len(home.told("daughter"))
    home.act("resident_mp_text", "daughter", text="帮我妈报 王样花 今天36度7 没咳嗽 药还剩两天")
    heard = "\n".join(home.told("daughter")[before:])
    assert "记:36.7℃、没有不舒服" in heard
    assert "药先转给村医" in heard
    assert any("【要药】" in words for words in home.heard(DOCTOR))
    assert [one.state for one in home.contacts()] == [ContactState.ANSWERED]


def test_a_stranger_answers_for_nobody(home: Isolated) -> None:
    home.follow("stranger")
    home.act("resident_mp_text", "stranger", text="帮我妈报 王样花 今天36度7 没咳嗽")
    assert [one.state for one in home.contacts()] == [ContactState.ASKED]


# -- a night at the checkpoint -----------------------------------------------------------------------------------------


def test_a_night_shift_in_one_line(town: Isolated) -> None:
    """卡2 夜班…: the slots are read, and the 37.6 pages somebody at once."""
    heard = answer(town, WORKER, "卡2 夜班 8个人 过车一百二 外地车11 测温203 一个37.6已让医生看 口罩剩2盒")
    for slot in ("2卡点 夜班", "值守8人", "检查车辆120辆", "外省车辆11辆", "测温203人"):
        assert slot in heard
    assert "有人不舒服或有危险,已马上告诉" in heard
    assert "37.6" in town.heard("yt_104003_01")[-1]


# -- two floors and the smell of disinfectant --------------------------------------------------------------------------

MEDIATOR = "yt_t104_deputy"


def test_a_quarrel_is_taken_in_private_and_closed_with_what_was_agreed(town: Isolated) -> None:
    """Asked in private, read back before anybody sees it; only the mediator does; both ends hear the outcome."""
    town.bind()
    assert "别人看不到" in said(town, "我要调解")
    said(town, "楼上消毒水味大 吵起来了")
    read = said(town, "早上喷就行")
    assert "楼上消毒水味大" in read
    assert "只交给" in read
    assert not [words for words in town.heard(MEDIATOR) if "调解" in words], "nobody before 好"
    assert "事项1" in said(town, "好")
    assert "楼上消毒水味大" in answer(town, MEDIATOR, "事项1")
    assert "没有找到事项1" in answer(town, WORKER, "事项1")
    answer(town, MEDIATOR, "事项1 受理了 明天下午谈")
    before = len(town.told())
    answer(town, MEDIATOR, "事项1 谈成了 以后早上喷")
    assert any("以后早上喷" in words for words in town.told()[before:])
    groups = [
        m["text"] for chat in ("yt350125104", "yt350125105") for m in town._control(f"chat?chatid={chat}")["messages"]
    ]
    assert not [text for text in groups if "消毒水" in str(text)], "no names and no quarrel in any group"
