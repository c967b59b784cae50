"""Callbacks: wrapped as documented, tried three times, and passive replies carried out."""

from __future__ import annotations

import json
import time
from typing import Any

import xmltodict
from standin_peer import AES_KEY, AGENT, CORP, SAMPLES, TOKEN, Got, Peer, Platform, seed_for

from standin import payloads
from standin.server import StandIn


def xml_sample(name: str) -> dict[str, Any]:
    return xmltodict.parse((SAMPLES / "wecom_app_xml" / f"{name}.xml").read_text())["xml"]


def bot_sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "aibot_json" / f"{name}.json").read_text())


def keys(value: Any) -> Any:
    return {k: keys(v) for k, v in value.items()} if isinstance(value, dict) else type(value).__name__


def test_text_to_the_app_has_the_sample_shape(wx: Platform, peer: Peer) -> None:
    done = wx.act("member_text", to="app", userid="WangFang", text="a]]>b & <网格>")
    got = peer.got[0].fields
    assert list(got) == list(xml_sample("msg_text"))
    assert got["Content"] == xml_sample("msg_text_cdata_edge")["Content"] == "a]]>b & <网格>"
    assert (got["FromUserName"], got["AgentID"], got["MsgId"]) == ("wangfang", str(AGENT), done["msgid"])
    assert done["callback"]["status"] == 200
    assert done["callback"]["reply"] is None
    outer = xmltodict.parse(peer.got[0].raw)["xml"]
    assert (outer["ToUserName"], outer["AgentID"]) == (CORP, str(AGENT))


def test_clicks_have_the_sample_shape(wx: Platform, peer: Peer) -> None:
    wx.send_card("wangfang", "D-20261118-07@3-12")
    wx.act("member_click", userid="wangfang", task_id="D-20261118-07@3-12", key="ack:D-20261118-07")
    got, wanted = peer.got[0].fields, xml_sample("event_template_card_button")
    assert list(got) == list(wanted)
    same = ("FromUserName", "Event", "EventKey", "TaskId", "CardType", "AgentID")
    assert {k: got[k] for k in same} == {k: wanted[k] for k in same}
    assert (
        wx.post(
            "message/update_template_card",
            {
                "userids": ["wangfang"],
                "agentid": AGENT,
                "response_code": got["ResponseCode"],
                "button": {"replace_name": "好"},
            },
        )["errcode"]
        == 0
    )


def test_choices_travel_in_both_formats() -> None:
    wanted = xml_sample("event_template_card_multi")
    card = {"card_type": "multiple_interaction", "task_id": "C-20261118-0900@wangfang"}
    chosen = {"visited": ["v31_40"], "fever": ["none"]}
    args = (CORP, "wangfang", 1795000041, AGENT, card, "submit:checkin", "RC_TEST_card_0002", chosen)
    assert xmltodict.parse(payloads.app_click(*args))["xml"] == wanted
    event = payloads.bot_click(card | {"task_id": "C-20261118-0900"}, "submit:checkin", chosen)
    assert event == bot_sample("event_template_card_select")["event"]


def test_a_menu_entry_has_its_own_event() -> None:
    card = {"card_type": "text_notice", "task_id": "D-20261118-07@3-12"}
    menu = {"action_menu": {"action_list": [{"key": "mute_today", "text": "今天不提醒"}]}}
    args = (CORP, "wangfang", 1795000043, AGENT, card | menu, "mute_today", "RC_TEST_card_0004", {})
    assert xmltodict.parse(payloads.app_click(*args))["xml"] == xml_sample("event_template_card_menu")


