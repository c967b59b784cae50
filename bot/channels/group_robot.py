"""A group's robot [D 99110]: a key in the address, posts only, 20 a minute. The key is a secret: whoever has it can
post."""

import base64
import hashlib
from urllib.parse import quote

from bot.channels.call import Call, body_of, said
from handlers.domain.parcel import Parcel

CAPABILITIES = ("push",)


def render(parcel: Parcel, media_id: str | None = None, picture: bytes | None = None) -> Call:
    """Return the call for *parcel*; a picture goes along as bytes, a file as the id of its upload."""
    if picture is not None:
        image = {
            "base64": base64.b64encode(picture).decode(),
            "md5": hashlib.md5(picture, usedforsecurity=False).hexdigest(),
        }
        body = {"msgtype": "image", "image": image}
    else:
        body = said(parcel.body, media_id)
    return Call(f"/cgi-bin/webhook/send?key={quote(parcel.to[0], safe='')}", body_of(body), needs_token=False)
