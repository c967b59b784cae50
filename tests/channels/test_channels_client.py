"""Cold calls through wechatpy, against the stand-in; and what its exceptions would have told."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from channel_rig import AGENT, SECRET, Rig, card, everybody
from raw_server import RawServer, response

from bot.channels.client import Client
from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from handlers.domain.errors import SendFailed

TOKEN = b'{"errcode":0,"access_token":"a-very-secret-token","expires_in":7200}'


@pytest.fixture
def client(rig: Rig) -> Client:
    return Client(rig.origin, rig.tokens, AGENT)


def test_a_group_is_made_once_whatever_is_lost(rig: Rig, client: Client) -> None:
    rig.fault("commit_then_timeout", "appchat/create", nth=1)
    with pytest.raises(SendFailed) as caught:
        client.create_chat("vill12", "东村工作群", "u1", ["u1", "u2"])
    assert caught.value.unanswered
    made = client.create_chat("vill12", "东村工作群", "u1", ["u1", "u2"])
    assert (made.chatid, made.name, made.owner, set(made.userids)) == ("vill12", "东村工作群", "u1", {"u1", "u2"})
    assert rig.calls("appchat/create") == 2


def test_a_group_that_is_there_is_brought_to_what_was_asked(client: Client) -> None:
    client.create_chat("vill12", "东村工作群", "u1", ["u1", "u2"])
    made = client.create_chat("vill12", "东村群", "u2", ["u2", "u3"])
    assert (made.name, made.owner, set(made.userids)) == ("东村群", "u2", {"u2", "u3"})


def test_the_directory(client: Client) -> None:
    assert [(d.id, d.name, d.parent_id) for d in client.departments()] == [(1, "青禾镇", 0), (12, "东村", 1)]
    members = client.members(1)
    assert len(members) == 60
    assert (members[0].userid, members[0].departments) == ("u0", (12,))
    assert client.members(1, deep=False) == ()
    assert client.callback_ips() == ("127.0.0.1",)


def test_recall_and_closing(rig: Rig, client: Client) -> None:
    rig.put(card(everybody(3), rig.now()))
    rig.send()
    (message,) = rig.site.world.messages.values()
    (code,) = rig.site.world.codes
    client.close_card(code, "已截止")
    client.recall(message.msgid)
    assert message.recalled
    assert message.overrides["u2"] == {"replace_name": "已截止"}
    with pytest.raises(SendFailed) as caught:
        client.close_card(code, "再来一次")
    assert caught.value.code == 60140


def test_a_refused_token_is_replaced_once(rig: Rig, client: Client) -> None:
    client.departments()
    rig.forward(120)
    rig.fault("token_revoke_now", "department/list", nth=1)
    assert len(client.departments()) == 2
    assert rig.calls("department/list") == 3


def test_a_token_refused_for_ever_is_not_asked_for_ever(rig: Rig, client: Client) -> None:
    rig.fault("err", "department/list", code=40014)
    with pytest.raises(SendFailed):
        client.departments()
    assert rig.calls("department/list") <= 2
    assert rig.calls("gettoken") <= 2


@pytest.mark.parametrize(
    ("fault", "retryable", "unanswered"),
    [
        ({"kind": "busy"}, True, False),
        ({"kind": "err", "code": 45009}, True, False),
        ({"kind": "err", "code": 60011}, False, False),
        ({"kind": "http_502"}, False, True),
        ({"kind": "html_200"}, False, True),
        ({"kind": "reset"}, False, True),
        ({"kind": "truncated_json"}, False, True),
    ],
)
def test_every_failure_says_what_its_catcher_needs(
    rig: Rig, client: Client, fault: dict[str, object], retryable: bool, unanswered: bool
) -> None:
    rig.site.faults.add({"match": {"path": "department/list"}, **fault})
    with pytest.raises(SendFailed) as caught:
        client.departments()
    assert (caught.value.retryable, caught.value.unanswered) == (retryable, unanswered)


@pytest.fixture
def broken(rig: Rig) -> Iterator[RawServer]:
    replies = {
        b"gettoken": response(TOKEN),
        b"hang": b"HTTP/1.1 200 OK\r\n",
        b"close": None,
        b"html": b"garbage\r\n\r\n",
    }

    def script(request: bytes) -> bytes | None:
        return next((reply for name, reply in replies.items() if name in request), response(b"", "302 Found"))

    server = RawServer(script, keep=False)
    yield server
    server.close()


@pytest.mark.parametrize("path", ["close", "html", "redirect", "hang"])
def test_no_word_of_a_failure_holds_the_token(
    rig: Rig, broken: RawServer, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    origin = Origin(broken.url)
    client = Client(origin, TokenStore(rig.database, origin, "corp", AGENT, SECRET, rig.now), AGENT)
    with caplog.at_level(logging.DEBUG), pytest.raises(SendFailed) as caught:
        client.call(path, {"text": "x"})
    told, error = caplog.text, caught.value
    chain: BaseException | None = error
    while chain is not None:
        told += repr(chain) + str(chain)
        chain = chain.__cause__ or chain.__context__
    assert any(b"a-very-secret-token" in request for request in broken.requests)  # it was sent with it
    assert "a-very-secret-token" not in told
    assert SECRET not in told


def test_nobody_there_is_surely_not_done(rig: Rig, unused_port: int) -> None:
    rig.tokens.get()
    client = Client(Origin(f"http://127.0.0.1:{unused_port}"), rig.tokens, AGENT)
    with pytest.raises(SendFailed) as caught:
        client.recall("M1")
    assert (caught.value.retryable, caught.value.unanswered) == (True, False)
    assert caught.value.__context__ is None