def test_bot_messages_have_the_sample_shape(wx: Platform, peer: Peer) -> None:
    wx.act("member_text", to="group", userid="wangfang", chatid="wrkGRID1", text="@小格 更正：发热 1", quote="发热0")
    wx.act("member_text", to="bot", userid="wangfang", text="今天我要做什么")
    wx.act("member_text", to="bot", userid="wangfang", text="入户三十二户", **{"as": "voice"})
    wx.act("event", to="bot", userid="wangfang", event="enter_chat")
    wx.act("event", userid="wangfang", event="enter_agent")
    got = [g.fields for g in peer.got]
    assert [keys(g) for g in got[:4]] == [
        keys(bot_sample(n)) for n in ("group_text_with_quote", "single_text", "single_voice", "event_enter_chat")
    ]
    assert list(got[4]) == list(xml_sample("event_enter_agent"))
    assert len(got[0]["msgid"]) == len(bot_sample("group_text_with_quote")["msgid"])


def test_contact_events_have_the_sample_shape(peer: Peer) -> None:

    seed = seed_for(peer.url)
    seed["corps"][0]["contact_callback"] = {"url": f"{peer.url}/contact", "token": TOKEN, "aeskey": AES_KEY}
    with StandIn(seed) as server:
        wx = Platform(server)
        wx.act("member_join", userid="newcomer", name="新测", department=123)
        wx.act("member_leave", userid="laozhang")
        assert [g.fields["ChangeType"] for g in peer.got] == ["create_user", "delete_user"]
        assert list(peer.got[0].fields) == list(xml_sample("event_change_contact_create_user_trimmed"))
        assert xmltodict.parse(peer.got[0].raw)["xml"]["AgentID"] is None
        assert wx.send("laozhang")["errcode"] == 81013
        assert wx.send("newcomer")["errcode"] == 0
        wx.http.close()


def test_only_what_names_the_bot_is_heard(wx: Platform, peer: Peer) -> None:
    quiet = wx.act("member_text", to="group", userid="laozhang", chatid="wrkGRID1", text="今天敲门46户")
    loud = wx.act("member_text", to="group", userid="laozhang", chatid="wrkGRID1", text="敲门46户 @小格 ")
    pasted = wx.act("group_paste", userid="laozhang", chatid="hh1", text="@小格 没有机器人")
    assert (quiet["emitted"], loud["emitted"], pasted["emitted"]) == (False, True, False)
    assert [p["withheld"] for p in wx.posts("wrkGRID1")] == [True, False]
    assert [p["withheld"] for p in wx.posts("hh1")] == [False]
    assert [g.fields["text"]["content"] for g in peer.got] == ["敲门46户 @小格 "]


def test_a_household_group_takes_forwards_and_no_bot(wx: Platform) -> None:
    msgid = wx.send("laozhang", "请转发:今晚停水")["msgid"]
    wx.act("group_paste", userid="laozhang", chatid="hh1", msgid=msgid)
    wx.act("group_paste", resident="3-2-402", chatid="hh1", text="+1")
    assert [(p["from"]["name"], p["text"]) for p in wx.posts("hh1")] == [("张样", "请转发:今晚停水"), ("3-2-402", "+1")]
    refused = wx.http.post(f"{wx.url}/_ctl/act", json={"kind": "bot_added_to_group", "chatid": "hh1"}, timeout=5)
    assert refused.status_code == 400
    assert "household" in refused.json()["error"]


