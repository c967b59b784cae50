"""What stands in the world, for tests and for the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from standin import ctl_residents
from standin.api_appchat import room_view
from standin.clock import iso
from standin.post import media_view
from standin.seed import LEVELS
from standin.site import Site
from standin.world import Message, World

__all__ = ["directory", "room_view", "size", "state"]


def size(world: World) -> dict[str, int]:
    """How much there is of everything."""
    return {"corps": len(world.corps), "members": len(world.members), "rooms": len(world.rooms)}


def state(site: Site, part: str | None = None) -> dict[str, Any]:
    """Counts and posts for tests, or only *part* of them:

    ``shown`` {userid: {task_id or body:… : times}}, ``dropped`` silent drops, ``appchats`` {chatid: {name, members,
    posts}}, ``rooms`` the same for every group by pane, ``calls`` {path: {total, ok, refused, faulted, errcodes}},
    ``counts``, ``gettoken``, ``refused``, ``callbacks``.
    """
    world = site.world
    parts: dict[str, Any] = {
        "shown": lambda: {world.members[k].userid: dict(v) for k, v in world.shown.items()},
        "dropped": lambda: list(world.dropped),
        "dropped_total": lambda: len(world.dropped),
        "appchats": lambda: _groups(site, appchats=True),
        "rooms": lambda: _groups(site, appchats=False),
        "calls": lambda: {path: asdict(calls) for path, calls in world.calls.items()},
        "counts": lambda: dict(world.counts),
        "gettoken": lambda: world.counts.get("gettoken", 0),
        "refused": lambda: sum(c.refused for c in world.calls.values()),
        "callbacks": lambda: _callbacks(site),
        "size": lambda: size(world),
        "residents": lambda: ctl_residents.state(site),
    }
    if part is not None:
        return {part: parts[part]()}
    return {name: make() for name, make in parts.items()}


def _callbacks(site: Site) -> dict[str, int]:
    counts = site.world.counts
    names = ("emitted", "delivered", "failed", "dropped")
    return {name: counts.get(f"callbacks_{name}", 0) for name in names} | {"in_flight": site.emitter.in_flight}


def _groups(site: Site, *, appchats: bool) -> dict[str, Any]:
    found = {}
    for room in site.world.rooms.values():
        if appchats and room.app is None:
            continue
        name = room.appchat_chatid if appchats and room.appchat_chatid else room.id
        posts = [_line(site, site.world.messages[m]) for m in room.posts]
        found[name] = {"name": room.name, "level": room.level, "members": room.members, "posts": posts}
    return found


def _line(site: Site, message: Message) -> dict[str, Any]:
    shown = site.world.media.get(message.media or "")
    return {
        "msgid": message.msgid,
        "at": message.at,
        "at_iso": iso(message.at),
        "origin": message.origin,
        "msgtype": message.msgtype,
        "text": message.text,
        "key": message.key,
        "withheld": message.heard is False,
        "media": media_view(shown) if shown else None,
    }


def directory(site: Site) -> dict[str, Any]:
    """The groups, the people and the bots that the page draws."""
    world = site.world
    return {
        "title": world.settings.get("title", "格应 · 微信演示"),
        "rooms": [room_view(site, room) for room in world.rooms.values()],
        "members": [
            {"key": m.key, "userid": m.userid, "name": m.name, "level": m.level, "title": m.title}
            for m in world.members.values()
            if m.active
        ],
        "bots": [{"id": b.id, "name": b.name} for b in world.bots.values()],
        "apps": [{"agentid": a.agentid, "name": a.name} for a in world.apps.values()],
        "levels": [level for level in LEVELS if any(room.level == level for room in world.rooms.values())],
        "guide": world.settings.get("guide", []),
        "links": world.settings.get("links", []),
        "faults": [rule.view() for rule in site.faults.rules],
    }
