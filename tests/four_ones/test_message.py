"""一次微信问健康: asked once, answered in one's own words, read back, set right, never overwritten in silence."""

from datetime import date
from decimal import Decimal

import pytest
from asking import Asked
from household import PHONES, keys, words
from isolating import PAPER, sent
from rounds_rig import at
from village import MORNING, Village

from handlers.domain.delivery import label
from handlers.domain.four_ones import ContactState
from handlers.domain.message import Channel
from handlers.domain.place_code import CodeKind
from handlers.domain.wellbeing import AnswerState, Wellbeing
from handlers.read_wellbeing import read

pytestmark = pytest.mark.long


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet)
    made.morning()
    return made


def test_the_question_is_short_and_says_what_it_is_for(home: Asked) -> None:
    asked = home.heard("mother")[-1]
    assert "早上好,今天体温?(没事回「好」)" in words([asked])
    assert "用途:居家健康监测,依据:隔离决定" in words([asked])
    assert len(keys([asked], "one_well")) == len(keys([asked], "one_trouble")) == 1
    assert home.contact.state is ContactState.ASKED
    assert not any("今天体温" in letter for letter in map(str, home.heard("daughter")))
    before = len(home.heard("mother"))
    home.tick()
    assert len(home.heard("mother")) == before


@pytest.mark.parametrize(
    ("text", "back", "said"),
    [
        ("36.4", "记:36.4℃。", Wellbeing(Decimal("36.4"))),
        ("好着呢", "记:都好。", Wellbeing(well=True)),
        ("好", "记:都好。", Wellbeing(well=True)),
        ("三十六度五", "记:36.5℃。", Wellbeing(Decimal("36.5"))),
        ("365", "体温按36.5℃记,对吗?", Wellbeing(Decimal("36.5"))),
        ("没发烧 没咳嗽", "记:没有不舒服。", Wellbeing(symptoms=())),
    ],
)
def test_an_answer_is_read_back(home: Asked, text: str, back: str, said: Wellbeing) -> None:
    assert back in words(home.say("mother", text))
    (answer,) = home.answers()
    assert (answer.said, answer.state, answer.via) == (said, AnswerState.STANDING, "kf")
    assert home.contact.state is ContactState.ANSWERED
    before = len(home.heard("mother"))
    home.pass_(hours=4)
    assert len(home.heard("mother")) == before
    assert not any("打电话" in letter for letter in home.village.letters("lv"))


def test_a_sore_throat_goes_to_the_village_doctor_at_once(home: Asked) -> None:
    back = words(home.say("mother", "没发烧 就是嗓子疼"))
    assert "记:嗓子疼" in back
    assert "已经告诉村医周样医" in back
    (letter,) = [one for one in home.village.letters("zhou") if "待看" in one]
    assert "王**" in letter
    assert "嗓子疼" in home.village.say("zhou", "接1")


def test_a_fever_is_no_form_and_no_120_by_itself(home: Asked) -> None:
    back = words(home.say("mother", "38.2"))
    assert "记:38.2℃" in back
    assert "请马上打120(" not in back
    assert any("【待看" in one and "体温高了" in one for one in home.village.letters("zhou"))


def test_said_again_at_once_is_a_correction_and_the_old_value_stays(home: Asked) -> None:
    home.say("mother", "38.6")
    home.village.forward(minutes=2)
    assert "已改:38.6℃→36.8℃。前一个也留着底。" in words(home.say("mother", "36.8"))
    first, second = home.answers()
    assert (first.state, first.said) == (AnswerState.SUPERSEDED, Wellbeing(Decimal("38.6")))
    assert (second.state, second.said) == (AnswerState.STANDING, Wellbeing(Decimal("36.8")))
    assert "一样" in words(home.say("mother", "36.8"))
    assert len(home.answers()) == 2


def test_another_reading_later_stands_beside_the_first(home: Asked) -> None:
    home.say("mother", "36.4")
    home.village.now = home.village.now.replace(hour=9, minute=30)  # 17:30 there: no round is left today
    assert "又记一次:36.9℃" in words(home.say("mother", "36.9"))
    assert [one.state for one in home.answers()] == [AnswerState.STANDING] * 2


@pytest.mark.parametrize(("text", "holds"), [("1", "37.0"), ("以我的为准", "37.0"), ("2", "36.5"), ("前面的", "36.5")])
def test_two_people_say_otherwise_and_both_stay(home: Asked, text: str, holds: str) -> None:
    home.say("mother", "36.5")
    back = words(home.say("daughter", "王样花 37.0"))
    assert "有人报36.5℃,您报37.0℃,两个都留着" in back
    assert [one.state for one in home.answers()] == [AnswerState.STANDING, AnswerState.DIFFERS]
    assert f"以{holds}℃为准" in words(home.say("daughter", text))
    standing = [one.said.celsius for one in home.answers() if one.state is AnswerState.STANDING and one.said]
    assert standing == [Decimal(holds)]
    assert len(home.answers()) == 2


@pytest.mark.parametrize("text", ["63.5", "体温63.5", "3.65", "99度"])
def test_what_is_no_temperature_is_asked_and_not_kept(home: Asked, text: str) -> None:
    assert "不像体温" in words(home.say("mother", text))
    assert home.answers() == []
    assert home.contact.state is ContactState.ASKED


def test_a_bare_number_answers_only_the_question_just_shown(home: Asked) -> None:
    home.say("mother", "您好呀请问这个怎么用")  # the menu is shown now: 1 is 要帮忙
    home.say("mother", "1")
    assert home.answers() == []
    home.village.forward(days=1)
    home.open("mother")
    home.morning()
    assert "记:都好" in words(home.say("mother", "1"))


