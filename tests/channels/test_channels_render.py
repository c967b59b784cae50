"""What each channel makes of a parcel: the platform's own field names and limits, and the same bytes every time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import answers
from bot.channels.call import Impossible
from bot.channels.http import NoAnswer, NotSent, Origin
from bot.channels.http_answer import Answer
from bot.channels.registry import CAPABILITIES, render
from handlers.domain.delivery import Button, Card, Letter, Markdown, Purpose, Recipient, Text, parcels, task_of
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Parcel
from handlers.domain.retry import REPEAT_WITHIN, WRONG_JSON

NOW = datetime(2022, 3, 1, 9, tzinfo=UTC)
ORIGIN = Origin("https://qyapi.example")
BUTTONS = (Button("ack:17", "收到"), Button("cannot:17", "做不了", 2))


def parcel_of(letter: Letter, id_: int = 905) -> Parcel:
    """The last parcel of *letter* as the sender would claim it."""
    draft = parcels(letter)[-1]
    body = json.loads(json.dumps(draft.body))  # as it comes back from the database
    return Parcel(
        id_, draft.purpose, draft.channel, draft.endpoint, body, tuple(body["to"]), draft.people, 0, 1, 0, 0, NOW,
        NOW, 17, draft.target, refers_to=draft.refers_to,
    )  # fmt: skip


def rendered(letter: Letter, id_: int = 905) -> tuple[str, dict[str, Any]]:
    call = render(parcel_of(letter, id_), 1000002, ORIGIN)
    return call.path, json.loads(call.body)


def letter(content: Any, channel: Channel = Channel.WECOM_APP, *, endpoint: str | None = None) -> Letter:
    to = (Recipient("u1"), Recipient("u2")) if channel is Channel.WECOM_APP else (Recipient("c1"),)
    return Letter(Purpose.NOTICE, channel, content, to, NOW, endpoint=endpoint)


def test_a_text() -> None:
    path, body = rendered(letter(Text("今晚排查")))
    assert path == "/cgi-bin/message/send"
    interval = body.pop("duplicate_check_interval")
    assert body == {
        "touser": "u1|u2",
        "msgtype": "text",
        "text": {"content": "今晚排查"},
        "agentid": 1000002,
        "enable_duplicate_check": 1,
    }
    assert REPEAT_WITHIN.total_seconds() < interval <= 14_400


def test_a_card() -> None:
    card = Card(
        "排查外来人员", "今天17点前报人数", "D-17-42", BUTTONS, "D-17", "https://t.example/d/1", (("截止", "17:00"),)
    )
    _, body = rendered(letter(card))
    assert body["msgtype"] == "template_card"
    assert body["template_card"] == {
        "card_type": "button_interaction",
        "source": {"desc": "D-17", "desc_color": 0},
        "main_title": {"title": "排查外来人员"},
        "sub_title_text": "今天17点前报人数",
        "horizontal_content_list": [{"keyname": "截止", "value": "17:00"}],
        "task_id": "D-17-42@905",
        "button_list": [
            {"text": "收到", "style": 1, "key": "ack:17"},
            {"text": "做不了", "style": 2, "key": "cannot:17"},
        ],
        "card_action": {"type": 1, "url": "https://t.example/d/1"},
    }
    assert task_of(body["template_card"]["task_id"]) == ("D-17-42", 905)


def test_a_card_is_kept_within_the_platforms_lists() -> None:
    many = tuple(Button(f"k{n}", f"钮{n}") for n in range(9))
    fields = tuple((f"很长的字段名{n}", "值" * 40) for n in range(9))
    _, body = rendered(letter(Card("题" * 60, "文" * 300, "D-1", many, "源" * 40, "", fields)))
    card = body["template_card"]
    assert len(card["button_list"]) == len(card["horizontal_content_list"]) == 6
    assert len(card["main_title"]["title"]) == 26
    assert len(card["sub_title_text"]) == 112
    assert {len(row["keyname"]) for row in card["horizontal_content_list"]} == {5}


def test_a_card_without_buttons_is_a_notice_that_opens_a_page() -> None:
    _, body = rendered(letter(Card("日报已出", "点开看", "R-1", url="https://t.example/r/1")))
    assert body["template_card"]["card_type"] == "text_notice"
    assert body["template_card"]["card_action"] == {"type": 1, "url": "https://t.example/r/1"}


def test_a_group_post() -> None:
    path, body = rendered(letter(Text("今晚排查"), Channel.APPCHAT))
    assert path == "/cgi-bin/appchat/send"
    assert body == {"chatid": "c1", "msgtype": "text", "text": {"content": "今晚排查"}, "safe": 0}


def test_a_robots_post_carries_its_key_in_the_address_and_no_token() -> None:
    one = parcel_of(letter(Markdown("**表**"), Channel.GROUP_ROBOT))
    call = render(replace(one, to=("k&e y=",)), 1, ORIGIN)
    assert call.path == "/cgi-bin/webhook/send?key=k%26e%20y%3D"
    assert not call.needs_token


def test_a_robots_picture_goes_along() -> None:
    one = replace(parcel_of(letter(Text("x"), Channel.GROUP_ROBOT)), body={"kind": "picture", "path": "/x.png"})
    body = json.loads(render(one, 1, ORIGIN, picture=b"abc").body)
    assert body == {"msgtype": "image", "image": {"base64": "YWJj", "md5": "900150983cd24fb0d6963f7d28e17f72"}}


def test_a_bots_answer_is_markdown_at_its_own_address() -> None:
    url = "https://qyapi.example/cgi-bin/aibot/response?response_code=RC"
    call = render(parcel_of(letter(Text("收到:发热 0"), Channel.AIBOT, endpoint=url)), 1, ORIGIN)
    assert (call.path, call.needs_token) == ("/cgi-bin/aibot/response?response_code=RC", False)
    assert json.loads(call.body) == {"msgtype": "markdown", "markdown": {"content": "收到:发热 0"}}


def test_a_bots_answer_elsewhere_is_impossible() -> None:
    one = parcel_of(letter(Text("x"), Channel.AIBOT, endpoint="https://evil.example/y"))
    with pytest.raises(Impossible):
        render(one, 1, ORIGIN)


def test_the_same_parcel_is_the_same_bytes_whoever_renders_it() -> None:
    one = parcel_of(letter(Card("题", "文", "D-1", BUTTONS, "源", "", (("甲", "乙"),))))
    again = replace(one, attempts=5, unanswered=2, lost=1)
    assert render(one, 1, ORIGIN).body == render(again, 1, ORIGIN).body


def test_two_parcels_with_the_same_words_are_different_bytes() -> None:
    first, second = (render(parcel_of(letter(Text("收到")), id_), 1, ORIGIN).body for id_ in (1, 2))
    assert first != second


def test_chinese_is_written_as_it_is() -> None:
    assert "今晚".encode() in render(parcel_of(letter(Text("今晚\ud800"))), 1, ORIGIN).body


def test_every_channel_declares_what_it_can() -> None:
    assert set(CAPABILITIES) == set(Channel) - {Channel.PAGE}  # nothing is sent to a page: whoever opens it reads it
    assert "recall" not in CAPABILITIES[Channel.APPCHAT]


def test_an_answer_is_read_for_what_it_says() -> None:
    raw = b'{"errcode":0,"errmsg":"ok","invaliduser":"a|b","unlicenseduser":"c","msgid":"M","response_code":"R"}'
    outcome = answers.read(Answer(200, raw))
    assert (outcome.came, outcome.code, outcome.invalid) == (Came.ANSWERED, 0, ("a", "b", "c"))
    assert (outcome.msgid, outcome.response_code) == ("M", "R")
    listed = answers.read(Answer(200, b'{"errcode":0,"invaliduser":["a",1]}'))
    assert listed.invalid == ("a",)


@pytest.mark.parametrize(
    ("status", "body", "came", "code"),
    [
        (200, b"<html>nginx</html>", Came.UNANSWERED, None),
        (200, b"", Came.UNANSWERED, None),
        (200, b"[]", Came.UNANSWERED, None),
        (200, b'{"msgid":"M"}', Came.UNANSWERED, None),
        (200, b'{"errcode":"0"}', Came.UNANSWERED, None),
        (200, b'{"errcode":true}', Came.UNANSWERED, None),
        (200, b"\xff", Came.UNANSWERED, None),
        (200, b"[" * 100_000, Came.UNANSWERED, None),
        (500, b"", Came.UNANSWERED, None),
        (502, b'{"errcode":0}', Came.UNANSWERED, None),
        (302, b"", Came.UNSENT, None),
        (403, b'{"errcode":0}', Came.UNSENT, None),
        (429, b"", Came.ANSWERED, 45009),
    ],
)
def test_what_is_not_the_platforms_word_proves_nothing(status: int, body: bytes, came: Came, code: int | None) -> None:
    outcome = answers.read(Answer(status, body))
    assert (outcome.came, outcome.code) == (came, code)


def test_the_network_speaks_for_itself() -> None:
    assert answers.read(NotSent("x")).came is Came.UNSENT
    assert answers.read(NoAnswer("x")).came is Came.UNANSWERED


def test_what_an_operator_needs_is_noted_and_nothing_else() -> None:
    refused = answers.read(
        Answer(200, b'{"errcode":60020,"errmsg":"not allow, from ip: 203.0.113.7, hint: [u1 wang]"}')
    )
    assert refused.note == "from ip: 203.0.113.7"
    half = answers.read(Answer(200, b'{"errcode":0,"errmsg":"ok. Warning: wrong json format. "}'))
    assert half.note == WRONG_JSON
