"""Groups: made by an app, written to by a robot, and the two ids of one room."""

from __future__ import annotations

from typing import Any

from standin_peer import Peer, Platform, seed_for

from standin.server import StandIn

ROOM = {"name": "三网格", "owner": "wangfang", "userlist": ["wangfang", "laozhang", "zhaomin"], "chatid": "grid0312v1"}


def text(chatid: str, content: str = "请回报") -> dict[str, Any]:
    return {"chatid": chatid, "msgtype": "text", "text": {"content": content}}


def test_create_get_update_send(wx: Platform) -> None:
    assert wx.post("appchat/create", ROOM) == {"errcode": 0, "errmsg": "ok", "chatid": "grid0312v1"}
    assert wx.post("appchat/create", ROOM)["errcode"] == 86215
    change = {"chatid": "grid0312v1", "owner": "laozhang", "add_user_list": ["chenli"], "del_user_list": ["zhaomin"]}
    assert wx.post("appchat/update", change)["errcode"] == 0
    info = wx.get("appchat/get", access_token=wx.token(), chatid="grid0312v1")["chat_info"]
    expected = {"chatid": "grid0312v1", "name": "三网格", "owner": "laozhang"}
    assert info == expected | {"userlist": ["wangfang", "laozhang", "ChenLi"]}
    assert wx.post("appchat/send", text("grid0312v1")) == {"errcode": 0, "errmsg": "ok"}
    assert wx.post("appchat/send", text("grid0312v1")) == {"errcode": 0, "errmsg": "ok"}
    posts = wx.ctl("state", part="appchats")["appchats"]["grid0312v1"]["posts"]
    assert [p["text"] for p in posts] == ["请回报", "请回报"]
    assert posts[0]["key"] == posts[1]["key"]


def test_refusals(wx: Platform) -> None:
    def create(**change: Any) -> int:
        return wx.post("appchat/create", ROOM | change)["errcode"]

    assert create(chatid="x" * 33) == 86205
    assert create(chatid="有字") == 86001
    assert create(userlist=[]) == 86204
    assert create(userlist=["wangfang"]) == 86006
    assert create(userlist=["wangfang", "ghost"]) == 86216
    assert create(owner="chenli") == 86207
    assert create(name="长" * 51) == 86004
    assert wx.post("appchat/create", ROOM, "other-secret")["errcode"] == 60011
    assert wx.post("appchat/send", text("nowhere"))["errcode"] == 86003
    assert wx.post("appchat/send", {"msgtype": "text"})["errcode"] == 86201
    assert wx.post("appchat/send", text("wrkGRID1"))["errcode"] == 86003, "a room no app made"
    assert create() == 0
    assert wx.post("appchat/send", text("grid0312v1"), "third-secret")["errcode"] == 86008
    card = {"chatid": "grid0312v1", "msgtype": "template_card", "template_card": {}}
    assert wx.post("appchat/send", card)["errcode"] == 40008
    assert wx.post("appchat/update", {"chatid": "grid0312v1", "del_user_list": ["wangfang"]})["errcode"] == 86207


def test_two_ids_one_room(peer: Peer) -> None:
    seed = seed_for(peer.url)
    seed["groups"][0]["appchat_chatid"] = "grid1"
    with StandIn(seed) as server:
        wx = Platform(server)
        assert wx.post("appchat/send", text("grid1"))["errcode"] == 86003, "the app has not made it yet"
        assert wx.post("appchat/create", ROOM | {"chatid": "grid1"})["errcode"] == 0
        wx.post("appchat/send", text("grid1", "来自应用"))
        wx.act("member_text", to="group", userid="wangfang", chatid="wrkGRID1", text="@小格 收到")
        assert [p["text"] for p in wx.posts("grid1")] == ["来自应用", "@小格 收到"]
        assert wx.posts("grid1") == wx.posts("wrkGRID1")
        assert peer.got[0].fields["chatid"] == "wrkGRID1"
        wx.http.close()


def test_a_bot_that_joins_gets_an_id_of_its_own(wx: Platform, peer: Peer) -> None:
    wx.post("appchat/create", ROOM)
    said: dict[str, Any] = {"to": "group", "userid": "wangfang", "chatid": "grid0312v1", "text": "@小格 绑定 ABC123"}
    assert wx.act("member_text", **said)["emitted"] is False
    bot_chatid = wx.act("bot_added_to_group", chatid="grid0312v1")["chatid"]
    assert bot_chatid not in ("grid0312v1", "")
    assert wx.act("member_text", **said)["emitted"] is True
    assert peer.got[0].fields["chatid"] == bot_chatid
    wx.act("bot_removed_from_group", chatid=bot_chatid)
    assert wx.act("member_text", **said)["emitted"] is False


