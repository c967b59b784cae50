"""Platform fields to inbox rows: which sender, which chat, which key, what was said."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.channels.envelope import Opened, Rejected
from handlers.domain.delivery import label
from handlers.domain.message import Channel, Kind, key_of


class Arrived(NamedTuple):
    """An inbox row in the making; `fields` is stored sealed."""

    key: str
    channel: Channel
    kind: Kind
    sender: str | None
    chat: str | None
    fields: Mapping[str, Any]
    sent_at: datetime


def from_wecom_app(opened: Opened) -> Arrived:
    """Return the row of a self-built app's callback (XML)."""
    fields = opened.fields
    kind_name = fields.get("MsgType")
    if not isinstance(kind_name, str) or not kind_name:
        raise Rejected("no MsgType")
    sender = _text(fields, "FromUserName")
    event = _text(fields, "Event") if kind_name == "event" else None
    if kind_name == "event" and not event:
        raise Rejected("no Event")
    kind = {"text": Kind.TEXT, "voice": Kind.VOICE}.get(kind_name, Kind.OTHER)
    if event == "template_card_event":
        kind = Kind.CLICK
    elif event == "enter_agent":
        kind = Kind.ENTER
    return Arrived(
        key_of(Channel.WECOM_APP, _text(fields, "MsgId"), opened.clear),
        Channel.WECOM_APP,
        kind,
        sender.lower() if sender else None,
        None,
        fields,
        _moment(_text(fields, "CreateTime"), opened.stamped),
    )


def from_aibot(opened: Opened) -> Arrived:
    """Return the row of an AI bot's callback (JSON)."""
    fields = opened.fields
    kind_name = fields.get("msgtype")
    if not isinstance(kind_name, str) or not kind_name:
        raise Rejected("no msgtype")
    sender = fields.get("from")
    userid = sender.get("userid") if isinstance(sender, dict) else None
    chat = fields.get("chatid")
    if not isinstance(userid, str | None) or not isinstance(chat, str | None):
        raise Rejected("field type")
    message_id = fields.get("msgid")
    return Arrived(
        key_of(Channel.AIBOT, message_id if isinstance(message_id, str) else None, opened.clear),
        Channel.AIBOT,
        _aibot_kind(kind_name, fields),
        userid.lower()[:64] if userid else None,
        chat[:200] if chat else None,
        fields,
        _moment(str(fields.get("create_time") or ""), opened.stamped),
    )


def from_official_account(opened: Opened) -> Arrived:
    """Return the row of a 公众号's callback (XML). Openids differ by case. Events have no id: their whole content is
    their key, because two of one person in one second are two [platform A.13]."""
    fields = opened.fields
    kind_name, sender = fields.get("MsgType"), _text(fields, "FromUserName")
    if not isinstance(kind_name, str) or not kind_name or sender is None:
        raise Rejected("no MsgType or sender")
    event = _text(fields, "Event")
    if kind_name == "event" and not event:
        raise Rejected("no Event")
    return Arrived(
        key_of(Channel.OFFICIAL_ACCOUNT, _text(fields, "MsgId"), opened.clear),
        Channel.OFFICIAL_ACCOUNT,
        _account_kind(kind_name, event or "", fields),
        label(Channel.OFFICIAL_ACCOUNT, sender),
        None,
        fields,
        _moment(_text(fields, "CreateTime"), opened.stamped),
    )


def _account_kind(name: str, event: str, fields: Mapping[str, Any]) -> Kind:
    if name == "event":
        found = {"subscribe": Kind.ENTER, "scan": Kind.ENTER, "click": Kind.CLICK}
        return found.get(event.lower(), Kind.OTHER)
    if name == "text":
        return Kind.CLICK if _text(fields, "bizmsgmenuid") else Kind.TEXT
    return Kind.VOICE if name == "voice" else Kind.OTHER


def sender_of(channel: Channel, kept: str | None, fields: Mapping[str, Any]) -> str | None:
    """Return who sent a stored message: what stands in its row, but a resident's own id stands in the message alone."""
    if channel is Channel.OFFICIAL_ACCOUNT:
        return _text(fields, "FromUserName")
    if channel is Channel.KF:
        event = fields.get("event")
        return _text(event if isinstance(event, dict) else fields, "external_userid")
    return kept


def text_of(channel: Channel, fields: Mapping[str, Any]) -> str:
    """Return what was said, "" when nothing was."""
    if channel in (Channel.WECOM_APP, Channel.OFFICIAL_ACCOUNT):
        return _text(fields, "Content") or _text(fields, "Recognition") or ""
    parts = [_inner(fields, "text"), _inner(fields, "voice")]
    mixed = fields.get("mixed")
    items = mixed.get("msg_item") if isinstance(mixed, dict) else None
    if isinstance(items, list):
        parts += [_inner(item, "text") for item in items if isinstance(item, dict)]
    return "\n".join(part for part in parts if part)


def _aibot_kind(name: str, fields: Mapping[str, Any]) -> Kind:
    if name in {"text", "mixed"}:
        return Kind.TEXT
    if name == "voice":
        return Kind.VOICE
    event = fields.get("event")
    event_name = event.get("eventtype") if isinstance(event, dict) else None
    return {"template_card_event": Kind.CLICK, "enter_chat": Kind.ENTER}.get(str(event_name), Kind.OTHER)


def _inner(fields: Mapping[str, Any], name: str) -> str:
    part = fields.get(name)
    content = part.get("content") if isinstance(part, dict) else None
    return content if isinstance(content, str) else ""


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def _moment(stated: str | None, stamped: int) -> datetime:
    """CreateTime is seconds since the epoch; an absurd one gives way to the signed timestamp."""
    seconds = int(stated) if stated and stated.isascii() and stated.isdigit() and len(stated) == 10 else stamped
    return datetime.fromtimestamp(seconds, UTC)
