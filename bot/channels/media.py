"""Files for a post: uploaded first, then named by the id the platform gives them, which holds for three days."""

import asyncio
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from bot.channels.answers import fields
from bot.channels.answers import read as outcome_of
from bot.channels.call import Impossible
from bot.channels.http import Http
from bot.channels.http_answer import Answer
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Outcome, Parcel

LIFE = timedelta(days=2, hours=12)
# what an upload may hold [D 90253], and what a robot takes along in its message [D 99110]
PICTURE_BYTES, FILE_BYTES, ALONG_BYTES, LEAST_BYTES = 10_000_000, 20_000_000, 2_000_000, 5
_TYPES = {"picture": "image", "file": "file"}


@dataclass(frozen=True, slots=True)
class _Known:
    media_id: str
    until: datetime


class Media:
    """What this process has uploaded; the same picture for twenty groups goes up once, even when all ask at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], _Known] = {}
        self._going: dict[tuple[object, ...], asyncio.Task[str | Outcome]] = {}

    @staticmethod
    def needed(parcel: Parcel) -> bool:
        """Return whether *parcel* shows a file."""
        return parcel.body["kind"] in _TYPES

    @staticmethod
    def inline(parcel: Parcel) -> bytes | None:
        """Return the picture a robot sends along in its message, None when the file has to be uploaded."""
        if parcel.channel is Channel.GROUP_ROBOT and parcel.body["kind"] == "picture":
            return _read(parcel)
        return None

    def known(self, parcel: Parcel, now: datetime) -> str | None:
        """Return the id this parcel was frozen with, or that of an earlier upload of the same file."""
        kept: str | None = parcel.body.get("media_id")
        if kept:
            return kept
        found = self._known.get(_key(parcel))
        return found.media_id if found is not None and now < found.until else None

    def forget(self, parcel: Parcel) -> None:
        """Drop an id the platform no longer knows."""
        self._known.pop(_key(parcel), None)

    async def upload(self, parcel: Parcel, http: Http, token: str | None, now: datetime) -> str | Outcome:
        """Return the id of the file, or what went wrong. An upload whose answer is lost did nobody any harm: it is made
        again, whole, and the first one expires unseen."""
        key = _key(parcel)
        going = self._going.get(key)
        if going is None:
            going = asyncio.get_running_loop().create_task(self._upload(parcel, http, token, now))
            self._going[key] = going
            going.add_done_callback(lambda _: self._going.pop(key, None))
        return await asyncio.shield(going)

    async def _upload(self, parcel: Parcel, http: Http, token: str | None, now: datetime) -> str | Outcome:
        content = _read(parcel)
        boundary = secrets.token_hex(16)
        name = parcel.body.get("name") or Path(parcel.body["path"]).name
        result = await http.fetch(
            _path(parcel, token),
            _multipart(content, name, boundary),
            f"multipart/form-data; boundary={boundary}".encode(),
        )
        outcome = outcome_of(result)
        if outcome.came is not Came.ANSWERED:
            return Outcome(Came.UNSENT, note=f"upload: {outcome.note}")
        if outcome.code != 0:
            return outcome
        body = fields(result.body) if isinstance(result, Answer) else None
        media_id = body.get("media_id") if body else None
        if not isinstance(media_id, str) or not media_id:
            return Outcome(Came.UNSENT, note="upload: no media_id")
        self._known[_key(parcel)] = _Known(media_id, now + LIFE)
        return media_id


def _path(parcel: Parcel, token: str | None) -> str:
    kind = _TYPES[parcel.body["kind"]]
    if parcel.channel is Channel.GROUP_ROBOT:
        return f"/cgi-bin/webhook/upload_media?key={quote(parcel.to[0], safe='')}&type={kind}"
    return f"/cgi-bin/media/upload?type={kind}&access_token={quote(token or '', safe='')}"


def _read(parcel: Parcel) -> bytes:
    try:
        content = Path(parcel.body["path"]).read_bytes()
    except OSError as error:
        raise Impossible("the file is gone") from error
    along = ALONG_BYTES if parcel.channel is Channel.GROUP_ROBOT else PICTURE_BYTES
    most = along if parcel.body["kind"] == "picture" else FILE_BYTES
    if not LEAST_BYTES <= len(content) <= most:
        raise Impossible(f"a file of {len(content)} bytes")
    return content


def _key(parcel: Parcel) -> tuple[object, ...]:
    path = parcel.body["path"]
    owner = parcel.to[0] if parcel.channel is Channel.GROUP_ROBOT else "app"
    try:
        about = os.stat(path)
    except OSError:
        return (owner, path)
    return (owner, path, about.st_mtime_ns, about.st_size)


def _multipart(content: bytes, name: str, boundary: str) -> bytes:
    plain = name.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{plain}"; '
        f"filelength={len(content)}\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
