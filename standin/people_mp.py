"""Residents and a 公众号: follow, leave, scan, write, press the menu, allow a notice, open a page [MP]."""

from __future__ import annotations

import secrets
from typing import Any

from standin import mp_events, people_kf, phones, post
from standin.actors import ActError, Given, Result
from standin.callbacks import About
from standin.payloads import Raw, cdata
from standin.residents import Account, Follower, Resident
from standin.site import Site


def scan(site: Site, given: Given) -> Result:
    """A resident scans the code *qr*: a kf link, or a 公众号 scene (by its url or ticket)."""
    code = str(given["qr"])
    if "/kfid/" in code:
        return people_kf.scan(site, given, code)
    for account in site.world.accounts.values():
        for scene in account.scenes.values():
            if code in (scene.url, scene.ticket):
                if scene.until is not None and site.now() > scene.until:
                    raise ActError("the code has expired: the client opens nothing")
                return _scanned(site, account, phones.the_resident(site, given), scene.scene, scene.ticket)
    raise ActError("the code leads nowhere")


def _scanned(site: Site, account: Account, resident: Resident, scene: str, ticket: str) -> Result:
    """``subscribe`` with the prefix for somebody new, ``SCAN`` without it for a follower."""
    follower = _follower(account, resident)
    name, key = ("SCAN", scene) if follower.follows else ("subscribe", f"qrscene_{scene}")
    _did(site, follower)
    return _answer(account, resident), mp_events.event(site, account, resident, name, EventKey=key, Ticket=ticket)


def follow(site: Site, given: Given) -> Result:
    """Somebody follows without any code."""
    account, resident = _where(site, given)
    _did(site, _follower(account, resident))
    return _answer(account, resident), mp_events.event(site, account, resident, "subscribe", EventKey="")


def unfollow(site: Site, given: Given) -> Result:
    account, resident = _where(site, given)
    _follower(account, resident).follows = False
    return _answer(account, resident), mp_events.event(site, account, resident, "unsubscribe", EventKey="")


def text(site: Site, given: Given) -> Result:
    """A follower writes; with *menu_id* it is a tap on an item of a menu message, under its words."""
    account, resident = _following(site, given)
    fields: dict[str, Any] = {"Content": str(given["text"])}
    if "menu_id" in given:
        fields["bizmsgmenuid"] = str(given["menu_id"])
    return _says(site, account, resident, "text", fields, str(given["text"]))


def tap(site: Site, given: Given) -> Result:
    """A tap on an item of the newest menu message, by its words or its id."""
    account, resident = _following(site, given)
    menus = [m for m in phones.messages(site, resident) if m.msgtype == "msgmenu" and m.sender == account.appid]
    for item in menus[-1].body["list"] if menus else ():
        if given.get("menu_id", item["id"]) == item["id"] and given.get("content", item["content"]) == item["content"]:
            more = {"text": item["content"], "menu_id": item["id"]}
            return text(site, given | more)
    raise ActError("no such thing to tap on that phone")


def voice(site: Site, given: Given) -> Result:
    """A voice, with the words the platform made of it when *recognition* is given."""
    account, resident = _following(site, given)
    fields: dict[str, Any] = {"MediaId": post.new_msgid(), "Format": "amr"}
    if "recognition" in given:
        fields["Recognition"] = str(given["recognition"])
    return _says(site, account, resident, "voice", fields, "[voice]")


def menu_click(site: Site, given: Given) -> Result:
    """The account's own menu, below the chat: CLICK with its *key*, or VIEW with a *url*."""
    account, resident = _following(site, given)
    if "url" in given:
        emission = mp_events.event(site, account, resident, "VIEW", EventKey=str(given["url"]), MenuId="434122")
        return _answer(account, resident), emission
    _did(site, _follower(account, resident))
    return _answer(account, resident), mp_events.event(site, account, resident, "CLICK", EventKey=str(given["key"]))


