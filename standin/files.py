"""Uploaded files: which kinds the platform takes, how large, and for how long [D 90253, 90254, 99110]."""

from __future__ import annotations

import base64
import mimetypes
import secrets
from typing import Any

from standin.errors import ApiError
from standin.site import Site
from standin.world import Media

MB = 1024 * 1024
MOST_BYTES = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}
LEAST_BYTES = 5
ROBOT_KINDS = ("file", "voice")
ROBOT_PICTURE_BYTES = 2 * MB
LIFE_S = 3 * 24 * 3600
PNG, JPEG, AMR = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"#!AMR"


def check(kind: str, content: bytes) -> None:
    """Nothing for a file the platform would take as *kind*; ApiError otherwise."""
    if not content:
        raise ApiError(44001)
    if len(content) < LEAST_BYTES:
        raise ApiError(40006)
    if len(content) > MOST_BYTES[kind]:
        raise ApiError(45001)
    if not _is(kind, content):
        raise ApiError(40004)


def _is(kind: str, content: bytes) -> bool:
    """Whether *content* begins as a *kind* begins: JPG or PNG, AMR, MP4; a plain file may be anything."""
    match kind:
        case "image":
            return content.startswith((PNG, JPEG))
        case "voice":
            return content.startswith(AMR)
        case "video":
            return content[4:8] == b"ftyp"
    return True


def type_of(name: str, content: bytes) -> str:
    """The media type of a file: what its first bytes say, else its name."""
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(JPEG):
        return "image/jpeg"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def keep(site: Site, owner: str, kind: str, name: str, content: bytes) -> Media:
    """*content* under a new media id. What is past its days and stands in no message is let go."""
    now, world = site.now(), site.world
    shown = {message.media for message in world.messages.values() if message.media}
    for old in [m for m in world.media.values() if now - m.at > LIFE_S and m.id not in shown]:
        del world.media[old.id]
    media = Media(
        id=secrets.token_urlsafe(32),
        owner=owner,
        kind=kind,
        name=name,
        content_type=type_of(name, content),
        data=base64.b64encode(content).decode(),
        size=len(content),
        at=now,
    )
    world.media[media.id] = media
    return media


def held(site: Site, owner: str, media_id: Any, kind: str | None = None) -> Media:
    """The file *media_id* of *owner*; 40007 for one that is not there, not his, of another kind or past its days."""
    media = site.world.media.get(str(media_id))
    if media is None or media.owner != owner or site.now() - media.at > LIFE_S or kind not in (None, media.kind):
        raise ApiError(40007)
    return media


def shown_in(site: Site, owner: str, msgtype: str, inner: dict[str, Any]) -> str | None:
    """The id of the file a message of *msgtype* shows, None if it shows none; 41006, 40007 when it cannot."""
    if msgtype in MOST_BYTES:
        if not inner.get("media_id"):
            raise ApiError(41006)
        return held(site, owner, inner["media_id"], msgtype).id
    if msgtype == "mpnews":
        for article in inner["articles"]:
            held(site, owner, article.get("thumb_media_id"), "image")
    return None


def content_of(media: Media) -> bytes:
    return base64.b64decode(media.data)
