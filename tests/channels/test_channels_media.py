"""Files in posts, as the stand-in takes them: uploaded once, whole, again when the platform forgot them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from channel_rig import ROBOT, Rig

from handlers.domain.delivery import Content, File, Letter, Picture, Purpose, Recipient
from handlers.domain.message import Channel
from standin import files

SAMPLE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "日报.png"
    path.write_bytes(SAMPLE)
    return str(path)


def post(content: Content, channel: Channel, rig: Rig, *addresses: str) -> Letter:
    to = tuple(Recipient(address) for address in addresses)
    return Letter(Purpose.POST, channel, content, to, rig.now(), directive_id=17)


def uploads(rig: Rig) -> int:
    return rig.calls("media/upload") + rig.calls("webhook/upload_media")


def shown(rig: Rig, chatid: str) -> list[tuple[str, str, bytes]]:
    """Kind, name and content of every file that stands in a group."""
    world, room = rig.site.world, rig.site.world.room(chatid)
    assert room is not None
    found = [world.media[world.messages[m].media or ""] for m in room.posts]
    return [(one.kind, one.name, files.content_of(one)) for one in found]


def on_phone(rig: Rig, userid: str) -> list[bytes]:
    return [files.content_of(rig.site.world.media[m.media]) for m in rig.phone(userid)]


def test_one_picture_for_twelve_groups_goes_up_once(rig: Rig, picture: str) -> None:
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, *[f"c{n}" for n in range(12)]))
    rig.settle()
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    rig.settle()
    assert uploads(rig) == 1
    assert [shown(rig, f"c{n}") for n in (0, 11)] == [[("image", "日报.png", SAMPLE)]] * 2
    assert len(shown(rig, "c1")) == 2


def test_a_changed_file_goes_up_again(rig: Rig, picture: str) -> None:
    for content in (b"first!", b"second version"):
        Path(picture).write_bytes(content)
        rig.put(post(File(picture, '日"报.xlsx'), Channel.APPCHAT, rig, "c1"))
        rig.settle()
    assert shown(rig, "c1") == [("file", "日_报.xlsx", b"first!"), ("file", "日_报.xlsx", b"second version")]


def test_a_robot_sends_a_picture_along_and_uploads_a_file(rig: Rig, picture: str) -> None:
    for content in (Picture(picture), File(picture, "表.xlsx")):
        rig.put(post(content, Channel.GROUP_ROBOT, rig, ROBOT))
        rig.settle()
    assert (rig.calls("webhook/upload_media"), rig.calls("media/upload")) == (1, 0)
    assert shown(rig, "wrkGRID") == [("image", "image.png", SAMPLE), ("file", "表.xlsx", SAMPLE)]


def test_a_token_that_ended_is_replaced_and_the_whole_file_goes_again(rig: Rig, picture: str) -> None:
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c0"))
    rig.settle()
    Path(picture).write_bytes(SAMPLE + b" of today")
    rig.forward(120)  # a token is asked for at most once a minute
    rig.fault("token_revoke_now", "media/upload", nth=1)
    began = rig.now()
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    assert rig.settle().again == 0
    assert shown(rig, "c1") == [("image", "日报.png", SAMPLE + b" of today")]
    assert (rig.now() - began).total_seconds() < 5
    assert rig.calls("media/upload") == 3


def test_a_token_taken_away_before_the_post_is_replaced_and_nothing_goes_up_twice(rig: Rig, picture: str) -> None:
    rig.fault("token_revoke_now", "appchat/send", nth=1)
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    rig.settle()
    assert (uploads(rig), shown(rig, "c1")) == (1, [("image", "日报.png", SAMPLE)])


def test_a_token_that_is_refused_again_and_again_is_not_asked_for_without_end(rig: Rig, picture: str) -> None:
    rig.fault("err", "media/upload", code=40014)
    rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
    rig.settle()
    assert rig.reach() == {("post", "failed"): 1}
    assert uploads(rig) <= 16


def test_a_personal_file_is_repeated_with_the_same_upload(rig: Rig, picture: str) -> None:
    """Another media_id would be another message to the platform, and the person would see it twice."""
    rig.fault("commit_then_timeout", "message/send", nth=1)
    rig.put(post(Picture(picture), Channel.WECOM_APP, rig, "u1"))
    rig.send()
    rig.sender._means.media._known.clear()  # as in another process
    rig.settle()
    assert (rig.calls("message/send"), uploads(rig)) == (2, 1)
    assert on_phone(rig, "u1") == [SAMPLE]
    assert rig.reach() == {("post", "sent"): 1}


@pytest.mark.parametrize("fault", ["commit_then_timeout", "truncated_json", "reset", "http_502", "html_200"])
@pytest.mark.parametrize("channel", [Channel.APPCHAT, Channel.WECOM_APP])
def test_a_lost_upload_is_harmless(rig: Rig, picture: str, fault: str, channel: Channel) -> None:
    rig.fault(fault, "media/upload", nth=1)
    rig.put(post(Picture(picture), channel, rig, "c1" if channel is Channel.APPCHAT else "u1"))
    rig.settle()
    assert uploads(rig) == 2
    assert (shown(rig, "c1") or on_phone(rig, "u1")) in ([("image", "日报.png", SAMPLE)], [SAMPLE])
    assert rig.reach() == {("post", "sent"): 1}


@pytest.mark.parametrize("channel", [Channel.APPCHAT, Channel.WECOM_APP])
def test_an_upload_the_platform_forgot_is_made_again(rig: Rig, picture: str, channel: Channel) -> None:
    to = "c1" if channel is Channel.APPCHAT else "u1"
    rig.put(post(Picture(picture), channel, rig, to))
    rig.settle()
    rig.site.world.media.clear()
    rig.put(post(Picture(picture), channel, rig, to))
    rig.settle()
    assert rig.reach() == {("post", "sent"): 2}
    assert uploads(rig) == 2


def test_after_its_days_a_file_goes_up_again(rig: Rig, picture: str) -> None:
    for day in range(3):
        rig.put(post(Picture(picture), Channel.APPCHAT, rig, "c1"))
        rig.settle()
        assert uploads(rig) == (1 if day < 2 else 2)
        rig.forward(60 * 3600 if day else 3600)
    assert all(calls.errcodes.get("40007") is None for calls in rig.site.world.calls.values())
    assert len(shown(rig, "c1")) == 3


@pytest.mark.parametrize(
    ("content", "channel", "sent"),
    [
        (b"", Channel.APPCHAT, False),
        (SAMPLE + b"x" * 3_000_000, Channel.APPCHAT, True),
        (SAMPLE + b"x" * 10_000_000, Channel.APPCHAT, False),
        (SAMPLE + b"x" * 3_000_000, Channel.GROUP_ROBOT, False),
    ],
)
def test_what_the_platform_would_refuse_is_not_sent(
    rig: Rig, picture: str, content: bytes, channel: Channel, sent: bool
) -> None:
    Path(picture).write_bytes(content)
    rig.put(post(Picture(picture), channel, rig, ROBOT if channel is Channel.GROUP_ROBOT else "c1"))
    rig.settle()
    assert rig.reach() == {("post", "sent" if sent else "failed"): 1}
    assert uploads(rig) == sent


def test_a_file_that_is_gone_fails_and_holds_nobody_up(rig: Rig, picture: str) -> None:
    gone: Any = Picture(picture + ".gone")
    rig.put(post(gone, Channel.APPCHAT, rig, "c1", "c3"), post(Picture(picture), Channel.APPCHAT, rig, "c2"))
    rig.settle()
    assert rig.reach() == {("post", "failed"): 2, ("post", "sent"): 1}
    assert (shown(rig, "c1"), len(shown(rig, "c2"))) == ([], 1)
