"""The access token [D 91039]: fetched by one thread of one process at a time, used by all, never in a log.

Renewed at 80 % of its life, so that nobody waits for it; when the platform says a token does not hold, that very one
is dropped and another is asked for, at most once a minute. After a wrong secret the platform is left in peace for
20 minutes: more than a few wrong ones an hour get the address banned.
"""

import http.client
import json
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.channels.answers import fields
from bot.channels.http import Origin
from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.errors import SendFailed
from store.cipher import FieldCipher
from store.engine import Database
from store.failpoints import reach
from store.talks import AlarmRepo
from store.tokens import ASK_AGAIN, REFUSED_REST, TokenRepo

log = logging.getLogger(__name__)

FETCH_S = 2.5  # to connect, and again to answer: within the lease
SHARE = 0.8
POLL_S, POLL_FOR_S = 0.05, 8.0
ANSWER_BYTES = 65_536
BANNED_S = 3600.0
SOON_S = ASK_AGAIN.total_seconds()


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    renew_at: datetime
    expires_at: datetime


class TokenStore:
    """The token of one app, for all threads of this process; processes share it through a row."""

    ASKED = "gettoken"
    WRONG = "密钥或企业号不对,先停问20分钟"

    def __init__(
        self,
        database: Database,
        origin: Origin,
        corp_id: str,
        agent_id: int,
        secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._origin, self._clock = database, origin, clock
        self._path = f"{origin.prefix}/cgi-bin/gettoken?corpid={quote(corp_id)}&corpsecret={quote(secret)}"
        # a new secret starts with a clean slate: its keyed index, not the secret, is part of the row's name
        self._key = f"{corp_id}/{agent_id}/{FieldCipher.current().index(secret)[:12]}"[-64:]
        self._one = threading.Lock()
        self._held: _Held | None = None

    def __repr__(self) -> str:
        return "TokenStore()"

    def peek(self) -> str | None:
        """Return the token when it is at hand and needs no renewal; never waits."""
        held = self._held
        return held.value if held is not None and self._clock() < held.renew_at else None

    def get(self, stale: str | None = None) -> str:
        """Return a token that is not *stale*; SendFailed with `wait_s` when there is none to be had now."""
        with self._one:
            held = self._held
            if held is not None and held.value != stale and self._clock() < held.renew_at:
                return held.value
            return self._renewed(stale)

    def _renewed(self, stale: str | None) -> str:
        patience = time.monotonic() + POLL_FOR_S
        while True:
            now = self._clock()
            if self._adopt(stale, now):
                assert self._held is not None
                return self._held.value
            with self._database.begin() as connection:
                leased = TokenRepo(connection, self._key).lease(now)
            if leased:
                reach("token.leased")
                return self._asked(stale, now)
            usable = self._usable(stale, now)
            if usable is not None:
                return usable
            if time.monotonic() > patience or not (self._somebody_asks(now) or self._kept_anew(stale)):
                raise self._none(now)
            time.sleep(POLL_S)

    def _kept_anew(self, stale: str | None) -> bool:
        """Return whether another process kept a token since we looked."""
        with self._database.read() as connection:
            value = TokenRepo(connection, self._key).read().value
        return value is not None and value != stale and (self._held is None or self._held.value != value)

    def _adopt(self, stale: str | None, now: datetime) -> bool:
        """Take over what another process fetched; False when it is not there or needs renewal."""
        with self._database.read() as connection:
            kept = TokenRepo(connection, self._key).read()
        if not kept.value or kept.value == stale or not kept.fetched_at or not kept.expires_at:
            return False
        if self._held is None or self._held.value != kept.value or self._held.expires_at != kept.expires_at:
            self._held = _held(kept.value, kept.fetched_at, kept.expires_at)
        return now < self._held.renew_at

    def _usable(self, stale: str | None, now: datetime) -> str | None:
        """Return the token that is due for renewal but still holds."""
        held = self._held
        return held.value if held is not None and held.value != stale and now < held.expires_at else None

    def _somebody_asks(self, now: datetime) -> bool:
        with self._database.read() as connection:
            lease_until = TokenRepo(connection, self._key).read().lease_until
        return lease_until is not None and lease_until > now

    def _none(self, now: datetime) -> SendFailed:
        with self._database.read() as connection:
            wait = TokenRepo(connection, self._key).read().wait_s(now)
        return SendFailed("no access token", retryable=True, wait_s=max(wait, 1.0))

    def _asked(self, stale: str | None, now: datetime) -> str:
        """Ask the platform; the lease is ours."""
        try:
            value, life_s = self._fetch(stale)
        except SendFailed as error:
            self._note(error, now)
            usable = self._usable(stale, now)
            if usable is not None and kind_of(error.code or 0) is not Kind.SECRET:
                return usable
            raise
        reach("token.fetched")
        expires_at = now + timedelta(seconds=life_s)
        with self._database.begin() as connection:
            TokenRepo(connection, self._key).keep(value, now, expires_at)
        reach("token.kept")
        self._held = _held(value, now, expires_at)
        if value == stale:
            raise SendFailed("the platform repeats a token it refuses", retryable=True, wait_s=60.0)
        return value

    def _note(self, error: SendFailed, now: datetime) -> None:
        with self._database.begin() as connection:
            repo = TokenRepo(connection, self._key)
            if kind_of(error.code or 0) in (Kind.SECRET, Kind.CONFIG) and error.code:
                repo.refuse(now)
                AlarmRepo(connection).sound("token", f"{self.ASKED} {error.code}:{self.WRONG}", now)
            else:
                repo.release(now)
        log.warning("no access token: %s", error)

    def _fetch(self, stale: str | None) -> tuple[str, int]:
        """Return a token and its life in seconds; SendFailed, whose text holds neither secret nor address."""
        body = self._get(stale)
        code = body.get("errcode", 0)
        token, life_s = body.get("access_token"), body.get("expires_in")
        if type(code) is not int or code != 0:
            code = code if type(code) is int else -1
            wait = {Kind.QUOTA: BANNED_S, Kind.BUSY: SOON_S}.get(kind_of(code), REFUSED_REST.total_seconds())
            raise SendFailed(f"{self.ASKED} {code}", code=code, retryable=kind_of(code) is Kind.BUSY, wait_s=wait)
        if not isinstance(token, str) or not 0 < len(token) <= 1024 or type(life_s) is not int or life_s <= 0:
            raise SendFailed(f"{self.ASKED}: not a token", retryable=True, wait_s=SOON_S)
        return token, life_s

    def _question(self, stale: str | None) -> tuple[str, str, bytes | None]:
        """Return method, path and body of the question; *stale* is the token that no longer holds."""
        return "GET", self._path, None

    def _get(self, stale: str | None) -> dict[str, object]:
        origin = self._origin
        method, path, asked = self._question(stale)
        headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if asked else {})
        if origin.tls is not None:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                origin.host, origin.port, timeout=FETCH_S, context=origin.tls
            )
        else:
            connection = http.client.HTTPConnection(origin.host, origin.port, timeout=FETCH_S)
        try:
            connection.request(method, path, asked, headers)
            response = connection.getresponse()
            raw = response.read(ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:  # its text may hold the address, so only its name
            raise SendFailed(f"{self.ASKED}: {type(error).__name__}", retryable=True, wait_s=SOON_S) from None
        finally:
            connection.close()
        body = fields(raw) if response.status == 200 else None
        if body is None:
            raise SendFailed(f"{self.ASKED}: http {response.status}", retryable=True, wait_s=SOON_S)
        return body


def _held(value: str, fetched_at: datetime, expires_at: datetime) -> _Held:
    """Renewal is due at 80 % of the life, a little earlier for some processes, so that they do not all ask at once."""
    life = expires_at - fetched_at
    return _Held(value, fetched_at + life * SHARE * random.uniform(0.95, 1.0), expires_at)


class StableTokens(TokenStore):
    """The stable token of a 公众号 [MP stable_token]: the same one for whoever asks, and a new one only where the old
    one was refused, which is allowed 20 times a day. A good answer has no errcode."""

    ASKED = "stable_token"
    WRONG = "公众号的密钥不对,或本机地址不在它的白名单里,先停问20分钟"

    def __init__(
        self, database: Database, origin: Origin, app_id: str, secret: str, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database, origin, app_id, 0, secret, clock)
        self._path = f"{origin.prefix}/cgi-bin/stable_token"
        self._asking = {"grant_type": "client_credential", "appid": app_id, "secret": secret}

    def __repr__(self) -> str:
        return "StableTokens()"

    def _question(self, stale: str | None) -> tuple[str, str, bytes | None]:
        body = json.dumps({**self._asking, "force_refresh": stale is not None}).encode()
        return "POST", self._path, body
