"""The sender against the stand-in: what the network and the platform may do to a message, and what people see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from channel_rig import PEOPLE, ROBOT, Rig, card, everybody, post, word

from bot.channels.http import Origin
from handlers.domain.delivery import CloseCard, CloseClicked, Letter, Purpose, Recall, Recipient, Text
from handlers.domain.message import Channel
from standin.api_message import issue_code
from standin.world import Code
from store.outbox import OutboxRepo

pytestmark = pytest.mark.long


def test_a_directive_reaches_everybody_once(rig_on_both: Rig) -> None:
    rig = rig_on_both
    rig.put(
        card(everybody(), rig.now()),
        *[post(f"c{n}", rig.now()) for n in range(12)],
        post(ROBOT, rig.now(), channel=Channel.GROUP_ROBOT),
    )
    summary = rig.send()
    assert (summary.sent, summary.again, summary.failed) == (14, 0, 0)
    assert rig.reach() == {("card", "sent"): PEOPLE, ("post", "sent"): 13}
    assert rig.calls("message/send") == 1
    assert all(sum(rig.shown(f"u{n}").values()) >= 1 for n in range(PEOPLE))
    assert rig.posts("c3") == ["D-17 今晚排查"]
    assert rig.posts("wrkGRID") == ["D-17 今晚排查"]
    assert rig.site.world.counts.get("escaped_unicode_bodies", 0) == 0


def test_a_pressed_card_names_its_parcel(rig: Rig) -> None:
    (id_,) = rig.put(card(everybody(2), rig.now()))
    rig.send()
    assert list(rig.shown("u0")) == [f"D-17-17@{id_}"]


@pytest.mark.parametrize("how", ["reset", "hang"])
def test_a_card_whose_answer_is_lost_is_seen_once(rig: Rig, how: str) -> None:
    rig.fault("commit_then_timeout", "message/send", nth=1, how=how, seconds=3)
    rig.put(card(everybody(), rig.now()))
    assert rig.send().again == 1
    assert rig.reach() == {("card", "unknown"): PEOPLE}
    rig.settle()
    assert rig.reach() == {("card", "sent"): PEOPLE}
    assert rig.calls("message/send") == 2
    assert all(list(rig.shown(f"u{n}").values()) == [1] for n in range(PEOPLE))


@pytest.mark.parametrize("kind", ["truncated_json", "html_200", "http_502", "reset", "timeout"])
def test_whatever_the_network_does_a_personal_message_is_seen_once(rig: Rig, kind: str) -> None:
    rig.fault(kind, "message/send", count=3, effect=True, seconds=3)
    rig.put(*[word(f"u{n}", f"第{n}号网格请回复", rig.now()) for n in range(6)])
    rig.settle()
    assert rig.reach() == {("reminder", "sent"): 6}
    assert [list(rig.shown(f"u{n}").values()) for n in range(6)] == [[1]] * 6


@pytest.mark.parametrize(
    ("path", "channel", "address", "room"),
    [
        ("appchat/send", Channel.APPCHAT, "c1", "c1"),
        ("webhook/send", Channel.GROUP_ROBOT, ROBOT, "wrkGRID"),
    ],
)
def test_a_post_whose_answer_is_lost_is_repeated_once_under_its_code(
    rig: Rig, path: str, channel: Channel, address: str, room: str
) -> None:
    rig.fault("commit_then_timeout", path, nth=1)
    rig.put(post(address, rig.now(), channel=channel))
    rig.settle()
    assert rig.reach() == {("post", "sent"): 1}
    assert rig.posts(room) == ["D-17 今晚排查"] * 2  # lost answers: 1, repeats: 1


def test_a_post_is_not_said_a_third_time(rig: Rig) -> None:
    rig.fault("commit_then_timeout", "appchat/send", count=5)
    rig.put(post("c1", rig.now()))
    rig.settle()
    assert rig.reach() == {("post", "unknown"): 1}
    assert len(rig.posts("c1")) == 2


def test_a_post_that_surely_did_not_go_out_is_repeated_without_a_double(rig: Rig) -> None:
    rig.fault("busy", "appchat/send", count=3)
    rig.put(post("c1", rig.now()))
    rig.settle()
    assert rig.posts("c1") == ["D-17 今晚排查"]


def test_the_same_words_twice_are_two_messages(rig: Rig) -> None:
    """The platform's duplicate check must not swallow the second 收到."""
    rig.put(word("u1", "收到,谢谢", rig.now()), word("u1", "收到,谢谢", rig.now()))
    rig.settle()
    assert [message.text for message in rig.phone("u1")] == ["收到,谢谢"] * 2
    assert rig.site.world.counts.get("duplicates_suppressed", 0) == 0


