"""Uploads: a form with the file in it against an id that holds for three days [D 90253, 90254, 99110]."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from standin import api_webhook, files
from standin.errors import ApiError
from standin.http import Blob
from standin.site import Call, Site
from standin.world import Media


@dataclass(slots=True)
class Upload:
    """The part ``media`` of a form."""

    name: str
    content: bytes

    def described(self) -> dict[str, Any]:
        """What the log says of it."""
        return {"media": {"filename": self.name, "bytes": len(self.content)}}


def parsed(content_type: str, raw: bytes) -> Upload | None:
    """The file of a ``multipart/form-data`` body; None when there is no part ``media`` with a file name."""
    mimetype, options = parse_options_header(content_type)
    if mimetype != "multipart/form-data" or not options.get("boundary"):
        return None
    try:
        reader = FormDataParser(stream_factory=lambda *_, **__: BytesIO(), silent=False)
        _, _, found = reader.parse(BytesIO(raw), mimetype, len(raw), options)
    except (ValueError, HTTPException):
        return None
    part = found.get("media")
    return Upload(part.filename, part.read()) if part and part.filename else None


def upload(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, type, media_id, created_at}``; any app of the corp may send it [D 90253]."""
    return _kept(site, call, call.caller.corpid, tuple(files.MOST_BYTES))


def robot_upload(site: Site, call: Call) -> dict[str, Any]:
    """The same for a group robot: files and voices, for this robot alone [D 99110]."""
    hook = api_webhook.the_hook(site, call)
    return _kept(site, call, hook.key, files.ROBOT_KINDS)


def _kept(site: Site, call: Call, owner: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    kind = call.query.get("type", "")
    if kind not in kinds:
        raise ApiError(40004)
    if call.upload is None:
        raise ApiError(44001)
    files.check(kind, call.upload.content)
    media = files.keep(site, owner, kind, call.upload.name, call.upload.content)
    site.world.count("media_uploaded")
    return {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media.id, "created_at": str(int(media.at))}


def get(site: Site, call: Call) -> Blob:
    """The file itself, with its name; JSON only for a refusal [D 90254]."""
    media_id = call.query.get("media_id")
    if not media_id:
        raise ApiError(41006)
    return blob(files.held(site, call.caller.corpid, media_id))


def blob(media: Media, *, inline: bool = False) -> Blob:
    """*media* as an answer. Only pictures are ever shown in place."""
    pictured = media.content_type in ("image/png", "image/jpeg")
    return Blob(files.content_of(media), media.content_type, media.name, inline and pictured)
