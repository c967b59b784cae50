"""The 公众号 on the far side: AES callbacks, scenes, two windows, tokens without errcode, notices by consent."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import xmltodict
from standin_peer import AES_KEY, APPID, MP_SECRET, SAMPLES, TOKEN, Got, Peer, Platform, seed_for

from standin import crypto, mp_events
from standin.server import StandIn

H = 3600
DOOR = "3-2-402"


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "mp_api" / f"{name}.json").read_text())


def xml_sample(name: str) -> dict[str, Any]:
    return xmltodict.parse((SAMPLES / "mp_xml" / f"{name}.xml").read_text())["xml"]


def shape(answer: Any) -> Any:
    return {k: shape(v) for k, v in answer.items()} if isinstance(answer, dict) else type(answer).__name__


def say(wx: Platform, openid: str, text: str = "您好", **more: Any) -> dict[str, Any]:
    return wx.mp("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}} | more)


def code(wx: Platform, scene: str = "hh_3-12-0457", **more: Any) -> dict[str, Any]:
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": {"scene": {"scene_str": scene}}}
    return wx.mp("qrcode/create", body | more)


def test_callbacks_come_in_aes_mode_with_both_signatures(wx: Platform, peer: Peer) -> None:
    done = wx.act("resident_mp_follow", resident=DOOR)
    got = peer.got[0]
    assert set(got.query) == {"signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature"}
    assert (got.query["openid"], got.query["encrypt_type"]) == (done["openid"], "aes")
    assert got.query["signature"] == mp_events.plain_signature(TOKEN, got.query["timestamp"], got.query["nonce"])
    assert list(xmltodict.parse(got.raw)["xml"]) == ["ToUserName", "Encrypt"]


def test_events_and_messages_have_the_samples_shapes(wx: Platform, peer: Peer) -> None:
    ticket = code(wx)["ticket"]
    wx.act("resident_mp_follow", resident="new-1")
    wx.act("resident_scan", resident=DOOR, qr=ticket)
    wx.act("resident_scan", resident=DOOR, qr=ticket)
    wx.act("resident_mp_text", resident=DOOR, text="健康")
    wx.act("resident_mp_text", resident=DOOR, text="全家健康", menu_id="101")
    wx.act("resident_mp_voice", resident=DOOR, recognition="今天全家都健康")
    wx.act("resident_mp_voice", resident=DOOR)
    wx.act("resident_mp_menu", resident=DOOR, key="MENU_HEALTH")
    wx.act("resident_mp_menu", resident=DOOR, url="https://grid.town.example/h5/health")
    wx.act("resident_mp_notice", resident=DOOR, template_id="TPL_TEST_1", accept=True)
    wx.act("resident_mp_notice", resident=DOOR, template_id="TPL_TEST_1", settings=True)
    wx.act("resident_mp_unfollow", resident=DOOR)
    names = ["event_subscribe_plain", "event_subscribe_qr", "event_scan", "msg_text", "msg_text_menu"]
    names += ["msg_voice_recognition", "msg_voice_plain", "event_click", "event_view"]
    names += ["event_subscribe_msg_popup", "event_subscribe_msg_change", "event_unsubscribe"]
    for got, name in zip(peer.got, names, strict=True):
        assert list(got.fields) == list(xml_sample(name)), name
        assert (got.fields["MsgType"], got.fields.get("Event")) == (
            xml_sample(name)["MsgType"],
            xml_sample(name).get("Event"),
        )
    assert [peer.got[n].fields["EventKey"] for n in (0, 1, 2)] == [None, "qrscene_hh_3-12-0457", "hh_3-12-0457"]


def test_tokens_come_without_errcode_and_the_stable_one_stays(wx: Platform) -> None:
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": MP_SECRET}
    first, again = (wx.post("stable_token", asked, none="") for _ in range(2))
    assert shape(first) == shape(sample("stable_token")["response"])
    assert first["access_token"] == again["access_token"]
    forced = wx.post("stable_token", asked | {"force_refresh": True}, none="")
    assert forced["access_token"] != first["access_token"]
    soon = wx.post("stable_token", asked | {"force_refresh": True}, none="")
    assert soon["access_token"] == forced["access_token"], "not twice in 30 s"
    assert say(wx, "o" + "x" * 27, access_token=first["access_token"])["errcode"] in (40001, 40003)
    assert wx.post("message/custom/send", {}, access_token=first["access_token"])["errcode"] == 40001
    assert wx.post("stable_token", asked | {"secret": "wrong"}, none="")["errcode"] == 40125


def test_a_plain_token_ends_five_minutes_after_the_next_one(wx: Platform) -> None:
    def token() -> str:
        return wx.get("token", grant_type="client_credential", appid=APPID, secret=MP_SECRET)["access_token"]

    first = token()
    second = token()
    assert wx.post("message/custom/send", {"touser": "x"}, access_token=first)["errcode"] == 40003
    wx.ctl("clock", {"advance_s": 301})
    assert wx.post("message/custom/send", {"touser": "x"}, access_token=first)["errcode"] == 42001
    assert wx.post("message/custom/send", {"touser": "x"}, access_token=second)["errcode"] == 40003


def test_an_address_off_the_white_list_is_refused(peer: Peer) -> None:
    accounts = seed_for(peer.url)["official_accounts"]
    accounts[0]["ips"] = ["203.0.113.9"]
    with StandIn(seed_for(peer.url, official_accounts=accounts)) as server:
        wx = Platform(server)
        answer = wx.get("token", grant_type="client_credential", appid=APPID, secret=MP_SECRET)
        assert (answer["errcode"], shape(answer)) == (40164, shape(sample("token_bad_ip")["response"]))
        wx.http.close()


def test_codes_with_a_scene(wx: Platform) -> None:
    assert shape(code(wx)) == shape(sample("qrcode_create_temp_str")["response"])
    permanent = sample("qrcode_create_limit_str")
    assert shape(wx.mp("qrcode/create", permanent["request"]["body"])) == shape(permanent["response"])
    assert code(wx, "x" * 65)["errcode"] == 47003
    assert code(wx, action_name="QR_SCENE", action_info={"scene": {"scene_id": 457}})["ticket"]
    picture = wx.http.get(f"{wx.url}/cgi-bin/showqrcode", params={"ticket": code(wx)["ticket"]}, timeout=5)
    assert picture.content.startswith(b"\x89PNG")


def test_permanent_codes_are_counted(peer: Peer) -> None:
    with StandIn(seed_for(peer.url, limits={"mp_permanent_codes": 2})) as server:
        wx = Platform(server)
        body = sample("qrcode_create_limit_str")["request"]["body"]
        assert [wx.mp("qrcode/create", body).get("errcode", 0) for _ in range(3)] == [0, 0, 45029]
        wx.http.close()


def test_an_expired_code_opens_nothing(wx: Platform) -> None:
    url = code(wx)["url"]
    wx.ctl("clock", {"advance_s": 601})
    refused = wx.http.post(f"{wx.url}/_ctl/act", json={"kind": "resident_scan", "resident": DOOR, "qr": url}, timeout=5)
    assert refused.status_code == 400


def test_five_in_48_hours_after_a_word_three_in_a_minute_after_a_deed(wx: Platform) -> None:
    openid = wx.act("resident_mp_follow", resident=DOOR)["openid"]
    assert [say(wx, openid)["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    wx.ctl("clock", {"advance_s": 61})
    assert say(wx, openid) == sample("custom_send_out_of_window")["response"]
    wx.act("resident_mp_text", resident=DOOR, text="在吗")
    assert [say(wx, openid)["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    wx.act("resident_mp_menu", resident=DOOR, key="MENU")
    assert say(wx, openid)["errcode"] == 0
    wx.act("resident_mp_text", resident=DOOR, text="还在吗")
    wx.ctl("clock", {"advance_s": 48 * H + 1})
    wx._tokens.clear()
    assert say(wx, openid)["errcode"] == 45015
    wx.act("resident_mp_text", resident=DOOR, text="好")
    wx.act("resident_mp_unfollow", resident=DOOR)
    assert say(wx, openid)["errcode"] == 45015
    assert say(wx, "o" + "z" * 27)["errcode"] == 40003


def test_a_template_message_arrives_once_and_an_event_says_so(wx: Platform, peer: Peer) -> None:
    openid = wx.act("resident_mp_follow", resident=DOOR)["openid"]
    wanted = sample("template_send")
    body = wanted["request"]["body"] | {"touser": openid, "template_id": "TPL_TEST_1"}
    assert shape(wx.mp("message/template/send", body)) == shape(wanted["response"])
    wx.mp("message/template/send", body)
    wx.settle()
    assert [m["msgtype"] for m in wx.phone(DOOR)] == ["notice"]
    assert list(peer.got[-1].fields) == list(xml_sample("event_templatesendjobfinish_ok"))
    wx.act("resident_mp_block", resident=DOOR)
    wx.mp("message/template/send", body | {"client_msg_id": "another"})
    wx.settle()
    assert peer.got[-1].fields["Status"] == xml_sample("event_templatesendjobfinish_block")["Status"]
    assert wx.mp("message/template/send", body | {"template_id": "TPL_NONE"})["errcode"] == 40037


def test_one_consent_is_one_notice(wx: Platform) -> None:
    openid = wx.act("resident_mp_follow", resident=DOOR)["openid"]
    body = sample("subscribe_bizsend")["request"]["body"] | {"touser": openid}
    assert wx.mp("message/subscribe/bizsend", body) == sample("subscribe_refused")["response"]
    wx.act("resident_mp_notice", resident=DOOR, template_id="TPL_TEST_1", accept=True)
    assert [wx.mp("message/subscribe/bizsend", body)["errcode"] for _ in range(2)] == [0, 43101]
    wx.act("resident_mp_notice", resident=DOOR, template_id="TPL_TEST_1", accept=True, always=True)
    assert [wx.mp("message/subscribe/bizsend", body)["errcode"] for _ in range(2)] == [0, 0]


def test_a_page_learns_who_opened_it_once(wx: Platform) -> None:
    came = wx.act("resident_mp_page", resident=DOOR)
    query = {"appid": APPID, "secret": MP_SECRET, "code": came["code"], "grant_type": "authorization_code"}
    url = f"{wx.url}/sns/oauth2/access_token"
    first, again = (wx.http.get(url, params=query, timeout=5).json() for _ in range(2))
    assert shape(first) == shape(sample("sns_oauth2_access_token")["response"])
    assert (first["openid"], again["errcode"]) == (came["openid"], 40163)


def reply(got: Got, **change: str) -> bytes:
    """A passive reply built by hand, sealed by wechatpy."""
    fields = {
        "ToUserName": got.fields["FromUserName"],
        "FromUserName": got.fields["ToUserName"],
        "CreateTime": str(int(time.time())),
        "MsgType": "text",
        "Content": "请点这里申报",
    } | change
    return got.wrapped(xmltodict.unparse({"xml": fields}))


def test_a_passive_reply_is_checked_shown_and_spends_no_window(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (200, reply(got))
    done = wx.act("resident_mp_follow", resident=DOOR)
    assert done["callback"]["reply"]["msgtype"] == "text"
    assert [m["text"] for m in wx.phone(DOOR)] == ["请点这里申报"]
    assert [say(wx, done["openid"])["errcode"] for _ in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    "change", [{"ToUserName": "gh_test00000001"}, {"CreateTime": "now"}, {"MsgType": "stream"}, {"Content": ""}]
)
def test_a_bad_passive_reply_is_thrown_away(wx: Platform, peer: Peer, change: dict[str, str]) -> None:
    peer.answer = lambda got: (200, reply(got, **change))
    done = wx.act("resident_mp_follow", resident=DOOR)
    assert "error" in done["callback"]["reply"]
    assert wx.phone(DOOR) == []


def test_a_passive_reply_in_clear_is_thrown_away(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (200, b"<xml><MsgType>text</MsgType><Content>hi</Content></xml>")
    assert "error" in wx.act("resident_mp_follow", resident=DOOR)["callback"]["reply"]
    peer.answer = lambda got: (200, b"success")
    assert wx.act("resident_mp_text", resident=DOOR, text="好")["callback"]["reply"] is None


def test_the_address_check_is_in_clear(wx: Platform, peer: Peer) -> None:
    assert wx.ctl("verify_mp", {})["ok"] is True
    peer.echo = False
    assert wx.ctl("verify_mp", {})["ok"] is False


def test_the_safe_mode_vector_opens_with_the_stand_in_s_own_crypto() -> None:
    vectors = json.loads((SAMPLES / "crypto/vectors.json").read_text())["vectors"]
    vector = next(v for v in vectors if v["name"] == "mp_safe_mode_scan")
    assert (vector["token"], vector["encoding_aes_key"], vector["receive_id"]) == (TOKEN, AES_KEY, APPID)
    parts = (vector["timestamp"], vector["nonce"], vector["encrypt"], vector["msg_signature"])
    assert "SCAN" in crypto.open_envelope(TOKEN, AES_KEY, APPID, *parts)
