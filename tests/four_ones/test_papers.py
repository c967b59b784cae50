"""Paper for households without WeChat: the weekly card, the shopping sheet; each a file to whoever asked, then gone."""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from asking import Asked
from household import words
from isolating import night
from sqlalchemy import select, update
from village import Village

from bot import paper_orders
from bot.paper_orders import PaperMaker, week_cards
from bot.papers.week_card import texts_of
from handlers import week_card
from store.models import parcel

pytestmark = pytest.mark.long


class Clocked:
    """What `PaperMaker` needs of the counties."""

    def __init__(self, village: Village) -> None:
        self._village = village

    def now(self) -> object:
        return self._village.now

    def context(self) -> object:
        return self._village.ctx


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet, reached=False)
    made.morning()
    return made


@pytest.fixture
def maker(home: Asked, tmp_path: Path) -> Iterator[PaperMaker]:
    yield PaperMaker(home.village.store, Clocked(home.village), tmp_path)  # type: ignore[arg-type]
    shutil.rmtree(tmp_path, ignore_errors=True)


def files(home: Asked) -> list[str]:
    with home.village.database.read() as connection:
        bodies = connection.execute(select(parcel.c.body).order_by(parcel.c.id)).scalars()
        return [body["path"] for body in bodies if body and body["kind"] == "file"]


def without_wechat(home: Asked) -> None:
    with home.village.store.begin() as work:
        for who in ("mother", "daughter", "neighbour"):
            work.households.end_address("kf", f"wm{who.upper()}", home.village.now)


def test_week_cards_of_the_households_no_message_reaches(home: Asked, maker: PaperMaker) -> None:
    village = home.village
    assert "没有要印周卡的" in village.say("lv", "周卡")
    without_wechat(home)
    assert "周卡1张,马上发给您" in village.say("lv", "周卡 一格")
    assert maker.run() == 1
    assert maker.run() == 0
    assert village.letters("lv")[-1].startswith("周卡-清水镇柳树村第01网格")
    (path,) = files(home)
    assert Path(path).read_bytes().startswith(b"%PDF")
    assert Path(path).stat().st_mode & 0o077 == 0  # nobody else on the machine reads it
    with village.database.begin() as connection:
        connection.execute(update(parcel).values(state="sent", ended_at=village.now))
    maker.run()
    assert not Path(path).exists()  # sent: no longer ours to keep
    assert "不在照看的计划里" in village.say("lv", "周卡 3-102")
    assert "要哪里的周卡" in village.say("other", "周卡 3-101")  # of another grid: as if it were not there


