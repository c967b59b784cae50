"""Callbacks of a 公众号 in AES mode: their XML, their query, their envelope, and the answer inside the 200 [MP]."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

import xmltodict

from standin import crypto, phones, validate
from standin.actors import emit
from standin.callbacks import About, Door, Emission
from standin.payloads import Raw, cdata, xml
from standin.residents import Account, Resident
from standin.site import Site


def door(account: Account) -> Door:
    return Door(account.callback, account.appid, ("mp", account.appid))


def message(
    site: Site, account: Account, resident: Resident, msgid: str, kind: str, fields: dict[str, Any]
) -> Emission:
    """Something the resident said, with its MsgId."""
    plain = xml(_head(site, account, resident) | {"MsgType": kind} | fields | {"MsgId": Raw(msgid)})
    return emit(site, door(account), plain, f"公众号 {kind}", About(resident.key, account.appid, said=msgid))


def event(
    site: Site, account: Account, resident: Resident, name: str, about: About | None = None, **fields: Any
) -> Emission:
    """Something the resident did, or that became of a notice."""
    plain = xml(_head(site, account, resident) | {"MsgType": "event", "Event": name} | fields)
    return emit(site, door(account), plain, f"公众号 {name}", about or About(resident.key, account.appid))


def _head(site: Site, account: Account, resident: Resident) -> dict[str, Any]:
    openid = resident.openid(account.appid)
    return {"ToUserName": account.gh_id, "FromUserName": openid, "CreateTime": int(site.now())}


def plain_signature(token: str, timestamp: str, nonce: str) -> str:
    """The signature over the query alone, which the address check uses and every callback carries as well."""
    joined = "".join(sorted((token, timestamp, nonce)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def wrap(emission: Emission, query: dict[str, str], encrypted: str) -> tuple[dict[str, str], bytes]:
    """Query and body of one try in AES mode: both signatures, the openid, and no AgentID."""
    outer = query | {
        "signature": plain_signature(emission.door.callback.token, query["timestamp"], query["nonce"]),
        "openid": _between(emission.plain, "FromUserName"),
        "encrypt_type": "aes",
    }
    to = cdata(_between(emission.plain, "ToUserName"))
    body = f"<xml><ToUserName>{to}</ToUserName><Encrypt>{cdata(encrypted)}</Encrypt></xml>"
    return outer, emission.raw if emission.raw is not None else body.encode()


def _between(plain: str, name: str) -> str:
    return plain.partition(f"<{name}><![CDATA[")[2].partition("]]>")[0]


def echo_url(account: Account, timestamp: str, nonce: str, echo: str) -> str:
    """The address check of a 公众号: the echo in clear, the plain signature, in AES mode too."""
    signature = plain_signature(account.callback.token, timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
    return f"{account.callback.url}?{urlencode(query)}"


def take_reply(site: Site, door: Door, about: About, data: bytes) -> dict[str, Any]:
    """Carry out the passive reply: an encrypted text from the account back to the resident. It spends no window."""
    outer = xmltodict.parse(data)["xml"]
    callback, account = door.callback, site.world.accounts[door.receive_id]
    parts = (outer["TimeStamp"], outer["Nonce"], outer["Encrypt"], outer["MsgSignature"])
    plain = crypto.open_envelope(callback.token, callback.aeskey, door.receive_id, *parts)
    reply: dict[str, Any] = xmltodict.parse(plain)["xml"]
    resident = site.world.residents[about.userid.removeprefix("resident/")]
    if reply.get("ToUserName") != resident.openid(account.appid) or reply.get("FromUserName") != account.gh_id:
        raise ValueError("a reply has to go from the account to the one who spoke")
    if not str(reply.get("CreateTime", "")).isdigit():
        raise ValueError("CreateTime has to be seconds")
    text = str(reply.get("Content") or "")
    if reply.get("MsgType") != "text" or not text or len(text.encode()) > validate.TEXT_BYTES:
        raise ValueError(f"reply of type {reply.get('MsgType')!r}")
    phones.told(site, resident, "official", account.appid, "text", {"content": text}, text)
    return {"plain": plain, "msgtype": "text"}
