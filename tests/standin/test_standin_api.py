"""The API calls: their documented shapes, orders of refusal and limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from standin_peer import AGENT, CORP, SAMPLES, SECRET, Peer, Platform, button_card, seed_for

from standin.server import StandIn

H = 3600


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "wecom_api" / f"{name}.json").read_text())


def shape(answer: Any) -> Any:
    """Names and types, without values."""
    if isinstance(answer, dict):
        return {k: shape(v) for k, v in answer.items()}
    return [shape(answer[0])] if isinstance(answer, list) and answer else type(answer).__name__


@pytest.mark.parametrize(
    "name",
    [
        "message_send_text_ok",
        "message_send_partial",
        "message_send_all_invalid",
        "message_send_card",
        "message_send_textcard",
        "webhook_send",
        "webhook_removed",
        "appchat_create",
        "appchat_create_bad_member",
    ],
)
def test_samples_are_answered_in_their_shape(wx: Platform, name: str) -> None:
    given = sample(name)
    path = given["request"]["path"].partition("?")[0].removeprefix("/cgi-bin/")
    query = {"key": "hook-key-1" if name == "webhook_send" else "DEAD"} if "webhook" in name else {}
    answer = wx.post(path, given["request"]["body"], **query)
    assert shape(answer) == shape(given["response"])
    assert answer["errcode"] == given["response"]["errcode"]


def test_a_card_answers_with_a_code_that_changes_it_once(wx: Platform) -> None:
    wanted = sample("update_template_card_button")
    code = wx.send_card("wangfang|laozhang", "D-1")["response_code"]
    body = wanted["request"]["body"] | {"response_code": code}
    assert wx.post("message/update_template_card", body) == wanted["response"]
    assert wx.ctl("inbox", userid="wangfang")["messages"][0]["replaced"] == "已收到"
    assert not wx.ctl("inbox", userid="laozhang")["messages"][0]["updated"]
    assert wx.post("message/update_template_card", body)["errcode"] == 60140


def test_a_code_lives_72_hours(wx: Platform) -> None:
    body = {"atall": 1, "agentid": AGENT, "button": {"replace_name": "已截止"}}
    early, late = (wx.send_card("wangfang", t)["response_code"] for t in ("D-1", "D-2"))
    wx.ctl("clock", {"advance_s": 72 * H - 5})
    wx._tokens.clear()
    assert wx.post("message/update_template_card", body | {"response_code": early})["errcode"] == 0
    wx.ctl("clock", {"advance_s": 10})
    wx._tokens.clear()
    assert wx.post("message/update_template_card", body | {"response_code": late})["errcode"] == 60140


def test_recall_within_a_day(wx: Platform) -> None:
    first, second = wx.send("wangfang", "甲")["msgid"], wx.send("wangfang", "乙")["msgid"]
    assert wx.post("message/recall", {"msgid": first})["errcode"] == 0
    assert [m["recalled"] for m in wx.ctl("inbox", userid="wangfang")["messages"]] == [True, False]
    wx.ctl("clock", {"advance_s": 24 * H + 1})
    wx._tokens.clear()
    assert wx.post("message/recall", {"msgid": second})["errcode"] == 42052
    assert wx.post("message/recall", {"msgid": "nobody's"})["errcode"] == 40058


def test_one_token_until_it_ends(wx: Platform) -> None:
    first = wx.get("gettoken", corpid=CORP, corpsecret=SECRET)
    again = wx.get("gettoken", corpid=CORP, corpsecret=SECRET)
    assert shape(first) == shape(sample("gettoken_ok")["response"])
    assert first["access_token"] == again["access_token"]
    wx.ctl("clock", {"advance_s": 7201})
    assert wx.post("message/recall", {}, access_token=first["access_token"])["errcode"] == 42001
    assert wx.token() != first["access_token"]


def test_wrong_secrets_ban_the_address(wx: Platform) -> None:
    codes = [wx.get("gettoken", corpid=CORP, corpsecret="wrong")["errcode"] for _ in range(12)]
    assert codes == [40001] * 11 + [45009]
    assert wx.get("gettoken", corpid="nobody", corpsecret="x")["errcode"] == 45009
    wx.ctl("clock", {"advance_s": H + 1})
    assert wx.get("gettoken", corpid="nobody", corpsecret="x")["errcode"] == 40013
    assert "access_token" in wx.get("gettoken", corpid=CORP, corpsecret=SECRET)


def test_refusals_come_in_the_documented_order(wx: Platform, peer: Peer) -> None:
    url = f"{wx.url}/cgi-bin/message/send"

    def code(body: str, **query: str) -> int:
        return requests.post(url, params=query, data=body.encode(), timeout=5).json()["errcode"]

    assert code('{"touser": 12,}') == 40008
    assert code("{}") == 41001
    assert code("{}", access_token="made up") == 40014
    token = wx.token()
    assert code("{}", access_token=token) == 40056
    assert code('{"agentid": 7}', access_token=token) == 301002
    assert code(f'{{"agentid": {AGENT}, "msgtype": "hologram"}}', access_token=token) == 40008
    wx.fault("busy", match={"count": 1})
    assert code("not json at all", access_token="made up") == -1
    answer = requests.post(url, data=b"{", timeout=5).json()
    assert "Warning: wrong json format." in answer["errmsg"]


def test_address_app_and_permission_come_before_parameters(peer: Peer) -> None:

    def answered(**extra: Any) -> int:
        seed = seed_for(peer.url)
        seed["corps"][0]["apps"][0] |= extra
        with StandIn(seed) as server:
            platform = Platform(server)
            answer = platform.post("message/send", {}, SECRET)
            platform.http.close()
            return answer["errcode"]

    assert answered(trusted_ips=["203.0.113.7"]) == 60020
    assert answered(disabled=True) == 50003
    assert answered(forbidden=["/cgi-bin/message/send"]) == 48002
    assert answered(trusted_ips=["127.0.0.1"]) == 40056


def test_text_is_cut_at_2048_bytes_without_a_word(wx: Platform) -> None:
    assert wx.send("wangfang", "格" * 683)["errcode"] == 0
    assert wx.texts("wangfang") == ["格" * 682]
    assert wx.send("wangfang", msgtype="markdown", markdown={"content": "格" * 683})["errcode"] == 45002
    assert wx.send("wangfang", "")["errcode"] == 44004


def test_who_is_meant(wx: Platform) -> None:
    answer = wx.send("WangFang|wangfang|NoBody", toparty="123|999")
    assert (answer["invaliduser"], answer["invalidparty"]) == ("nobody", "999")
    assert [len(wx.texts(u)) for u in ("wangfang", "laozhang", "zhaomin", "ChenLi")] == [1, 1, 1, 0]
    assert wx.send("@all")["errcode"] == 0
    assert len(wx.texts("ChenLi")) == 1
    assert wx.send("")["errcode"] == 82001
    assert wx.send("|".join(f"u{i}" for i in range(1001)))["errcode"] == 40032
    assert wx.send("", toparty="|".join(map(str, range(1, 102))))["errcode"] == 82002


def test_the_31st_of_a_minute_is_dropped_in_silence(wx: Platform) -> None:
    assert {wx.send("wangfang", f"第{i}条")["errcode"] for i in range(31)} == {0}
    assert len(wx.texts("wangfang")) == 30
    state = wx.ctl("state")
    assert [(d["userid"], d["why"]) for d in state["dropped"]] == [("wangfang", "member rate")]
    assert sum(state["shown"]["wangfang"].values()) == 30
    wx.ctl("clock", {"advance_s": 61})
    wx.send("wangfang", "下一分钟")
    assert wx.texts("wangfang")[-1] == "下一分钟"


def test_duplicate_check_answers_again_and_shows_once(wx: Platform) -> None:
    check = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    first, second = (wx.send_card("wangfang", "D-1", **check) for _ in range(2))
    assert first == second
    assert wx.ctl("state")["shown"] == {"wangfang": {"D-1": 1}}
    assert wx.send_card("laozhang", "D-1", **check)["errcode"] == 42014
    texts = [wx.send("wangfang", "同一句", **check)["msgid"] for _ in range(2)]
    assert texts[0] == texts[1]
    wx.ctl("clock", {"advance_s": 601})
    assert wx.send("wangfang", "同一句", **check)["msgid"] != texts[0]
    assert wx.texts("wangfang").count("同一句") == 2
    assert wx.send("wangfang", "不查重")["msgid"] != wx.send("wangfang", "不查重")["msgid"]


def test_a_task_id_is_used_once_per_app(wx: Platform) -> None:
    assert wx.send_card("wangfang", "D-1")["errcode"] == 0
    assert wx.send_card("wangfang", "D-1")["errcode"] == 42014
    assert wx.send_card("wangfang", "有空格 的")["errcode"] == 42014
    third = {"touser": "wangfang", "msgtype": "template_card", "agentid": 1000004}
    body = third | {"template_card": button_card() | {"task_id": "D-1"}}
    assert wx.post("message/send", body, "third-secret")["errcode"] == 43012


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"card_type": "unheard_of"}, 42031),
        ({"main_title": {}}, 42033),
        ({"button_list": []}, 40058),
        ({"button_list": [{"text": "好", "key": "k"}] * 7}, 40058),
        ({"button_list": [{"key": "k"}]}, 42020),
        ({"button_list": [{"text": "好"}]}, 42019),
        ({"button_list": [{"text": "好", "key": "k" * 1025}]}, 42018),
        ({"horizontal_content_list": [{"keyname": "a"}] * 7}, 42035),
        ({"horizontal_content_list": [{"value": "a"}]}, 42027),
        ({"vertical_content_list": [{"title": "a"}] * 5}, 42036),
        ({"jump_list": [{"title": "a"}] * 4}, 42042),
        ({"card_type": "text_notice"}, 42045),
        ({"card_type": "text_notice", "card_action": {"type": 1}}, 42028),
        ({"card_type": "vote_interaction"}, 42043),
        ({"card_type": "vote_interaction", "checkbox": {"question_key": "q", "option_list": []}}, 42037),
        ({"card_type": "multiple_interaction"}, 42047),
        ({"action_menu": {"action_list": [{"key": "a"}, {"key": "a"}]}}, 42051),
    ],
)
def test_cards_are_refused_field_by_field(wx: Platform, change: dict[str, Any], code: int) -> None:
    assert wx.send_card("wangfang", "D-1", button_card() | change)["errcode"] == code
    assert wx.ctl("state")["shown"] == {}


def test_an_app_sees_its_departments_only(peer: Peer) -> None:
    seed = seed_for(peer.url)
    seed["corps"][0]["apps"][0]["visible"] = [12]
    with StandIn(seed) as server:
        wx = Platform(server)
        assert wx.send("wangfang|ChenLi")["invaliduser"] == "chenli"
        assert wx.send("ChenLi")["errcode"] == 81013
        assert wx.send("", toparty="1")["errcode"] == 0
        assert wx.send("@all")["errcode"] == 0
        assert [len(wx.texts(u)) for u in ("wangfang", "zhaomin", "ChenLi")] == [3, 2, 0]
        assert wx.get("user/get", access_token=wx.token(), userid="ChenLi")["errcode"] == 60111
        room = {"name": "村", "chatid": "c", "userlist": ["wangfang", "laozhang"]}
        assert wx.post("appchat/create", room)["errcode"] == 60011, "without the root it makes no groups"
        wx.http.close()


def test_the_wechat_plugin_shows_no_markdown_and_takes_nothing_back(peer: Peer) -> None:
    seed = seed_for(peer.url)
    seed["corps"][0]["members"][1]["plugin"] = True
    with StandIn(seed) as server:
        wx = Platform(server)
        wx.send("wangfang|laozhang", msgtype="markdown", markdown={"content": "**通知**"})
        both = wx.send("wangfang|laozhang", "文字")["msgid"]
        assert wx.post("message/recall", {"msgid": both})["errcode"] == 0
        desk, plugin = (wx.ctl("inbox", userid=u)["messages"] for u in ("wangfang", "laozhang"))
        assert [m.get("unseen", False) for m in plugin] == [True, False]
        assert [m.get("unseen", False) for m in desk] == [False, False]
        assert [desk[1]["recalled"], plugin[1]["recalled"]] == [True, False]
        assert [sum(seen.values()) for seen in wx.ctl("state")["shown"].values()] == [2, 1]
        wx.http.close()


def test_directory(wx: Platform) -> None:
    token = wx.token()
    simple = wx.get("department/simplelist", access_token=token, id=12)
    assert shape(simple) == shape(sample("department_simplelist")["response"])
    assert [d["id"] for d in simple["department_id"]] == [12, 123]
    listed = wx.get("department/list", access_token=token)
    assert shape(listed) == shape(sample("department_list")["response"])
    people = wx.get("user/simplelist", access_token=token, department_id=12)
    assert shape(people) == shape(sample("user_simplelist")["response"])
    assert wx.get("user/get", access_token=token, userid="CHENLI")["userid"] == "ChenLi"
    assert wx.get("user/get", access_token=token, userid="ghost")["errcode"] == 60111
    assert wx.get("department/list", access_token=token, id=77)["errcode"] == 60003
    assert wx.get("getcallbackip", access_token=token)["ip_list"]


def test_an_address_has_a_quota_over_all_corps(peer: Peer) -> None:
    seed = seed_for(peer.url, limits={"ip_per_min": 3})
    other = {"agentid": 7, "secret": "their-secret", "name": "另一家"}
    seed["corps"].append({"corpid": "wwother", "apps": [other], "members": [{"userid": "x1"}]})
    with StandIn(seed) as server:
        wx = Platform(server)
        theirs = wx.get("gettoken", corpid="wwother", corpsecret="their-secret")["access_token"]
        assert [wx.send("wangfang", str(i))["errcode"] for i in range(3)] == [0, 0, 0]
        body = {"touser": "x1", "msgtype": "text", "agentid": 7, "text": {"content": "你好"}}
        assert wx.post("message/send", body, access_token=theirs)["errcode"] == 45009
        wx.ctl("clock", {"advance_s": 121})
        assert wx.post("message/send", body, access_token=theirs)["errcode"] == 0
        wx.http.close()


def test_api_quota_closes_the_api_for_a_minute(peer: Peer) -> None:

    with StandIn(seed_for(peer.url, limits={"api_per_min": 3})) as server:
        wx = Platform(server)
        assert [wx.send("wangfang", str(i))["errcode"] for i in range(5)] == [0, 0, 0, 45009, 45009]
        wx.ctl("clock", {"advance_s": 59})
        assert wx.send("wangfang", "仍关着")["errcode"] == 45009
        wx.ctl("clock", {"advance_s": 2})
        assert wx.send("wangfang", "开了")["errcode"] == 0
        wx.http.close()
