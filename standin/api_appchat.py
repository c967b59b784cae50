"""Group chats that an app makes and writes to [D 90244-90248, 98913]. They can be written to, never read."""

from __future__ import annotations

import re
import secrets
from typing import Any

from standin import files, post, validate
from standin.errors import ApiError
from standin.limits import DAY, HOUR, MINUTE
from standin.people import in_sight
from standin.site import Call, Site
from standin.world import Message, Room

CHATID = re.compile(r"[0-9A-Za-z]+\Z")
SENDABLE = frozenset({"text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown"})


def _needs_root(call: Call) -> None:
    if not call.caller.root_visible:
        raise ApiError(60011)


def create(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, chatid}`` [D 90245]; the caller's own chatid makes it repeatable: 86215 the second time."""
    _needs_root(call)
    _spend(site, call, "create", DAY, site.limits.appchat_create_per_day)
    chatid, name, owner, people = _wanted(site, call)
    taken = site.world.room(chatid)
    if taken is not None and taken.app is not None:
        raise ApiError(86215)
    room = taken or Room(
        id=chatid, name=name, kind="staff", level=level_of(site, call.caller.corpid, people), members=[]
    )
    room.name, room.owner, room.members = name or room.name, owner, people
    room.app, room.appchat_chatid = call.caller.key, chatid
    site.world.rooms[room.id] = room
    site.world.room_ids[chatid] = room.id
    site.feed.event("room", call.now, room=room_view(site, room))
    return {"errcode": 0, "errmsg": "ok", "chatid": chatid}


def _wanted(site: Site, call: Call) -> tuple[str, str, str, list[str]]:
    body = call.body
    chatid = str(body.get("chatid") or secrets.token_hex(12))
    if len(chatid) > 32:
        raise ApiError(86205)
    if not CHATID.match(chatid):
        raise ApiError(86001)
    name = str(body.get("name") or "")
    if len(name) > 50:
        raise ApiError(86004)
    people = _people(body.get("userlist"))
    if not people:
        raise ApiError(86204)
    _all_members(site, call, people)
    _right_size(people)
    owner = str(body.get("owner") or people[0]).lower()
    if owner not in people:
        raise ApiError(86207)
    return chatid, name, owner, people


def _people(value: Any) -> list[str]:
    return list(dict.fromkeys(str(u).lower() for u in value)) if isinstance(value, list) else []


def _all_members(site: Site, call: Call, people: list[str]) -> None:
    if not all(in_sight(site.world, call.caller, p) for p in people):
        raise ApiError(86216)


def _right_size(people: list[str]) -> None:
    if not 2 <= len(people) <= 2000:
        raise ApiError(86006)


def _spend(site: Site, call: Call, what: str, window: float, limit: int) -> None:
    if not site.windows.take(f"{call.caller.corpid} appchat {what}", call.now, (window, limit)):
        raise ApiError(45009, "hint: [..]")


def _own_room(site: Site, call: Call, chatid: Any) -> Room:
    if not chatid:
        raise ApiError(86201)
    room = site.world.room(str(chatid))
    if room is None or room.app is None or room.appchat_chatid != chatid:
        # a room that no app made has no appchat id at all
        raise ApiError(86003)
    if room.app != call.caller.key:
        raise ApiError(86008)
    return room


