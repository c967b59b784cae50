"""When a resident may be written to: laws of the windows, of menu ids and of who is reached first."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain import menu_choice, window
from handlers.domain.household import Address
from handlers.domain.menu_choice import ID_BYTES, Choice, read_choice
from handlers.domain.message import Channel
from handlers.domain.window import RULES, Opening, Standing, Window, standing, way

NOON = datetime(2026, 2, 8, 4, tzinfo=UTC)
WINDOWS = st.sampled_from(list(RULES))
MOMENTS = st.integers(0, 60 * 60 * 72).map(lambda s: NOON + timedelta(seconds=s))


@pytest.mark.parametrize("module", [window, menu_choice])
def test_the_examples_run(module) -> None:
    assert doctest.testmod(module).failed == 0


@given(WINDOWS, st.lists(MOMENTS, max_size=8), MOMENTS)
def test_never_more_than_the_platform_takes_and_never_later(key, sent, now) -> None:
    channel, opening = key
    rule = RULES[key]
    one = Window(channel, opening, NOON)
    if standing([one], sent, now) is Standing.OPEN:
        assert now < NOON + rule.lasts
        assert sum(moment >= NOON for moment in sent) < rule.count


@given(WINDOWS, MOMENTS, MOMENTS)
def test_what_the_platform_shut_is_not_open(key, shut_at, now) -> None:
    one = Window(*key, NOON, shut_at)
    assert standing([one], [], now) is not Standing.OPEN


@given(st.lists(MOMENTS, max_size=8), MOMENTS)
def test_a_later_word_only_ever_helps(sent, now) -> None:
    earlier = Window(Channel.KF, Opening.WORD, NOON)
    later = Window(Channel.KF, Opening.WORD, max(NOON, now - timedelta(hours=1)))
    if standing([earlier], sent, now) is Standing.OPEN:
        assert standing([later], sent, now) is Standing.OPEN


def test_either_of_two_windows_is_enough() -> None:
    word = Window(Channel.OFFICIAL_ACCOUNT, Opening.WORD, NOON)
    deed = Window(Channel.OFFICIAL_ACCOUNT, Opening.DEED, NOON + timedelta(hours=1))
    used = [NOON + timedelta(minutes=n) for n in range(5)]
    soon = NOON + timedelta(hours=1, seconds=20)
    assert standing([word], used, soon) is Standing.USED_UP
    assert standing([word, deed], used, soon) is Standing.OPEN
    assert standing([word, deed], [*used, soon, soon, soon], soon) is Standing.USED_UP
    assert standing([deed], [], NOON + timedelta(hours=2)) is Standing.OVER


def test_whoever_left_is_gone_whatever_was_open() -> None:
    assert standing([Window(Channel.OFFICIAL_ACCOUNT, Opening.WORD, NOON)], [], NOON, left=True) is Standing.LEFT


def test_the_first_open_address_is_taken_and_without_one_each_says_why() -> None:
    kf, account, phone = Address("kf", "a"), Address("official_account", "b"), Address("phone", "1")
    how = {kf: Standing.OPEN, account: Standing.OPEN}
    assert way([phone, account, kf], how).address == account
    assert way([phone], how).why == ()
    closed = way([kf, account], {kf: Standing.SHUT, account: Standing.LEFT})
    assert closed.why == (("kf", Standing.SHUT), ("official_account", Standing.LEFT))


@given(
    st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    st.dates(date(2000, 1, 1), date(9999, 12, 31)),
    st.from_regex(r"[0-9A-Za-z_-]{0,64}", fullmatch=True),
)
def test_an_id_is_read_back_and_fits(action: str, day: date, token: str) -> None:
    one = Choice(action, day, token)
    assert read_choice(one.id) == one
    assert len(one.id.encode()) <= ID_BYTES


@given(st.text(max_size=140))
def test_a_made_up_id_is_none_or_one_of_ours(text: str) -> None:
    found = read_choice(text)
    assert found is None or found.id == text
