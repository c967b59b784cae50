"""Faults on request, each doing what its name says and no more."""

from __future__ import annotations

import time

import pytest
import requests
from standin_peer import AGENT, Peer, Platform


def shown(wx: Platform) -> int:
    return sum(wx.ctl("state", part="shown")["shown"].get("wangfang", {}).values())


@pytest.mark.parametrize(
    ("kind", "more", "carried_out"),
    [
        ("reset", {}, 0),
        ("reset", {"effect": True}, 1),
        ("timeout", {}, 0),
        ("commit_then_timeout", {}, 1),
        ("commit_then_timeout", {"how": "hang"}, 1),
        ("truncated_json", {}, 1),
    ],
)
def test_lost_answers(wx: Platform, kind: str, more: dict[str, object], carried_out: int) -> None:
    token = wx.token()
    wx.fault(kind, match={"path": "message/send", "nth": 1}, **more)
    body = {"touser": "wangfang", "msgtype": "text", "agentid": AGENT, "text": {"content": "甲"}}
    url = f"{wx.url}/cgi-bin/message/send?access_token={token}"
    with pytest.raises(requests.exceptions.RequestException):
        requests.post(url, json=body, timeout=0.3)
    assert shown(wx) == carried_out
    assert wx.send("wangfang", "甲")["errcode"] == 0, "only the first was broken"
    assert shown(wx) == carried_out + 1
    assert wx.ctl("state")["calls"]["/cgi-bin/message/send"]["faulted"] == 1


def test_a_gateway_page_with_502_and_with_200(wx: Platform) -> None:
    token = wx.token()
    for kind, status in (("http_502", 502), ("html_200", 200)):
        wx.fault(kind, match={"nth": 1})
        answer = wx.http.get(f"{wx.url}/cgi-bin/getcallbackip?access_token={token}", timeout=5)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")
        assert b"502 Bad Gateway" in answer.content


def test_refusals_on_request(wx: Platform) -> None:
    wx.token()
    wx.fault("err", code=45033, match={"count": 1})
    wx.fault("concurrency", match={"nth": 2})
    wx.fault("busy", match={"nth": 3})
    assert [wx.send("wangfang", str(i))["errcode"] for i in range(4)] == [45033, 45033, -1, 0]
    wx.ctl("fault", {"clear": True})
    wx.fault("quota_exhaust", window_s=60, match={"path": "appchat/send"})
    assert wx.post("appchat/send", {"chatid": "x"})["errcode"] == 45009
    assert wx.send("wangfang", "别的接口照常")["errcode"] == 0
    wx.ctl("clock", {"advance_s": 61})
    assert wx.post("appchat/send", {"chatid": "x"})["errcode"] == 86003


def test_tokens_taken_away(wx: Platform) -> None:
    wx.send("wangfang")
    assert wx.fault("token_revoke_now") == {"revoked": 1}
    assert wx.send("wangfang")["errcode"] == 40014
    wx._tokens.clear()
    assert wx.send("wangfang")["errcode"] == 0
    wx.fault("token_revoke_now", match={"path": "message/send", "app": AGENT, "nth": 1})
    assert wx.send("wangfang")["errcode"] == 40014


def test_less_than_it_says(wx: Platform) -> None:
    wx.token()
    wx.fault("partial_invalid", userids=["WangFang"], match={"nth": 1})
    assert wx.send("wangfang|laozhang")["invaliduser"] == "wangfang"
    wx.fault("silent_drop", match={"nth": 1})
    assert wx.send("wangfang")["errcode"] == 0
    assert wx.texts("wangfang") == []
    assert [d["why"] for d in wx.ctl("state")["dropped"]] == ["fault"]


def test_latency_and_repeatable_chance(wx: Platform) -> None:
    wx.fault("latency", ms=80, match={"path": "getcallbackip"})
    began = time.monotonic()
    wx.get("getcallbackip", access_token=wx.token())
    assert time.monotonic() - began >= 0.08

    def run() -> list[int]:
        wx.ctl("fault", {"clear": True})
        wx.fault("busy", match={"prob": 0.5, "seed": 7, "path": "recall"})
        return [wx.post("message/recall", {"msgid": "x"})["errcode"] for _ in range(20)]

    first = run()
    assert set(first) == {-1, 40058}
    assert run() == first


def test_faults_nobody_knows_are_refused(wx: Platform) -> None:
    for given in ({"kind": "earthquake"}, {"kind": "busy", "match": {"paht": "x"}}):
        assert wx.http.post(f"{wx.url}/_ctl/fault", json=given, timeout=5).status_code == 400


def said(wx: Platform, text: str, **more: object) -> dict[str, object]:
    return wx.act("member_text", to="app", userid="wangfang", text=text, **more)


def test_callbacks_twice_never_late_and_swapped(wx: Platform, peer: Peer) -> None:
    wx.fault("cb_duplicate", n=2, match={"nth": 1})
    said(wx, "三次")
    wx.settle()
    assert [g.fields["MsgId"] for g in peer.got] == [peer.got[0].fields["MsgId"]] * 3
    wx.fault("cb_drop", match={"nth": 1, "app": "app"})
    assert said(wx, "丢了")["callback"]["state"] == "dropped"  # type: ignore[index]
    wx.fault("cb_delay", ms=120, match={"nth": 1})
    began = time.monotonic()
    said(wx, "晚了")
    assert time.monotonic() - began >= 0.12
    wx.fault("cb_reorder", match={"nth": 1})
    said(wx, "先说", wait=False)
    said(wx, "后说")
    wx.settle()
    assert [g.fields["Content"] for g in peer.got[3:]] == ["晚了", "后说", "先说"]


def test_a_held_callback_goes_even_when_nothing_follows(wx: Platform, peer: Peer) -> None:
    wx.fault("cb_reorder", hold_s=0.1, match={"nth": 1})
    said(wx, "独一句")
    assert [g.fields["Content"] for g in peer.got] == ["独一句"]


def test_bad_signatures_and_skewed_clocks(wx: Platform, peer: Peer) -> None:
    wx.fault("cb_bad_signature", match={"nth": 1})
    assert said(wx, "假的")["callback"]["state"] == "failed"  # type: ignore[index]
    assert peer.refused == ["InvalidSignatureException"] * 3
    wx.fault("clock_skew", offset_s=-400, match={"nth": 1})
    said(wx, "旧的")
    assert abs(time.time() - 400 - int(peer.got[0].query["timestamp"])) < 3


def test_two_presses_in_one_second(wx: Platform, peer: Peer) -> None:
    wx.send_card("wangfang", "D-1")
    wx.fault("cb_same_second_pair", key="help:D-20261118-07", match={"nth": 1})
    wx.act("member_click", userid="wangfang", task_id="D-1", key="ack:D-20261118-07")
    wx.settle()
    one, two = (g.fields for g in peer.got)
    assert one["CreateTime"] == two["CreateTime"]
    assert {one["EventKey"], two["EventKey"]} == {"ack:D-20261118-07", "help:D-20261118-07"}
    assert one["ResponseCode"] != two["ResponseCode"]
    wx.fault("cb_same_second_pair", match={"nth": 1, "app": "bot"})
    wx.act("member_text", to="bot", userid="wangfang", text="一句")
    wx.settle()
    assert len({g.fields["msgid"] for g in peer.got[2:]}) == 2
