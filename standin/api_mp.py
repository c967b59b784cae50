"""公众号: codes with a scene, customer-service messages in windows, template and subscription notices, OAuth [MP].

A resident's message allows 5 messages in 48 h; following, scanning and pressing the menu allow 3 in a minute.
"""

from __future__ import annotations

import io
import re
import secrets
from typing import Any

import segno

from standin import files, http, mp_events, mp_tokens, phones, validate
from standin.callbacks import About
from standin.errors import ApiError
from standin.limits import DAY
from standin.residents import Account, Follower, Resident, Scene
from standin.site import Call, Site

SAID_S, SAID_COUNT, DID_S, DID_COUNT = 48 * 3600, 5, 60, 3
TEMPORARY_MOST_S, TEMPORARY_DEFAULT_S = 2_592_000, 60
ONCE_S = 600  # a client_msg_id makes a template message one for so long
KINDS = {"QR_SCENE": (False, int), "QR_STR_SCENE": (False, str), "QR_LIMIT_SCENE": (True, int)}
KINDS["QR_LIMIT_STR_SCENE"] = (True, str)


def qrcode_create(site: Site, call: Call) -> dict[str, Any]:
    """``{ticket, expire_seconds?, url}``; permanent codes are counted, 100,000 an account, and never given back."""
    account = _verified(site, call)
    kind = KINDS.get(str(call.body.get("action_name")))
    if kind is None:
        raise ApiError(47003, "action_name")
    permanent, scene = kind[0], _scene(call.body, kind)
    if not site.windows.take(f"mp qrcode {account.appid}", call.now, (DAY, site.limits.mp_qrcodes_per_day)):
        raise ApiError(45009)
    if permanent and account.permanent >= site.limits.mp_permanent_codes:
        raise ApiError(45029)
    account.permanent += permanent
    seconds = None if permanent else min(int(call.body.get("expire_seconds", TEMPORARY_DEFAULT_S)), TEMPORARY_MOST_S)
    ticket = "gQ" + secrets.token_urlsafe(48)
    until = None if seconds is None else call.now + seconds
    made = Scene(ticket, scene, f"http://weixin.qq.com/q/{secrets.token_urlsafe(12)}", until)
    account.scenes[ticket] = made
    answer: dict[str, Any] = {"ticket": ticket}
    return (answer if seconds is None else answer | {"expire_seconds": seconds}) | {"url": made.url}


def _scene(body: dict[str, Any], kind: tuple[bool, type]) -> str:
    permanent, wanted = kind
    info = body.get("action_info")
    inner = info.get("scene") if isinstance(info, dict) else None
    value = inner.get("scene_id" if wanted is int else "scene_str") if isinstance(inner, dict) else None
    if type(value) is not wanted:
        raise ApiError(47003, "scene")
    if wanted is str and not 1 <= len(value) <= 64:
        raise ApiError(47003, "scene_str")
    if wanted is int and not 0 < value <= (100_000 if permanent else 2**32 - 1):
        raise ApiError(47003, "scene_id")
    return str(value)


def showqrcode(site: Site, call: Call) -> http.Blob:
    """The picture of a ticket's code; what is no ticket is a 40058 here (the platform answers 404)."""
    ticket = call.query.get("ticket", "")
    found = next((a.scenes[ticket] for a in site.world.accounts.values() if ticket in a.scenes), None)
    if found is None:
        raise ApiError(40058, "ticket")
    picture = io.BytesIO()
    segno.make(found.url).save(picture, kind="png", scale=6)
    return http.Blob(picture.getvalue(), "image/png", "qrcode.png", inline=True)


def custom_send(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}``; 45015 outside every window or after leaving, 45047 when the window's count is used."""
    account = _verified(site, call)
    follower, resident = _whom(site, account, call.body.get("touser"), 45015)
    inner, text = _content(site, account, call.body)
    now, open_ = call.now, []
    if follower.said_at is not None and now - follower.said_at <= SAID_S:
        open_.append(("answered", SAID_COUNT))
    if follower.did_at is not None and now - follower.did_at <= DID_S:
        open_.append(("shown", DID_COUNT))
    if not open_:
        raise ApiError(45015)
    if all(getattr(follower, name) >= most for name, most in open_):
        raise ApiError(45047)
    for name, _ in open_:
        setattr(follower, name, getattr(follower, name) + 1)
    phones.told(site, resident, "official", account.appid, str(call.body["msgtype"]), inner, text)
    return {"errcode": 0, "errmsg": "ok"}


