"""Files in posts. The stand-in keeps none, so a small platform of three calls stands here for the uploads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_rig import AGENT, CORP, SECRET, Rig
from raw_server import RawServer, response

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from bot.sender import Sender
from handlers.domain.delivery import Content, File, Letter, Picture, Purpose, Recipient
from handlers.domain.message import Channel
from store.outbox import OutboxRepo


class Uploads:
    """Counts uploads and keeps what was sent."""

    def __init__(self) -> None:
        self.uploads: list[bytes] = []
        self.sent: list[tuple[str, dict[str, object]]] = []
        self.lose: set[str] = set()
        self.expired: set[str] = set()

    def __call__(self, request: bytes) -> bytes | None:
        path = request.split(b" ")[1].decode().partition("?")[0]
        body = request.partition(b"\r\n\r\n")[2]
        if path.endswith("gettoken"):
            return response(b'{"errcode":0,"access_token":"T","expires_in":7200}')
        if "upload" in path:
            self.uploads.append(body)
            answer = {"errcode": 0, "errmsg": "ok", "type": "file", "media_id": f"MEDIA{len(self.uploads)}"}
            return self._answer(path, answer)
        said = json.loads(body)
        self.sent.append((path, said))
        media = said.get(said["msgtype"], {}).get("media_id")
        return self._answer(path, {"errcode": 40007 if media in self.expired else 0, "errmsg": "", "msgid": "M"})

    def _answer(self, path: str, answer: dict[str, object]) -> bytes | None:
        if path in self.lose:
            self.lose.discard(path)
            return None
        return response(json.dumps(answer).encode())


@pytest.fixture
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
def sender(rig: Rig, uploads: Uploads) -> Iterator[Sender]:
    server = RawServer(uploads)
    origin = Origin(server.url)
    tokens = TokenStore(rig.database, origin, CORP, AGENT, SECRET, rig.now)
    made = Sender(rig.database, origin, tokens, AGENT, rig.now, "media", answer_s=2.0)
    yield made
    made.close()
    server.close()


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "日报.png"
    path.write_bytes(b"\x89PNG sample picture")
    return str(path)


def post(content: Content, channel: Channel, rig: Rig, *addresses: str) -> Letter:
    to = tuple(Recipient(address) for address in addresses)
    return Letter(Purpose.POST, channel, content, to, rig.now(), directive_id=17)


def settle(rig: Rig, sender: Sender) -> None:
    for _ in range(12):
        with rig.database.read() as connection:
            repo = OutboxRepo(connection)
            ids, following = repo.due(rig.now()), repo.next_due_at()
        if following is None:
            return
        if not ids:
            rig.forward((following - rig.now()).total_seconds() + 0.001)
        sender.send(ids)
    raise AssertionError("still waiting")


def test_one_picture_for_twenty_groups_goes_up_once(rig: Rig, sender: Sender, uploads: Uploads, picture: str) -> None:
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    settle(rig, sender)
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, *[f"c{n}" for n in range(20)]))
    settle(rig, sender)
    assert len(uploads.uploads) == 1
    assert b"\x89PNG sample picture" in uploads.uploads[0]
    assert {body["image"]["media_id"] for _, body in uploads.sent} == {"MEDIA1"}  # type: ignore[index]
    assert len(uploads.sent) == 21


def test_a_changed_file_goes_up_again(rig: Rig, sender: Sender, uploads: Uploads, picture: str) -> None:
    for content in (b"first!", b"second version"):
        Path(picture).write_bytes(content)
        rig.put(post(File(picture, "日报.xlsx"), Channel.APPCHAT, rig, "c1"))
        settle(rig, sender)
    assert len(uploads.uploads) == 2
    assert 'filename="日报.xlsx"'.encode() in uploads.uploads[1]


def test_a_robot_sends_a_picture_along_and_uploads_a_file(
    rig: Rig, sender: Sender, uploads: Uploads, picture: str
) -> None:
    rig.put(
        post(Picture(picture), Channel.GROUP_ROBOT, rig, "K1"),
        post(File(picture, "表"), Channel.GROUP_ROBOT, rig, "K1"),
    )
    settle(rig, sender)
    assert len(uploads.uploads) == 1
    assert sorted(body["msgtype"] for _, body in uploads.sent) == ["file", "image"]  # type: ignore[type-var]


def test_a_personal_file_is_repeated_with_the_same_upload(
    rig: Rig, sender: Sender, uploads: Uploads, picture: str
) -> None:
    """Another media_id would be another message to the platform, and the person would see it twice."""
    uploads.lose.add("/cgi-bin/message/send")
    rig.put(post(Picture(picture), Channel.WECOM_APP, rig, "u1"))
    settle(rig, sender)
    sender._means.media._known.clear()  # as in another process
    assert [body for _, body in uploads.sent] == [uploads.sent[0][1]] * 2


def test_a_lost_upload_is_harmless(rig: Rig, sender: Sender, uploads: Uploads, picture: str) -> None:
    uploads.lose.add("/cgi-bin/media/upload")
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    settle(rig, sender)
    assert (len(uploads.uploads), len(uploads.sent)) == (2, 1)
    assert rig.reach() == {("post", "sent"): 1}


@pytest.mark.parametrize("channel", [Channel.APPCHAT, Channel.WECOM_APP])
def test_an_expired_upload_is_made_again(
    rig: Rig, sender: Sender, uploads: Uploads, picture: str, channel: Channel
) -> None:
    uploads.expired.add("MEDIA1")
    rig.put(post(Picture(picture), channel, rig, "u1"))
    settle(rig, sender)
    assert rig.reach() == {("post", "sent"): 1}
    assert len(uploads.uploads) == 2


@pytest.mark.parametrize("content", [b"", b"x" * 2_000_001])
def test_what_the_platform_would_refuse_is_not_sent(
    rig: Rig, sender: Sender, uploads: Uploads, picture: str, content: bytes
) -> None:
    Path(picture).write_bytes(content)
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    settle(rig, sender)
    assert rig.reach() == {("post", "failed"): 1}
    assert uploads.uploads == []


def test_a_file_that_is_gone_fails_and_holds_nobody_up(
    rig: Rig, sender: Sender, uploads: Uploads, picture: str
) -> None:
    rig.put(
        post(Picture(picture + ".gone"), Channel.APPCHAT, rig, "c1"), post(Picture(picture), Channel.APPCHAT, rig, "c2")
    )
    settle(rig, sender)
    assert rig.reach() == {("post", "failed"): 1, ("post", "sent"): 1}