def test_a_tap_answers_and_yesterdays_tap_does_not(home: Asked) -> None:
    (yesterday,) = keys(home.heard("mother")[-1:], "one_well")
    home.village.forward(days=1)
    home.open("mother")
    at(home.village, 9)
    home.tick()
    at(home.village, 9, 25)
    home.tick()
    assert "已经过期,没有算数" in words(home.tap("mother", yesterday))
    assert home.answers() == []
    (today,) = keys(home.heard("mother"), "one_well")[-1:]
    assert "记:都好" in words(home.tap("mother", today))


def test_yesterdays_answer_goes_to_yesterday(home: Asked) -> None:
    asked = home.contact.id
    home.village.forward(days=1)
    home.open("mother")
    back = words(home.say("mother", "昨天36.6"))
    assert "记到1月28日(昨天):记:36.6℃" in back
    (answer,) = home.answers(asked)
    assert answer.day == date(2020, 1, 28)
    assert "没有问过您,没有记" in words(home.say("mother", "1月20日 36.6"))


def test_whoever_speaks_first_is_not_asked_again(home: Asked) -> None:
    home.say("mother", "36.4")
    home.village.forward(days=1)
    at(home.village, 7, 30)
    home.open("mother")
    assert "记:36.7℃" in words(home.say("mother", "36.7"))
    home.morning()
    assert "今天体温" not in words(home.heard("mother")[-1:])
    assert home.contact.state is ContactState.ANSWERED


def test_who_is_not_of_the_household_is_told_so(home: Asked) -> None:

    with home.village.store.begin() as work:
        token = work.codes.issue(home.id, CodeKind.HOUSEHOLD, home.village.now).token
        work.visits.came(Channel.KF, label(Channel.KF, PHONES["stranger"]), token, home.village.now)
    assert "还不是这一户登记的联系人" in words(home.say("stranger", "36.5"))
    assert home.answers() == []


def test_after_the_end_a_short_word_and_nothing_is_kept(home: Asked) -> None:

    asked = home.contact.id
    home.village.say("head", f"解除隔离1 {PAPER}")
    sent(home.village)
    assert home.contact.state is ContactState.DROPPED
    assert "已按决定于1月28日解除,不用再报了" in words(home.say("mother", "36.5"))
    assert home.answers(asked) == []
    home.village.forward(days=1)
    home.morning()
    assert home.contact.id == asked  # nobody is asked any more


def test_two_temperatures_of_one_who_is_asked_about_are_not_guessed(home: Asked) -> None:
    assert "这是谁的?" in words(home.say("mother", "我妈36.5 我36.4"))
    assert home.answers() == []
    assert "记:36.4℃" in words(home.say("mother", "36.4"))


def test_two_isolated_need_two_temperatures(hamlet: Village) -> None:
    home = Asked(hamlet, people=("王样花", "李拟宝"))
    home.morning()
    assert "这是谁的?" in words(home.say("mother", "36.5"))
    assert "李**的还没报" in words(home.say("mother", "王样花 36.5"))
    assert home.contact.state is ContactState.ASKED
    assert "记:36.9℃" in words(home.say("mother", "李拟宝 36.9"))
    assert home.contact.state is ContactState.ANSWERED


def test_after_days_of_nothing_only_trouble_is_said_and_trouble_begins_it_anew(home: Asked) -> None:
    for day in range(3):
        back = words(home.say("mother", "36.4"))
        assert ("以后没事不用回" in back) == (day == 2)
        home.village.forward(days=1)
        home.open("mother")
        home.morning()
    assert "今天体温" not in words(home.heard("mother")[-1:])
    assert "已经告诉网格员" in words(home.say("mother", "有事"))
    assert any("居民说有事" in letter for letter in home.village.letters("lv"))
    home.say("mother", "37.9")
    home.village.forward(days=1)
    home.open("mother")
    home.morning()
    assert "今天体温" in words(home.heard("mother")[-1:])


@pytest.mark.parametrize("text", ["不要再发了", "天天问烦不烦", "别问了"])
def test_a_word_is_enough_to_be_asked_no_more(home: Asked, text: str) -> None:
    assert "改成没事不用回" in words(home.say("mother", text))
    assert home.contact.state is ContactState.DROPPED
    home.village.forward(days=1)
    home.open("mother")
    home.morning()
    assert "今天体温" not in words(home.heard("mother")[-1:])


@pytest.mark.parametrize("text", ["断药了 胰岛素没了", "透析去不了", "我见红了", "喘不上气"])
def test_the_medicine_lane_fetches_a_person_within_minutes(home: Asked, text: str) -> None:
    back = words(home.say("mother", text))
    assert "请马上打120" in back
    assert "/d/" not in back  # never a form
    assert any(text in letter for letter in home.village.letters("lv"))
    (asked,) = [one for one in home.village.letters("zhou") if "【待看" in one and "急" in one]
    assert "请在5分钟内" in asked
    before = len(home.village.letters("head"))
    home.village.forward(minutes=6)
    home.tick()
    assert any("还没人接" in one for one in home.village.letters("head")[before:])
    home.village.say("lv", "接1")
    told = len(home.village.letters("boss"))
    home.village.forward(minutes=20)
    home.tick()
    assert len(home.village.letters("boss")) == told


@pytest.mark.parametrize(("text", "many"), [("36.4", 1), ("我妈36.8 我36.5", 2), ("今天买菜 白菜2棵", 0), ("你好", 0)])
def test_reading(text: str, many: int) -> None:

    assert len(read(text, MORNING).told) == many


def test_with_the_person_the_answers_go(home: Asked) -> None:
    home.say("mother", "38.4")
    with home.village.store.begin() as work:
        work.erasure.erase(1, "asked", home.village.now)
    (answer,) = home.answers()
    assert answer.said is None
