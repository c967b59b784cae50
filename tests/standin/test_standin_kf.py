"""微信客服 on the far side: nothing but a hint in the callback, a cursor, two windows, one id once."""

from __future__ import annotations

import json
from typing import Any

import pytest
import xmltodict
from standin_peer import KF, SAMPLES, Peer, Platform, seed_for

from standin.server import StandIn

H, DAY = 3600, 86_400
DOOR = "3-2-402"


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "wecom_api" / f"{name}.json").read_text())


def shape(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {k: shape(v) for k, v in answer.items()}
    return [shape(answer[0])] if isinstance(answer, list) and answer else type(answer).__name__


def link(wx: Platform, token: str = "tok-1") -> str:
    way = wx.post("kf/add_contact_way", {"open_kfid": KF, "scene": "door"})
    return f"{way['url']}&scene_param={token}"


def scan(wx: Platform, token: str = "tok-1") -> dict[str, Any]:
    return wx.act("resident_scan", resident=DOOR, qr=link(wx, token))


def pull(wx: Platform, cursor: str = "", **more: Any) -> dict[str, Any]:
    return wx.post("kf/sync_msg", {"open_kfid": KF, "cursor": cursor, "limit": 1000} | more)


def send(wx: Platform, to: str, **more: Any) -> dict[str, Any]:
    body = {"touser": to, "open_kfid": KF, "msgtype": "text", "text": {"content": "您好"}}
    return wx.post("kf/send_msg", body | more)


def menu(*ids: str) -> dict[str, Any]:
    items = [{"type": "click", "click": {"id": i, "content": f"选 {i}"}} for i in ids]
    return {"head_content": "您好", "list": items, "tail_content": "急事打电话"}


def renew(wx: Platform, seconds: float) -> None:
    wx.ctl("clock", {"advance_s": seconds})
    wx._tokens.clear()


def test_the_callback_says_nothing_but_where_to_look(wx: Platform, peer: Peer) -> None:
    scan(wx)
    wanted = xmltodict.parse((SAMPLES / "wecom_app_xml/event_kf_msg_or_event.xml").read_text())["xml"]
    assert list(peer.got[0].fields) == list(wanted)
    assert peer.got[0].fields["OpenKfId"] == KF
    assert xmltodict.parse(peer.got[0].raw)["xml"]["AgentID"] is None


def test_what_was_said_is_pulled_in_the_sample_s_shape(wx: Platform) -> None:
    known = sample("kf_sync_msg")["response"]["msg_list"]
    wanted = {m.get("event", {}).get("event_type", m["msgtype"]): m for m in known}
    whom = scan(wx)["external_userid"]
    wx.act("resident_kf_text", resident=DOOR, text="无发热 37.0")
    wx.act("resident_kf_media", resident=DOOR)
    assert send(wx, whom, msgtype="msgmenu", msgmenu=menu("hd:ok"))["errcode"] == 0
    wx.act("resident_kf_tap", resident=DOOR, content="选 hd:ok")
    answer = pull(wx)
    entered, text, image, tapped = answer["msg_list"]
    del wanted["enter_session"]["event"]["wechat_channels"]
    assert shape(entered) == shape(wanted["enter_session"])
    assert (entered["event"]["scene"], entered["event"]["scene_param"]) == ("door", "tok-1")
    assert shape(tapped) == shape(wanted["text"])
    assert (tapped["text"], "menu_id" in text["text"]) == ({"content": "选 hd:ok", "menu_id": "hd:ok"}, False)
    assert shape(image) == shape(wanted["image"])
    assert {k: type(v) for k, v in answer.items()} == {k: type(v) for k, v in sample("kf_sync_msg")["response"].items()}
    assert pull(wx, answer["next_cursor"])["msg_list"] == []


@pytest.mark.parametrize("empty", [False, True])
def test_pages_end_when_there_is_no_more_and_may_be_empty(peer: Peer, empty: bool) -> None:
    kf = [{"open_kfid": KF, "page": 3, "empty_pages": empty}]
    with StandIn(seed_for(peer.url, kf=kf)) as server:
        wx = Platform(server)
        for n in range(8):
            wx.act("resident_kf_text", resident=DOOR, text=f"第{n}句")
        cursor, texts, sizes = "", [], []
        while True:
            page = pull(wx, cursor)
            cursor = page["next_cursor"]
            texts += [m["text"]["content"] for m in page["msg_list"]]
            sizes.append(len(page["msg_list"]))
            if not page["has_more"]:
                break
        assert texts == [f"第{n}句" for n in range(8)]
        assert sizes == ([0, 3, 0, 3, 0, 2] if empty else [3, 3, 2])
        wx.http.close()


def test_history_reaches_three_days_back(wx: Platform) -> None:
    wx.act("resident_kf_text", resident=DOOR, text="很久以前")
    renew(wx, 2 * DAY)
    wx.act("resident_kf_text", resident=DOOR, text="前天")
    renew(wx, DAY + H)
    assert [m["text"]["content"] for m in pull(wx)["msg_list"]] == ["前天"]


def test_a_callback_s_token_spares_the_stricter_limit_for_ten_minutes(peer: Peer) -> None:
    with StandIn(seed_for(peer.url, limits={"kf_bare_pulls_per_min": 2})) as server:
        wx = Platform(server)
        scan(wx)
        token = peer.got[0].fields["Token"]
        assert [pull(wx)["errcode"] for _ in range(3)] == [0, 0, 45009]
        assert pull(wx, token=token)["errcode"] == 0
        renew(wx, 601)
        assert pull(wx, token=token)["errcode"] == 95007
        assert pull(wx, token="guessed")["errcode"] == 95007
        wx.http.close()


def test_five_messages_in_48_hours_after_each_thing_said(wx: Platform) -> None:
    whom = scan(wx)["external_userid"]
    assert send(wx, whom)["errcode"] == 95002, "coming in is not speaking"
    wx.act("resident_kf_text", resident=DOOR, text="在吗")
    first = send(wx, whom, msgid="own-1")
    assert first == {"errcode": 0, "errmsg": "ok", "msgid": "own-1"}
    assert [send(wx, whom)["errcode"] for _ in range(5)] == [0, 0, 0, 0, 95001]
    assert shape(send(wx, whom)) == shape(sample("kf_send_count_limit")["response"])
    wx.act("resident_kf_text", resident=DOOR, text="还在吗")
    assert send(wx, whom)["errcode"] == 0
    renew(wx, 48 * H + 1)
    assert send(wx, whom)["errcode"] == sample("kf_send_time_limit")["response"]["errcode"]
    assert len(wx.phone(DOOR)) == 6


def test_an_id_of_one_s_own_is_sent_once(wx: Platform) -> None:
    whom = scan(wx)["external_userid"]
    wx.act("resident_kf_text", resident=DOOR, text="在吗")
    assert [send(wx, whom, msgid="p-7")["errcode"] for _ in range(2)] == [0, 95033]
    assert send(wx, whom, msgid="a b")["errcode"] == 40058
    assert len(wx.phone(DOOR)) == 1


def test_the_welcome_is_said_once_within_20_seconds(wx: Platform) -> None:
    wanted = sample("kf_send_msg_on_event")
    scan(wx)
    code = pull(wx)["msg_list"][-1]["event"]["welcome_code"]
    body = wanted["request"]["body"] | {"code": code}
    assert wx.post("kf/send_msg_on_event", body) == wanted["response"]
    assert wx.post("kf/send_msg_on_event", body | {"msgid": "w-2"})["errcode"] == 41050
    scan(wx)
    assert "welcome_code" not in pull(wx)["msg_list"][-1]["event"], "he was here a moment ago"
    renew(wx, 48 * H + 1)
    scan(wx, "tok-2")
    late = pull(wx)["msg_list"][-1]["event"]
    assert late["scene_param"] == "tok-2"
    renew(wx, 21)
    assert wx.post("kf/send_msg_on_event", body | {"code": late["welcome_code"], "msgid": "w-3"})["errcode"] == 41050


def test_a_blocked_message_is_taken_and_an_event_says_it_failed(wx: Platform) -> None:
    whom = scan(wx)["external_userid"]
    wx.act("resident_kf_text", resident=DOOR, text="别发了")
    wx.act("resident_kf_block", resident=DOOR)
    assert send(wx, whom, msgid="p-9")["errcode"] == 0
    wanted = next(m for m in sample("kf_sync_msg")["response"]["msg_list"] if "fail_msgid" in m.get("event", {}))
    got = pull(wx)["msg_list"][-1]
    assert shape(got) == shape(wanted)
    assert (got["event"]["fail_msgid"], got["event"]["fail_type"]) == ("p-9", 10)
    assert wx.phone(DOOR) == []


def test_a_person_who_took_over_closes_the_api(wx: Platform) -> None:
    whom = scan(wx)["external_userid"]
    wx.act("resident_kf_text", resident=DOOR, text="转人工")
    wx.act("servicer_kf", resident=DOOR, text="我是小李")
    assert send(wx, whom)["errcode"] == 95018
    assert pull(wx)["msg_list"][-1]["origin"] == 5
    wx.act("servicer_kf", resident=DOOR, end=True)
    assert send(wx, whom)["errcode"] == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"open_kfid": "wkNOBODY"}, 95000),
        ({"open_kfid": ""}, 95004),
        ({"touser": "wmNOBODY"}, 40096),
        ({"text": {"content": ""}}, 44004),
        ({"text": {"content": "长" * 700}}, 45002),
        ({"msgtype": "markdown"}, 40008),
        ({"msgtype": "msgmenu", "msgmenu": menu(*"abcdefghijk")}, 95008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "tap"}]}}, 95009),
        ({"msgtype": "msgmenu", "msgmenu": menu("x" * 129)}, 45002),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
    ],
)
def test_what_cannot_be_said_is_refused(wx: Platform, more: dict[str, Any], code: int) -> None:
    whom = scan(wx)["external_userid"]
    wx.act("resident_kf_text", resident=DOOR, text="在吗")
    assert send(wx, whom, **more)["errcode"] == code


