"""Residents and the two places where a corp or an account speaks with them one to one: 微信客服 and the 公众号.

Values only, like ``world.py``: references are ids. A resident has WeChat and nothing else; every corp and every
account knows him by an id of its own, and no two of these ids can be joined [D 94670, MP].
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from standin.address import Callback


@dataclass(slots=True)
class Resident:
    """Somebody with a phone; *id* is a door (``3-2-402``) or any name the story gives."""

    id: str
    name: str

    @property
    def key(self) -> str:
        """What his phone is kept under."""
        return f"resident/{self.id}"

    def external_userid(self, corpid: str) -> str:
        return "wm" + hashlib.sha256(f"{corpid}/{self.id}".encode()).hexdigest()[:30]

    def openid(self, appid: str) -> str:
        return "o" + hashlib.sha256(f"{appid}/{self.id}".encode()).hexdigest()[:27]


@dataclass(slots=True)
class KfSession:
    """One resident with one kf account. *answered* counts what was sent since he last spoke; *state* is ``bot``,
    ``human`` (a person took over: 95018) or ``ended``; *blocked*: what is sent is taken and does not arrive.
    """

    resident: str
    entered_at: float = 0.0
    said_at: float | None = None
    answered: int = 0
    state: str = "bot"
    blocked: bool = False


@dataclass(slots=True)
class Welcome:
    """The right to say one thing to somebody who just came in."""

    external_userid: str
    issued: float
    used: bool = False


@dataclass(slots=True)
class KfAccount:
    """*log* is all that happened, in order; a cursor is a place in it. *page* caps what one pull answers;
    *empty_pages*: every second pull answers an empty list although there is more, which is legal.
    """

    open_kfid: str
    name: str
    corpid: str
    app: str
    page: int = 1000
    empty_pages: bool = False
    pulls: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    sessions: dict[str, KfSession] = field(default_factory=dict)
    scenes: dict[str, str] = field(default_factory=dict)
    welcomes: dict[str, Welcome] = field(default_factory=dict)
    msgids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Scene:
    """What a QR code of an account says when it is scanned; *until* is None for a permanent one."""

    ticket: str
    scene: str
    url: str
    until: float | None


@dataclass(slots=True)
class Follower:
    """One resident with one account. The two windows: *said_at* and what was sent since; *did_at* (followed, scanned,
    pressed a menu) and what was sent since. *accepts*: template → how many notices he allowed, -1 for always.
    """

    resident: str
    follows: bool = True
    said_at: float | None = None
    answered: int = 0
    did_at: float | None = None
    shown: int = 0
    blocked: bool = False
    accepts: dict[str, int] = field(default_factory=dict)
    notices: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class MpToken:
    value: str
    issued: float
    until: float


@dataclass(slots=True)
class Account:
    """A 公众号. *stable* is the token of ``stable_token``, *plain* those of ``token`` (the last kills the one before it
    five minutes later). *ips* is the white list (40164), *unverified* refuses what only a verified account may (48001).
    """

    appid: str
    secret: str
    name: str
    gh_id: str
    callback: Callback
    templates: list[str] = field(default_factory=list)
    ips: list[str] = field(default_factory=list)
    unverified: bool = False
    stable: MpToken | None = None
    plain: list[MpToken] = field(default_factory=list)
    forced: list[float] = field(default_factory=list)
    scenes: dict[str, Scene] = field(default_factory=dict)
    permanent: int = 0
    followers: dict[str, Follower] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    sent: int = 0
