"""Finding who acts, and letting a callback go: what every act begins and ends with."""

from __future__ import annotations

from typing import Any

from standin.callbacks import About, Door, Emission
from standin.site import Site
from standin.world import App, Bot, Member, Message, Room

Given = dict[str, Any]
Result = tuple[dict[str, Any], Emission | None]


class ActError(ValueError):
    """Something nobody could do: no such person, no such card, no such group."""


def the_member(site: Site, given: Given) -> Member:
    member = site.world.members.get(str(given.get("userid", "")).lower())
    if member is None or not member.active:
        raise ActError(f"nobody is called {given.get('userid')!r}")
    return member


def the_app(site: Site, given: Given, corpid: str | None = None) -> App:
    apps = [a for a in site.world.apps.values() if corpid in (None, a.corpid)]
    if "agentid" in given:
        apps = [a for a in apps if a.agentid == int(given["agentid"])]
    if not apps:
        raise ActError("no such app")
    return apps[0]


def the_bot(site: Site, given: Given) -> Bot:
    bot = site.world.bots.get(given["aibotid"]) if "aibotid" in given else next(iter(site.world.bots.values()), None)
    if bot is None:
        raise ActError("no such bot")
    return bot


def the_room(site: Site, given: Given) -> Room:
    room = site.world.room(str(given.get("chatid", "")))
    if room is None:
        raise ActError(f"no group {given.get('chatid')!r}")
    return room


def said(site: Site, member: Member, msgid: str, text: str, **more: Any) -> Message:
    """What *member* wrote; a caller may set ``at`` when the message was written earlier."""
    at = more.pop("at", None) or site.now()
    return Message(msgid, at, "member", member.key, "text", text, {"content": text}, key=f"said:{msgid}", **more)


def emit(site: Site, door: Door, plain: str, label: str, about: About) -> Emission:
    return site.emitter.submit(Emission(door, plain, label, about))
