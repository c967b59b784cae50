"""Group robots: a key in the address, text into one group, 20 a minute [D 99110]."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from standin import cards, files, post, validate
from standin.errors import ApiError
from standin.limits import MINUTE
from standin.site import Call, Site
from standin.world import Message, Webhook

SENDABLE = frozenset({"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"})


def send(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}`` [D 99110]. Nothing notices that the same text comes twice."""
    hook = the_hook(site, call)
    if not site.windows.take(f"webhook {hook.key}", call.now, (MINUTE, site.limits.webhook_per_min)):
        raise ApiError(45009)
    if call.body.get("msgtype") not in SENDABLE:
        raise ApiError(40008)
    inner, text = validate.content(call.body, markdown_limit=validate.ROBOT_MARKDOWN_BYTES)
    if call.body["msgtype"] == "template_card":
        if inner.get("card_type") not in ("text_notice", "news_notice"):
            raise ApiError(42031, "card_type")
        cards.check(inner)
    if call.body["msgtype"] == "image":
        inner = {"media_id": _picture(site, hook, inner)}
    message = Message(
        msgid=post.new_msgid(),
        at=call.now,
        origin="webhook",
        sender=hook.room,
        msgtype=call.body["msgtype"],
        text=text,
        body=inner,
        key=f"body:{validate.fingerprint(call.body)[:16]}",
        media=files.shown_in(site, hook.key, call.body["msgtype"], inner),
    )
    if call.hints.get("silent_drop"):
        site.world.dropped.append({"at": call.now, "chatid": hook.room, "key": message.key, "why": "fault"})
    else:
        post.to_room(site, site.world.rooms[hook.room], message)
    return {"errcode": 0, "errmsg": "ok"}


def the_hook(site: Site, call: Call) -> Webhook:
    """The robot whose key is in the address; 93000 for nobody's, or what it is refused with."""
    hook = site.world.webhooks.get(call.query.get("key", ""))
    if hook is None:
        raise ApiError(93000)
    if hook.refused:
        raise ApiError(hook.refused)
    return hook


def _picture(site: Site, hook: Webhook, inner: dict[str, Any]) -> str:
    """The id of a picture that comes along in the message: at most 2 MB before base64, JPG or PNG, with its MD5."""
    try:
        content = base64.b64decode(str(inner.get("base64", "")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(40058, "image.base64") from error
    files.check("image", content)
    if len(content) > files.ROBOT_PICTURE_BYTES:
        raise ApiError(45001)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != str(inner.get("md5", "")).lower():
        raise ApiError(301019)
    return files.keep(site, hook.key, "image", "image.png", content).id
