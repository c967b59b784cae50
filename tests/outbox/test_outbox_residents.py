"""Letters to residents: what becomes of each content on each channel, and after each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from outbox_letters import NOW, parcel

from bot.channels.registry import CAPABILITIES
from handlers.domain.delivery import (
    Button,
    Card,
    File,
    Item,
    Letter,
    Markdown,
    Menu,
    Notice,
    Picture,
    Purpose,
    Recipient,
    State,
    Text,
    label,
    parcels,
)
from handlers.domain.message import RESIDENT, Channel
from handlers.domain.parcel import Came, Outcome
from handlers.domain.retry import Fate, Why, after

KF, OA = Channel.KF, Channel.OFFICIAL_ACCOUNT
MENU = Menu("您好", (Item("申报", url="https://a.example/d/x"), Item("要帮忙", key="help.20260208.x")), "急事打120")


def plan(channel: Channel, content, *, to: int = 1, endpoint: str | None = None):
    people = tuple(Recipient(f"wm{n}") for n in range(to))
    return parcels(Letter(Purpose.REPLY, channel, content, people, NOW, endpoint=endpoint))


def test_both_say_what_they_can() -> None:
    for channel in RESIDENT:
        assert set(CAPABILITIES[channel]) == {"push", "reads", "buttons", "proves_click", "limits"}


@pytest.mark.parametrize("channel", sorted(RESIDENT))
def test_each_resident_has_a_call_of_his_own_under_a_label(channel: Channel) -> None:
    made = plan(channel, Text("您好"), to=3)
    assert [draft.body["to"] for draft in made] == [["wm0"], ["wm1"], ["wm2"]]
    assert len({draft.target for draft in made}) == 3
    assert not [draft for draft in made if "wm" in (draft.target or "")]
    assert made[0].target == label(channel, "wm0")


@pytest.mark.parametrize("channel", sorted(RESIDENT))
def test_a_menu_stays_a_menu_and_a_card_becomes_words(channel: Channel) -> None:
    (menu,) = plan(channel, MENU)
    assert menu.body["kind"] == "menu"
    (card,) = plan(channel, Card("通知", "今晚停水", "D-1", (Button("ack:1", "收到"),)))
    assert card.body["text"] == "通知\n今晚停水"
    (marked,) = plan(channel, Markdown("**停水**"))
    assert marked.body["kind"] == "text"


def test_elsewhere_a_menu_is_its_words() -> None:
    (draft,) = plan(Channel.WECOM_APP, MENU)
    assert draft.body["text"] == "您好\n申报:https://a.example/d/x\n要帮忙\n急事打120"


@pytest.mark.parametrize("count", [0, 11])
def test_a_menu_has_one_to_ten_items(count: int) -> None:
    with pytest.raises(ValueError, match="menu"):
        plan(KF, Menu("x", tuple(Item(str(n), key="k") for n in range(count))))


def test_a_welcome_is_one_call_with_its_code() -> None:
    (draft,) = plan(KF, Text("长" * 3000), endpoint="CODE")
    assert (draft.endpoint, draft.body["code"]) == ("kf/send_msg_on_event", "CODE")
    assert len(draft.body["text"].encode()) <= 2048
    for bad in (Picture("/p.png"), Notice("T", ())):
        with pytest.raises(ValueError, match="welcome"):
            plan(KF, bad, endpoint="CODE")
    with pytest.raises(ValueError, match="welcome"):
        plan(KF, Text("x"), to=2, endpoint="CODE")


def test_notices_are_an_account_s_alone() -> None:
    subscribed, service = Notice("T", (("thing1", "x"),)), Notice("T", (("thing1", "x"),), subscribed=False)
    assert plan(OA, subscribed)[0].endpoint == "message/subscribe/bizsend"
    assert plan(OA, service)[0].endpoint == "message/template/send"
    with pytest.raises(ValueError, match="notices"):
        plan(KF, subscribed)


@pytest.mark.parametrize("content", [Picture("/p.png"), File("/f.xlsx", "f.xlsx")])
def test_an_account_sends_no_files(content) -> None:
    with pytest.raises(ValueError, match="cannot send"):
        plan(OA, content)


def tried(endpoint: str = "kf/send_msg", **more):
    return replace(parcel(), channel=KF, endpoint=endpoint, **more)


def answered(code: int) -> Outcome:
    return Outcome(Came.ANSWERED, code)


@pytest.mark.parametrize("code", [45015, 45047, 95001, 95002, 95013, 95016, 95018])
def test_a_closed_window_ends_it_and_is_remembered(code: int) -> None:
    step = after(tried(), answered(code), NOW)
    assert (step.fate, step.why, step.shut, step.alarm) == (Fate.FAILED, Why.WINDOW, True, False)


def test_a_refused_notice_ends_it_and_is_remembered() -> None:
    step = after(tried("message/subscribe/bizsend"), answered(43101), NOW)
    assert (step.fate, step.refused, step.shut, step.alarm) == (Fate.FAILED, True, False, False)


def test_what_was_not_even_tried_is_failed_quietly() -> None:
    step = after(tried(), Outcome(Came.SHUT, note="超过48小时没说过话"), NOW)
    assert (step.fate, step.delivery, step.alarm) == (Fate.FAILED, State.FAILED, False)


def test_known_by_our_own_id_it_was_taken_before() -> None:
    assert after(tried(unanswered=1, attempts=2), answered(95033), NOW).fate is Fate.SENT
    assert after(tried(lost=1, attempts=2), answered(95033), NOW).fate is Fate.SENT
    step = after(tried(), answered(95033), NOW)
    assert (step.fate, step.alarm) == (Fate.FAILED, True), "somebody else used our id"


def test_kf_is_repeated_whenever_it_was_not_answered() -> None:
    late = NOW + timedelta(hours=40)
    assert after(tried(unanswered=3, attempts=4), Outcome(Came.UNANSWERED), late).fate is Fate.AGAIN


@pytest.mark.parametrize("endpoint", ["message/custom/send", "message/template/send", "message/subscribe/bizsend"])
def test_an_account_s_message_is_said_once_more_only(endpoint: str) -> None:
    assert after(tried(endpoint), Outcome(Came.UNANSWERED), NOW).fate is Fate.AGAIN
    assert after(tried(endpoint, unanswered=1, attempts=2), Outcome(Came.UNANSWERED), NOW).fate is Fate.UNKNOWN


@pytest.mark.parametrize("code", [40003, 40096, 43004])
def test_a_resident_the_platform_does_not_know_is_no_operator_s_business(code: int) -> None:
    step = after(tried(), answered(code), NOW)
    assert (step.fate, step.shut, step.alarm) == (Fate.FAILED, True, False)
