"""The log of a kf account: what happened, in order, what a cursor means in it, and the callback that says there is
something new [D 94670].
"""

from __future__ import annotations

import secrets
from typing import Any

from standin.actors import emit
from standin.callbacks import About, Door, Emission
from standin.payloads import app_notice
from standin.residents import KfAccount, Resident
from standin.site import Site

RESIDENT, EVENT, SERVICER = 3, 4, 5


def cursor(place: int, pull: int) -> str:
    """An opaque string, another one for every pull."""
    return f"4gw7MEPRfit{place:08x}.{pull:x}"


def place(account: KfAccount, given: str, oldest: float) -> int | None:
    """Where in the log *given* stands, moved past what is older than *oldest*; None for a cursor nobody gave."""
    at = 0
    if given:
        digits = given.removeprefix("4gw7MEPRfit").partition(".")[0]
        try:
            at = int(digits, 16)
        except ValueError:
            return None
    while at < len(account.log) and account.log[at]["send_time"] < oldest:
        at += 1
    return at if at <= len(account.log) else None


def message(
    site: Site, account: KfAccount, resident: Resident, msgtype: str, inner: dict[str, Any], origin: int = RESIDENT
) -> str:
    """Log what *resident* said (or a servicer, in the client); returns its msgid."""
    msgid = _msgid(site)
    account.log.append(
        {
            "msgid": msgid,
            "open_kfid": account.open_kfid,
            "external_userid": resident.external_userid(account.corpid),
            "send_time": int(site.now()),
            "origin": origin,
            "msgtype": msgtype,
            msgtype: inner,
        }
    )
    return msgid


def event(site: Site, account: KfAccount, event_type: str, resident: Resident, **fields: Any) -> str:
    """Log an event about *resident*; returns its msgid."""
    msgid = _msgid(site)
    about = {
        "event_type": event_type,
        "open_kfid": account.open_kfid,
        "external_userid": resident.external_userid(account.corpid),
    }
    account.log.append(
        {
            "msgid": msgid,
            "send_time": int(site.now()),
            "origin": EVENT,
            "msgtype": "event",
            "event": about | fields,
        }
    )
    return msgid


def tell(site: Site, account: KfAccount) -> Emission | None:
    """The callback: a token and the account, no content, no sender, no AgentID; None when the app has no address."""
    app = site.world.apps[account.app]
    if app.callback is None:
        return None
    token = "KFT" + secrets.token_urlsafe(18)
    account.tokens[token] = site.now()
    plain = app_notice(app.corpid, site.now(), "kf_msg_or_event", Token=token, OpenKfId=account.open_kfid)
    door = Door(app.callback, app.corpid, ("app", "kf", str(app.agentid), app.key), None)
    return emit(site, door, plain, "kf", About())


def _msgid(site: Site) -> str:
    site.world.serial += 1
    return f"kfm{site.world.serial:029d}"
