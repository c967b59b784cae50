"""Controls about residents: their phones, the address check of a 公众号, its tokens, and how things stand."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from standin import mp_events, mp_tokens, phones, post
from standin.actors import ActError
from standin.site import Site

Given = dict[str, Any]


def phone(site: Site, query: dict[str, str]) -> Given:
    """``{"resident", "messages"}``: everything on a resident's phone, oldest first, his own words included."""
    with site.lock:
        resident = site.world.residents.get(query.get("resident", ""))
        if resident is None:
            raise ActError("no such resident")
        seen = [post.view(site, m) | {"body": m.body} for m in phones.messages(site, resident)]
        return {"resident": resident.id, "messages": seen}


def verify_mp(site: Site, given: Given) -> Given:
    """The address check of a 公众号 (*appid*, or the only one): the echo in clear, exactly, within 1 s."""
    with site.lock:
        account = site.world.accounts[given.get("appid") or next(iter(site.world.accounts))]
        echo = str(secrets.randbelow(10**19))
        url = mp_events.echo_url(account, str(int(site.now())), str(secrets.randbelow(10**10)), echo)
    return site.emitter.fetch_echo(url, echo)


def revoke_mp(site: Site, given: Given) -> Given:
    """Every token of every 公众号 is gone at once."""
    with site.lock:
        return {"revoked": mp_tokens.revoke(site)}


def state(site: Site) -> Given:
    """``{"kf": {open_kfid: {sessions, log, …}}, "official_accounts": {appid: {followers, permanent, …}}}``."""
    kf = {
        a.open_kfid: {
            "sessions": {s.resident: asdict(s) for s in a.sessions.values()},
            "log": len(a.log),
            "pulls": a.pulls,
            "msgids": len(a.msgids),
        }
        for a in site.world.kf.values()
    }
    accounts = {
        a.appid: {
            "followers": {f.resident: asdict(f) for f in a.followers.values()},
            "permanent": a.permanent,
            "scenes": len(a.scenes),
            "forced": len(a.forced),
        }
        for a in site.world.accounts.values()
    }
    return {"kf": kf, "official_accounts": accounts}
