"""一份清单集需求: asked for in one's own words, one list for the shop, closed by the household's 收到啦 alone."""

import pytest
from asking import Asked
from household import words
from village import Village

from handlers.domain.four_ones import ContactState
from handlers.domain.need import NeedState
from handlers.read_needs import read_needs

pytestmark = pytest.mark.long


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet)
    made.morning()
    return made


def states(home: Asked) -> list[NeedState]:
    with home.village.store.read() as work:
        return [one.state for one in work.needs.waiting([home.id], home.village.now)]


def test_from_the_asking_to_the_word_that_closes_it(home: Asked) -> None:
    village = home.village
    back = words(home.say("mother", "白菜2 鸡蛋一板 盐2包"))
    assert "记下要的:白菜2棵、鸡蛋1板(30个)、盐2包" in back
    assert "没写单位的按白菜2棵,不对请说" in back
    assert any("【需求】" in one and "白菜2棵" in one for one in village.letters("lv"))
    sheet = village.say("lv", "采购单")
    assert "采购单:1户3样:白菜2棵、鸡蛋1板(30个)、盐2包" in sheet
    assert "①3-101" in sheet
    assert "1户的都算您的" in village.say("lv", "采购我来")
    assert "有人去买了" in village.say("lv", "采购单")
    assert "现在没有等人接的" in village.say("lv", "采购我来")
    assert "他回「收到啦」才算完" in village.say("lv", "3-101 送到了")
    assert "收到请回「收到啦」" in words(home.heard("mother")[-1:])
    assert states(home) == [NeedState.DELIVERED]  # the worker's word closes nothing
    assert "都到了,谢谢您告诉我" in words(home.say("mother", "到了到了 谢谢"))
    assert states(home) == [NeedState.CLOSED]
    assert "现在没有要买的" in village.say("lv", "采购单")


def test_what_is_missing_opens_it_again_for_two_days(home: Asked) -> None:
    home.say("mother", "要一桶油 盐2包")
    home.village.say("lv", "采购我来")
    home.village.say("lv", "3-101 送到了")
    home.say("mother", "收到啦")
    home.village.forward(hours=20)
    assert "已经重开" in words(home.say("mother", "少了一袋盐"))
    assert any("【没齐】" in one and "少了一袋盐" in one for one in home.village.letters("lv"))
    assert states(home) == [NeedState.CLAIMED]
    home.village.say("lv", "3-101 送到了")
    home.say("mother", "都收到了")
    home.village.forward(hours=49)
    assert states(home) == []


def test_a_medicine_is_the_doctors_first(home: Asked) -> None:
    back = words(home.say("mother", "能帮忙买点感冒药不 还有泡面"))
    assert "感冒药先转给村医" in back
    assert "记下要的:泡面" in back
    assert any("【要药】" in one and "感冒药" in one for one in home.village.letters("zhou"))
    assert "感冒药" not in home.village.say("lv", "采购单")


def test_a_temperature_and_a_wish_in_one_message_both_count(home: Asked) -> None:
    back = words(home.say("mother", "36.4 帮我买2斤米"))
    assert "记下要的:米2斤" in back
    assert "记:36.4℃" in back
    assert home.contact.state is ContactState.ANSWERED


def test_more_than_thirty_things_in_one_message_are_all_taken(home: Asked) -> None:
    things = (
        "白菜 土豆 萝卜 西红柿 黄瓜 茄子 豆角 青菜 鸡蛋 牛奶 大米 面粉 盐 酱油 醋 糖 油 猪肉 牛肉 鸡肉 鱼 豆腐 苹果 "
        "香蕉 橘子 泡面 面条 饼干 面包 纸巾 牙膏 肥皂 洗衣粉 口罩 酒精 水 饮料"
    )
    many = " ".join(f"{name}2" for name in things.split())
    read = read_needs(many)
    assert len(read) > 30
    back = words(home.say("mother", many))
    assert f"一共{len(read)}样,东西多,分成几张单,一样没落下" in back
    with home.village.store.read() as work:
        lists = work.needs.waiting([home.id], home.village.now)
    assert [len(one.items) for one in lists] == [30, len(read) - 30]
    assert f"采购单:{len(lists)}户" not in home.village.say("lv", "采购单")  # one household, however many lists


@pytest.mark.parametrize("text", ["今天吃了白菜", "不用买菜了", "谢谢你的鸡蛋", "好着呢", "36.5"])
def test_what_asks_for_nothing(text: str) -> None:
    assert read_needs(text) == ()


def test_other_people_s_lists_are_not_seen(home: Asked) -> None:
    home.say("mother", "盐2包")
    assert "现在没有要买的" in home.village.say("other", "采购单")
    assert "记:3-101" not in home.village.say("other", "3-101 送到了")
    assert states(home) == [NeedState.OPEN]


def test_with_the_person_the_list_goes(village: Village) -> None:
    """On both databases."""
    home = Asked(village)
    home.morning()
    home.say("mother", "盐2包")
    with village.store.begin() as work:
        (one,) = work.needs.waiting([home.id], village.now)
        assert work.needs.move(one, NeedState.CLAIMED, village.now, by=1)
        assert not work.needs.move(one, NeedState.CLAIMED, village.now, by=2)  # somebody was first
        work.erasure.erase(one.subject_id, "asked", village.now)
        assert work.needs.waiting([home.id], village.now) == ()