def test_another_app_may_not_use_the_account(wx: Platform) -> None:
    assert wx.post("kf/sync_msg", {"open_kfid": KF}, secret="third-secret")["errcode"] == 48007
    assert wx.post("kf/account/list", {}, secret="third-secret")["account_list"] == []
    assert [a["open_kfid"] for a in wx.post("kf/account/list", {})["account_list"]] == [KF]


def test_the_link_has_the_sample_s_shape_and_is_the_same_for_a_scene(wx: Platform) -> None:
    wanted = sample("kf_add_contact_way")
    first, again = (wx.post("kf/add_contact_way", wanted["request"]["body"]) for _ in range(2))
    assert shape(first) == shape(wanted["response"])
    assert first == again
    assert wx.post("kf/add_contact_way", {"open_kfid": KF, "scene": "门"})["errcode"] == 40058


def test_the_world_with_its_residents_is_kept_over_a_restart(peer: Peer, tmp_path: Any) -> None:
    with StandIn(seed_for(peer.url), state_file=tmp_path / "world.json") as server:
        wx = Platform(server)
        scan(wx)
        cursor = pull(wx)["next_cursor"]
        wx.act("resident_kf_text", resident=DOOR, text="在吗")
        wx.http.close()
    with StandIn(seed_for(peer.url), state_file=tmp_path / "world.json") as server:
        wx = Platform(server)
        assert [m["text"]["content"] for m in pull(wx, cursor)["msg_list"]] == ["在吗"]
        wx.http.close()
