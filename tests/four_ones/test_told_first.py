"""有事才说, for a household that hears us by phone only: it begins on the day on which they were told."""

from datetime import date, timedelta

import pytest
from asking import Asked
from rounds_rig import at
from village import Village

pytestmark = pytest.mark.long

DAY = date(2020, 1, 28)
TELL = "3天没事了,请告诉他"


class Phone(Asked):
    """No WeChat: each day it is 吕样 who calls."""

    def __init__(self, village: Village) -> None:
        super().__init__(village, reached=False)
        village.forward(hours=49)
        self.day = DAY + timedelta(days=2)

    def called(self, words: str) -> str:
        """A day: asked in vain, on the list, called; returns what the worker hears."""
        at(self.village, 9, day=self.day)
        self.tick()
        at(self.village, 9, 25)
        self.tick()
        self.listed = self.village.letters("lv")[-1]
        self.day += timedelta(days=1)
        return self.village.say("lv", words)

    @property
    def quiet(self) -> bool:
        with self.village.store.read() as work:
            (on,) = work.contacts.enrolments([self.id], self.village.ctx.day)[self.id]
            return on.exception_only


@pytest.fixture
def home(hamlet: Village) -> Phone:
    return Phone(hamlet)


def test_without_a_word_to_them_the_calls_go_on(home: Phone) -> None:
    for _ in range(5):
        home.called("3-101 打了 36.5 没事")
    assert not home.quiet
    home.called("3-101 打了 36.5 没事")
    assert "【打电话1户】" in home.listed


def test_the_list_says_when_to_tell_them_and_their_worker_s_word_begins_it(home: Phone) -> None:
    for _ in range(2):
        home.called("3-101 打了 36.5 没事")
        assert "请告诉他" not in home.listed
    said = home.called("3-101 打了 36.5 没事 说过了")
    assert TELL in home.listed
    assert "有事随时打您电话" in home.listed
    assert "以后不再天天问" in said
    assert "36.5℃" in said
    assert home.quiet
    before = len(home.village.letters("lv"))
    at(home.village, 9, day=home.day)
    home.tick()
    at(home.village, 9, 25)
    home.tick()
    assert len(home.village.letters("lv")) == before


def test_told_too_early_it_does_not_begin(home: Phone) -> None:
    home.called("3-101 打了 36.5 没事 说过了")
    assert not home.quiet


def test_forgotten_once_it_is_asked_for_again_the_next_day(home: Phone) -> None:
    for _ in range(3):
        home.called("3-101 打了 36.5 没事")
    assert not home.quiet
    assert "以后不再天天问" in home.called("3-101 打了 36.5 没事 跟他说过了")
    assert "4天没事了,请告诉他" in home.listed
    assert home.quiet


def test_something_wrong_begins_the_count_anew(home: Phone) -> None:
    for words in ("36.5 没事", "36.5 没事", "37.9 说过了"):
        home.called(f"3-101 打了 {words}")
    assert not home.quiet
