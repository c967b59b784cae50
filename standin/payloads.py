"""What a callback says, decrypted: the app's XML and the AI bot's JSON [D 90239-90241, 100719, 101027]."""

from __future__ import annotations

import json
import re
from typing import Any

Selected = dict[str, list[str]]


def cdata(text: str) -> str:
    """*text* as CDATA; the one sequence that would end it is split over two sections."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def xml(fields: dict[str, Any]) -> str:
    """*fields* as the platform writes them, in order; None is left out."""
    return "<xml>" + "".join(f"<{k}>{_value(v)}</{k}>" for k, v in fields.items() if v is not None) + "</xml>"


def _value(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Raw):
        return value
    return cdata(str(value))


class Raw(str):
    """Markup or digits that stand outside CDATA."""

    __slots__ = ()


def app_text(corpid: str, userid: str, at: float, text: str, msgid: str, agentid: int) -> str:
    """A member's text to the app [D 90239]."""
    return xml(
        {
            "ToUserName": corpid,
            "FromUserName": userid,
            "CreateTime": int(at),
            "MsgType": "text",
            "Content": text,
            "MsgId": Raw(msgid),
            "AgentID": agentid,
        }
    )


def app_media(corpid: str, userid: str, at: float, kind: str, media_id: str, msgid: str, agentid: int, url: str) -> str:
    """A member's picture, voice or video to the app; a voice comes without its words [D 90239]."""
    extra = {"voice": {"Format": "amr"}, "image": {"PicUrl": url}}.get(kind, {})
    return xml(
        {
            "ToUserName": corpid,
            "FromUserName": userid,
            "CreateTime": int(at),
            "MsgType": kind,
            "MediaId": media_id,
            **extra,
            "MsgId": Raw(msgid),
            "AgentID": agentid,
        }
    )


def app_event(corpid: str, userid: str, at: float, event: str, agentid: int | None, **fields: Any) -> str:
    """An event such as ``enter_agent``; *fields* are further elements, in order [D 90240]."""
    head = {"ToUserName": corpid, "FromUserName": userid, "CreateTime": int(at), "MsgType": "event", "Event": event}
    return xml(head | fields | {"AgentID": agentid})


def app_notice(corpid: str, at: float, event: str, **fields: Any) -> str:
    """An event of the corp that names no sender and no app, such as ``kf_msg_or_event`` [D 94670]."""
    return xml({"ToUserName": corpid, "CreateTime": int(at), "MsgType": "event", "Event": event} | fields)


def app_click(
    corpid: str, userid: str, at: float, agentid: int, card: dict[str, Any], key: str, code: str, chosen: Selected
) -> str:
    """A press on a template card [D 90241]; a menu entry comes under an event name of its own."""
    menu = {a.get("key") for a in (card.get("action_menu") or {}).get("action_list") or []}
    items = "".join(
        f"<SelectedItem><QuestionKey>{cdata(q)}</QuestionKey><OptionIds>"
        + "".join(f"<OptionId>{cdata(o)}</OptionId>" for o in options)
        + "</OptionIds></SelectedItem>"
        for q, options in chosen.items()
    )
    return app_event(
        corpid,
        userid,
        at,
        "template_card_menu_event" if key in menu else "template_card_event",
        agentid,
        EventKey=key,
        TaskId=str(card.get("task_id", "")),
        CardType=str(card["card_type"]),
        ResponseCode=code,
        SelectedItems=Raw(items) if items else None,
    )


def bot_message(
    aibotid: str, msgid: str, userid: str, chatid: str | None, response_url: str, kind: str, inner: dict[str, Any]
) -> dict[str, Any]:
    """What a member said to the bot, in its group (*chatid*) or alone with it [D 100719]."""
    head: dict[str, Any] = {"msgid": msgid, "aibotid": aibotid}
    if chatid:
        head["chatid"] = chatid
    head |= {"chattype": "group" if chatid else "single", "from": {"userid": userid}, "response_url": response_url}
    return head | {"msgtype": kind, kind: inner}


def bot_event(
    aibotid: str,
    msgid: str,
    at: float,
    corpid: str,
    userid: str,
    chatid: str | None,
    event: dict[str, Any],
    url: str | None,
) -> dict[str, Any]:
    """An event of the bot: ``enter_chat``, ``template_card_event``, ``feedback_event`` [D 101027]."""
    head: dict[str, Any] = {"msgid": msgid, "create_time": int(at), "aibotid": aibotid}
    if chatid:
        head["chatid"] = chatid
    head |= {"chattype": "group" if chatid else "single", "from": {"corpid": corpid, "userid": userid}}
    if url:
        head["response_url"] = url
    return head | {"msgtype": "event", "event": event}


def bot_click(card: dict[str, Any], key: str, chosen: Selected) -> dict[str, Any]:
    inner: dict[str, Any] = {"card_type": card["card_type"], "event_key": key, "task_id": card.get("task_id", "")}
    if chosen:
        items = [{"question_key": q, "option_ids": {"option_id": options}} for q, options in chosen.items()]
        inner["selected_items"] = {"selected_item": items}
    return {"eventtype": "template_card_event", "template_card_event": inner}


def stream_poll(asked: dict[str, Any], msgid: str, stream_id: str) -> dict[str, Any]:
    """WeCom asking again how an unfinished stream stands [D 100719]."""
    head = {k: asked[k] for k in ("aibotid", "chatid", "chattype", "from") if k in asked}
    return {"msgid": msgid} | head | {"msgtype": "stream", "stream": {"id": stream_id}}


def twin(plain: str, msgid: str, key: str | None) -> str:
    """A second, different message or press of the same member in the same second."""
    if plain.startswith("{"):
        body = json.loads(plain) | {"msgid": msgid}
        if key and (inner := body.get("event", {}).get("template_card_event")):
            inner["event_key"] = key
        return json.dumps(body, ensure_ascii=False)
    plain = re.sub(r"<MsgId>\d+</MsgId>", f"<MsgId>{msgid}</MsgId>", plain)
    plain = re.sub(r"(<ResponseCode><!\[CDATA\[)[^\]]*", rf"\g<1>{msgid}", plain)
    if key:
        plain = re.sub(r"<EventKey>.*?</EventKey>", lambda _: f"<EventKey>{cdata(key)}</EventKey>", plain)
    return plain
