"""Acts beside talking: bots come and go, people join and leave, events, media, raw callbacks [platform §F.5]."""

from __future__ import annotations

import base64
import json

from standin import api_appchat, files, payloads, post, seed
from standin.actors import ActError, Given, Result, emit, said, the_app, the_bot, the_member, the_room
from standin.callbacks import About, Door, Emission, app_door, bot_door
from standin.site import Site
from standin.world import Code, Member


def bot_added_to_group(site: Site, given: Given) -> Result:
    """The bot joins a group of staff and gets an id for it that nobody else knows; nothing is emitted."""
    room, bot = the_room(site, given), the_bot(site, given)
    if room.kind == "household":
        raise ActError("the platform refuses bots in household groups")
    room.bot = bot.id
    if room.bot_chatid is None:
        room.bot_chatid = str(given.get("bot_chatid") or f"wrk{post.new_msgid()[:24]}")
        site.world.room_ids[room.bot_chatid] = room.id
    site.feed.event("room", site.now(), room=api_appchat.room_view(site, room))
    return {"chatid": room.bot_chatid}, None


def bot_removed_from_group(site: Site, given: Given) -> Result:
    room = the_room(site, given)
    room.bot = None
    site.feed.event("room", site.now(), room=api_appchat.room_view(site, room))
    return {}, None


def event(site: Site, given: Given) -> Result:
    """An event that is only a name: ``enter_agent`` or ``subscribe`` to the app, ``enter_chat`` to the bot."""
    member, name = the_member(site, given), str(given["event"])
    if given.get("to") == "bot":
        bot, msgid = the_bot(site, given), post.next_bot_msgid(site)
        code = Code("bot", bot.id, msgid, site.now(), member.key)
        asked = payloads.bot_event(
            bot.id, msgid, site.now(), bot.corpid, member.userid, None, {"eventtype": name}, None
        )
        about = About(member.key, code=code, asked=asked)
        return {"msgid": msgid}, emit(site, bot_door(bot), json.dumps(asked, ensure_ascii=False), name, about)
    app = the_app(site, given, member.corpid)
    plain = payloads.app_event(
        app.corpid, member.userid, site.now(), name, app.agentid, EventKey=given.get("event_key", "")
    )
    return {}, emit(site, app_door(app), plain, name, About(member.key, app.key))


SAMPLES = {"image": files.PNG + b"sample", "voice": files.AMR + b"\n", "video": b"\0\0\0\x18ftypmp42"}


def member_media(site: Site, given: Given) -> Result:
    """A picture, voice or video to the app: it arrives as a media id, without any words. ``base64`` may hold it."""
    member = the_member(site, given)
    app, number, kind = the_app(site, given, member.corpid), post.next_number(site), str(given.get("as", "image"))
    content = base64.b64decode(given["base64"]) if "base64" in given else SAMPLES[kind]
    media = files.keep(site, app.corpid, kind, str(given.get("name", kind)), content)
    message = said(site, member, number, f"[{kind}]", thread="app", recipients=[member.key], heard=True)
    message.msgtype, message.media = kind, media.id
    post.to_people(site, message)
    url = f"{site.base_url}/_ctl/media?id={media.id}"
    plain = payloads.app_media(app.corpid, member.userid, site.now(), kind, media.id, number, app.agentid, url)
    return {"msgid": number}, emit(site, app_door(app), plain, kind, About(member.key, app.key))


def member_join(site: Site, given: Given) -> Result:
    """A new member; the contact callback of the corp, where one is set, is told [D 90970]."""
    corp = site.world.corps[given.get("corpid") or next(iter(site.world.corps))]
    member = seed.add_member(site.world, corp, given)
    return {"userid": member.userid}, _contact(site, corp.corpid, "create_user", member)


def member_leave(site: Site, given: Given) -> Result:
    member = the_member(site, given)
    member.active = False
    for room in site.world.rooms.values():
        if member.key in room.members:
            room.members.remove(member.key)
    return {"userid": member.userid}, _contact(site, member.corpid, "delete_user", member)


def _contact(site: Site, corpid: str, change: str, member: Member) -> Emission | None:
    callback = site.world.corps[corpid].contact_callback
    if callback is None:
        return None
    plain = payloads.app_event(
        corpid,
        "sys",
        site.now(),
        "change_contact",
        None,
        ChangeType=change,
        UserID=member.userid,
        Department=",".join(map(str, member.department)),
    )
    return emit(site, Door(callback, corpid, ("contact",)), plain, change, About())


def send_raw(site: Site, given: Given) -> Result:
    """A callback with any *plain* content, rightly wrapped; with ``body`` the wrapped body itself is replaced."""
    if given.get("to") == "bot":
        door, app_key = bot_door(the_bot(site, given)), None
    else:
        app = the_app(site, given)
        door, app_key = app_door(app), app.key
    about = About(str(given.get("userid", "")).lower(), app_key)
    emission = Emission(door, str(given.get("plain", "")), "raw", about)
    if "body" in given:
        emission.raw = str(given["body"]).encode()
    emission.bad_signature = bool(given.get("bad_signature"))
    emission.skew_s = float(given.get("skew_s", 0))
    return {}, site.emitter.submit(emission)
