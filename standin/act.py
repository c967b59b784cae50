"""People doing what people do: writing, pressing, pasting, joining (``POST /_ctl/act``) [platform §F.5]."""

from __future__ import annotations

import json
from collections.abc import Callable

from standin import act_office, cards, payloads, people_mp, post
from standin.actors import ActError, Given, Result, emit, said, the_app, the_bot, the_member, the_room
from standin.api_message import issue_code
from standin.callbacks import About, app_door, bot_door
from standin.site import Site
from standin.world import Bot, Code, Member, Message, Room


def perform(site: Site, given: Given) -> Result:
    """``{"msgid", …}`` and the callback it led to, if any; call it under the lock."""
    kind = given.get("kind")
    act = ACTS.get(str(kind))
    if act is None:
        raise ActError(f"unknown kind {kind!r}; known: {sorted(ACTS)}")
    return act(site, given)


def member_text(site: Site, given: Given) -> Result:
    """``to`` is ``app``, ``bot`` or ``group``; ``quote`` may name what the text answers."""
    return {"app": _text_to_app, "bot": _text_to_bot, "group": _text_to_group}[given["to"]](site, given)


def _text_to_app(site: Site, given: Given) -> Result:
    member = the_member(site, given)
    app, number, text = the_app(site, given, member.corpid), post.next_number(site), str(given["text"])
    message = said(site, member, number, text, thread="app", recipients=[member.key], heard=True)
    post.to_people(site, message)
    plain = payloads.app_text(app.corpid, member.userid, message.at, text, number, app.agentid)
    emission = emit(site, app_door(app), plain, f"text {member.userid}→应用", About(member.key, app.key, said=number))
    return {"msgid": number}, emission


def _text_to_bot(site: Site, given: Given) -> Result:
    member, bot, text = the_member(site, given), the_bot(site, given), str(given["text"])
    msgid = post.next_bot_msgid(site)
    post.to_people(site, said(site, member, msgid, text, thread="bot", recipients=[member.key], heard=True))
    return _ask_bot(site, bot, member, None, msgid, text, given)


def _text_to_group(site: Site, given: Given) -> Result:
    """A bot hears only what names it with @; the rest is kept as withheld."""
    member, room, text = the_member(site, given), the_room(site, given), str(given["text"])
    bot = site.world.bots.get(room.bot or "")
    heard = bot is not None and f"@{bot.name}" in text
    msgid = post.next_bot_msgid(site)
    message = said(site, member, msgid, text, heard=heard if bot else None, quote=given.get("quote"))
    post.to_room(site, room, message)
    if bot is None or not heard:
        site.world.count("withheld" if bot else "said_without_bot")
        return {"msgid": msgid, "emitted": False}, None
    return _ask_bot(site, bot, member, room, msgid, text, given)


def _ask_bot(site: Site, bot: Bot, member: Member, room: Room | None, msgid: str, text: str, given: Given) -> Result:
    kind = given.get("as", "text")
    code = Code("bot", bot.id, msgid, site.now(), member.key, room.id if room else None)
    url = response_url(site, code)
    asked = payloads.bot_message(
        bot.id, msgid, member.userid, room.bot_chatid if room else None, url, kind, {"content": text}
    )
    if quote := given.get("quote"):
        asked["quote"] = {"msgtype": "text", "text": {"content": quote}}
    about = About(member.key, code=code, asked=asked, said=msgid)
    plain = json.dumps(asked, ensure_ascii=False)
    return {"msgid": msgid, "emitted": True}, emit(site, bot_door(bot), plain, f"@ {member.userid}→{bot.name}", about)


def response_url(site: Site, code: Code) -> str:
    return f"{site.base_url}/cgi-bin/aibot/response?response_code={issue_code(site, code)}"