def test_a_disk_that_refuses_loses_no_paper(home: Asked, maker: PaperMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    village = home.village
    village.say("lv", "周卡 3-101")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(paper_orders, "write_week_cards", full)
    assert maker.run() == 0
    monkeypatch.undo()
    assert maker.run() == 1
    monkeypatch.setattr(week_card, "MANY", 0)
    assert "一个村一个村印" in village.say("lv", "周卡 一格")


def test_a_card_holds_no_more_than_it_needs(home: Asked) -> None:
    with home.village.store.begin() as work:
        (card,) = week_cards(home.id, work, home.village.ctx, every=True)
    shown = " ".join(sorted(texts_of([card])))
    assert "王样花" not in shown
    assert "样舅" not in shown
    assert "10400000777" not in shown
    assert card.card.number == "3-101"
    assert "104 0000 0001" in shown  # the gridworker's
    assert "用途:居家健康监测,依据:隔离决定" in shown
    assert [hour.hour for hour in card.hours] == [9, 16]
    assert len(card.days) == 7


def test_a_shopping_sheet_per_shop_and_per_building(home: Asked, maker: PaperMaker) -> None:
    village = home.village
    roll = "#接龙 买菜 1. 3-101 白菜2 鸡蛋一板 2. 3-102张 白菜1 盐2包 3. 9-909 盐3包 4. 3-103 谢谢小吕"
    heard = village.say("lv", roll)
    assert "接龙:2户,新记4样" in heard
    assert "3-102 白菜1棵、盐2包" in heard
    assert "「9-909 盐3包」没有这一户,或不归您管" in heard
    assert "「3-103 谢谢小吕」没看懂要什么" in heard
    assert village.say("lv", "采购表").startswith("您手上没有要买的")
    assert "2户的都算您的" in village.say("lv", "采购我来")
    assert maker.run() == 1
    assert village.letters("lv")[-1] == "采购表1月28日.xlsx"
    with zipfile.ZipFile(files(home)[0]) as book:
        sheets = book.read("xl/workbook.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert [name in sheets for name in ("菜摊", "肉蛋水产", "粮油副食", "送货单", "日用品")] == [True] * 4 + [False]
    assert "3-101 2、3-102 1" in words
    assert "王样花" not in words


def test_the_whole_roll_again_takes_only_what_is_new(home: Asked) -> None:
    village = home.village
    village.say("lv", "#接龙 1. 3-101 白菜2 盐2包")
    assert "感冒药1盒先转村医" in village.say("lv", "#接龙 1. 3-101 感冒药一盒")
    heard = village.say("lv", "#接龙 1. 3-101 白菜3 盐1包 2. 5-201 米5斤 3. 3-103 米5斤 4. 3-102 同上")
    assert "3-101 白菜1棵" in heard
    assert "盐2包比接龙多,没有减" in heard
    assert "3-102 米5斤(照上一户)" in heard
    assert "「5-201 米5斤」没有这一户,或不归您管" in heard  # of the other grid
    assert "白菜3棵" in village.say("lv", "采购单")
    again = village.say("lv", "#接龙 1. 3-103 米5斤")
    assert "早记过了" in again


def test_a_roll_of_temperatures_is_none_of_wishes(home: Asked) -> None:
    village = home.village
    assert village.intent("lv", "#接龙 体温 1. 3-101 36.5 2. 3-102 36.7") != "duty_needs_roll"


def test_a_household_on_no_plan_asks_too_and_only_its_own_word_closes(home: Asked) -> None:
    village = home.village
    with village.store.begin() as work:
        work.contacts.release(home.id, "isolation", village.ctx.day - timedelta(days=1))
    home.open("mother")
    assert "记下要的:盐2包" in words(home.say("mother", "盐2包"))
    village.say("lv", "采购我来")
    assert "他回「收到啦」才算完" in village.say("lv", "3-101 送到了")
    assert "都到了" in words(home.say("mother", "收到啦"))
    village.forward(hours=47)
    home.open("mother")
    assert "已经重开" in words(home.say("mother", "少了一袋盐"))
    village.say("lv", "3-101 送到了")
    home.say("mother", "收到啦")
    village.forward(hours=49)
    home.open("mother")
    assert "已经重开" not in words(home.say("mother", "少了一袋盐"))


def test_brought_is_what_was_bought_and_is_told_once(home: Asked) -> None:
    village = home.village
    home.open("mother")
    home.say("mother", "盐2包")
    village.say("lv", "采购我来")
    home.say("mother", "米5斤")
    assert "后来又要的米5斤还没人接" in village.say("lv", "3-101 送到了")
    heard = words(home.say("mother", "在吗"))
    assert "早说过送到了" not in heard
    before = len(home.heard("mother"))
    village.say("lv", "采购我来")
    assert "记:3-101 送到了" in village.say("lv", "3-101 送到了")
    assert "早说过送到了" in village.say("lv", "3-101 送到了")
    asked = [text for one in home.heard("mother")[before:] if "送的人说到了" in (text := words([one]))]
    assert [("米5斤" in one, "盐" in one) for one in asked] == [(True, False)]


def test_a_night_s_wish_is_told_in_the_morning(home: Asked) -> None:
    village = home.village
    night(village)
    before = len(village.letters("lv"))
    home.say("mother", "盐2包")
    assert len(village.letters("lv")) == before + 1
    with village.database.read() as connection:
        rows = connection.execute(select(parcel.c.due_at, parcel.c.body).order_by(parcel.c.id)).all()
    (due_at,) = [one.due_at for one in rows if one.body and "【需求】" in str(one.body.get("text"))]
    assert (due_at - village.now).total_seconds() > 6 * 3600