def update(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}`` [D 98913]."""
    _needs_root(call)
    _spend(site, call, "update", HOUR, site.limits.appchat_update_per_hour)
    room = _own_room(site, call, call.body.get("chatid"))
    joining = _people(call.body.get("add_user_list"))
    _all_members(site, call, joining)
    leaving = set(_people(call.body.get("del_user_list")))
    people = [p for p in dict.fromkeys([*room.members, *joining]) if p not in leaving]
    _right_size(people)
    owner = str(call.body.get("owner") or room.owner).lower()
    if owner not in people:
        raise ApiError(86207)
    name = str(call.body.get("name") or room.name)
    if len(name) > 50:
        raise ApiError(86004)
    room.name, room.owner, room.members = name, owner, people
    site.feed.event("room", call.now, room=room_view(site, room))
    return {"errcode": 0, "errmsg": "ok"}


def get(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, chat_info: {chatid, name, owner, userlist}}`` [D 90247]."""
    room = _own_room(site, call, call.query.get("chatid"))
    shown = {k: site.world.members[k].userid for k in room.members if k in site.world.members}
    info = {
        "chatid": room.appchat_chatid,
        "name": room.name,
        "owner": shown.get(room.owner, room.owner),
        "userlist": list(shown.values()),
    }
    return {"errcode": 0, "errmsg": "ok", "chat_info": info}


def send(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}``, no msgid: a group post cannot be recalled, nor is a second one noticed [D 90248]."""
    _needs_root(call)
    room = _own_room(site, call, call.body.get("chatid"))
    if call.body.get("msgtype") not in SENDABLE:
        raise ApiError(40008)
    inner, text = validate.content(call.body)
    shown = files.shown_in(site, call.caller.corpid, call.body["msgtype"], inner)
    _spend_person_times(site, call, len(room.members))
    message = Message(
        msgid=post.new_msgid(),
        at=call.now,
        origin="appchat",
        sender=call.caller.key,
        msgtype=call.body["msgtype"],
        text=text,
        body=inner,
        key=f"body:{validate.fingerprint(call.body)[:16]}",
        app=call.caller.key,
        media=shown,
    )
    if call.hints.get("silent_drop"):
        site.world.dropped.append({"at": call.now, "chatid": room.id, "key": message.key, "why": "fault"})
    else:
        message.recipients = [p for p in room.members if _fits(site, call, message, p)]
        post.to_room(site, room, message)
    return {"errcode": 0, "errmsg": "ok"}


def _spend_person_times(site: Site, call: Call, people: int) -> None:
    limits = site.limits
    rules = (MINUTE, limits.appchat_person_times_per_min), (HOUR, limits.appchat_person_times_per_hour)
    if not site.windows.take(f"{call.caller.corpid} person-times", call.now, *rules, weight=people):
        raise ApiError(45009, "hint: [..]")


def _fits(site: Site, call: Call, message: Message, person: str) -> bool:
    rules = (MINUTE, site.limits.appchat_member_per_min), (DAY, site.limits.appchat_member_per_day)
    if site.windows.take(f"appchat>{person}", call.now, *rules):
        return True
    message.missed.append(person)
    site.world.dropped.append({"at": call.now, "userid": person, "key": message.key, "why": "group member rate"})
    site.feed.event("dropped", call.now, to=[person], why="group member rate", text=message.text)
    return False


def level_of(site: Site, corpid: str, people: list[str]) -> str:
    """The column of the page a group belongs to: the depth of the lowest department that holds all its members."""
    corp = site.world.corps[corpid]

    def path(key: str) -> list[int]:
        line, at = [], site.world.members[key].department[0]
        while at in corp.departments and at not in line:
            line.append(at)
            at = corp.departments[at].parentid
        return line[::-1]

    paths = [path(p) for p in people if p in site.world.members]
    depth = 0
    while paths and all(len(p) > depth for p in paths) and len({p[depth] for p in paths}) == 1:
        depth += 1
    return ("township", "township", "village", "grid")[min(depth, 3)]


def room_view(site: Site, room: Room) -> dict[str, Any]:
    """*room* for the page and for ``_ctl``: JSON-ready, without its posts."""
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind,
        "level": room.level,
        "members": room.members,
        "bot": room.bot,
        "bot_chatid": room.bot_chatid,
        "appchat_chatid": room.appchat_chatid if room.app else None,
        "posts": len(room.posts),
        "last_at": site.world.messages[room.posts[-1]].at if room.posts else None,
    }