def _content(site: Site, account: Account, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    match body.get("msgtype"):
        case "text":
            inner, text = validate.part(body, "text"), str(body["text"].get("content") or "")
            if not text:
                raise ApiError(44004)
            if len(text.encode()) > validate.TEXT_BYTES:
                raise ApiError(45002)
            return inner, text
        case "msgmenu":
            inner = validate.part(body, "msgmenu")
            items = inner.get("list")
            if not isinstance(items, list) or not items or any(not item.get("content") for item in items):
                raise ApiError(40058, "msgmenu.list")
            lines = (inner.get("head_content"), *(f"▸ {i['content']}" for i in items), inner.get("tail_content"))
            return inner, "\n".join(line for line in lines if line)
        case "image":
            inner = validate.part(body, "image")
            files.shown_in(site, account.appid, "image", inner)
            return inner, "[image]"
    raise ApiError(40008)


def template_send(site: Site, call: Call) -> dict[str, Any]:
    """``{msgid}`` (a number); whether it arrived, ``TEMPLATESENDJOBFINISH`` says later. The same client_msg_id within
    ten minutes is the same message.
    """
    account, body = _verified(site, call), call.body
    follower, resident = _whom(site, account, body.get("touser"), 43004)
    _template(account, body)
    own = str(body.get("client_msg_id") or "")
    again = bool(own) and call.now - follower.notices.get(own, float("-inf")) < ONCE_S
    account.sent += 1
    msgid = 200_000_000 + account.sent
    if not again:
        follower.notices |= {own: call.now} if own else {}
        status = "failed:user block" if follower.blocked else "success"
        if not follower.blocked:
            _notice(site, account, resident, body)
        about = About(resident.key)
        mp_events.event(site, account, resident, "TEMPLATESENDJOBFINISH", about, MsgID=msgid, Status=status)
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def bizsend(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg}``: a subscription notice; one consent is one message, 43101 without one."""
    account, body = _verified(site, call), call.body
    follower, resident = _whom(site, account, body.get("touser"), 43101)
    template = _template(account, body)
    left = follower.accepts.get(template, 0)
    if left == 0:
        raise ApiError(43101)
    if left > 0:
        follower.accepts[template] = left - 1
    _notice(site, account, resident, body)
    return {"errcode": 0, "errmsg": "ok"}


def _template(account: Account, body: dict[str, Any]) -> str:
    template, data = str(body.get("template_id")), body.get("data")
    if template not in account.templates:
        raise ApiError(40037)
    if not isinstance(data, dict) or any(not isinstance(v, dict) or "value" not in v for v in data.values()):
        raise ApiError(47003, "data")
    return template


def _notice(site: Site, account: Account, resident: Resident, body: dict[str, Any]) -> None:
    lines = [str(value["value"]) for value in body["data"].values()]
    link = body.get("url") or body.get("page") or ""
    phones.told(site, resident, "official", account.appid, "notice", dict(body), "\n".join([*lines, link]).strip())


def oauth_access_token(site: Site, call: Call) -> dict[str, Any]:
    """``{access_token, expires_in, refresh_token, openid, scope}`` for a code, once [MP OAuth]."""
    account = site.world.accounts.get(call.query.get("appid", ""))
    if account is None:
        raise ApiError(40013)
    if account.secret != call.query.get("secret"):
        raise ApiError(40125)
    openid = account.codes.get(call.query.get("code", ""))
    if openid is None:
        raise ApiError(40029)
    if not openid:
        raise ApiError(40163)
    account.codes[call.query["code"]] = ""
    return {
        "access_token": "SNS" + secrets.token_urlsafe(32),
        "expires_in": 7200,
        "refresh_token": "SNSR" + secrets.token_urlsafe(32),
        "openid": openid,
        "scope": "snsapi_base",
    }


def _verified(site: Site, call: Call) -> Account:
    account = mp_tokens.admit(site, call)
    if account.unverified:
        raise ApiError(48001)
    return account


def _whom(site: Site, account: Account, openid: Any, gone: int) -> tuple[Follower, Resident]:
    """The follower; 40003 for an openid of nobody, *gone* for somebody who left."""
    if not re.fullmatch(r"o[0-9a-zA-Z_-]{20,40}", str(openid)):
        raise ApiError(40003)
    follower = account.followers.get(str(openid))
    if follower is None:
        raise ApiError(40003)
    if not follower.follows:
        raise ApiError(gone)
    return follower, site.world.residents[follower.resident]
