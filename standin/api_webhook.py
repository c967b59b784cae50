"""Group robots: a key in the address, text into one group, 20 a minute [D 99110]."""

from __future__ import annotations

from typing import Any

from standin import cards, post, validate
from standin.errors import ApiError
from standin.limits import MINUTE
from standin.site import Call, Site
from standin.world import Message

SENDABLE = frozenset({"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"})


def send(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}`` [D 99110]. Nothing notices that the same text comes twice."""
    hook = site.world.webhooks.get(call.query.get("key", ""))
    if hook is None:
        raise ApiError(93000)
    if hook.refused:
        raise ApiError(hook.refused)
    if not site.windows.take(f"webhook {hook.key}", call.now, (MINUTE, site.limits.webhook_per_min)):
        raise ApiError(45009)
    if call.body.get("msgtype") not in SENDABLE:
        raise ApiError(40008)
    inner, text = validate.content(call.body, markdown_limit=validate.ROBOT_MARKDOWN_BYTES)
    if call.body["msgtype"] == "template_card":
        if inner.get("card_type") not in ("text_notice", "news_notice"):
            raise ApiError(42031, "card_type")
        cards.check(inner)
    message = Message(
        msgid=post.new_msgid(),
        at=call.now,
        origin="webhook",
        sender=hook.room,
        msgtype=call.body["msgtype"],
        text=text,
        body=inner,
        key=f"body:{validate.fingerprint(call.body)[:16]}",
    )
    post.to_room(site, site.world.rooms[hook.room], message)
    return {"errcode": 0, "errmsg": "ok"}
