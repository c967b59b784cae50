"""A resident's phone: what stands on it, and who he is to a corp or an account."""

from __future__ import annotations

from typing import Any

from standin import post
from standin.actors import ActError
from standin.residents import Resident
from standin.site import Site
from standin.world import Message


def the_resident(site: Site, given: dict[str, Any]) -> Resident:
    """The resident that *given* names; somebody new when nobody had that name yet."""
    name = str(given.get("resident") or "")
    if not name:
        raise ActError("which resident?")
    return site.world.residents.setdefault(name, Resident(name, str(given.get("name") or name)))


def show(site: Site, resident: Resident, message: Message) -> None:
    """*message* on the resident's phone, his own words included."""
    site.world.messages[message.msgid] = message
    site.world.inboxes.setdefault(resident.key, []).append(message.msgid)
    site.feed.event("message", message.at, to=[resident.key], message=post.view(site, message))


def said(site: Site, resident: Resident, thread: str, text: str, msgtype: str = "text", **more: Any) -> Message:
    """What the resident himself wrote or tapped, put on his own phone."""
    msgid = post.next_number(site)
    message = Message(msgid, site.now(), "resident", resident.id, msgtype, text, {"content": text}, thread=thread)
    for name, value in more.items():
        setattr(message, name, value)
    message.key = f"said:{msgid}"
    show(site, resident, message)
    return message


def told(
    site: Site, resident: Resident, origin: str, thread: str, msgtype: str, body: dict[str, Any], text: str
) -> Message:
    """What a kf account or a 公众号 says to the resident; shown unless he blocked it."""
    message = Message(post.new_msgid(), site.now(), origin, thread, msgtype, text, body, thread=thread)
    message.key, message.media = f"told:{message.msgid}", body.get("media_id")
    show(site, resident, message)
    return message


def messages(site: Site, resident: Resident) -> list[Message]:
    return [site.world.messages[m] for m in site.world.inboxes.get(resident.key, ())]
