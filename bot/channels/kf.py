"""微信客服 [D 94665, 94670, 94677, 95122]: one to one with a resident, no friend, no follow.

Pushes only inside the window a resident opened (48 h, 5 messages after each thing they said), which `store.windows`
asks before a parcel goes. A menu answers with one tap. Our own id of a message makes a repeat harmless (95033). Whoever
just came in can be welcomed once, within 20 s, with the code of that event.
"""

from typing import Any

from bot.channels.call import Call, Impossible, body_of, said
from handlers.domain.parcel import Parcel
from handlers.domain.text_parts import clip_bytes

CAPABILITIES = ("push", "reads", "buttons", "proves_click", "limits")
HEAD_BYTES, CLICK_BYTES, VIEW_BYTES = 1024, 128, 1024


def render(parcel: Parcel, open_kfid: str, media_id: str | None = None) -> Call:
    """Return the call for *parcel*; Impossible when no kf account is set up."""
    content = _menu(parcel.body) if parcel.body["kind"] == "menu" else said(parcel.body, media_id)
    if parcel.endpoint == "kf/send_msg_on_event":
        body: dict[str, Any] = {"code": parcel.body["code"], "msgid": msgid(parcel)}
        return Call("/cgi-bin/kf/send_msg_on_event", body_of(body | content))
    if not open_kfid:
        raise Impossible("no kf account is set up")
    body = {"touser": parcel.to[0], "open_kfid": open_kfid, "msgid": msgid(parcel)}
    return Call("/cgi-bin/kf/send_msg", body_of(body | content))


def msgid(parcel: Parcel) -> str:
    """Return our own id of the message: the same for every repeat, and never used again, not even by a database that
    was begun anew."""
    return f"g{parcel.id}-{int(parcel.created_at.timestamp() * 1000):x}"


def _menu(body: Any) -> dict[str, Any]:
    items = [_item(text, key, url) for text, key, url in body["items"]]
    menu: dict[str, Any] = {"head_content": clip_bytes(body["head"], HEAD_BYTES), "list": items}
    if body["tail"]:
        menu["tail_content"] = clip_bytes(body["tail"], HEAD_BYTES)
    return {"msgtype": "msgmenu", "msgmenu": menu}


def _item(text: str, key: str, url: str) -> dict[str, Any]:
    if url:
        return {"type": "view", "view": {"url": url, "content": clip_bytes(text, VIEW_BYTES)}}
    return {"type": "click", "click": {"id": key, "content": clip_bytes(text, CLICK_BYTES)}}
