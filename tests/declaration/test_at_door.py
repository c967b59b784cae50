"""Somebody without a phone: the worker scans or reads the card, and writes down what they say, in their name."""

import pytest
from household import MOTHER, Home
from village import Village

from handlers.care_words import read_care
from handlers.domain.consent import ConsentPurpose, ConsentState, newest
from handlers.domain.place_code import CodeKind, page_link


@pytest.fixture
def home(hamlet: Village) -> Home:
    return Home(hamlet)


def said_of(home: Home) -> list[tuple[str, str, int | None]]:
    with home.village.store.read() as work:
        subject = work.subjects.find(home.id, MOTHER)
        assert subject is not None
        sheets = [work.declarations.sheet_of(one.sheet_id) for one in work.declarations.of_subject(subject.id)]
        states = [one.said_by.value for one in work.declarations.of_subject(subject.id)]
        return [(by, sheet.way.value, sheet.worker_id) for by, sheet in zip(states, sheets, strict=True) if sheet]


@pytest.mark.parametrize("code", ["q2I4O0l1", "IlO0IlO0", "aO1-l_I9"])
def test_the_code_of_a_card_is_read_as_it_stands(code: str) -> None:
    word = read_care(f"代录  https://dec.example/h/{code} 王样花 好着 36.5")
    assert word is not None
    assert word.args["door"] == f"https://dec.example/h/{code}"


def test_who_said_yes_before_is_written_down_with_one_line(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    heard = home.village.say("lv", "代录 3-101 王样花 好着 36.5")
    assert "请念给本人听" in heard
    assert "🟢 绿色" in heard
    assert "工作人员代录" in heard
    assert said_of(home)[-1] == ("worker", "door", home.village.person_id("lv"))


def test_the_link_of_the_card_does_as_well_as_its_number(home: Home) -> None:
    home.complete()
    with home.village.store.begin() as work:
        token = work.codes.issue(home.id, CodeKind.HOUSEHOLD, home.village.now).token
    home.village.forward(days=1)
    for door in (page_link("https://town.example", token), "v1g1h1"):
        assert "🟢 绿色" in home.village.say("lv", f"代录 {door} 王样花 没有不舒服")


def test_the_first_time_the_notice_is_read_out_and_yes_is_recorded(home: Home) -> None:
    heard = home.village.say("lv", "代录 3-101 王样花 一直在本地 好着 36.5")
    assert "请念给本人听:谁在收" in heard
    assert home.village.count("v1", "declared_people") == 0
    heard = home.village.say("lv", "代录 3-101 王样花 同意 一直在本地 好着 36.5 药快没了")
    assert "🟢 绿色" in heard
    assert "要帮忙的事已经转给" in heard
    with home.village.store.read() as work:
        subject = work.subjects.find(home.id, MOTHER)
        assert subject is not None
        word = newest(work.consents.of(subject.id))[ConsentPurpose.HEALTH]
    assert (word.state, word.said_by.value, word.way.value) == (ConsentState.GRANTED, "worker", "door")


def test_no_is_no(home: Home) -> None:
    assert "没关系" in home.village.say("lv", "代录 3-101 王样花 不同意 一直在本地 好着")
    assert home.village.count("v1", "declared_people") == 0


@pytest.mark.parametrize(
    ("who", "text", "why"),
    [
        ("lv", "代录 9-909 王样花 好着", "没有“9-909”这一户"),
        ("other", "代录 3-101 王样花 好着", "没有“3-101”这一户"),
        ("head", "代录 3-101 王样花 好着", "没有“3-101”这一户"),  # may see people, and not how they are
        ("lv", "代录 3-101 好着", "是哪一位"),
        ("lv", "代录 3-101 王样花 同意 好着", "最近出过远门吗"),
        ("lv", f"代录 https://town.example/d/{'A' * 32} 王样花 好着", "没有“这张卡”这一户"),
    ],
)
def test_what_cannot_be_written_down_is_said(home: Home, who: str, text: str, why: str) -> None:
    assert why in home.village.say(who, text)
    assert home.village.count("v1", "declared_people") == 0


def test_a_fever_at_the_door_goes_to_the_doctor(home: Home) -> None:
    home.complete()
    home.village.forward(days=1)
    assert "🟡 黄色" in home.village.say("lv", "代录 3-101 王样花 38.2 咳嗽")
    assert any("38.2" in letter for letter in home.village.letters("zhou"))
