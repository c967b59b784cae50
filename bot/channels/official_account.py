"""公众号/服务号 [MP]: one to one with a follower, on an origin and with a token of its own.

Pushes inside a window only (5 messages in 48 h after a word, 3 in a minute after following, scanning or the menu), and
notices in templates by consent. Its codes differ in one: 40001 here says that a token no longer holds.
"""

from dataclasses import replace
from typing import Any

from bot.channels.call import Call, Impossible, body_of
from handlers.domain.parcel import Outcome, Parcel
from handlers.domain.text_parts import clip_bytes

CAPABILITIES = ("push", "reads", "buttons", "proves_click", "limits")
HEAD_BYTES, ITEM_BYTES = 1024, 128
INVALID_CREDENTIAL, EXPIRED = 40001, 42001
REFUSED_TOKEN = frozenset({INVALID_CREDENTIAL})


def render(parcel: Parcel) -> Call:
    """Return the call for *parcel*."""
    to, body = parcel.to[0], parcel.body
    match body["kind"]:
        case "text":
            call: dict[str, Any] = {"touser": to, "msgtype": "text", "text": {"content": body["text"]}}
        case "menu":
            call = {"touser": to, **_menu(body)}
        case "notice":
            call = {"touser": to, **_notice(parcel)}
        case kind:
            raise Impossible(f"cannot say a {kind}")
    return Call(f"/cgi-bin/{parcel.endpoint}", body_of(call))


def understood(outcome: Outcome) -> Outcome:
    """Return *outcome* in the words of the other channels."""
    return replace(outcome, code=EXPIRED) if outcome.code == INVALID_CREDENTIAL else outcome


def _menu(body: Any) -> dict[str, Any]:
    """What opens a page stands as its address, which WeChat makes tappable; a menu here has nothing but answers."""
    head = [body["head"], *(f"{text}:{url}" for text, _, url in body["items"] if url)]
    answers = [{"id": key, "content": clip_bytes(text, ITEM_BYTES)} for text, key, url in body["items"] if not url]
    words = clip_bytes("\n".join(line for line in head if line), HEAD_BYTES)
    if not answers:
        return {"msgtype": "text", "text": {"content": "\n".join(line for line in (words, body["tail"]) if line)}}
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": words, "list": answers, "tail_content": body["tail"]}}


def _notice(parcel: Parcel) -> dict[str, Any]:
    body = parcel.body
    made: dict[str, Any] = {"template_id": body["template_id"]}
    made["data"] = {key: {"value": value} for key, value in body["fields"]}
    if parcel.endpoint == "message/template/send":  # the same id is the same message, for ten minutes
        made["client_msg_id"] = f"g{parcel.id}-{int(parcel.created_at.timestamp() * 1000):x}"
    if body["link"]:
        made["url" if parcel.endpoint == "message/template/send" else "page"] = body["link"]
    return made
