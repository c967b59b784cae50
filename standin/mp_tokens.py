"""A 公众号's access tokens: ``token`` (each call kills the one before, five minutes later) and ``stable_token``, and
the checks that come before every other call [MP]. What succeeds answers without an errcode.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from standin.errors import ApiError
from standin.limits import DAY, MINUTE
from standin.residents import Account, MpToken
from standin.site import Call, Site

LIFETIME_S, OLD_LIVES_S, FORCED_APART_S = 7200, 300, 30
EARLY_S = 300


def token(site: Site, call: Call) -> dict[str, Any]:
    """``{access_token, expires_in}``; a new one each time [MP token]."""
    account = _admitted(site, call, call.query)
    if call.query.get("grant_type") != "client_credential":
        raise ApiError(40002)
    for old in account.plain:
        old.until = min(old.until, call.now + OLD_LIVES_S)
    made = _made(call.now)
    account.plain.append(made)
    return _answer(made, call.now)


def stable_token(site: Site, call: Call) -> dict[str, Any]:
    """``{access_token, expires_in}``; the same one until it nears its end, a new one when forced: 20 times a day, 30 s
    apart, and the old one ends with it [MP stable_token].
    """
    account, now = _admitted(site, call, call.body), call.now
    if call.body.get("grant_type") != "client_credential":
        raise ApiError(40002)
    standing = account.stable
    if call.body.get("force_refresh") is True and standing is not None:
        if account.forced and now - account.forced[-1] < FORCED_APART_S:
            return _answer(standing, now)
        account.forced = [at for at in account.forced if now - at < DAY]
        if len(account.forced) >= site.limits.mp_forced_tokens_per_day:
            raise ApiError(45009)
        account.forced.append(now)
        standing = None
    if standing is None or standing.until - now < EARLY_S:
        standing = account.stable = _made(now)
    return _answer(standing, now)


def admit(site: Site, call: Call) -> Account:
    """The account whose token the call brings: 41001 without one, 40001 for one nobody holds, 42001 past its time."""
    value = call.query.get("access_token")
    if not value:
        raise ApiError(41001)
    for account in site.world.accounts.values():
        for held in (account.stable, *account.plain):
            if held is not None and held.value == value:
                if held.until <= call.now:
                    raise ApiError(42001)
                _white(account, call)
                return account
    raise ApiError(40001, "access_token is invalid or not latest")


def revoke(site: Site) -> int:
    """Take every token of every account away (a fault); how many."""
    gone = 0
    for account in site.world.accounts.values():
        gone += (account.stable is not None) + len(account.plain)
        account.stable, account.plain = None, []
    return gone


def _admitted(site: Site, call: Call, given: dict[str, Any]) -> Account:
    site.world.count("mp_tokens")
    if not given.get("appid"):
        raise ApiError(41002)
    account = site.world.accounts.get(str(given["appid"]))
    if account is None:
        raise ApiError(40013)
    if not hmac.compare_digest(account.secret.encode(), str(given.get("secret", "")).encode()):
        raise ApiError(40125)
    _white(account, call)
    if not site.windows.take(f"mp token {account.appid}", call.now, (MINUTE, 10_000)):
        raise ApiError(45009)
    return account


def _white(account: Account, call: Call) -> None:
    if account.ips and call.ip not in account.ips:
        raise ApiError(40164, f"invalid ip {call.ip}, not in whitelist")


def _made(now: float) -> MpToken:
    return MpToken("MP" + secrets.token_urlsafe(96), now, now + LIFETIME_S)


def _answer(held: MpToken, now: float) -> dict[str, Any]:
    return {"access_token": held.value, "expires_in": int(held.until - now)}
