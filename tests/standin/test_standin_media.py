"""Files: uploaded in a form, named by an id for three days, shown in messages, fetched again."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
import requests
from standin_peer import AGENT, Peer, Platform, seed_for

from standin.server import StandIn

PNG = b"\x89PNG\r\n\x1a\n" + b"sample picture " * 40
JPEG, AMR, MP4 = b"\xff\xd8\xff\xe0 sample", b"#!AMR\n sample", b"\0\0\0\x18ftypmp42 sample"
SHEET = b"PK\x03\x04 sample workbook"
MB = 1024 * 1024
DAY = 24 * 3600


def media_body(media_id: str, kind: str = "file") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"media_id": media_id}}


def send(wx: Platform, media_id: str, kind: str = "file", to: str = "wangfang") -> int:
    return wx.post("message/send", {"touser": to, "agentid": AGENT} | media_body(media_id, kind))["errcode"]


def test_an_upload_is_answered_as_documented(wx: Platform) -> None:
    answer = wx.upload("日报.png", PNG, "image")
    assert list(answer) == ["errcode", "errmsg", "type", "media_id", "created_at"]
    assert (answer["errcode"], answer["type"]) == (0, "image")
    assert abs(int(answer["created_at"]) - wx.ctl("clock")["epoch"]) < 5
    assert wx.upload("日报.png", PNG, "image")["media_id"] != answer["media_id"]


def test_what_was_uploaded_comes_back_whole(wx: Platform) -> None:
    media_id = wx.upload("日报 2月8日.xlsx", SHEET)["media_id"]
    query = {"access_token": wx.token(), "media_id": media_id}
    got = requests.get(f"{wx.url}/cgi-bin/media/get", params=query, timeout=5)
    assert got.content == SHEET
    assert got.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "filename*=UTF-8''%E6%97%A5%E6%8A%A5%202%E6%9C%888%E6%97%A5.xlsx" in got.headers["Content-Disposition"]
    part = requests.get(got.url, headers={"Range": "bytes=2-5"}, timeout=5)
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (
        206,
        SHEET[2:6],
        f"bytes 2-5/{len(SHEET)}",
    )
    assert requests.get(got.url, headers={"Range": "bytes=900-"}, timeout=5).status_code == 416
    assert wx.get("media/get", access_token=wx.token(), media_id="nobody's")["errcode"] == 40007
    assert wx.get("media/get", access_token=wx.token())["errcode"] == 41006


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("image", "a.jpg", JPEG, 0),
        ("voice", "a.amr", AMR, 0),
        ("video", "a.mp4", MP4, 0),
        ("file", "a", b"12345", 0),
        ("hologram", "a", b"12345", 40004),
        ("image", "a.png", b"GIF89a sample", 40004),
        ("voice", "a.amr", b"ID3 an mp3 file", 40004),
        ("video", "a.mp4", SHEET, 40004),
        ("file", "a", b"1234", 40006),
        ("file", "a", b"", 44001),
        ("image", "a.png", PNG + b"x" * 10 * MB, 45001),
        ("voice", "a.amr", AMR + b"x" * 2 * MB, 45001),
        ("file", "a", b"x" * 20 * MB, 0),
        ("file", "a", b"x" * (20 * MB + 1), 45001),
    ],
)
def test_kinds_and_sizes(wx: Platform, kind: str, name: str, content: bytes, code: int) -> None:
    assert wx.upload(name, content, kind)["errcode"] == code
    assert wx.ctl("state")["counts"].get("media_uploaded", 0) == (code == 0)


def test_forms_that_hold_no_file(wx: Platform) -> None:
    url, query = f"{wx.url}/cgi-bin/media/upload", {"access_token": wx.token(), "type": "file"}

    def code(**form: Any) -> int:
        return requests.post(url, params=query, timeout=5, **form).json()["errcode"]

    assert code(files={"attachment": ("a.txt", b"12345")}) == 44001, "the part is called media"
    assert code(files={"media": (None, b"12345")}) == 44001, "a part without a file name is no file"
    assert code(json={"media": "12345"}) == 44001
    assert code(data=b"--x\r\nbroken", headers={"Content-Type": "multipart/form-data; boundary=x"}) == 44001
    assert requests.post(url, params=query, data=b"x" * (25 * MB), timeout=5).status_code == 413
    assert requests.get(url, params=query, timeout=5).json()["errcode"] == 43002
    assert requests.post(url, params={"type": "file"}, timeout=5).json()["errcode"] == 41001


def test_a_file_reaches_a_phone_and_a_group(wx: Platform) -> None:
    picture, sheet = wx.upload("日报.png", PNG, "image")["media_id"], wx.upload("日报.xlsx", SHEET)["media_id"]
    assert send(wx, picture, "image") == send(wx, sheet) == 0
    wx.post("appchat/create", {"name": "镇", "chatid": "town", "userlist": ["wangfang", "chenli"]})
    for body in (media_body(picture, "image"), media_body(sheet)):
        assert wx.post("appchat/send", {"chatid": "town"} | body)["errcode"] == 0
    phone = wx.ctl("inbox", userid="wangfang")["messages"]
    for messages in (phone, wx.posts("town")):
        assert [m["msgtype"] for m in messages] == ["image", "file"]
        assert [m["media"]["name"] for m in messages] == ["日报.png", "日报.xlsx"]
        assert [m["media"]["size"] for m in messages] == [len(PNG), len(SHEET)]
    assert [p["media"]["name"] for p in wx.ctl("state")["appchats"]["town"]["posts"]] == ["日报.png", "日报.xlsx"]


def test_the_page_gets_pictures_in_place_and_files_to_keep(wx: Platform) -> None:
    for name, content, kind in (("a.png", PNG, "image"), ("b.html", b"<script>alert(1)</script>", "file")):
        send(wx, wx.upload(name, content, kind)["media_id"], kind)
    picture, page = (m["media"]["url"] for m in wx.ctl("inbox", userid="wangfang")["messages"])
    shown, kept = (requests.get(f"{wx.url}{url}", timeout=5) for url in (picture, page))
    assert (shown.content, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, kept):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert requests.get(f"{wx.url}/_ctl/media?id=nobody's", timeout=5).status_code == 404


def test_an_id_lives_three_days_and_its_message_longer(wx: Platform) -> None:
    media_id = wx.upload("日报.png", PNG, "image")["media_id"]
    wx.ctl("clock", {"advance_s": 3 * DAY - 5})
    wx._tokens.clear()
    assert send(wx, media_id, "image") == 0
    wx.ctl("clock", {"advance_s": 10})
    assert send(wx, media_id, "image") == 40007
    assert wx.get("media/get", access_token=wx.token(), media_id=media_id)["errcode"] == 40007
    wx.upload("another", b"12345")
    url = wx.ctl("inbox", userid="wangfang")["messages"][0]["media"]["url"]
    assert requests.get(f"{wx.url}{url}", timeout=5).content == PNG


def test_an_id_is_for_its_kind_its_corp_and_its_robot(wx: Platform) -> None:
    picture = wx.upload("a.png", PNG, "image")["media_id"]
    robots = wx.upload("a.xlsx", SHEET, path="webhook/upload_media", key="hook-key-1")["media_id"]
    assert send(wx, picture, "file") == 40007
    assert send(wx, robots) == 40007
    assert send(wx, "", "image") == 41006
    assert send(wx, "made up") == 40007
    assert wx.post("webhook/send", media_body(picture, "file"), key="hook-key-1")["errcode"] == 40007
    other = {"touser": "wangfang", "agentid": 1000004} | media_body(picture, "image")
    assert wx.post("message/send", other, "third-secret")["errcode"] == 0, "another app of the same corp"
    news = {"title": "题", "content": "文", "thumb_media_id": robots}
    assert wx.send("wangfang", msgtype="mpnews", mpnews={"articles": [news]})["errcode"] == 40007
    assert (
        wx.send("wangfang", msgtype="mpnews", mpnews={"articles": [news | {"thumb_media_id": picture}]})["errcode"] == 0
    )


def test_a_robot_uploads_files_and_takes_pictures_along(wx: Platform) -> None:
    sheet = wx.upload("日报.xlsx", SHEET, path="webhook/upload_media", key="hook-key-1")["media_id"]
    assert wx.post("webhook/send", media_body(sheet), key="hook-key-1")["errcode"] == 0
    image = {"base64": base64.b64encode(PNG).decode(), "md5": hashlib.md5(PNG).hexdigest()}

    def code(**change: str) -> int:
        return wx.post("webhook/send", {"msgtype": "image", "image": image | change}, key="hook-key-1")["errcode"]

    assert code() == 0
    assert code(md5="0" * 32) == 301019
    assert code(base64="not base64!") == 40058
    large = PNG + b"x" * 2 * MB
    assert code(base64=base64.b64encode(large).decode(), md5=hashlib.md5(large).hexdigest()) == 45001
    assert [(p["msgtype"], p["media"]["size"]) for p in wx.posts("wrkGRID1")] == [
        ("file", len(SHEET)),
        ("image", len(PNG)),
    ]
    assert "iVBOR" not in json.dumps(wx.ctl("log")), "the log names a picture by its size"
    refused = [("hook-key-2", "file", 93004), ("gone", "file", 93000), ("hook-key-1", "image", 40004)]
    for key, kind, expected in refused:
        assert wx.upload("a", PNG, kind, "webhook/upload_media", key=key)["errcode"] == expected


def test_faults_meet_uploads_too(wx: Platform) -> None:
    wx.token()
    wx.fault("token_revoke_now", match={"path": "media/upload", "nth": 1})
    assert wx.upload("a", SHEET)["errcode"] == 40014
    wx._tokens.clear()
    token = wx.token()
    wx.fault("commit_then_timeout", match={"path": "media/upload", "nth": 1})
    with pytest.raises(requests.exceptions.ConnectionError):
        wx.upload("a", SHEET, access_token=token)
    assert wx.ctl("state")["counts"]["media_uploaded"] == 1
    media_id = wx.upload("a", SHEET)["media_id"]
    wx.fault("truncated_json", match={"path": "media/get", "nth": 1})
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(f"{wx.url}/cgi-bin/media/get", params={"access_token": token, "media_id": media_id}, timeout=5)
    lines = [row for row in wx.ctl("log")["log"] if row["path"].endswith("media/upload")]
    assert [row["fault"] for row in lines] == [None, "commit_then_timeout", None]
    assert lines[-1]["body"] == {"media": {"filename": "a", "bytes": len(SHEET)}}


def test_a_members_picture_can_be_fetched(wx: Platform, peer: Peer) -> None:
    wx.act("member_media", userid="wangfang", base64=base64.b64encode(PNG).decode(), name="井盖.png")
    wx.act("member_media", userid="wangfang", **{"as": "voice"})
    said, voice = (g.fields for g in peer.got)
    query = {"access_token": wx.token(), "media_id": said["MediaId"]}
    assert requests.get(f"{wx.url}/cgi-bin/media/get", params=query, timeout=5).content == PNG
    assert requests.get(said["PicUrl"], timeout=5).content == PNG
    assert (voice["MsgType"], voice["Format"]) == ("voice", "amr")
    assert [m["media"]["name"] for m in wx.ctl("inbox", userid="wangfang")["messages"]] == ["井盖.png", "voice"]


def test_files_are_kept_over_a_restart(peer: Peer, tmp_path: Any) -> None:
    file, seed = tmp_path / "world.json", seed_for(peer.url)
    with StandIn(seed, state_file=file) as server:
        before = Platform(server)
        media_id, token = before.upload("a.png", PNG, "image")["media_id"], before.token()
        before.http.close()
    with StandIn(seed, state_file=file) as server:
        after = Platform(server)
        query = {"access_token": token, "media_id": media_id}
        assert requests.get(f"{after.url}/cgi-bin/media/get", params=query, timeout=5).content == PNG
        after.http.close()


def test_an_unknown_path_is_written_down(wx: Platform) -> None:
    assert wx.http.post(f"{wx.url}/cgi-bin/agent/set", json={}, timeout=5).status_code == 404
    assert wx.ctl("state")["calls"]["/cgi-bin/agent/set"]["errcodes"] == {"404": 1}
    assert wx.ctl("log")["log"][-1]["path"] == "/cgi-bin/agent/set"
