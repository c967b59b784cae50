"""打扰账: enough is enough for what is not urgent; what matters rings all the same; the month is added up."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType

import pytest
from asking import Asked
from household import PHONES, words
from isolating import noted
from rounds_rig import PLANNED, at
from sqlalchemy import select
from village import Village

from bot.fatigue_part import FatiguePart, fatigue
from handlers import escalate, release_directive, send_digest
from handlers.domain.county import PEACE
from handlers.domain.delivery import Letter, Purpose, Recipient, Text
from handlers.domain.errors import BadSetting
from handlers.domain.fatigue import Fatigue
from handlers.domain.four_ones import ContactState
from handlers.domain.message import Channel
from handlers.letters import URGENT, private
from store.models import delivery, held_message, parcel

pytestmark = pytest.mark.long

CAPS = Fatigue(MappingProxyType({"gridworker": 3}), MappingProxyType({"gridworker": 3}), (time(12, 0), time(17, 30)))
ORDER = "给柳树村所有网格员发:把春联底稿收上来 截止明天下午5点"


class Office:
    """A village whose gridworkers have a cap of three, and a leader who writes to them."""

    def __init__(self, village: Village) -> None:
        self.village = village
        village.county = replace(PLANNED, fatigue=CAPS)
        at(village, 9, 30)

    def busy(self, userid: str = "lv", times: int = 3) -> None:
        """Somebody has had so many messages today."""
        village = self.village
        with village.store.begin() as work:
            who = village.person_id(userid)
            letters = [private(userid, who, f"通知{n}", village.now) for n in range(times)]
            work.outbox.put(letters, village.now)

    def tick(self) -> None:
        village = self.village
        for verb in (release_directive.run, escalate.run, send_digest.run):
            with village.store.begin() as work:
                verb(work, village.ctx)

    def send(self, order: str = ORDER, before_go: str = "") -> str:
        """The village head sends it; returns its code."""
        village = self.village
        self.shown = village.say("head", order)
        if before_go:
            village.say("head", before_go)
        said = village.say("head", "发")
        village.forward(seconds=61)
        self.tick()
        return re.findall(r"D-\d+", said)[-1]

    def cards(self, userid: str, code: str) -> int:
        return sum(code in str(text) for text in self.heard(userid))

    def heard(self, userid: str) -> list[str]:
        with self.village.database.read() as connection:
            rows = connection.execute(
                select(parcel.c.body)
                .join(delivery, delivery.c.parcel_id == parcel.c.id)
                .where(delivery.c.person_id == self.village.person_id(userid))
                .order_by(parcel.c.id)
            )
            return [str(row.body) for row in rows]

    def rows(self) -> list[tuple[str, str, int, int]]:
        with self.village.database.read() as connection:
            h = held_message.c
            found = connection.execute(select(h.purpose, h.state, h.had, h.cap).order_by(h.id))
            return [tuple(row) for row in found]


@pytest.fixture
def office(hamlet: Village) -> Office:
    return Office(hamlet)


def test_what_is_not_urgent_waits_for_the_digest_and_a_row_says_why(office: Office) -> None:
    office.busy()
    code = office.send()
    assert "其中1人今天的消息已到上限,会攒到12:00一起看" in office.shown
    assert office.cards("lv", code) == 0
    assert office.cards("sun", code) == 1
    assert office.rows() == [("card", "waiting", 3, 3)]
    assert f"{code} 有1人今天已到上限,攒到12:00一起看" in office.village.letters("head")[-1]
    shown = office.village.say("head", f"进度 {code}")
    assert "攒着没发1人(今天已到上限),12:00一起看,不算没回" in shown
    assert "没回:第02网格" in shown  # and not the one who has not got it
    at(office.village, 12, 1)
    office.tick()
    office.tick()
    digest = office.heard("lv")[-1]
    assert "【攒着的1条】" in digest
    assert f"{code} 把春联底稿收上来" in digest
    assert office.cards("lv", code) == 1
    assert office.rows() == [("card", "sent", 3, 3)]
    assert "收到" in office.village.say("lv", f"收到 {code}")


@pytest.mark.long
def test_in_war_the_ladder_of_what_waited_begins_with_the_digest(office: Office) -> None:
    """Every step as long after the one before as the ladder says: nobody is reported who has not heard of it."""
    village = office.village
    with village.store.begin() as work:
        work.modes.start(village.node("v1"), 1, "样防指〔2020〕9号", village.now, village.now + timedelta(days=3))
    office.busy()
    code = office.send()
    assert office.cards("lv", code) == 0
    village.say("sun", f"收到 {code}")
    heard: list[tuple[int, str]] = []
    for minute in range(35):
        before = {who: len(office.heard(who)) for who in ("lv", "head")}
        at(village, 12, minute)
        office.tick()
        heard += [(minute, who) for who in before for text in office.heard(who)[before[who] :] if code in text]
    assert heard == [(0, "lv"), (10, "lv"), (30, "head")]  # the digest, the reminder, and only then the lead


def test_several_come_in_one_message_without_what_was_taken_back(office: Office) -> None:
    office.busy()
    first, second = office.send(), office.send("给柳树村所有网格员发:查一查灭火器 截止明天下午5点")
    gone = office.send("给柳树村所有网格员发:开个短会 截止明天下午5点")
    office.village.say("head", f"作废 {gone}")
    at(office.village, 12, 1)
    office.tick()
    digest = office.heard("lv")[-1]
    assert "【攒着的2条】" in digest
    assert first in digest
    assert second in digest
    assert [row[1] for row in office.rows()] == ["sent", "sent", "dropped"]


@pytest.mark.parametrize(
    "order",
    [
        "给柳树村所有网格员发:【急】河堤渗水 马上到位",
        "给柳树村所有网格员发:把春联底稿收上来 截止今天上午11点",
    ],
)
def test_what_cannot_wait_is_never_kept_back(office: Office, order: str) -> None:
    office.busy()
    code = office.send(order)
    assert office.cards("lv", code) == 1
    assert office.rows() == []


def test_answers_alarms_and_lists_of_calls_are_not_counted_or_kept(office: Office) -> None:
    office.busy(times=9)
    assert "今天没有要办的" in office.village.say("lv", "今天")
    with office.village.store.begin() as work:
        work.outbox.put([private("lv", office.village.person_id("lv"), "【急】", office.village.now, priority=URGENT)],
                        office.village.now)  # fmt: skip
        since = office.village.now.replace(hour=0)
        assert work.fatigue.had([office.village.person_id("lv")], since) == {office.village.person_id("lv"): 10}
    assert "【急】" in office.village.letters("lv")[-1]


def test_a_waiver_with_a_reason_sends_at_once_and_is_recorded(office: Office) -> None:
    office.busy()
    code = office.send()
    assert office.cards("lv", code) == 0
    assert "破例要写原因" in office.village.say("head", f"破例 {code}")
    assert "D-99" in office.village.say("boss", "破例 D-99 原因 没有这条")
    said = office.village.say("head", f"破例 {code} 原因 今晚大风,天黑前要加固")
    assert "攒着的1人马上收到" in said
    assert office.cards("lv", code) == 1
    assert office.rows() == [("card", "freed", 3, 3)]
    assert noted(office.village, code)[-1] == "waive cap"
    assert "已经破过例了" in office.village.say("head", f"破例 {code} 原因 再说一遍")
    at(office.village, 12, 1)
    office.tick()
    assert office.cards("lv", code) == 1


def test_a_waiver_in_the_preview_keeps_nothing_back(office: Office) -> None:
    office.busy()
    code = office.send(before_go="破例 原因:今晚大风")
    assert office.cards("lv", code) == 1
    assert office.rows() == []


def test_a_waiver_rings_nobody_who_answered_meanwhile(office: Office) -> None:
    office.busy()
    code = office.send()
    office.village.say("lv", f"收到 {code}")  # heard of it from a neighbour
    assert "原因写短些" in office.village.say("head", f"破例 {code} 原因 {'风' * 121}")
    office.village.say("head", f"破例 {code} 原因 今晚大风")
    assert sum("把春联底稿收上来" in one for one in office.heard("lv")) == 0


def test_a_digest_that_nobody_ticked_for_until_night_comes_in_the_morning(office: Office) -> None:
    office.busy()
    office.send()
    at(office.village, 23, 0)
    office.tick()
    with office.village.database.read() as connection:
        last = connection.scalar(select(parcel.c.due_at).order_by(parcel.c.id.desc()).limit(1))
    assert office.village.ctx.local(last).time() == time(7, 0)


def test_nobody_waives_for_another(office: Office) -> None:
    office.busy()
    code = office.send()
    office.village.say("sun", f"破例 {code} 原因 我想先看")
    assert office.rows() == [("card", "waiting", 3, 3)]


def test_a_reminder_that_can_be_left_is_left_and_a_row_says_so(office: Office) -> None:
    code = office.send()
    office.busy()
    office.village.forward(hours=2, seconds=1)
    office.tick()
    assert office.rows() == [("reminder", "unsent", 4, 3)]
    assert office.cards("lv", code) == 1
    assert office.cards("sun", code) == 2  # the card, and the reminder
    assert "已私下催过1人" in office.village.say("head", f"进度 {code}")


RESIDENTS = Fatigue(MappingProxyType({"resident": 1}), MappingProxyType({}))


def told(home: Asked, *who: str) -> None:
    """They hear something else today."""
    village = home.village
    with village.store.begin() as work:
        for one in who:
            to = (Recipient(PHONES[one], node_id=home.id),)
            work.outbox.put([Letter(Purpose.NOTICE, Channel.KF, Text("告知"), to, village.now)], village.now)


def test_who_had_enough_is_left_and_another_of_the_house_is_asked(hamlet: Village) -> None:
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, fatigue=RESIDENTS)
    told(home, "mother")
    home.morning()
    assert "今天体温" in words(home.heard("daughter"))
    assert "今天体温" not in words(home.heard("mother"))


def test_when_everybody_of_the_house_had_enough_the_digest_asks(hamlet: Village) -> None:
    """Later, and not never: the last digest that is in time asks whatever they had."""
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, fatigue=RESIDENTS)
    told(home, "mother", "daughter", "neighbour")
    home.morning()
    assert "今天体温" not in words(home.heard("mother") + home.heard("daughter"))
    assert home.contact.state is ContactState.OPEN
    assert home.steps()[-1] == ("put_off", "had_enough")
    assert home.contact.due_at is not None
    assert hamlet.ctx.local(home.contact.due_at).time() == time(12, 0)
    at(hamlet, 12, 1)
    home.tick()
    assert home.contact.state is ContactState.ASKED
    assert sum("今天体温" in str(one) for one in home.heard("mother") + home.heard("daughter")) == 1


def test_nobody_ticked_until_the_evening_and_nobody_is_asked_then(hamlet: Village) -> None:
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, fatigue=RESIDENTS)
    told(home, "mother", "daughter", "neighbour")
    home.morning()
    at(hamlet, 21, 0)
    home.tick()
    assert home.contact.state is ContactState.LATE


def test_the_bill_counts_own_place_and_those_below_in_tree_order(village: Village) -> None:
    """On both databases."""
    hamlet = village
    home = Asked(hamlet)
    hamlet.county = replace(PLANNED, fatigue=CAPS)
    home.morning()
    home.say("mother", "36.4")
    office = Office(hamlet)
    at(hamlet, 10, 0, day=date(2020, 1, 28))
    office.busy("sun", 5)
    code = office.send(before_go="破例 原因:今晚大风")
    said = hamlet.say("head", "减负账单")
    lines = said.splitlines()
    assert lines[0] == "【减负账单】清水镇柳树村 2020年1月(到现在),只列本级和直接下级,不排名:"
    assert [line.partition(":")[0] for line in lines[1:4]] == [
        "清水镇柳树村", "清水镇柳树村第01网格", "清水镇柳树村第02网格",
    ]  # fmt: skip
    assert "给住户2条" in lines[2]  # told of the decision, asked once
    assert "问住户1次,台账省下0次" in lines[1]
    assert "给工作人员6条(要回执1次)、给住户0条" in lines[3]
    assert "破例1次" in lines[1]
    assert lines[4] == f"破例 {code}(1月28日):今晚大风"
    assert "样" not in said  # nobody's name
    assert noted(hamlet, f"node:{hamlet.node('v1')}")[-1] == "look bill"
    assert hamlet.say("head", "减负账单 12月").splitlines()[0].startswith("【减负账单】清水镇柳树村 2019年12月,")
    assert "【减负账单】" not in hamlet.say("lv", "减负账单")
    assert "要哪个月" in hamlet.say("head", "减负账单 13月")


def test_the_settings_are_checked() -> None:
    assert fatigue(FatiguePart(peace={"gridworker": 9}), PEACE).cap(["gridworker"], war=True) == 9
    with pytest.raises(BadSetting, match="没有这个职务"):
        fatigue(FatiguePart(peace={"nobody": 9}), PEACE)
    with pytest.raises(BadSetting, match="不打扰"):
        fatigue(FatiguePart(digest=["23:00"]), PEACE)
