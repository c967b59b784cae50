"""The values of the callback path: where one goes, what it says, what it is about."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from standin.world import App, Bot, Callback, Code, World


@dataclass(slots=True)
class About:
    """Whom a callback was about: *userid*, what he *said* or the *card* he pressed; *code*, *asked* for the bot."""

    userid: str = ""
    app: str | None = None
    card: str | None = None
    code: Code | None = None
    asked: dict[str, Any] | None = None
    stream: str | None = None
    said: str | None = None


@dataclass(slots=True)
class Door:
    """Where a callback goes and how it is wrapped. *names* are what a fault rule may call it by."""

    callback: Callback
    receive_id: str
    names: tuple[str, ...]
    agentid: int | None = None

    @property
    def is_json(self) -> bool:
        return "bot" in self.names


def app_door(app: App) -> Door:
    if app.callback is None:
        raise ValueError(f"app {app.key} has no callback")
    return Door(app.callback, app.corpid, ("app", str(app.agentid), app.key), app.agentid)


def bot_door(bot: Bot) -> Door:
    """The receive id of an AI bot is the empty string [D 101033]."""
    return Door(bot.callback, "", ("bot", bot.id))


@dataclass(eq=False)
class Emission:
    """One callback and its tries. *about* is what a passive reply needs to find its place; a reply that
    arrives when *world* is no longer the site's (a reset) is not carried out.
    """

    door: Door
    plain: str
    label: str
    about: About
    raw: bytes | None = None
    world: World | None = None
    bad_signature: bool = False
    skew_s: float = 0.0
    attempts: list[dict[str, Any]] = field(default_factory=list)
    state: str = "queued"
    reply: dict[str, Any] | None = None
    done: threading.Event = field(default_factory=threading.Event)
    busy: bool = False

    def view(self) -> dict[str, Any]:
        status = self.attempts[-1].get("status") if self.attempts else None
        return {"state": self.state, "status": status, "attempts": self.attempts, "reply": self.reply}
