"""Residents in 微信客服: they scan a door's code, write, tap what a menu offers, block [platform §F.5]."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from standin import files, kf_log, phones
from standin.actors import ActError, Given, Result
from standin.api_kf import WINDOW_S
from standin.post import new_msgid
from standin.residents import KfAccount, KfSession, Resident, Welcome
from standin.site import Site
from standin.world import Message

PARAM_BYTES = 128
SAMPLES = {"image": files.PNG + b"sample", "voice": files.AMR + b"\n"}


def scan(site: Site, given: Given, url: str) -> Result:
    """A door's code, scanned: the chat opens and ``enter_session`` is logged. A ``welcome_code`` comes with it unless
    there was a conversation in the last 48 h [D 94670].
    """
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    account = site.world.kf.get(parts.path.rpartition("/kfc")[2])
    enc = query.get("enc_scene", [""])[0]
    param = query.get("scene_param", [""])[0]
    if account is None or (enc and enc not in account.scenes):
        raise ActError("the code leads nowhere")
    if len(param.encode()) > PARAM_BYTES:
        raise ActError("scene_param is too long: the client opens nothing")
    return enter(site, account, phones.the_resident(site, given), account.scenes.get(enc, ""), param)


def enter(site: Site, account: KfAccount, resident: Resident, scene: str, param: str) -> Result:
    session, now = _session(account, resident), site.now()
    fields: dict[str, Any] = {"scene": scene, "scene_param": param}
    last = max(session.entered_at, session.said_at or 0.0)
    if now - last > WINDOW_S:
        code = "KFWC" + new_msgid()
        account.welcomes[code] = Welcome(resident.external_userid(account.corpid), now)
        fields["welcome_code"] = code
    session.entered_at = now
    msgid = kf_log.event(site, account, "enter_session", resident, **fields)
    answer = {"msgid": msgid, "external_userid": resident.external_userid(account.corpid)}
    return answer, kf_log.tell(site, account)


def text(site: Site, given: Given) -> Result:
    """The resident writes."""
    account, resident = _where(site, given)
    return _says(site, account, resident, "text", {"content": str(given["text"])}, str(given["text"]))


def tap(site: Site, given: Given) -> Result:
    """The resident taps an item of a menu on his phone, by its words (``content``) or its id (``menu_id``); the newest
    menu that has it, or any older one with ``"old": true``. It arrives as a text with the id.
    """
    account, resident = _where(site, given)
    click = _item(site, account, resident, given)
    inner = {"content": str(click["content"]), "menu_id": str(click.get("id", ""))}
    return _says(site, account, resident, "text", inner, inner["content"])


def media(site: Site, given: Given) -> Result:
    """A picture or a voice: it arrives as a media id."""
    account, resident = _where(site, given)
    kind = str(given.get("as", "image"))
    kept = files.keep(site, account.corpid, kind, kind, SAMPLES[kind])
    return _says(site, account, resident, kind, {"media_id": kept.id}, f"[{kind}]")


def block(site: Site, given: Given) -> Result:
    """The resident wants no more of it (``"off": true``: he does again)."""
    account, resident = _where(site, given)
    _session(account, resident).blocked = not given.get("off")
    return {}, None


def servicer(site: Site, given: Given) -> Result:
    """A person in the client takes the conversation, says *text*, or gives it back (``"end": true``)."""
    account, resident = _where(site, given)
    session = _session(account, resident)
    session.state = "bot" if given.get("end") else "human"
    if "text" not in given:
        return {}, None
    words = str(given["text"])
    msgid = kf_log.message(site, account, resident, "text", {"content": words}, kf_log.SERVICER)
    phones.told(site, resident, "kf", account.open_kfid, "text", {"content": words}, words)
    return {"msgid": msgid}, kf_log.tell(site, account)


def _says(
    site: Site, account: KfAccount, resident: Resident, msgtype: str, inner: dict[str, Any], words: str
) -> Result:
    session = _session(account, resident)
    session.said_at, session.answered = site.now(), 0
    phones.said(site, resident, account.open_kfid, words, msgtype)
    msgid = kf_log.message(site, account, resident, msgtype, inner)
    return {"msgid": msgid, "external_userid": resident.external_userid(account.corpid)}, kf_log.tell(site, account)


def _where(site: Site, given: Given) -> tuple[KfAccount, Resident]:
    known = site.world.kf
    account = known.get(given["open_kfid"]) if "open_kfid" in given else next(iter(known.values()), None)
    if account is None:
        raise ActError("no such kf account")
    return account, phones.the_resident(site, given)


def _session(account: KfAccount, resident: Resident) -> KfSession:
    return account.sessions.setdefault(resident.external_userid(account.corpid), KfSession(resident.id))


def _item(site: Site, account: KfAccount, resident: Resident, given: Given) -> dict[str, Any]:
    menus = [m for m in phones.messages(site, resident) if m.msgtype == "msgmenu" and m.sender == account.open_kfid]
    if not given.get("old"):
        menus = menus[-1:]
    for menu in reversed(menus):
        for click in _clicks(menu):
            if given.get("menu_id", click.get("id")) == click.get("id") and _fits(click, given):
                return click
    raise ActError("no such thing to tap on that phone")


def _clicks(menu: Message) -> list[dict[str, Any]]:
    return [item["click"] for item in menu.body["list"] if item["type"] == "click"]


def _fits(click: dict[str, Any], given: Given) -> bool:
    return str(given.get("content", click["content"])) == click["content"]
