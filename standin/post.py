"""Putting a message where people see it, and showing what they see."""

from __future__ import annotations

import secrets
from typing import Any

from standin.clock import iso
from standin.site import Site
from standin.world import Media, Message, Room


def new_msgid() -> str:
    """An opaque id such as ``message/send`` answers with."""
    return secrets.token_urlsafe(24)


def next_number(site: Site) -> str:
    """A 64-bit MsgId as decimal digits: JavaScript would lose the last ones of a number."""
    site.world.serial += 1
    return str(7_440_000_000_000_000_000 + site.world.serial)


def next_bot_msgid(site: Site) -> str:
    site.world.serial += 1
    return f"CAIQ{site.world.serial:028d}="


def to_people(site: Site, message: Message) -> None:
    """*message* on the phone of each recipient, counted by (member, task_id or body)."""
    world = site.world
    world.messages[message.msgid] = message
    for person in message.recipients:
        world.inboxes.setdefault(person, []).append(message.msgid)
        if message.origin != "member" and not unseen(site, message, person):
            seen = world.shown.setdefault(person, {})
            seen[message.key] = seen.get(message.key, 0) + 1
    site.feed.event("message", message.at, to=message.recipients, message=view(site, message))


def unseen(site: Site, message: Message, person: str | None) -> bool:
    """Whether *person*'s screen shows nothing of it: the WeChat plug-in has no markdown [D 90236]."""
    member = site.world.members.get(person or "")
    return message.msgtype.startswith("markdown") and message.origin != "bot" and bool(member and member.plugin)


def to_room(site: Site, room: Room, message: Message) -> None:
    message.room = room.id
    site.world.messages[message.msgid] = message
    room.posts.append(message.msgid)
    site.feed.event("message", message.at, room=room.id, message=view(site, message))


def changed(site: Site, message: Message, to: list[str] | None = None) -> None:
    """Tell the page that *message* looks different now (recalled, or its card replaced)."""
    person = to[0] if to else None
    site.feed.event(
        "update", site.now(), to=to or message.recipients, room=message.room, message=view(site, message, person)
    )


def sender_name(site: Site, message: Message) -> str:
    world = site.world
    if message.origin in ("app", "appchat"):
        app = world.apps.get(message.sender)
        return app.name if app else message.sender
    if message.origin == "bot":
        bot = world.bots.get(message.sender)
        return bot.name if bot else message.sender
    if message.origin == "webhook":
        return "群机器人"
    for known in (world.kf, world.accounts, world.residents) if message.origin in ("kf", "official") else ():
        if message.sender in known:
            return known[message.sender].name
    member = world.members.get(message.sender)
    return member.name if member else message.sender


def view(site: Site, message: Message, person: str | None = None) -> dict[str, Any]:
    """*message* as *person* sees it: JSON-ready; ``card`` is the card with what replaced it."""
    member = site.world.members.get(message.sender) if message.origin == "member" else None
    reader = site.world.members.get(person or "")
    seen: dict[str, Any] = {
        "msgid": message.msgid,
        "at": message.at,
        "at_iso": iso(message.at),
        "from": {
            "kind": message.origin,
            "id": member.userid if member else message.sender.rpartition("/")[2],
            "name": sender_name(site, message),
        },
        "thread": message.thread,
        "room": message.room,
        "msgtype": message.msgtype,
        "text": message.text,
        "task_id": message.task_id,
        "key": message.key,
        "recalled": message.recalled and not (reader and reader.plugin),
        "withheld": message.heard is False,
        "fate": message.fate,
        "updated": False,
    }
    if unseen(site, message, person):
        seen["unseen"] = True
    if message.quote:
        seen["quote"] = message.quote
    if message.msgtype in ("template_card", "textcard", "news", "mpnews"):
        seen["card"] = message.body
    if (shown := site.world.media.get(message.media or "")) is not None:
        seen["media"] = media_view(shown)
    if message.missed:
        seen["missed"] = [m.userid if (m := site.world.members.get(k)) else k for k in message.missed]
    if mentioned := message.body.get("mentioned_list"):
        seen["mentioned"] = mentioned
    _override(message, person, seen)
    return seen


def _override(message: Message, person: str | None, seen: dict[str, Any]) -> None:
    change = message.overrides.get(person or "") or message.overrides.get("*")
    if change is None:
        return
    seen["updated"] = True
    if "template_card" in change:
        seen["card"] = change["template_card"]
    if "replace_name" in change:
        seen["replaced"] = change["replace_name"]


def media_view(media: Media) -> dict[str, Any]:
    """A file for the page; *url* leads to its bytes."""
    url = f"/_ctl/media?id={media.id}"
    known = {"id": media.id, "kind": media.kind, "name": media.name, "size": media.size}
    return known | {"content_type": media.content_type, "url": url}


def inbox(site: Site, person: str) -> list[dict[str, Any]]:
    """Everything on *person*'s phone outside groups, oldest first, his own words included."""
    world = site.world
    return [view(site, world.messages[m], person) for m in world.inboxes.get(person, ())]


def chat(site: Site, room: Room) -> list[dict[str, Any]]:
    return [view(site, site.world.messages[m]) for m in room.posts]
