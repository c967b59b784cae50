"""What the product answers inside the 200 of a callback: checked, decrypted, carried out [D 90241, 101031, 101032]."""

from __future__ import annotations

import json
from typing import Any

import xmltodict

from standin import api_bot, cards, crypto, mp_events, payloads, post, validate
from standin.callbacks import About, Door, Emission
from standin.errors import ApiError
from standin.site import Site
from standin.world import Code, Message

STREAM_LIFE_S = 360.0


class ReplyError(Exception):
    """A 200 whose body the platform would throw away."""


def take(site: Site, door: Door, about: About, query: dict[str, str], data: bytes) -> dict[str, Any] | None:
    """The decrypted reply, None for an empty 200; ``{"error": …}`` for one the platform would throw away."""
    if not data.strip() or data.strip() == b"success":
        return None
    try:
        if "mp" in door.names:
            return mp_events.take_reply(site, door, about, data)
        return _bot_reply(site, door, about, query, data) if door.is_json else _app_reply(site, door, about, data)
    except (ReplyError, ApiError, crypto.EnvelopeError, ValueError, KeyError, TypeError, AttributeError) as error:
        site.world.count("bad_replies")
        return {"error": f"{type(error).__name__}: {error}"}
    except xmltodict.expat.ExpatError as error:
        site.world.count("bad_replies")
        return {"error": f"not XML: {error}"}


def _app_reply(site: Site, door: Door, about: About, data: bytes) -> dict[str, Any]:
    outer = xmltodict.parse(data)["xml"]
    callback = door.callback
    plain = crypto.open_envelope(
        callback.token,
        callback.aeskey,
        door.receive_id,
        outer["TimeStamp"],
        outer["Nonce"],
        outer["Encrypt"],
        outer["MsgSignature"],
    )
    reply: dict[str, Any] = xmltodict.parse(plain)["xml"]
    match reply.get("MsgType"):
        case "text":
            _app_says(site, about, reply.get("Content") or "")
        case "update_button":
            _override(site, about, {"replace_name": reply["Button"]["ReplaceName"]})
        case "update_template_card":
            card = _snake(reply["TemplateCard"])
            _override(site, about, {"template_card": card, "replace_name": card.get("replace_text", "")})
        case other:
            raise ReplyError(f"reply of type {other!r}")
    return {"plain": plain, "msgtype": reply["MsgType"]}


def _app_says(site: Site, about: About, text: str) -> None:
    text = validate.cut(text)
    message = Message(
        msgid=post.new_msgid(),
        at=site.now(),
        origin="app",
        sender=about.app or "",
        msgtype="text",
        text=text,
        body={"content": text},
        thread="app",
        recipients=[about.userid],
        app=about.app,
    )
    message.key = f"reply:{message.msgid}"
    post.to_people(site, message)


def _override(site: Site, about: About, change: dict[str, Any]) -> None:
    """A reply to a press changes the card for the one who pressed; a bot's card in a group changes for all."""
    message = site.world.messages.get(about.card or "")
    if message is None:
        raise ReplyError("a card update that answers no press")
    who = "*" if message.room else about.userid
    message.overrides[who] = change
    post.changed(site, message, None if message.room else [about.userid])


def _snake(value: Any) -> Any:
    """XML's CamelCase names as the JSON names the send call uses."""
    if isinstance(value, dict):
        return {_snake_name(k): _snake(v) for k, v in value.items()}
    return [_snake(v) for v in value] if isinstance(value, list) else value


def _snake_name(name: str) -> str:
    return "".join(("_" + c.lower()) if c.isupper() else c for c in name).lstrip("_")


def _bot_reply(site: Site, door: Door, about: About, query: dict[str, str], data: bytes) -> dict[str, Any]:
    outer = json.loads(data)
    if outer.get("nonce") != query["nonce"]:
        raise ReplyError("the nonce of the request has to come back")
    if type(outer.get("timestamp")) is not int:
        raise ReplyError("timestamp has to be a JSON number")
    callback = door.callback
    plain = crypto.open_envelope(
        callback.token,
        callback.aeskey,
        "",
        str(outer["timestamp"]),
        outer["nonce"],
        outer["encrypt"],
        outer["msgsignature"],
    )
    reply = json.loads(plain)
    if reply.get("response_type") == "update_template_card":
        _override(site, about, {"template_card": reply["template_card"]})
        return {"plain": plain, "msgtype": "update_template_card"}
    _bot_says(site, door, about, reply)
    return {"plain": plain, "msgtype": reply["msgtype"]}


def _bot_says(site: Site, door: Door, about: About, reply: dict[str, Any]) -> None:
    kind, code = reply.get("msgtype"), about.code
    if code is None or kind not in ("text", "stream", "template_card", "stream_with_template_card"):
        raise ReplyError(f"reply of type {kind!r}")
    if kind == "text" and (about.asked or {}).get("event", {}).get("eventtype") != "enter_chat":
        raise ReplyError("plain text answers only enter_chat")
    if kind == "text":
        api_bot.say(site, code, "text", *validate.text_content(reply))
    if "stream" in str(kind):
        _stream(site, door, about, code, reply["stream"])
    if "template_card" in str(kind):
        card = reply["template_card"]
        cards.check(card)
        api_bot.say(site, code, "template_card", card, cards.card_text(card))


def _stream(site: Site, door: Door, about: About, code: Code, stream: dict[str, Any]) -> None:
    """Each answer holds the whole text so far; until ``finish`` the platform keeps asking, for six minutes."""
    content = str(stream.get("content", ""))
    if len(content.encode()) > validate.BOT_MARKDOWN_BYTES:
        raise ApiError(45002)
    standing = site.world.messages.get(about.stream or "")
    if standing is None:
        standing = api_bot.say(site, code, "markdown", {"content": content}, content) if content else None
    else:
        standing.text, standing.body = content, {"content": content}
        post.changed(site, standing)
    if not stream.get("finish") and site.now() - code.issued < STREAM_LIFE_S:
        _ask_again(site, door, about, stream["id"], standing)


def _ask_again(site: Site, door: Door, about: About, stream_id: str, standing: Message | None) -> None:
    asked = payloads.stream_poll(about.asked or {}, post.next_bot_msgid(site), stream_id)
    follow = About(about.userid, about.app, about.card, about.code, asked, standing.msgid if standing else None)
    plain = json.dumps(asked, ensure_ascii=False)
    after = float(site.world.settings.get("stream_poll_s", 1.0))
    site.emitter.submit(Emission(door, plain, "stream poll", follow), after_s=after)
