"""Building the world from a seed. Every fault in a seed is a ValueError that names its place."""

from __future__ import annotations

from typing import Any

from standin import seed_residents
from standin.world import App, Bot, Callback, Corp, Department, Member, Room, Webhook, World

LEVELS = ("county", "township", "village", "grid", "household")
SETTINGS = ("retry_delays", "callback_timeout_s", "stream_poll_s", "limits", "title", "guide", "links")
KNOWN = {"corps", "appchats", "groups", "webhooks", "bots", *seed_residents.KEYS, *SETTINGS}


def build(seed: dict[str, Any]) -> World:
    """The world that *seed* describes (its shape: see STANDIN usage in ``standin/README.md``)."""
    if unknown := set(seed) - KNOWN:
        raise ValueError(f"seed: unknown keys {sorted(unknown)}")
    world = World(settings={k: seed[k] for k in SETTINGS if k in seed})
    for row in seed.get("corps") or ():
        _corp(world, row)
    for row in seed.get("bots") or ():
        _bot(world, row)
    for row in seed.get("groups") or ():
        _group(world, row)
    for row in seed.get("appchats") or ():
        _appchat(world, row)
    for row in seed.get("webhooks") or ():
        room = _room(world, row["chatid"])
        world.webhooks[row["key"]] = Webhook(row["key"], room.id, int(row.get("refused", 0)))
    seed_residents.plant(world, seed)
    for step in seed.get("guide") or ():
        _step(world, step)
    return world


def _step(world: World, step: dict[str, Any]) -> None:
    """A step of the page's guide names people and groups that are there."""
    for action in step["do"]:
        if "as" in action and action["as"].lower() not in world.members:
            raise ValueError(f"seed: guide {step['title']!r} names nobody: {action['as']!r}")
        if action.get("where", "app") not in ("app", "bot"):
            _room(world, action["where"])


def _callback(row: dict[str, Any] | None) -> Callback | None:
    return Callback(row["url"], row["token"], row["aeskey"]) if row else None


def _corp(world: World, row: dict[str, Any]) -> None:
    corp = Corp(row["corpid"], contact_callback=_callback(row.get("contact_callback")))
    world.corps[corp.corpid] = corp
    for d in row.get("departments") or ():
        corp.departments[int(d["id"])] = Department(
            int(d["id"]), d.get("name", ""), int(d.get("parentid", 0)), int(d.get("order", 0)), d.get("leaders", [])
        )
    for m in row.get("members") or ():
        add_member(world, corp, m)
    for a in row.get("apps") or ():
        _app(world, corp, a)
    corp.account_cap = int(row.get("account_cap", 0)) or max(len(corp.members), 5)


def add_member(world: World, corp: Corp, row: dict[str, Any]) -> Member:
    """The new member of *corp*; ids are unique without regard to case, over all corps of the stand-in."""
    key = row["userid"].lower()
    if key in world.members and world.members[key].active:
        raise ValueError(f"seed: userid {row['userid']!r} twice")
    department = row.get("department") or [1]
    ids = [int(d) for d in (department if isinstance(department, list) else [department])]
    level = row.get("level") or _level(corp, ids[0])
    member = Member(key, row["userid"], row.get("name", row["userid"]), corp.corpid, ids, level)
    member.plugin, member.title = bool(row.get("plugin")), row.get("title", "")
    world.members[key] = member
    if key not in corp.members:
        corp.members.append(key)
    return member


def _level(corp: Corp, department: int) -> str:
    """Root is the township, below it villages, below them grids."""
    depth = 0
    while department in corp.departments and corp.departments[department].parentid in corp.departments:
        department, depth = corp.departments[department].parentid, depth + 1
    return LEVELS[1 + min(depth, 2)]


def _app(world: World, corp: Corp, row: dict[str, Any]) -> None:
    key = f"{corp.corpid}/{int(row['agentid'])}"
    world.apps[key] = App(
        key=key,
        corpid=corp.corpid,
        agentid=int(row["agentid"]),
        secret=row["secret"],
        name=row.get("name", "应用"),
        callback=_callback(row.get("callback")),
        root_visible=row.get("root_visible", not row.get("visible") or 1 in row["visible"]),
        visible=[int(d) for d in row.get("visible") or ()],
        disabled=row.get("disabled", False),
        trusted_ips=row.get("trusted_ips", []),
        forbidden=row.get("forbidden", []),
    )


def _bot(world: World, row: dict[str, Any]) -> None:
    callback = Callback(row["callback_url"], row["token"], row["aeskey"])
    corpid = row.get("corpid") or next(iter(world.corps), "")
    world.bots[row["aibotid"]] = Bot(row["aibotid"], row.get("name", "小格"), corpid, callback)


def _group(world: World, row: dict[str, Any]) -> None:
    bot = row.get("bot")
    if bot is True:
        bot = next(iter(world.bots), None)
    if bot and bot not in world.bots:
        raise ValueError(f"seed: group {row['chatid']!r} names bot {bot!r}, which is not there")
    if row.get("level", "grid") not in LEVELS:
        raise ValueError(f"seed: group {row['chatid']!r} has level {row['level']!r}")
    room = Room(
        id=row["chatid"],
        name=row.get("name", row["chatid"]),
        kind=row.get("kind", "staff"),
        level=row.get("level") or ("household" if row.get("kind") == "household" else "grid"),
        members=[m.lower() for m in row.get("members") or ()],
        bot=bot or None,
        bot_chatid=row["chatid"] if bot else None,
        appchat_chatid=row.get("appchat_chatid"),
    )
    if bot and room.kind == "household":
        raise ValueError(f"seed: group {room.id!r}: no bot can join a household group")
    if room.id in world.room_ids:
        raise ValueError(f"seed: group {room.id!r} twice")
    world.rooms[room.id] = room
    for known_as in filter(None, (room.id, room.appchat_chatid)):
        world.room_ids[known_as] = room.id


def _room(world: World, chatid: str) -> Room:
    room = world.room(chatid)
    if room is None:
        raise ValueError(f"seed: no group {chatid!r}")
    return room


def _appchat(world: World, row: dict[str, Any]) -> None:
    """A group chat that an app made before the story begins."""
    app = _maker(world, row)
    chatid = row["chatid"]
    members = [m.lower() for m in row.get("userlist") or row.get("members") or ()]
    room = world.room(chatid)
    if room is None:
        room = Room(chatid, row.get("name", chatid), "staff", row.get("level", "grid"), members)
        world.rooms[room.id] = room
        world.room_ids[chatid] = room.id
    room.app, room.appchat_chatid = app.key, chatid
    room.members = members or room.members
    room.owner = str(row.get("owner") or (room.members or [""])[0]).lower()


def _maker(world: World, row: dict[str, Any]) -> App:
    if "agentid" in row:
        corpid = row.get("corpid") or next(iter(world.corps))
        app = world.app_of(corpid, int(row["agentid"]))
    else:
        app = next(iter(world.apps.values()), None)
    if app is None:
        raise ValueError(f"seed: appchat {row['chatid']!r} has no app")
    return app