def notice(site: Site, given: Given) -> Result:
    """A follower allows a template's notices (``"accept": true``, ``"always": true`` for a long-term one) or refuses;
    ``"settings": true``: he takes the consent back in the account's settings.
    """
    account, resident = _following(site, given)
    follower, template = _follower(account, resident), str(given["template_id"])
    accept = bool(given.get("accept"))
    left = follower.accepts.get(template, 0)
    follower.accepts[template] = 0 if not accept else -1 if given.get("always") else max(left, 0) + 1
    name = "subscribe_msg_change_event" if given.get("settings") else "subscribe_msg_popup_event"
    answer = "accept" if accept else "reject"
    parts = f"<TemplateId>{cdata(template)}</TemplateId><SubscribeStatusString>{cdata(answer)}</SubscribeStatusString>"
    if not given.get("settings"):
        parts += f"<PopupScene>{cdata('2')}</PopupScene>"
    outer = "SubscribeMsgChangeEvent" if given.get("settings") else "SubscribeMsgPopupEvent"
    fields = {outer: Raw(f"<List>{parts}</List>")}
    return _answer(account, resident), mp_events.event(site, account, resident, name, None, **fields)


def block(site: Site, given: Given) -> Result:
    """A follower who follows and yet takes no notices (``failed:user block``)."""
    account, resident = _following(site, given)
    _follower(account, resident).blocked = not given.get("off")
    return {}, None


def open_page(site: Site, given: Given) -> Result:
    """A page of ours asks who is there (``snsapi_base``): the code the browser comes back with."""
    account, resident = _where(site, given)
    code = "0" + secrets.token_urlsafe(24)
    account.codes[code] = resident.openid(account.appid)
    return {"code": code, "openid": resident.openid(account.appid)}, None


def raw(site: Site, given: Given) -> Result:
    """A callback with any *plain* content, or any *body*, rightly signed or not."""
    account, resident = _where(site, given)
    emission = mp_events.Emission(
        mp_events.door(account), str(given.get("plain", "")), "raw", About(resident.key, account.appid)
    )
    if "body" in given:
        emission.raw = str(given["body"]).encode()
    emission.bad_signature = bool(given.get("bad_signature"))
    emission.skew_s = float(given.get("skew_s", 0))
    return {}, site.emitter.submit(emission)


def _says(site: Site, account: Account, resident: Resident, kind: str, fields: dict[str, Any], words: str) -> Result:
    follower = _follower(account, resident)
    follower.said_at, follower.answered = site.now(), 0
    said = phones.said(site, resident, account.appid, words, kind)
    emission = mp_events.message(site, account, resident, said.msgid, kind, fields)
    return _answer(account, resident) | {"msgid": said.msgid}, emission


def _did(site: Site, follower: Follower) -> None:
    follower.follows, follower.did_at, follower.shown = True, site.now(), 0


def _answer(account: Account, resident: Resident) -> dict[str, Any]:
    return {"openid": resident.openid(account.appid)}


def _where(site: Site, given: Given) -> tuple[Account, Resident]:
    known = site.world.accounts
    account = known.get(given["appid"]) if "appid" in given else next(iter(known.values()), None)
    if account is None:
        raise ActError("no such 公众号")
    return account, phones.the_resident(site, given)


def _following(site: Site, given: Given) -> tuple[Account, Resident]:
    account, resident = _where(site, given)
    if not _follower(account, resident).follows:
        raise ActError(f"{resident.id} does not follow the account")
    return account, resident


def _follower(account: Account, resident: Resident) -> Follower:
    return account.followers.setdefault(resident.openid(account.appid), Follower(resident.id, follows=False))


ACTS = {
    "resident_scan": scan,
    "resident_kf_text": people_kf.text,
    "resident_kf_tap": people_kf.tap,
    "resident_kf_media": people_kf.media,
    "resident_kf_block": people_kf.block,
    "servicer_kf": people_kf.servicer,
    "resident_mp_follow": follow,
    "resident_mp_unfollow": unfollow,
    "resident_mp_text": text,
    "resident_mp_tap": tap,
    "resident_mp_voice": voice,
    "resident_mp_menu": menu_click,
    "resident_mp_notice": notice,
    "resident_mp_block": block,
    "resident_mp_page": open_page,
    "resident_mp_raw": raw,
}
