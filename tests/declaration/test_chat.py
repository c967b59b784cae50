"""Declaring in a chat: one word says all well again; a daughter speaks for her mother, and the mother hears of it."""

from datetime import date

import pytest
from household import MOTHER, Home, keys, words
from village import WUHAN, Village

from handlers import withdraw_consent
from handlers.domain.consent import ConsentPurpose
from handlers.domain.place_code import CodeKind
from handlers.domain.receipt_colour import OfficialList

pytestmark = pytest.mark.long

ARRIVED = date(2020, 1, 22)
OUTBREAK = OfficialList(
    "outbreak", "样例市卫健委", "样例1号", date(2020, 1, 20), date(2020, 3, 1), frozenset({"湖北省", "武汉市"})
)


@pytest.fixture
def home(hamlet: Village) -> Home:
    made = Home(hamlet)
    with hamlet.store.begin() as work:
        work.codes.issue(made.id, CodeKind.HOUSEHOLD, hamlet.now)
        work.statements.import_list(OUTBREAK, "places", "a" * 64, "sig", (), hamlet.now)
    return made


def said_of(home: Home, name: str = MOTHER) -> list[tuple[str, str, str]]:
    """Whose words, how and in what state, oldest first."""
    with home.village.store.read() as work:
        (subject,) = [one for one in work.subjects.of_household(home.id) if one.name == name]
        found = []
        for said in work.declarations.of_subject(subject.id):
            kept = work.declarations.sheet_of(said.sheet_id)
            assert kept is not None
            found.append((said.said_by.value, kept.way.value, said.state.value))
        return found


def test_before_the_first_sheet_it_leads_to_the_page(home: Home) -> None:
    for text in ("申报", "都好"):
        heard = home.say("mother", text)
        assert "/d/" in words(heard)
        assert not keys(heard, "all_well")
    assert "第一次请点「申报」" in words(heard)
    assert home.village.count("v1", "declared_people") == 0


def test_one_tap_says_all_well_again(home: Home) -> None:
    home.complete(journey=WUHAN)
    home.village.forward(days=1)
    (key,) = keys(home.say("mother", "申报"), "all_well")
    heard = words(home.tap("mother", key))
    assert "凭据,不是通行证" in heard
    assert "🟡 黄色" in heard
    assert "1月22日从武汉返回,未满14天(今天第6天" in heard
    assert "/me/" in heard
    assert said_of(home)[-1] == ("self", "kf", "live")
    assert home.village.count("v1", "declared_people") == 1
    assert home.village.count("v1", "returnees_wuhan", "arrivals", day=ARRIVED) == 1
    home.tap("mother", key)  # once more is the same day's word anew, not a second person
    assert home.village.count("v1", "declared_people") == 1


@pytest.mark.parametrize("text", ["都好", "我们家都好着呢", "和上次一样。", "王样花都好"])
def test_a_word_does_as_well_as_a_tap(home: Home, text: str) -> None:
    home.complete()
    home.village.forward(days=1)
    assert "🟢 绿色" in words(home.say("mother", text))
    assert home.intent == "resident_declared"


def test_a_tap_on_yesterdays_menu_counts_for_nothing(home: Home) -> None:
    home.complete()
    (key,) = keys(home.say("mother", "申报"), "all_well")
    home.village.forward(days=1)
    assert "已经过期" in words(home.tap("mother", key))
    assert home.village.count("v1", "declared_people") == 0


def test_a_daughter_far_away_speaks_for_her_mother_who_hears_of_it(home: Home) -> None:
    home.complete()
    home.open("mother")
    home.village.forward(days=1)
    heard = words(home.say("daughter", "帮我妈报 柳树村二组王样花 今天36度7 没咳嗽 药还剩两天"))
    assert "🟢 绿色" in heard
    assert "家人代报" in heard
    assert "要帮忙的事已经转给网格员吕样" in heard
    assert said_of(home)[-1] == ("family", "kf", "live")
    told = words(home.heard("mother"))
    assert "登记在册的代报人(子女)今天替您做了申报" in told
    assert "36" not in told.split("今天替您")[1]
    assert any("需要帮忙" in letter for letter in home.village.letters("lv"))
    home.say("daughter", "王样花 36.8 没有不舒服")
    assert words(home.heard("mother")).count("今天替您做了申报") == 1
    home.say("mother", "36.4 没有不舒服")  # her own word stands above her daughter's
    assert [state for _, _, state in said_of(home)][-3:] == ["superseded", "superseded", "live"]
    home.say("daughter", "王样花 37.9 没有不舒服")
    assert said_of(home)[-1] == ("family", "kf", "superseded")


def test_a_neighbour_and_a_stranger_declare_nothing(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    for who in ("neighbour", "stranger"):
        heard = home.say(who, "王样花 36.5 没有不舒服")
        assert MOTHER not in words(heard)
        assert "绿色" not in words(heard)
        assert not keys(heard, "all_well")
    assert len(said_of(home)) == 1


def test_a_fever_told_in_a_chat_calls_the_doctor(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    heard = words(home.say("mother", "我今天38度2,有点咳嗽"))
    assert "🟡 黄色" in heard
    assert "体温38.2℃" in heard
    assert any("【待看" in letter and "38.2" in letter for letter in home.village.letters("zhou"))


def test_what_cannot_be_read_is_asked_and_nothing_is_kept(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    assert "有没有不舒服" in words(home.say("mother", "36.4"))
    assert "36.5" in words(home.say("mother", "365 没有不舒服"))
    assert home.intent == "resident_faults"
    assert len(said_of(home)) == 1


def test_consent_taken_back_ends_it(home: Home) -> None:
    token = home.complete().me_token
    with home.village.store.begin() as work:
        withdraw_consent.withdraw(token, "p1", ConsentPurpose.HEALTH, work, home.village.ctx)
    home.village.forward(days=1)
    assert not keys(home.say("mother", "申报"), "all_well")
    assert "第一次请点「申报」" in words(home.say("mother", "都好"))


def test_what_disagrees_is_settled_with_one_tap_in_the_chat(home: Home) -> None:
    home.complete(journey=WUHAN)
    home.open("mother")
    home.open("neighbour")
    home.village.forward(days=1)
    home.village.say("lv", "登记 3-101 王样花 1月20日从武汉回来")
    asked = home.heard("mother")
    assert "网格员登记的是「1月20日」" in words(asked)
    (other,) = keys(asked, "say_other")
    assert "不是您的" in words(home.tap("stranger", other))
    heard = words(home.tap("mother", other))
    assert "核对好了" in heard
    assert "1月20日从武汉返回" in heard
    assert home.village.count("v1", "returnees_wuhan", "arrivals", day=ARRIVED) == 0
    assert "已经核对过了" in words(home.tap("mother", other))


def test_all_well_and_something_is_needed(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    heard = words(home.say("mother", "都好,就是降压药快没了"))
    assert "🟢 绿色" in heard
    assert "要帮忙的事已经转给网格员吕样" in heard