def test_three_tries_then_nothing_more(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (503, b"")
    done = wx.act("member_text", to="app", userid="wangfang", text="在吗")
    assert done["callback"]["state"] == "failed"
    assert [a["status"] for a in done["callback"]["attempts"]] == [503] * 3
    assert len({g.fields["MsgId"] for g in peer.got}) == 1
    assert len({g.query["nonce"] for g in peer.got}) == 3
    assert wx.ctl("state")["callbacks"]["failed"] == 1
    assert [m["fate"] for m in wx.ctl("inbox", userid="wangfang")["messages"]] == ["failed"]


def test_a_200_ends_the_tries(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (503, b"") if len(peer.got) < 2 else (200, b"")
    done = wx.act("member_text", to="app", userid="wangfang", text="在吗")
    assert [a["status"] for a in done["callback"]["attempts"]] == [503, 200]
    wx.settle()
    assert len(peer.got) == 2


def test_an_unreachable_or_slow_product_is_tried_again(wx: Platform, peer: Peer) -> None:

    def slow(got: Got) -> tuple[int, bytes]:
        time.sleep(0.7 if len(peer.got) == 1 else 0)
        return 200, b""

    peer.answer = slow
    done = wx.act("member_text", to="bot", userid="wangfang", text="在吗")
    assert [a["status"] for a in done["callback"]["attempts"]] == [None, 200]
    assert done["callback"]["attempts"][0]["error"] == "ReadTimeoutError"


def test_the_echo_check_wants_the_exact_bytes(wx: Platform, peer: Peer) -> None:
    assert wx.ctl("verify_callback", {"agentid": AGENT})["ok"] is True
    assert wx.ctl("verify_callback", {"to": "bot"})["ok"] is True
    peer.echo = False
    assert wx.ctl("verify_callback", {"agentid": AGENT})["ok"] is False


def test_an_address_is_saved_only_when_it_gives_the_echo_back(wx: Platform, peer: Peer) -> None:
    def save(**given: Any) -> int:
        return wx.http.post(f"{wx.url}/_ctl/save_callback", json=given, timeout=5).status_code

    assert save(agentid=AGENT, url="http://127.0.0.1:9/wecom/callback") == 409
    assert save(agentid=AGENT, token="another") == 409
    assert save(agentid=404) == 404
    assert wx.act("member_text", to="app", userid="wangfang", text="仍在原处")["callback"]["status"] == 200
    assert save(agentid=1000004, url=f"{peer.url}/moved", token=TOKEN, aeskey=AES_KEY) == 200
    assert save(to="bot", url=f"{peer.url}/aibot/moved") == 200
    wx.act("member_text", to="app", agentid=1000004, userid="wangfang", text="一")
    wx.act("member_text", to="bot", userid="wangfang", text="二")
    assert [g.path for g in peer.got] == ["/wecom/callback", "/moved", "/aibot/moved"]


def reply_sample(name: str) -> str:
    return (SAMPLES / "wecom_passive_reply_xml" / f"{name}.xml").read_text()


def test_app_replies_are_carried_out(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (200, got.wrapped(reply_sample("reply_text")))
    done = wx.act("member_text", to="app", userid="wangfang", text="日报")
    assert done["callback"]["reply"]["msgtype"] == "text"
    assert wx.texts("wangfang") == ["日报", "已收到东村三网格日报，编号 A1027"]
    wx.send_card("wangfang|laozhang", "D-1")
    peer.answer = lambda got: (200, got.wrapped(reply_sample("reply_update_button")))
    wx.act("member_click", userid="wangfang", task_id="D-1", key="ack:D-20261118-07")
    assert wx.ctl("inbox", userid="wangfang")["messages"][-1]["replaced"] == "已确认"
    assert not wx.ctl("inbox", userid="laozhang")["messages"][-1]["updated"]
    again = {"kind": "member_click", "userid": "wangfang", "task_id": "D-1", "key": "ack:D-20261118-07"}
    assert wx.http.post(f"{wx.url}/_ctl/act", json=again, timeout=5).status_code == 400
    peer.answer = lambda got: (200, got.wrapped(reply_sample("reply_update_template_card")))
    wx.act("member_click", userid="laozhang", task_id="D-1", key="ack:D-20261118-07")
    assert wx.ctl("inbox", userid="laozhang")["messages"][-1]["card"]["main_title"]["title"] == "已签收"


def test_a_broken_reply_is_counted_and_shown_to_nobody(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (200, b"<xml><Encrypt>nonsense</Encrypt></xml>")
    done = wx.act("member_text", to="app", userid="wangfang", text="日报")
    assert "KeyError" in done["callback"]["reply"]["error"]
    peer.answer = lambda got: (200, got.wrapped({"msgtype": "stream"}).replace(b'"nonce": "', b'"nonce": "x'))
    done = wx.act("member_text", to="bot", userid="wangfang", text="日报")
    assert "nonce" in done["callback"]["reply"]["error"]
    assert wx.ctl("state")["counts"]["bad_replies"] == 2
    assert wx.texts("wangfang") == ["日报", "日报"]


def bot_reply(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "aibot_reply_json" / f"{name}.json").read_text())


def test_bot_replies_are_carried_out(wx: Platform, peer: Peer) -> None:
    peer.answer = lambda got: (200, got.wrapped(bot_reply("stream_with_template_card")))
    wx.act("member_text", to="group", userid="wangfang", chatid="wrkGRID1", text="@小格 日报")
    stream, card = wx.posts("wrkGRID1")[1:]
    assert (stream["text"], stream["from"]["name"], card["msgtype"]) == ("请确认", "小格", "template_card")
    peer.answer = lambda got: (200, got.wrapped(bot_reply("update_template_card")))
    wx.act("member_click", userid="laozhang", task_id=card["task_id"], key="ack:D-20261118-07")
    pressed = peer.got[-1].fields
    assert keys(pressed) == keys(bot_sample("event_template_card"))
    assert wx.posts("wrkGRID1")[2]["card"]["main_title"]["title"] == "已签收 D-07"
    peer.answer = lambda got: (200, got.wrapped(bot_reply("welcome_text")))
    wx.act("event", to="bot", userid="zhaomin", event="enter_chat")
    assert wx.texts("zhaomin") == ["您好，发送“帮助”查看格式"]
    refused = wx.act("member_text", to="bot", userid="zhaomin", text="早")
    assert "enter_chat" in refused["callback"]["reply"]["error"]


def test_an_unfinished_stream_is_asked_again(wx: Platform, peer: Peer) -> None:
    def answer(got: Got) -> tuple[int, bytes]:
        return 200, got.wrapped(bot_reply("stream_first" if len(peer.got) < 3 else "stream_finish"))

    peer.answer = answer
    wx.act("member_text", to="group", userid="wangfang", chatid="wrkGRID1", text="@小格 日报")
    wx.settle()
    assert len(peer.got) == 3
    assert keys(peer.got[1].fields) == keys(bot_sample("stream_poll"))
    assert [p["text"] for p in wx.posts("wrkGRID1")][1:] == [bot_reply("stream_finish")["stream"]["content"]]


def test_response_url_once_within_an_hour(wx: Platform, peer: Peer) -> None:
    for words in ("@小格 汇总", "@小格 进度"):
        wx.act("member_text", to="group", userid="wangfang", chatid="wrkGRID1", text=words)
    first, second = (g.fields["response_url"] for g in peer.got)

    def post(url: str) -> int:
        return wx.http.post(url, json=bot_reply("response_url_markdown"), timeout=5).json()["errcode"]

    assert [post(first), post(first)] == [0, 60140]
    later = wx.posts("wrkGRID1")[-1]
    assert (later["text"], later["quote"]) == ("汇总完成：32/40 户", "@小格 汇总")
    wx.ctl("clock", {"advance_s": 3601})
    assert post(second) == 60140


def test_send_raw_wraps_anything(wx: Platform, peer: Peer) -> None:
    wx.act("send_raw", to="app", plain="<xml></xml>")
    wx.act("send_raw", to="bot", plain='{"msgtype":"hologram"}')
    assert [g.plain for g in peer.got] == ["<xml></xml>", '{"msgtype":"hologram"}']
    done = wx.act("send_raw", to="app", plain="<xml/>", bad_signature=True)
    assert done["callback"]["state"] == "failed"
    assert peer.refused == ["InvalidSignatureException"] * 3
    wx.act("send_raw", to="app", body="not xml at all")
    assert peer.refused[3:] == ["ExpatError"] * 3