def test_person_times_a_minute(peer: Peer) -> None:
    limits = {"appchat_person_times_per_min": 7}
    with StandIn(seed_for(peer.url, limits=limits)) as server:
        wx = Platform(server)
        wx.post("appchat/create", ROOM)
        assert [wx.post("appchat/send", text("grid0312v1"))["errcode"] for _ in range(3)] == [0, 0, 45009]
        wx.ctl("clock", {"advance_s": 61})
        assert wx.post("appchat/send", text("grid0312v1"))["errcode"] == 0
        assert len(wx.posts("grid0312v1")) == 3
        wx.http.close()


def test_a_member_gets_200_group_posts_a_minute(peer: Peer) -> None:
    limits = {"appchat_person_times_per_min": 10**6, "appchat_person_times_per_hour": 10**6}
    with StandIn(seed_for(peer.url, limits=limits)) as server:
        wx = Platform(server)
        wx.post("appchat/create", ROOM)
        wx.post("appchat/create", ROOM | {"chatid": "other", "owner": "chenli", "userlist": ["chenli", "wangfang"]})
        assert {wx.post("appchat/send", text("grid0312v1", str(i)))["errcode"] for i in range(200)} == {0}
        assert wx.post("appchat/send", text("other", "第201条"))["errcode"] == 0, "the excess is dropped without a word"
        assert wx.posts("other")[0]["missed"] == ["wangfang"]
        dropped = wx.ctl("state", part="dropped")["dropped"]
        assert [(d["userid"], d["why"]) for d in dropped] == [("wangfang", "group member rate")]
        wx.ctl("clock", {"advance_s": 61})
        assert wx.post("appchat/send", text("other", "下一分钟"))["errcode"] == 0
        assert "missed" not in wx.posts("other")[1]
        wx.http.close()


def test_a_member_gets_so_many_group_posts_a_day(peer: Peer) -> None:
    with StandIn(seed_for(peer.url, limits={"appchat_member_per_day": 2})) as server:
        wx = Platform(server)
        wx.post("appchat/create", ROOM)
        for _ in range(3):
            wx.ctl("clock", {"advance_s": 61})
            assert wx.post("appchat/send", text("grid0312v1"))["errcode"] == 0
        assert ["missed" in p for p in wx.posts("grid0312v1")] == [False, False, True]
        assert wx.ctl("state", part="dropped_total")["dropped_total"] == 3
        wx.http.close()


def test_a_robots_post_may_be_dropped_in_silence(wx: Platform) -> None:
    wx.fault("silent_drop", match={"path": "webhook/send", "nth": 1})
    body = {"msgtype": "text", "text": {"content": "提醒"}}
    assert wx.post("webhook/send", body, key="hook-key-1")["errcode"] == 0
    assert wx.posts("wrkGRID1") == []
    assert [d["why"] for d in wx.ctl("state")["dropped"]] == ["fault"]


def test_a_robot_posts_20_a_minute(wx: Platform) -> None:
    body = {"msgtype": "text", "text": {"content": "提醒"}}
    assert [wx.post("webhook/send", body, key="hook-key-1")["errcode"] for _ in range(21)] == [0] * 20 + [45009]
    assert len(wx.posts("wrkGRID1")) == 20
    assert wx.post("webhook/send", body, key="hook-key-2")["errcode"] == 93004
    markdown = {"msgtype": "markdown", "markdown": {"content": "格" * 1366}}
    wx.ctl("clock", {"advance_s": 61})
    assert wx.post("webhook/send", markdown, key="hook-key-1")["errcode"] == 45002
    assert "hook-key-1" not in wx.http.get(f"{wx.url}/_ctl/chat?chatid=wrkGRID1", timeout=5).text


def test_a_page_column_for_a_group_nobody_placed(wx: Platform) -> None:
    wx.post("appchat/create", ROOM | {"chatid": "village", "userlist": ["wangfang", "laozhang"]})
    wx.post("appchat/create", ROOM | {"chatid": "grid", "owner": "laozhang", "userlist": ["laozhang", "zhaomin"]})
    wx.post("appchat/create", ROOM | {"chatid": "town", "userlist": ["wangfang", "chenli"]})
    levels = {r["id"]: r["level"] for r in wx.ctl("rooms")["rooms"]}
    assert (levels["town"], levels["village"], levels["grid"]) == ("township", "village", "grid")
