"""Application messages: send, recall, update a card [D 90236, 94867, 94888]."""

from __future__ import annotations

import secrets
from typing import Any

from standin import cards, files, post, validate
from standin.errors import ApiError
from standin.limits import DAY, HOUR, MINUTE
from standin.people import Recipients, resolve
from standin.site import Call, Site
from standin.world import App, Code, Message, Remembered

CODE_LIFE_S = 72 * 3600
RECALL_S = 24 * 3600
DUPLICATE_DEFAULT_S, DUPLICATE_MAX_S = 1800, 14_400


def send(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, msgid, invaliduser?…, response_code?}`` [D 90236].

    A body that asks for the duplicate check and was answered within its interval gets that answer again and
    is not shown again; this comes before every other check of content, so its task_id is not "used" by itself.
    """
    app, body = call.caller, call.body
    _agent(app, body)
    print_ = validate.fingerprint(body)
    if (before := _answered_before(site, app, body, print_, call.now)) is not None:
        return before
    inner, text = validate.content(body)
    if body["msgtype"] == "template_card":
        _card(app, inner)
    shown = files.shown_in(site, app.corpid, body["msgtype"], inner)
    people = resolve(site.world, app, body, call.hints.get("partial_invalid", ()))
    _spend_cap(site, app, len(people.valid), call.now)
    message = _deliver(site, call, people.valid, (inner, text, shown), print_)
    answer = _answer(site, app, message, people)
    _remember(site, app, body, print_, call.now, answer)
    return answer


def _agent(app: App, body: dict[str, Any]) -> None:
    agentid = body.get("agentid")
    if isinstance(agentid, str) and agentid.isdigit():
        agentid = int(agentid)
    if not isinstance(agentid, int):
        raise ApiError(40056)
    if agentid != app.agentid:
        raise ApiError(301002)


def _answered_before(site: Site, app: App, body: dict[str, Any], print_: str, now: float) -> dict[str, Any] | None:
    if body.get("enable_duplicate_check") != 1:
        return None
    known = site.world.remembered.get(f"{app.key} {print_}")
    if known is None or known.until <= now:
        return None
    site.world.count("duplicates_suppressed")
    return known.answer


def _remember(site: Site, app: App, body: dict[str, Any], print_: str, now: float, answer: dict[str, Any]) -> None:
    if body.get("enable_duplicate_check") == 1:
        seconds = min(int(body.get("duplicate_check_interval") or DUPLICATE_DEFAULT_S), DUPLICATE_MAX_S)
        site.world.remembered[f"{app.key} {print_}"] = Remembered(now + seconds, answer)


def _card(app: App, card: dict[str, Any]) -> None:
    cards.check(card)
    if cards.needs_callback(card):
        if app.callback is None:
            raise ApiError(43012)
        if card["task_id"] in app.task_ids:
            raise ApiError(42014, "task_id used before")


def _spend_cap(site: Site, app: App, people: int, now: float) -> None:
    cap = site.world.corps[app.corpid].account_cap * site.limits.app_day_per_account
    if not site.windows.take(f"{app.key} day", now, (DAY, cap), weight=people):
        raise ApiError(45009, "hint: [..]")


def _deliver(
    site: Site, call: Call, people: list[str], content: tuple[dict[str, Any], str, str | None], print_: str
) -> Message:
    """The message, shown to whoever is not over his 30 a minute; the rest is dropped without a word."""
    inner, text, shown = content
    app, task_id = call.caller, inner.get("task_id") if call.body["msgtype"] == "template_card" else None
    message = Message(
        msgid=post.new_msgid(),
        at=call.now,
        origin="app",
        sender=app.key,
        msgtype=call.body["msgtype"],
        text=text,
        body=inner,
        thread="app",
        key=task_id or f"body:{print_[:16]}",
        task_id=task_id,
        app=app.key,
        media=shown,
    )
    message.recipients = [p for p in people if _fits(site, call, message, p)]
    if task_id:
        app.task_ids[task_id] = message.msgid
    post.to_people(site, message)
    return message


def _fits(site: Site, call: Call, message: Message, person: str) -> bool:
    rules = (MINUTE, site.limits.member_per_min), (HOUR, site.limits.member_per_hour)
    if call.hints.get("silent_drop"):
        why = "fault"
    elif site.windows.take(f"{message.sender}>{person}", call.now, *rules):
        return True
    else:
        why = "member rate"
    site.world.dropped.append({"at": call.now, "userid": person, "key": message.key, "why": why})
    site.feed.event("dropped", call.now, to=[person], why=why, text=message.text)
    return False


def _answer(site: Site, app: App, message: Message, people: Recipients) -> dict[str, Any]:
    answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
    if people.any_invalid:
        answer |= people.lists()
    answer["msgid"] = message.msgid
    if message.msgtype == "template_card" and cards.needs_callback(message.body):
        answer.setdefault("invaliduser", "")
        answer["response_code"] = issue_code(site, Code("send", app.key, message.msgid, message.at))
    return answer


def issue_code(site: Site, code: Code) -> str:
    value = secrets.token_urlsafe(24)
    site.world.codes[value] = code
    return value


def recall(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}``; within 24 h of sending, else 42052 [D 94867]."""
    message = site.world.messages.get(str(call.body.get("msgid", "")))
    if message is None or message.app != call.caller.key or message.origin != "app":
        raise ApiError(40058, "invalid msgid")
    if call.now - message.at > RECALL_S:
        raise ApiError(42052)
    message.recalled = True
    post.changed(site, message)
    return {"errcode": 0, "errmsg": "ok"}


def update_template_card(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, invaliduser: []}``; spends the response_code: one use, 72 h, else 60140 [D 94888]."""
    app, body = call.caller, call.body
    _agent(app, body)
    change = _change(body)
    code = site.world.codes.get(str(body.get("response_code", "")))
    if code is None or code.used or code.owner != app.key or call.now - code.issued > CODE_LIFE_S:
        raise ApiError(60140)
    message = site.world.messages[code.msgid]
    named = _named(site, app, body, message)
    code.used = True
    reached = [p for p in named if p in message.recipients]
    for person in reached:
        message.overrides[person] = change
        post.changed(site, message, [person])
    return {"errcode": 0, "errmsg": "ok", "invaliduser": [p for p in named if p not in reached]}


def _change(body: dict[str, Any]) -> dict[str, Any]:
    """What is written over the card: ``{"replace_name"}`` or ``{"template_card"}``."""
    if isinstance(button := body.get("button"), dict) and button.get("replace_name"):
        return {"replace_name": button["replace_name"]}
    if isinstance(card := body.get("template_card"), dict):
        if card.get("card_type") not in cards.TYPES:
            raise ApiError(42031, "card_type")
        return {"template_card": card, "replace_name": card.get("replace_text", "")}
    raise ApiError(40058, "button or template_card")


def _named(site: Site, app: App, body: dict[str, Any], message: Message) -> list[str]:
    if body.get("atall") == 1:
        return list(message.recipients)
    userids = [str(u).lower() for u in body.get("userids") or ()]
    parties = "|".join(str(p) for p in body.get("partyids") or ())
    if not userids and not parties:
        raise ApiError(82001)
    if not parties:
        return userids
    return userids + resolve(site.world, app, {"toparty": parties}).valid
