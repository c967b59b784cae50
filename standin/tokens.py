"""Access tokens: one per app, the same one until it ends, 7200 s [D 91039, 90664]."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from standin.errors import ApiError
from standin.limits import HOUR, MINUTE
from standin.site import Call, Site
from standin.world import App, Token

LIFETIME_S = 7200


def gettoken(site: Site, call: Call) -> dict[str, Any]:
    """``{errcode, errmsg, access_token, expires_in}`` [D 91039]. Repeated wrong secrets ban the address for an hour."""
    corp = site.world.corps.get(call.query.get("corpid", ""))
    site.world.count("gettoken")
    if site.world.settings.get("bans", {}).get(call.ip, 0.0) > call.now:
        raise ApiError(45009, f"from ip: {call.ip}")
    if corp is None:
        raise ApiError(40013)
    app = _app_of_secret(site, corp.corpid, call.query.get("corpsecret", ""))
    if app is None:
        _count_bad_secret(site, call)
        raise ApiError(40001, f"hint: [{int(call.now)}], from ip: {call.ip}")
    value, token = _standing(site, app, call.now)
    return {"errcode": 0, "errmsg": "ok", "access_token": value, "expires_in": int(token.expires - call.now)}


def _app_of_secret(site: Site, corpid: str, secret: str) -> App | None:
    apps = (a for a in site.world.apps.values() if a.corpid == corpid)
    return next((a for a in apps if hmac.compare_digest(a.secret.encode(), secret.encode())), None)


def _count_bad_secret(site: Site, call: Call) -> None:
    allowed = site.limits.bad_secrets_before_ban
    if not site.windows.take(f"bad secret {call.ip}", call.now, (MINUTE, allowed)):
        site.world.settings.setdefault("bans", {})[call.ip] = call.now + HOUR


def _standing(site: Site, app: App, now: float) -> tuple[str, Token]:
    """The token *app* holds, or a new one."""
    for value, token in site.world.tokens.items():
        if token.app == app.key and not token.revoked and token.expires - now >= 1:
            return value, token
    value = secrets.token_urlsafe(160)
    token = Token(app=app.key, issued=now, expires=now + LIFETIME_S)
    site.world.tokens[value] = token
    return value, token


def revoke(site: Site, app_key: str | None = None) -> int:
    """How many tokens were taken away: those of *app_key*, or all."""
    struck = [t for t in site.world.tokens.values() if not t.revoked and app_key in (None, t.app)]
    for token in struck:
        token.revoked = True
    return len(struck)


def holder(site: Site, value: str | None) -> App | None:
    """The app whose token *value* is, whether or not it still holds; None if nobody's."""
    token = site.world.tokens.get(value or "")
    return site.world.apps.get(token.app) if token else None


def admit(site: Site, call: Call) -> App:
    """The calling app, after every check that precedes parameters, in the documented order [platform §F.4]."""
    value = call.query.get("access_token")
    if not value:
        raise ApiError(41001)
    token = site.world.tokens.get(value)
    if token is None or token.revoked:
        raise ApiError(40014)
    if token.expires <= call.now:
        raise ApiError(42001, "hint: [..]")
    app = site.world.apps[token.app]
    if app.trusted_ips and call.ip not in app.trusted_ips:
        raise ApiError(60020, f"hint: [..], from ip: {call.ip}")
    if app.disabled:
        raise ApiError(50003)
    if call.path in app.forbidden:
        raise ApiError(48002)
    spend_quota(site, app.corpid, call)
    return app


def spend_quota(site: Site, corpid: str, call: Call) -> None:
    """One call of the corp's and of the address's quota for this API [D 90312]; beyond it the API is closed for the
    window.
    """
    limits = site.limits
    corp = (MINUTE, limits.api_per_min), (HOUR, limits.api_per_hour)
    address = (MINUTE, limits.ip_per_min), (HOUR, limits.ip_per_hour)
    for name, rules in ((corpid, corp), (call.ip, address)):
        if not site.windows.take(f"{name} {call.path}", call.now, *rules, block=True):
            raise ApiError(45009, "hint: [..]")