def member_click(site: Site, given: Given) -> Result:
    """A press of *key* on the card *task_id*, as the member's phone shows it now; ``force`` presses an old face."""
    member, key = the_member(site, given), str(given.get("key", ""))
    message = _card_of(site, member, given)
    change = message.overrides.get(member.key) or message.overrides.get("*") or {}
    card = change.get("template_card", message.body)
    if not given.get("force"):
        if message.recalled:
            raise ActError("the card was recalled")
        if change.get("replace_name") or key not in cards.keys(card):
            raise ActError(f"no button {key!r} to press on this card any more")
    face = message.body | {"card_type": card.get("card_type", message.body["card_type"])}
    chosen = {q: o if isinstance(o, list) else [o] for q, o in (given.get("options") or {}).items()}
    press = _press_bot if message.origin == "bot" else _press_app
    return press(site, member, message, face, key, chosen)


def _card_of(site: Site, member: Member, given: Given) -> Message:
    task_id, world = given.get("task_id"), site.world
    seen = [world.messages[m] for m in world.inboxes.get(member.key, ())]
    for room in world.rooms.values():
        if member.key in room.members:
            seen += [world.messages[m] for m in room.posts]
    fitting = [m for m in seen if m.msgtype == "template_card" and task_id in (m.task_id, m.msgid)]
    if not fitting:
        raise ActError(f"{member.userid} sees no card {task_id!r}")
    return max(fitting, key=lambda m: m.at)


def _press_app(
    site: Site, member: Member, message: Message, card: Given, key: str, chosen: payloads.Selected
) -> Result:
    app = site.world.apps[message.sender]
    code = issue_code(site, Code("click", app.key, message.msgid, site.now(), member.key))
    plain = payloads.app_click(app.corpid, member.userid, site.now(), app.agentid, card, key, code, chosen)
    about = About(member.key, app.key, message.msgid)
    return {"msgid": message.msgid}, emit(site, app_door(app), plain, f"press {member.userid} {key}", about)


def _press_bot(
    site: Site, member: Member, message: Message, card: Given, key: str, chosen: payloads.Selected
) -> Result:
    bot = site.world.bots[message.sender]
    room = site.world.rooms.get(message.room or "")
    msgid = post.next_bot_msgid(site)
    code = Code("bot", bot.id, message.msgid, site.now(), member.key, message.room)
    chatid = room.bot_chatid if room else None
    event = payloads.bot_click(card, key, chosen)
    asked = payloads.bot_event(
        bot.id, msgid, site.now(), bot.corpid, member.userid, chatid, event, response_url(site, code)
    )
    about = About(member.key, None, message.msgid, code, asked)
    plain = json.dumps(asked, ensure_ascii=False)
    return {"msgid": msgid}, emit(site, bot_door(bot), plain, f"press {member.userid} {key}", about)


def group_paste(site: Site, given: Given) -> Result:
    """A person posts *text*, or forwards the message *msgid*, into a group. An ordinary group has no bot to hear it."""
    if "msgid" in given:
        source = site.world.messages.get(given["msgid"])
        if source is None:
            raise ActError(f"no message {given['msgid']!r}")
        given = given | {"text": source.text}
    if "resident" in given:
        return _resident_says(site, given)
    return _text_to_group(site, given)


def _resident_says(site: Site, given: Given) -> Result:
    """A neighbour, named by the door, in an ordinary group: nobody the platform knows, and nothing is emitted."""
    room, text = the_room(site, given), str(given["text"])
    if room.kind != "household":
        raise ActError("residents are in household groups only")
    door, msgid = str(given["resident"]), post.next_number(site)
    message = Message(msgid, site.now(), "resident", door, "text", text, {"content": text}, key=f"said:{msgid}")
    post.to_room(site, room, message)
    return {"msgid": msgid, "emitted": False}, None


ACTS: dict[str, Callable[[Site, Given], Result]] = {
    "member_text": member_text,
    "member_click": member_click,
    "member_media": act_office.member_media,
    "member_join": act_office.member_join,
    "member_leave": act_office.member_leave,
    "group_paste": group_paste,
    "bot_added_to_group": act_office.bot_added_to_group,
    "bot_removed_from_group": act_office.bot_removed_from_group,
    "event": act_office.event,
    "send_raw": act_office.send_raw,
    **people_mp.ACTS,
}
