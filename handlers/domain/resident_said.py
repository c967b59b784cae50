"""What a resident said or did, the same for 微信客服 and 公众号: who reads an inbound of theirs reads it here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handlers.domain.menu_choice import Choice, read_choice
from handlers.domain.message import Channel, Inbound
from handlers.domain.place_code import token_of

KF_HINT = "kf_msg_or_event"
_MEDIA = frozenset({"image", "voice", "video", "shortvideo", "file", "location", "link", "miniprogram"})
_RESIDENT, _EVENT = 3, 4  # who made an item of kf/sync_msg; 5 is a person in the kf client [D 94670]


class What(StrEnum):
    """What happened."""

    HINT = "hint"  # kf: something waits to be pulled; nobody said anything yet
    CAME = "came"  # opened the chat by a code, followed, scanned
    TAPPED = "tapped"  # an item of a menu we sent
    PRESSED = "pressed"  # the account's own menu below the chat
    SAID = "said"
    SHOWED = "showed"  # a picture, a voice without words, a place: nothing we can read
    LEFT = "left"
    NOT_ARRIVED = "not_arrived"  # something of ours was taken and did not arrive
    NOTICES = "notices"  # allowed or refused notices of some templates
    NOTHING = "nothing"  # of no concern to us


@dataclass(frozen=True, slots=True)
class Said:
    """One inbound of a resident. `token`: the place whose code was scanned; of a tap, the place the menu was for.

    `welcome`: the one-time right to say one thing at once (kf). `about`: the message that did not arrive.
    """

    what: What
    text: str = ""
    token: str | None = None
    choice: Choice | None = None
    key: str = ""
    welcome: str | None = field(default=None, repr=False)
    about: str = ""
    why: str = ""
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def read(inbound: Inbound) -> Said:
    """Return what *inbound* means."""
    if inbound.channel is Channel.KF:
        return _kf(inbound.fields, inbound.text)
    if inbound.channel is Channel.OFFICIAL_ACCOUNT:
        return read_account(inbound.fields, inbound.text)
    if inbound.fields.get("Event") == KF_HINT:
        return Said(What.HINT, key=_text(inbound.fields, "OpenKfId"), about=_text(inbound.fields, "Token"))
    return Said(What.NOTHING)


def _kf(fields: Mapping[str, Any], text: str) -> Said:
    event = fields.get("event")
    if isinstance(event, Mapping):
        return _kf_event(event)
    if fields.get("origin") != _RESIDENT:
        return Said(What.NOTHING)
    inner = fields.get("text")
    menu_id = _text(inner, "menu_id") if isinstance(inner, Mapping) else ""
    return _words(text, menu_id, str(fields.get("msgtype")))


def _kf_event(event: Mapping[str, Any]) -> Said:
    match event.get("event_type"):
        case "enter_session":
            token = token_of(_text(event, "scene_param"))
            return Said(What.CAME, token=token, key=_text(event, "scene"), welcome=_text(event, "welcome_code") or None)
        case "msg_send_fail":
            return Said(What.NOT_ARRIVED, about=_text(event, "fail_msgid"), why=str(event.get("fail_type")))
    return Said(What.NOTHING)


def read_account(fields: Mapping[str, Any], text: str = "") -> Said:
    """Return what a 公众号's callback means; *text* are its words, where there are any."""
    kind = _text(fields, "MsgType")
    if kind != "event":
        return _words(text, _text(fields, "bizmsgmenuid"), kind)
    key = _text(fields, "EventKey")
    match _text(fields, "Event").lower():
        case "subscribe":
            scene = key.removeprefix("qrscene_")
            return Said(What.CAME, token=token_of(scene), key=scene)
        case "scan":
            return Said(What.CAME, token=token_of(key), key=key)
        case "unsubscribe":
            return Said(What.LEFT)
        case "click":
            return Said(What.PRESSED, key=key, choice=read_choice(key))
        case "templatesendjobfinish" if _text(fields, "Status") != "success":
            return Said(What.NOT_ARRIVED, about=_text(fields, "MsgID"), why=_text(fields, "Status"))
        case "subscribe_msg_popup_event":
            return _consent(fields.get("SubscribeMsgPopupEvent"))
        case "subscribe_msg_change_event":
            return _consent(fields.get("SubscribeMsgChangeEvent"))
    return Said(What.NOTHING)


def _consent(inner: Any) -> Said:
    """One template comes as itself, several as a list."""
    found = inner.get("List") if isinstance(inner, Mapping) else None
    rows = [row for row in (found if isinstance(found, list) else [found]) if isinstance(row, Mapping)]
    allowed = tuple(_text(row, "TemplateId") for row in rows if _text(row, "SubscribeStatusString") == "accept")
    refused = tuple(_text(row, "TemplateId") for row in rows if _text(row, "SubscribeStatusString") == "reject")
    return Said(What.NOTICES, allowed=allowed, refused=refused) if allowed or refused else Said(What.NOTHING)


def _words(text: str, menu_id: str, kind: str) -> Said:
    if menu_id:
        choice = read_choice(menu_id)
        return Said(What.TAPPED, text, choice.token or None if choice else None, choice, menu_id)
    if text:
        return Said(What.SAID, text)
    return Said(What.SHOWED if kind in _MEDIA else What.NOTHING, key=kind)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
