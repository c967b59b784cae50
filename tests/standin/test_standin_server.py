"""The server itself: clock, seed, reset, state kept over a restart, the process, many connections, wechatpy."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from standin_peer import AGENT, CORP, SECRET, Peer, Platform, seed_for
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from standin.server import StandIn


def test_the_clock_is_shared_through_its_file(tmp_path: Path) -> None:
    file = tmp_path / "var" / "clock.json"
    with StandIn({}, clock_file=file) as server:
        wx = Platform(server)
        assert json.loads(file.read_text()) == {"offset_s": 0.0}
        wx.ctl("clock", {"advance_s": 1800})
        assert json.loads(file.read_text())["offset_s"] == 1800
        now = wx.ctl("clock", {"now": "2027-02-08T16:00:00+08:00"})["now"]
        assert now.startswith("2027-02-08T16:00:00")
        offset = json.loads(file.read_text())["offset_s"]
        assert abs(time.time() + offset - wx.ctl("clock")["epoch"]) < 1
        assert wx.http.post(f"{wx.url}/_ctl/clock", json={}, timeout=5).status_code == 400
        wx.http.close()
    with StandIn({}, clock_file=file) as server:
        assert abs(server.site.clock.offset_s - offset) < 1


def test_reset_goes_back_to_the_seed(wx: Platform) -> None:
    wx.send("wangfang")
    wx.fault("busy")
    wx.ctl("clock", {"advance_s": 100})
    wx.ctl("reset", {})
    assert wx.texts("wangfang") == []
    assert wx.ctl("fault")["faults"] == []
    assert wx.ctl("clock")["offset_s"] == 0
    assert wx.ctl("state")["gettoken"] == 0
    wx.ctl("seed", {"groups": [{"chatid": "g", "kind": "household", "members": []}]})
    assert wx.ctl("state", part="size")["size"] == {"corps": 0, "members": 0, "rooms": 1}


@pytest.mark.parametrize(
    "seed",
    [
        {"crops": []},
        {"limits": {"per_fortnight": 1}},
        {"groups": [{"chatid": "g", "bot": "nobody"}]},
        {"groups": [{"chatid": "g"}, {"chatid": "g"}]},
        {"webhooks": [{"key": "k", "chatid": "nowhere"}]},
        {"guide": [{"title": "一", "words": "", "do": [{"label": "写", "as": "nobody"}]}]},
        {"guide": [{"title": "一", "words": "", "do": [{"label": "写", "where": "nowhere"}]}]},
        {"corps": [{"corpid": "w", "members": [{"userid": "A"}, {"userid": "a"}]}]},
    ],
)
def test_a_faulty_seed_changes_nothing(wx: Platform, seed: dict[str, Any]) -> None:
    assert wx.http.post(f"{wx.url}/_ctl/seed", json=seed, timeout=5).status_code == 400
    assert wx.send("wangfang")["errcode"] == 0


def test_a_county_town_is_seeded_at_once(peer: Peer) -> None:
    seed = seed_for(peer.url)
    seed["corps"][0]["members"] = [{"userid": f"u{i}", "name": f"测{i}", "department": 123} for i in range(1401)]
    seed["groups"] = [{"chatid": f"g{i}", "members": ["u1", "u2"], "bot": True} for i in range(344)]
    seed["groups"] += [{"chatid": f"h{i}", "kind": "household", "members": ["u1"]} for i in range(1085)]
    seed["webhooks"] = []
    began = time.perf_counter()
    with StandIn(seed) as server:
        assert time.perf_counter() - began < 2
        size = Platform(server).ctl("state", part="size")["size"]
        assert size == {"corps": 1, "members": 1401, "rooms": 1429}


def test_the_world_is_kept_over_a_restart(peer: Peer, tmp_path: Path) -> None:
    file, seed = tmp_path / "world.json", seed_for(peer.url)
    with StandIn(seed, state_file=file) as server:
        before = Platform(server)
        token, sent = before.token(), before.send_card("wangfang", "D-1", enable_duplicate_check=1)
        before.http.close()
    with StandIn(seed, state_file=file) as server:
        after = Platform(server)
        after._tokens[SECRET] = token
        assert after.send_card("wangfang", "D-1", enable_duplicate_check=1) == sent
        assert after.ctl("state")["shown"] == {"wangfang": {"D-1": 1}}
        after.act("member_click", userid="wangfang", task_id="D-1", key="ack:D-20261118-07")
        assert peer.got[0].fields["TaskId"] == "D-1"
        after.http.close()


def test_as_a_process(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(seed_for("http://127.0.0.1:9")), encoding="utf-8")
    command = [sys.executable, "-m", "standin", "--port", "0", "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/healthz", timeout=5).json() == {"ok": True}
        process.terminate()
        assert process.wait(timeout=10) == 0


def test_32_kept_connections_lose_nothing(wx: Platform) -> None:
    token, port, codes = wx.token(), int(wx.url.rpartition(":")[2]), []

    def work(worker: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for i in range(15):
            body = {"chatid": "town", "msgtype": "text", "text": {"content": f"{worker}-{i}"}}
            line.request("POST", f"/cgi-bin/appchat/send?access_token={token}", json.dumps(body))
            codes.append(json.loads(line.getresponse().read())["errcode"])
        line.close()

    wx.post("appchat/create", {"name": "镇", "chatid": "town", "userlist": ["wangfang", "laozhang"]})
    threads = [threading.Thread(target=work, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 480
    posts = [p["text"] for p in wx.posts("town")]
    assert len(set(posts)) == len(posts) == 480


def test_log_and_events_hide_secrets_and_lose_nothing(wx: Platform, peer: Peer) -> None:
    wx.send_card("wangfang", "D-1")
    wx.act("member_click", userid="wangfang", task_id="D-1", key="ack:D-20261118-07")
    wx.act("member_text", to="bot", userid="wangfang", text="进度")
    whole = json.dumps([wx.ctl("log", since=0), wx.ctl("events", since=0), wx.ctl("state")])
    hidden = [SECRET, wx.token(), peer.got[0].fields["ResponseCode"], peer.got[1].fields["response_url"].split("=")[1]]
    assert [h for h in hidden if h in whole] == []
    lines = wx.ctl("log", since=0)["log"]
    assert [(row["dir"], row["path"]) for row in lines] == [
        ("in", "/cgi-bin/gettoken"),
        ("in", "/cgi-bin/message/send"),
        ("out", "/wecom/callback"),
        ("out", "/aibot/callback"),
    ]
    assert wx.ctl("log", since=lines[1]["n"])["log"] == lines[2:]
    events = wx.ctl("events", since=0)
    assert [e["n"] for e in events["events"]] == list(range(1, events["next"] + 1))


class Client(WeChatClient):  # type: ignore[misc]
    """wechatpy 1.8.18 turned towards the stand-in: an independent reading of the same API."""

    def __init__(self, base: str) -> None:
        self.API_BASE_URL = base + "/cgi-bin/"
        super().__init__(CORP, SECRET, timeout=5, auto_retry=False)

    def fetch_access_token(self) -> Any:
        params = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(url=self.API_BASE_URL + "gettoken", params=params)


def test_wechatpy_drives_it(wx: Platform, tmp_path: Path) -> None:
    client = Client(wx.url)
    sent = client.message.send_text(AGENT, "wangfang|ghost", content="经 wechatpy")
    assert (sent["invaliduser"], wx.texts("wangfang")) == ("ghost", ["经 wechatpy"])
    assert client.appchat.create(chat_id="c1", name="群", owner="wangfang", user_list=["wangfang", "laozhang"])
    client.appchat.send_text("c1", content="群里好")
    assert [p["text"] for p in wx.posts("c1")] == ["群里好"]
    assert client.appchat.get("c1")["owner"] == "wangfang"
    assert client.user.get("laozhang")["name"] == "张样"
    assert [d["id"] for d in client.department.get()] == [1, 12, 123]
    workbook = tmp_path / "daily.xlsx"
    workbook.write_bytes(b"PK\x03\x04 sample workbook")
    with workbook.open("rb") as file:
        media_id = client.media.upload("file", file)["media_id"]
    client.appchat.send("c1", "file", media_id=media_id)
    client.message.send_file(AGENT, "wangfang", media_id)
    assert wx.ctl("inbox", userid="wangfang")["messages"][-1]["media"]["name"] == "daily.xlsx"
    assert wx.posts("c1")[-1]["media"]["name"] == "daily.xlsx"
    assert client.get("media/get", params={"media_id": media_id}).content == workbook.read_bytes()
    with pytest.raises(WeChatClientException) as refused:
        client.post("appchat/send", data={"chatid": "nowhere", "msgtype": "text", "text": {"content": "x"}})
    assert refused.value.errcode == 86003
    client._http.close()
