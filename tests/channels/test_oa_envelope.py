"""The 公众号's door: AES mode and nothing else, an address check in clear, answers inside the 200."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto

from bot.at_once import AtOnce
from bot.channels.envelope import Rejected
from bot.channels.inbound import from_official_account, sender_of, text_of
from bot.channels.oa_envelope import AccountEnvelope
from handlers.domain.message import Channel, Kind
from handlers.domain.resident_said import What, read_account

SAMPLES = Path(__file__).parents[1] / "standin/samples"
VECTORS = json.loads((SAMPLES / "crypto/vectors.json").read_text())["vectors"]
VECTOR = next(v for v in VECTORS if v["name"] == "mp_safe_mode_scan")
TOKEN, KEY, APPID = VECTOR["token"], VECTOR["encoding_aes_key"], VECTOR["receive_id"]
NOW = 1_795_000_030.0
CODE = "A" * 32


@pytest.fixture
def envelope() -> AccountEnvelope:
    return AccountEnvelope(TOKEN, (KEY,), APPID)


def sealed(plain: str, *, appid: str = APPID, at: float = NOW) -> tuple[dict[str, str], bytes]:
    """Query and body of a callback, wrapped by wechatpy."""
    stamp, nonce = str(int(at)), "900000030"
    outer = xmltodict.parse(WeChatCrypto(TOKEN, KEY, appid).encrypt_message(plain, nonce, stamp))["xml"]
    query = {"msg_signature": outer["MsgSignature"], "timestamp": stamp, "nonce": nonce, "openid": "o1"}
    body = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>"
    return query | {"encrypt_type": "aes", "signature": "0" * 40}, body.encode()


def sample(name: str) -> str:
    return (SAMPLES / "mp_xml" / f"{name}.xml").read_text()


def arrived(name: str, envelope: AccountEnvelope):
    return from_official_account(envelope.open(*sealed(sample(name)), NOW))


def test_the_published_vector_opens(envelope: AccountEnvelope) -> None:
    query = {k: VECTOR[k] for k in ("timestamp", "nonce", "msg_signature")}
    opened = envelope.open(query, f"<xml><Encrypt>{VECTOR['encrypt']}</Encrypt></xml>".encode(), NOW)
    assert (opened.fields["Event"], opened.fresh) == ("SCAN", True)


@pytest.mark.parametrize(
    ("name", "kind", "what"),
    [
        ("msg_text", Kind.TEXT, What.SAID),
        ("msg_text_menu", Kind.CLICK, What.TAPPED),
        ("msg_voice_recognition", Kind.VOICE, What.SAID),
        ("msg_voice_plain", Kind.VOICE, What.SHOWED),
        ("msg_image", Kind.OTHER, What.SHOWED),
        ("msg_location", Kind.OTHER, What.SHOWED),
        ("event_subscribe_plain", Kind.ENTER, What.CAME),
        ("event_subscribe_qr", Kind.ENTER, What.CAME),
        ("event_scan", Kind.ENTER, What.CAME),
        ("event_scan_intscene", Kind.ENTER, What.CAME),
        ("event_click", Kind.CLICK, What.PRESSED),
        ("event_view", Kind.OTHER, What.NOTHING),
        ("event_location", Kind.OTHER, What.NOTHING),
        ("event_unsubscribe", Kind.OTHER, What.LEFT),
        ("event_templatesendjobfinish_ok", Kind.OTHER, What.NOTHING),
        ("event_templatesendjobfinish_block", Kind.OTHER, What.NOT_ARRIVED),
        ("event_subscribe_msg_popup", Kind.OTHER, What.NOTICES),
        ("event_subscribe_msg_change", Kind.OTHER, What.NOTICES),
        ("event_subscribe_msg_sent", Kind.OTHER, What.NOTHING),
    ],
)
def test_every_sample_is_understood(envelope: AccountEnvelope, name: str, kind: Kind, what: What) -> None:
    made = arrived(name, envelope)
    text = text_of(Channel.OFFICIAL_ACCOUNT, made.fields)
    assert (made.kind, read_account(made.fields, text).what) == (kind, what)
    assert made.sender.startswith("official_account:")
    assert sender_of(Channel.OFFICIAL_ACCOUNT, made.sender, made.fields) == "oTEST_openid_000000000000001"


def test_messages_are_known_by_id_and_events_by_all_they_say(envelope: AccountEnvelope) -> None:
    assert arrived("msg_text", envelope).key == "official_account:m:23456789012345601"
    assert arrived("event_scan", envelope).key == arrived("event_scan", envelope).key
    assert arrived("event_scan", envelope).key != arrived("event_scan_intscene", envelope).key


@pytest.mark.parametrize(
    ("event", "key", "token"),
    [
        ("subscribe", f"qrscene_d_{CODE}", CODE),
        ("SCAN", f"d_{CODE}", CODE),
        ("subscribe", "qrscene_457", None),
        ("subscribe", "", None),
        ("SCAN", "qrscene_d_short", None),
    ],
)
def test_the_prefix_is_taken_off_once(event: str, key: str, token: str | None) -> None:
    said = read_account({"MsgType": "event", "Event": event, "EventKey": key})
    assert (said.what, said.token) == (What.CAME, token)


def test_several_templates_and_one_are_read_alike() -> None:
    one = {"TemplateId": "T1", "SubscribeStatusString": "accept"}
    two = {"TemplateId": "T2", "SubscribeStatusString": "reject"}
    fields = {"MsgType": "event", "Event": "subscribe_msg_popup_event"}
    both = read_account(fields | {"SubscribeMsgPopupEvent": {"List": [one, two]}})
    assert (both.allowed, both.refused) == (("T1",), ("T2",))
    assert read_account(fields | {"SubscribeMsgPopupEvent": {"List": one}}).allowed == ("T1",)


@pytest.mark.parametrize(
    "change",
    [
        lambda q, b: (q, b"<xml><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>hi</Content></xml>"),
        lambda q, b: (q | {"msg_signature": q["msg_signature"][::-1]}, b),
        lambda q, b: ({k: v for k, v in q.items() if k != "msg_signature"}, b),
        lambda q, b: (q, b.replace(b"<Encrypt>", b"<Encrypt>x</Encrypt><Encrypt>")),
        lambda q, b: (q, b + b" " * 70_000),
    ],
)
def test_whatever_is_not_in_aes_mode_is_refused(envelope: AccountEnvelope, change) -> None:
    query, body = sealed(sample("msg_text"))
    assert envelope.open(query, body, NOW).fields["Content"] == "健康"
    with pytest.raises(Rejected):
        envelope.open(*change(query, body), NOW)


def test_what_is_meant_for_another_account_is_refused(envelope: AccountEnvelope) -> None:
    with pytest.raises(Rejected):
        envelope.open(*sealed(sample("msg_text"), appid="wxsomebodyelse00"), NOW)


def test_a_message_without_sender_or_kind_is_refused(envelope: AccountEnvelope) -> None:
    for plain in ("<xml><MsgType>text</MsgType></xml>", "<xml><FromUserName>o1</FromUserName></xml>"):
        with pytest.raises(Rejected):
            from_official_account(envelope.open(*sealed(plain), NOW))


# -- the address check -------------------------------------------------------------------------------------------------


def check(echo: str = "7208264105693113420", at: float = NOW, token: str = TOKEN) -> dict[str, str]:
    stamp, nonce = str(int(at)), "900000030"
    signature = hashlib.sha1("".join(sorted((token, stamp, nonce))).encode()).hexdigest()
    return {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}


def test_the_echo_comes_back_exactly(envelope: AccountEnvelope) -> None:
    assert envelope.echo(check(), NOW) == b"7208264105693113420"


@pytest.mark.parametrize(
    "query",
    [
        check(token="guessed"),
        check(at=NOW - 400),
        check(echo="<script>"),
        check(echo="x" * 65),
        {},
        check() | {"timestamp": "1"},
    ],
)
def test_a_bad_check_gets_nothing(envelope: AccountEnvelope, query: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        envelope.echo(query, NOW)


# -- answers inside the 200 --------------------------------------------------------------------------------------------


def test_an_answer_opens_with_somebody_else_s_crypto(envelope: AccountEnvelope) -> None:
    said = "您好 ]]> <网格> 🙏"
    outer = envelope.reply("oTEST", "gh_1", said, time.time())
    parts = xmltodict.parse(outer)["xml"]
    plain = WeChatCrypto(TOKEN, KEY, APPID).decrypt_message(
        outer.decode(), parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"]
    )
    fields = xmltodict.parse(plain)["xml"]
    assert (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) == ("oTEST", "gh_1", "text")
    assert fields["Content"] == said


def test_only_what_is_ready_is_answered(envelope: AccountEnvelope) -> None:
    answer = AtOnce(envelope, "https://town.example")
    assert answer.reply(envelope.open(*sealed(sample("msg_text")), NOW), NOW) == b""
    assert answer.reply(envelope.open(*sealed(sample("event_unsubscribe")), NOW), NOW) == b""
    plain = sample("event_subscribe_qr").replace("hh_3-12-0457", f"d_{CODE}")
    outer = answer.reply(envelope.open(*sealed(plain), NOW), NOW)
    parts = xmltodict.parse(outer)["xml"]
    text = WeChatCrypto(TOKEN, KEY, APPID).decrypt_message(
        outer.decode(), parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"]
    )
    assert f"https://town.example/d/{CODE}" in xmltodict.parse(text)["xml"]["Content"]
