"""The four silences are told apart by what the rows prove; and whoever says 下午吧 is believed until then."""

from datetime import date, datetime, time, timedelta

import pytest
from asking import PHONE, Asked
from household import Home, words
from isolating import PAPER, sent
from rounds_rig import PLANNED, at
from village import Village

from handlers.domain.four_ones import ContactState
from handlers.domain.letter import State
from handlers.domain.silence import Evidence, Silence, silence
from handlers.later_words import read_later

pytestmark = pytest.mark.long

NOON = datetime(2020, 1, 28, 12, 0, tzinfo=PLANNED.tz)


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet)
    made.morning()
    return made


def kind(home: Home) -> Silence | None:
    with home.village.store.read() as work:
        found = work.silences.of([home.id], home.village.ctx.day).get(home.id)
    return silence(found) if found else None


# -- which silence it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.SENT, Silence.NOT_SEEN),
        (State.QUEUED, Silence.NOT_DELIVERED),
        (State.FAILED, Silence.NOT_DELIVERED),
        (State.UNKNOWN, Silence.NOT_DELIVERED),
        (State.LATE, Silence.NOT_DELIVERED),
        (None, Silence.NOT_DELIVERED),
    ],
)
def test_only_what_the_platform_took_was_delivered(state: State | None, expected: Silence) -> None:
    assert silence(Evidence(1, ContactState.ASKED, asked=True, delivery=state)) is expected


def test_who_was_not_asked_is_not_silent(home: Asked) -> None:
    for state in (ContactState.OPEN, ContactState.LEDGER, ContactState.REFUSED):
        assert silence(Evidence(1, state)) is None
    assert silence(Evidence(1, ContactState.CALLING)) is None  # a planned call: nobody wrote


def test_each_step_of_a_morning(home: Asked) -> None:
    village = home.village
    assert kind(home) is Silence.NOT_DELIVERED  # it has not gone out
    sent(village)
    assert kind(home) is Silence.NOT_SEEN  # taken, and nobody knows more
    assert "送到了,不知看没看1户" in village.say("head", "欠")
    home.say("mother", "在忙")
    assert kind(home) is Silence.BUSY
    assert "3-101(说10:25前后回)" in village.say("lv", "今天")
    assert "说在忙,晚点回1户" in village.say("head", "欠")
    home.say("mother", "好着呢")
    assert kind(home) is Silence.NOTHING
    assert "没事,不用回1户" in village.say("head", "欠")
    assert "没回话" not in village.say("lv", "今天")


def test_what_the_platform_gave_back_was_not_delivered(home: Asked) -> None:
    sent(home.village, "failed")
    assert kind(home) is Silence.NOT_DELIVERED
    home.pass_(hours=1)
    (asked,) = [one for one in home.village.letters("lv") if "【打电话1户】" in one]
    assert f"3-101 微信还没送到:{PHONE}" in asked


def test_nobody_to_write_to_is_not_delivered(hamlet: Village) -> None:
    home = Asked(hamlet, reached=False)
    at(hamlet, 8, day=date(2020, 2, 2))  # nobody of the house spoke for days
    home.morning()
    assert home.contact.state is ContactState.CALLING
    assert kind(home) is Silence.NOT_DELIVERED


def test_who_need_not_answer_has_nothing_to_say(home: Asked) -> None:
    home.say("mother", "有事才说")
    home.village.forward(days=1)
    home.morning()
    assert kind(home) is Silence.NOTHING
    assert "没事,不用回1户" in home.village.say("head", "欠")


def test_an_answer_that_is_not_well_is_no_silence(home: Asked) -> None:
    home.say("mother", "38.5")
    assert kind(home) is None


def test_looking_after_a_household_says_how_it_is_silent(home: Asked) -> None:
    sent(home.village)
    assert "今天:送到了,不知看没看。" in home.village.say("lv", "照看 3-101 独居老人")


def test_counts_name_nobody_and_stay_inside_ones_own_place(home: Asked) -> None:
    said = home.village.say("head", "欠")
    assert "3-101" not in said
    assert "没回话" not in home.village.say("other", "欠")


def test_both_databases_tell_them_apart_alike(village: Village) -> None:
    home = Asked(village)
    home.morning()
    sent(village)
    assert kind(home) is Silence.NOT_SEEN


