"""Paper, shopping, handover and boards over the stand-in's real HTTP: what is typed in chat, and what comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_four_ones import LEAD, OPEN, Isolated
from test_residents import WORKER

from handlers.domain.four_ones import ContactState

pytestmark = pytest.mark.long

OTHER, GROUP = "yt_104003_01", "yt350125104003"
LEADS = (OTHER, LEAD)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Isolated]:
    made = Isolated(tmp_path)
    yield made
    made.close()


def files(town: Isolated, userid: str) -> list[str]:
    return [str(m) for m in town.messages(userid) if m.get("msgtype") == "file"]


def test_a_paper_household_s_week_and_whoever_looks_after_it(town: Isolated) -> None:
    """A household without WeChat: its card, its days typed in, its wishes; leave, 接了, back again; the board."""
    town.say(LEAD, OPEN)
    town.settle()
    town.say(WORKER, "已告知1")
    town.to(9, 25)
    town.say(WORKER, "周卡 9001户")
    town.settle()
    assert "周卡-" in files(town, WORKER)[-1]
    town.say(WORKER, "补录 9001户 2.6 36.4 2.7 早36.5 晚36.6 2.8 36.7 2.9 36.5")
    told = town.heard(WORKER)[-1]
    assert "补录记了4条" in told
    assert "2月9日:还没到" in told
    assert {one.state for one in town.contacts()} == {ContactState.ANSWERED}
    town.say(WORKER, "#接龙 买菜 1. 9001户 白菜2 鸡蛋一板 2. 9002户 盐2包")
    assert "接龙:1户,新记2样" in town.heard(WORKER)[-1]
    assert "「9002户 盐2包」没有这一户,或不归您管" in town.heard(WORKER)[-1]
    town.say(WORKER, "采购我来")
    town.settle()
    assert "采购表2月8日.xlsx" in files(town, WORKER)[-1]
    town.say(WORKER, "今天")
    assert "要送1户:9001户" in town.heard(WORKER)[-1]
    other = _name(town, OTHER)
    town.say(WORKER, f"今天请假 {other}代")
    assert "答应了要送:9001户" in town.heard(OTHER)[-1]
    town.say(OTHER, "接了")
    assert "的事您接了" in town.heard(OTHER)[-1]
    town.say(WORKER, "我回来了")
    town.forward(minutes=2)  # no phone rings without a pause; what waited for it comes together
    assert any("欢迎回来" in words and "要送1户:9001户" in words for words in town.heard(WORKER)[-2:])
    town.say(WORKER, "9001户 送到了")
    town.say(WORKER, "9001户 收到了")
    assert "居民当面说收到了" in town.heard(WORKER)[-1]
    town.say(LEAD, "全县")
    board = town.heard(LEAD)[-1]
    assert "问候1次:答了1" in board
    assert "9001" not in board
    town.say(WORKER, f"明天请假 {other}代")
    town.to(8, 30, days=1)
    packs = [words for words in town.heard(OTHER) if "【交接】" in words and "照看1户:9001户" in words]
    assert len(packs) == 2  # today's, and tomorrow's in its morning


def _name(town: Isolated, userid: str) -> str:
    with town.parts.store.read() as work:
        person = work.people.by_userid(userid, town.parts.counties.context().day)
    assert person is not None
    return person.name


def test_a_worker_who_is_not_well_says_so_in_the_group_and_the_group_hears_nothing(town: Isolated) -> None:
    town.say(WORKER, "@小格 我发烧了 38.2", group=GROUP)
    town.settle()
    assert town.chat(GROUP) == []
    assert "先顾好自己" in town.heard(WORKER)[-1]
    told = [words for userid in LEADS for words in town.heard(userid) if "身体不适" in words]
    assert len(told) == 1
    assert "38" not in told[0]
    with town.parts.store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT intent, body FROM inbox WHERE kind = 'text'").all()
    assert [tuple(row) for row in rows] == [("duty_off_now", None)]
