"""微信客服: accounts, links, pulling what was said, sending inside the window [D 94661, 94665, 94670, 94677, 95122].

A callback says only that there is something; what it was is pulled with a cursor, three days back at most. Sending is
allowed for 48 hours and five messages after each thing a resident said; an id of the caller's own makes it once.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import quote

from standin import kf_content, kf_log, phones
from standin.errors import ApiError
from standin.limits import MINUTE
from standin.residents import KfAccount, KfSession, Resident
from standin.site import Call, Site

WINDOW_S, WINDOW_COUNT, HISTORY_S = 48 * 3600, 5, 3 * 86_400
TOKEN_LIFE_S, WELCOME_LIFE_S = 600, 20
PULL_MOST = 1000
SCENE = re.compile(r"[0-9A-Za-z_-]{0,32}")
FAIL_REFUSED = 10


def account_list(site: Site, call: Call) -> dict[str, Any]:
    """``{account_list: [{open_kfid, name, avatar, manage_privilege}]}`` of the accounts the app may use [D 94661]."""
    rows = [
        {"open_kfid": a.open_kfid, "name": a.name, "avatar": "", "manage_privilege": True}
        for a in site.world.kf.values()
        if a.app == call.caller.key
    ]
    return {"errcode": 0, "errmsg": "ok", "account_list": rows}


def add_contact_way(site: Site, call: Call) -> dict[str, Any]:
    """``{url}``: the link of the account for one scene; the caller appends ``&scene_param=`` himself [D 94665]."""
    account = _account(site, call)
    scene = str(call.body.get("scene", ""))
    if not SCENE.fullmatch(scene):
        raise ApiError(40058, "scene")
    known = next((enc for enc, name in account.scenes.items() if name == scene), None)
    enc = known or "ENC" + secrets.token_urlsafe(12)
    account.scenes[enc] = scene
    url = f"https://work.weixin.qq.com/kfid/kfc{quote(account.open_kfid)}?enc_scene={enc}"
    return {"errcode": 0, "errmsg": "ok", "url": url}


def sync_msg(site: Site, call: Call) -> dict[str, Any]:
    """``{next_cursor, has_more, msg_list}`` from *cursor* on; a callback's *token*, ten minutes old at most, spares the
    caller the stricter limit [D 94670].
    """
    account, body = _account(site, call), call.body
    limit = body.get("limit", PULL_MOST)
    if type(limit) is not int or not 0 < limit <= PULL_MOST:
        raise ApiError(40058, "limit")
    _token(site, call, account)
    start = kf_log.place(account, str(body.get("cursor") or ""), call.now - HISTORY_S)
    if start is None:
        raise ApiError(40058, "cursor")
    account.pulls += 1
    if account.empty_pages and account.pulls % 2 and start < len(account.log):
        return _page(account, [], start, more=True)
    end = min(start + min(limit, account.page), len(account.log))
    return _page(account, account.log[start:end], end, more=end < len(account.log))


def _page(account: KfAccount, items: list[dict[str, Any]], end: int, *, more: bool) -> dict[str, Any]:
    cursor = kf_log.cursor(end, account.pulls)
    return {"errcode": 0, "errmsg": "ok", "next_cursor": cursor, "has_more": int(more), "msg_list": list(items)}


def _token(site: Site, call: Call, account: KfAccount) -> None:
    token = call.body.get("token")
    if token:
        issued = account.tokens.get(str(token))
        if issued is None or call.now - issued > TOKEN_LIFE_S:
            raise ApiError(95007)
        return
    if not site.windows.take(f"kf pull {account.open_kfid}", call.now, (MINUTE, site.limits.kf_bare_pulls_per_min)):
        raise ApiError(45009, "hint: [..]")


def send_msg(site: Site, call: Call) -> dict[str, Any]:
    """``{msgid}``; 95033 for an id used before, 95002 outside 48 h, 95001 beyond five, 95018 while a person has the
    conversation [D 94677].
    """
    account, body = _account(site, call), call.body
    session, resident = _whom(site, account, body.get("touser"))
    msgid = _fresh_id(account, body)
    inner, text = kf_content.read(site, account.corpid, body)
    if session.state == "human":
        raise ApiError(95018)
    if session.said_at is None or call.now - session.said_at > WINDOW_S:
        raise ApiError(95002)
    if session.answered >= WINDOW_COUNT:
        raise ApiError(95001)
    session.answered += 1
    return _say(site, account, session, resident, body, (msgid, inner, text))


def send_msg_on_event(site: Site, call: Call) -> dict[str, Any]:
    """``{msgid}``: one text or menu to somebody who just came in, by the code of that event, within 20 s [D 95122]."""
    account, welcome = next(
        ((a, w) for a in site.world.kf.values() for c, w in a.welcomes.items() if c == str(call.body.get("code", ""))),
        (None, None),
    )
    if account is None or welcome is None or welcome.used or call.now - welcome.issued > WELCOME_LIFE_S:
        raise ApiError(41050)
    if account.app != call.caller.key:
        raise ApiError(48007)
    if call.body.get("msgtype") not in ("text", "msgmenu"):
        raise ApiError(40008)
    session, resident = _whom(site, account, welcome.external_userid)
    msgid = _fresh_id(account, call.body)
    inner, text = kf_content.read(site, account.corpid, call.body)
    welcome.used = True
    return _say(site, account, session, resident, call.body, (msgid, inner, text))


def _account(site: Site, call: Call) -> KfAccount:
    open_kfid = call.body.get("open_kfid")
    if not open_kfid:
        raise ApiError(95004)
    account = site.world.kf.get(str(open_kfid))
    if account is None:
        raise ApiError(95000)
    if account.app != call.caller.key:
        raise ApiError(48007)
    return account


def _whom(site: Site, account: KfAccount, external_userid: Any) -> tuple[KfSession, Resident]:
    session = account.sessions.get(str(external_userid))
    if session is None:
        raise ApiError(40096)
    return session, site.world.residents[session.resident]


def _fresh_id(account: KfAccount, body: dict[str, Any]) -> str:
    msgid = kf_content.msgid_of(body)
    if msgid is not None and msgid in account.msgids:
        raise ApiError(95033)
    return msgid or secrets.token_urlsafe(20)


def _say(
    site: Site,
    account: KfAccount,
    session: KfSession,
    resident: Resident,
    body: dict[str, Any],
    content: tuple[str, dict[str, Any], str],
) -> dict[str, Any]:
    msgid, inner, text = content
    if session.blocked:  # taken, and an event says later that it did not arrive
        account.msgids[msgid] = ""
        fields = {"fail_msgid": msgid, "fail_type": FAIL_REFUSED}
        kf_log.event(site, account, "msg_send_fail", resident, **fields)
        kf_log.tell(site, account)
    else:
        message = phones.told(site, resident, "kf", account.open_kfid, str(body["msgtype"]), inner, text)
        account.msgids[msgid] = message.msgid
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}