# -- later -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("下午吧", "15:00"), ("等会儿", "13:00"), ("晚上再量", "19:00"), ("忙", "13:00"), ("在忙呢 晚点", "13:00"),
        ("现在忙着呢,晚点再说", "13:00"), ("下午3点再量", "15:00"), ("三点半吧", "15:30"), ("晚上八点", "20:00"),
        ("半小时后", "12:30"), ("过两个小时再报", "14:00"), ("我在上班 等会儿", "13:00"), ("上午吧", "13:00"),
        ("晚饭后量", "19:00"), ("开会呢", "13:00"),
    ],
)  # fmt: skip
def test_until_when(text: str, until: str) -> None:
    found = read_later(text, NOON)
    assert found is not None
    assert f"{found:%H:%M}" == until


@pytest.mark.parametrize(
    "text",
    ["下午发烧了", "晚上去看病行不行", "下午买菜 白菜2", "36.5", "好着呢", "明天再说", "头晕 等会儿再量", "有事",
     "下午38度", "断药了", "过年好"],
)  # fmt: skip
def test_other_words_put_nothing_off(text: str) -> None:
    assert read_later(text, NOON) is None


def test_the_ladder_waits_until_then_and_goes_on(home: Asked) -> None:
    village = home.village
    back = words(home.say("mother", "下午吧"))
    assert "好,不急,15:00前后再回就行,这之前不催" in back
    assert home.contact.state is ContactState.ASKED
    home.pass_(hours=5)  # 14:25
    assert not any("【打电话" in one for one in village.letters("lv"))
    home.pass_(minutes=40)
    (asked,) = [one for one in village.letters("lv") if "【打电话1户】" in one]
    assert "3-101 说15:00前后回,还没回" in asked
    home.say("mother", "36.4")
    assert home.contact.state is ContactState.ANSWERED


def test_it_is_bounded_by_the_day(home: Asked) -> None:
    assert "21:00前后" in words(home.say("mother", "晚上十点半吧"))
    due_at = home.contact.due_at
    assert due_at is not None
    assert home.village.ctx.local(due_at).time() == time(21, 0)
    at(home.village, 21, 30)
    assert "今天不再问" in words(home.say("mother", "等会儿"))
    assert home.contact.due_at == due_at


def test_somebody_about_to_call_hears_that_it_can_wait(home: Asked) -> None:
    home.pass_(hours=1)
    assert home.contact.state is ContactState.CALLING
    home.say("mother", "在忙 晚点")
    assert "【不用急着打】" in home.village.letters("lv")[-1]
    assert home.contact.due_at == home.village.now + timedelta(hours=2)  # and then has an hour as always
    assert home.contact.state is ContactState.CALLING
    assert "记:3-101" in home.village.say("lv", "打了 36.5 没事")


def test_who_speaks_before_the_question_is_not_asked_it(hamlet: Village) -> None:
    home = Asked(hamlet)
    at(hamlet, 9)
    home.tick()
    home.say("mother", "晚上再量")
    at(hamlet, 9, 25)
    home.tick()
    assert "今天体温" not in words(home.heard("mother"))
    assert home.contact.state is ContactState.ASKED


def test_a_time_for_the_doctors_call_goes_to_the_doctor(home: Asked) -> None:
    back = words(home.say("mother", "没发烧 就是嗓子疼"))
    assert "村医周样医" in back
    assert "告诉村医周样医了,15:00前后联系您" in words(home.say("mother", "下午吧"))
    assert "王**说「下午吧」,15:00前后联系他" in home.village.letters("zhou")[-1]
    assert home.contact.state is ContactState.ANSWERED


def test_the_doctor_is_sent_to_nobody_at_night(home: Asked) -> None:
    home.say("mother", "没发烧 就是嗓子疼")
    at(home.village, 23, 30)
    assert "告诉村医周样医了,明早前后联系您" in words(home.say("mother", "在忙"))
    assert "说「在忙」,明早前后联系他" in home.village.letters("zhou")[-1]


def test_later_means_nothing_where_nobody_waits(hamlet: Village) -> None:
    home = Home(hamlet)
    home.open("mother")
    home.say("mother", "下午吧")
    assert home.intent == "resident_menu"


def test_an_isolation_that_ended_waits_for_nobody(home: Asked) -> None:
    home.say("mother", "下午吧")
    home.village.say("head", f"解除隔离1 {PAPER}")
    sent(home.village)
    home.pass_(hours=6)
    assert home.contact.state is ContactState.DROPPED
