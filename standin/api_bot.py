"""The address an AI bot answers to later: ``response_url``, once, within an hour [D 101138]."""

from __future__ import annotations

from typing import Any

from standin import cards, post, validate
from standin.errors import ApiError
from standin.limits import HOUR, MINUTE
from standin.site import Call, Site
from standin.world import Code, Message

LIFE_S = 3600


def response(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}``; markdown of at most 20,480 bytes or a template card. In a group it quotes the question."""
    code = site.world.codes.get(call.query.get("response_code", ""))
    if code is None or code.kind != "bot" or code.used or call.now - code.issued > LIFE_S:
        raise ApiError(60140)
    if call.body.get("msgtype") not in ("markdown", "template_card"):
        raise ApiError(40008)
    inner, text = validate.content(call.body, markdown_limit=validate.BOT_MARKDOWN_BYTES)
    if call.body["msgtype"] == "template_card":
        cards.check(inner)
    code.used = True
    asked = site.world.messages.get(code.msgid)
    say(site, code, call.body["msgtype"], inner, text, quote=asked.text if asked and code.room else None)
    return {"errcode": 0, "errmsg": "ok"}


def say(
    site: Site, code: Code, msgtype: str, inner: dict[str, Any], text: str, quote: str | None = None
) -> Message | None:
    """What bot *code.owner* says in the room or to the member of *code*; None when beyond 30 a minute."""
    rules = (MINUTE, site.limits.bot_per_min), (HOUR, site.limits.bot_per_hour)
    if not site.windows.take(f"{code.owner}>{code.room or code.userid}", site.now(), *rules):
        site.world.dropped.append({"at": site.now(), "chatid": code.room, "userid": code.userid, "why": "bot rate"})
        return None
    message = Message(
        msgid=post.next_bot_msgid(site),
        at=site.now(),
        origin="bot",
        sender=code.owner,
        msgtype=msgtype,
        text=text,
        body=inner,
        thread="bot",
        task_id=inner.get("task_id"),
        quote=quote,
    )
    message.key = message.task_id or f"bot:{message.msgid}"
    if code.room:
        post.to_room(site, site.world.rooms[code.room], message)
    else:
        message.recipients = [code.userid or ""]
        post.to_people(site, message)
    return message