def test_those_the_platform_does_not_know_fail_and_the_rest_is_sent(rig: Rig) -> None:
    strangers = (Recipient("Ghost1"), Recipient("GHOST2"))
    rig.put(card((*everybody(), *strangers), rig.now()))
    rig.send()
    assert rig.reach() == {("card", "sent"): PEOPLE, ("card", "failed"): 2}


def test_a_partial_refusal_is_heard(rig: Rig) -> None:
    rig.fault("partial_invalid", "message/send", userids=["u3", "u4"])
    rig.put(card(everybody(), rig.now()))
    rig.send()
    assert rig.reach() == {("card", "sent"): PEOPLE - 2, ("card", "failed"): 2}


def test_nobody_known_is_a_failure(rig: Rig) -> None:
    rig.put(card((Recipient("ghost"),), rig.now()))
    rig.settle()
    assert rig.reach() == {("card", "failed"): 1}
    assert rig.calls("message/send") == 1


@pytest.mark.parametrize("code", [40058, 42014, 45002, 48002, 60020, 86008, 301002, 777777])
def test_a_permanent_refusal_is_not_repeated(rig: Rig, code: int) -> None:
    rig.fault("err", "appchat/send", code=code)
    rig.put(post("c1", rig.now()))
    rig.settle()
    assert rig.reach() == {("post", "failed"): 1}
    assert rig.calls("appchat/send") == 1


def test_a_busy_platform_loses_nothing(rig: Rig) -> None:
    rig.fault("busy", "message/send", prob=0.25, seed=3)
    rig.fault("concurrency", "message/send", prob=0.1, seed=4)
    rig.put(*[word(f"u{n}", f"第{n}号", rig.now()) for n in range(PEOPLE)])
    rig.settle()
    assert rig.reach() == {("reminder", "sent"): PEOPLE}
    assert all(list(rig.shown(f"u{n}").values()) == [1] for n in range(PEOPLE))


def test_thirty_percent_of_everything_loses_and_doubles_nothing(rig: Rig) -> None:
    faults = ["http_502", "reset", "html_200", "truncated_json", "busy", "concurrency", "commit_then_timeout"]
    for number, kind in enumerate(faults):
        rig.fault(kind, "message/send", prob=0.05, seed=number, effect=number % 2 == 0)
    rig.put(*[word(f"u{n % PEOPLE}", f"第{n}号", rig.now()) for n in range(300)])
    rig.settle()
    assert rig.reach() == {("reminder", "sent"): 300}
    shown = [times for n in range(PEOPLE) for times in rig.shown(f"u{n}").values()]
    assert shown == [1] * 300
    assert rig.site.world.dropped == []


def test_a_used_up_quota_waits_and_loses_nothing(rig: Rig) -> None:
    rig.fault("quota_exhaust", "appchat/send", window_s=300)
    rig.put(*[post(f"c{n}", rig.now()) for n in range(12)], card(everybody(), rig.now()))
    first = rig.send()
    assert first.sent == 1  # the card goes: another endpoint
    rig.settle()
    assert rig.reach() == {("card", "sent"): PEOPLE, ("post", "sent"): 12}
    assert rig.calls("appchat/send") < 12 * 4
    assert all(rig.posts(f"c{n}") == ["D-17 今晚排查"] for n in range(12))


def test_a_platform_that_is_not_there_is_asked_later(rig: Rig, unused_port: int) -> None:
    live, rig.sender._means.http.origin = rig.origin, Origin(f"http://127.0.0.1:{unused_port}")
    rig.tokens.get()
    rig.put(post("c1", rig.now()))
    assert rig.send().again == 1
    assert rig.reach() == {("post", "queued"): 1}  # no doubt: nothing was sent
    rig.sender._means.http.origin = live
    rig.settle()
    assert rig.posts("c1") == ["D-17 今晚排查"]


def test_two_thousand_reminders_drop_none(rig: Rig) -> None:
    """The platform drops what goes over 30 a minute and person, and says nothing: 50 each are due at once."""
    rig.put(*[word(f"u{n % 40}", f"第{n}条", rig.now()) for n in range(2000)])
    rig.settle()
    assert rig.site.world.dropped == []
    assert rig.reach() == {("reminder", "sent"): 2000}
    assert sum(len(rig.phone(f"u{n}")) for n in range(40)) == 2000


def test_what_is_urgent_overtakes(rig: Rig) -> None:
    rig.fault("latency", "message/send", ms=15)
    slow = rig.put(*[word(f"u{n % PEOPLE}", f"第{n}条", rig.now(), priority=0) for n in range(300)])
    worker = threading.Thread(target=rig.send, args=(slow,))
    worker.start()
    wait_for(lambda: rig.calls("message/send") >= 40)
    urgent = rig.put(word("u1", "立即撤离", rig.now(), priority=20))
    assert rig.send(urgent).sent == 0  # handed to the one who is sending
    worker.join()
    texts = [message.text for message in rig.site.world.messages.values()]
    assert texts.index("立即撤离") < 200
    assert len(texts) == 301


def test_stopping_in_the_middle_spares_the_rest(rig: Rig) -> None:
    rig.fault("latency", "message/send", ms=15)
    ids = rig.put(*[word(f"u{n % PEOPLE}", f"第{n}条", rig.now()) for n in range(300)])
    worker = threading.Thread(target=rig.send, args=(ids,))
    worker.start()
    wait_for(lambda: rig.calls("message/send") >= 40)
    with rig.database.begin() as connection:
        spared = OutboxRepo(connection).cancel(17, rig.now())
    worker.join()
    sent = len(rig.site.world.messages)
    assert spared > 100
    assert sent + spared == 300
    assert rig.reach() == {("reminder", "sent"): sent, ("reminder", "cancelled"): spared}


def test_a_card_is_taken_back_and_greyed(rig: Rig) -> None:
    (id_,) = rig.put(card(everybody(5), rig.now()))
    rig.put(
        Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(id_), (), rig.now(), 1),
        Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(id_, "D-17 已取消"), (), rig.now(), 2),
    )
    rig.settle()
    (message,) = rig.site.world.messages.values()
    assert message.recalled
    assert message.overrides["u3"] == {"replace_name": "D-17 已取消"}


def test_the_code_of_a_card_is_spent_once_even_when_the_answer_is_lost(rig: Rig) -> None:
    (id_,) = rig.put(card(everybody(5), rig.now()))
    rig.send()
    rig.fault("commit_then_timeout", "message/update_template_card", nth=1)
    rig.put(Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(id_, "已截止"), (), rig.now()))
    assert rig.settle().sent == 1
    assert rig.calls("message/update_template_card") == 2


def test_a_button_is_greyed_for_whoever_pressed_it(rig: Rig) -> None:
    rig.put(card(everybody(5), rig.now()))
    rig.send()
    (code,) = rig.site.world.codes
    pressed = CloseClicked(code, ("u1",), "已收到")
    rig.put(Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, pressed, (), rig.now()))
    rig.send()
    (message,) = rig.site.world.messages.values()
    assert message.overrides == {"u1": {"replace_name": "已收到"}}


def test_a_bot_answers_where_it_was_asked_once(rig: Rig) -> None:
    url = ask_the_bot(rig)
    rig.fault("commit_then_timeout", "aibot/response", nth=1)
    reply = Letter(Purpose.REPLY, Channel.AIBOT, Text("收到:发热 0"), (Recipient("wrkGRID"),), rig.now(), endpoint=url)
    rig.put(reply)
    assert rig.settle().sent == 1
    assert [text for text in rig.posts("wrkGRID") if text.startswith("收到")] == ["收到:发热 0"]


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until
        time.sleep(0.002)


def ask_the_bot(rig: Rig) -> str:
    """Return the response_url a message in the group brought."""
    with rig.site.lock:
        code = issue_code(rig.site, Code("bot", "aibtest", "none", rig.site.now(), userid="u1", room="wrkGRID"))
    return f"{rig.server.url}/cgi-bin/aibot/response?response_code={code}"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/cgi-bin/aibot/response", "https://example.invalid/x", "/x", "file:///x"]
)
def test_a_bot_answers_nowhere_else(rig: Rig, url: str) -> None:
    rig.put(
        Letter(
            Purpose.POST, Channel.AIBOT, Text("秘密"), (Recipient("wrkGRID"),), rig.now(), endpoint=url, directive_id=17
        )
    )
    rig.send()
    assert rig.reach() == {("post", "failed"): 1}


def test_a_late_reminder_is_not_sent(rig: Rig) -> None:
    late = replace(word("u1", "请回复", rig.now()), expires_at=rig.now() + timedelta(minutes=10))
    ids = rig.put(late)
    rig.forward(12 * 60)
    assert rig.send(ids).put_back == 1
    rig.settle()
    assert rig.reach() == {("reminder", "late"): 1}
    assert rig.phone("u1") == []


def test_a_long_text_arrives_in_order(rig: Rig) -> None:
    rig.put(word("u1", "各网格注意防汛。" * 300, rig.now()))
    rig.send()
    texts = [message.text for message in rig.phone("u1")]
    assert [text[:5] for text in texts] == [f"({n}/{len(texts)})" for n in range(1, len(texts) + 1)]
    assert "".join(text[5:] for text in texts) == "各网格注意防汛。" * 300


def test_threads_take_turns(rig: Rig) -> None:
    """Whoever comes while another sends hands over and leaves; everything goes out once."""
    ids = rig.put(*[word(f"u{n % PEOPLE}", f"第{n}条", rig.now()) for n in range(240)])
    workers = [threading.Thread(target=rig.send, args=(ids[start::6],)) for start in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert rig.reach() == {("reminder", "sent"): 240}
    assert len(rig.site.world.messages) == 240
    assert rig.sender.totals["sent"] == 240  # type: ignore[index]
