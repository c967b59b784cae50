"""The running site: the world, its clock, its windows, its feed, and the one lock that guards them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from standin.clock import Clock
from standin.faults import Faults
from standin.feed import Feed
from standin.limits import Limits, Windows
from standin.world import App, World

if TYPE_CHECKING:
    from standin.api_media import Upload
    from standin.emitter import Emitter


@dataclass
class Site:
    """Everything an endpoint may touch, under *lock*. *base_url* is where this server is reached."""

    clock: Clock
    world: World = field(default_factory=World)
    limits: Limits = field(default_factory=Limits)
    windows: Windows = field(default_factory=Windows)
    feed: Feed = field(default_factory=Feed)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    stopping: threading.Event = field(default_factory=threading.Event)
    base_url: str = ""
    emitter: Emitter = field(init=False)

    def now(self) -> float:
        return self.clock.now()


@dataclass(slots=True)
class Call:
    """One API request: *body* is empty for GET, *upload* the file of a form. *hints* is what a fault asks for."""

    path: str
    query: dict[str, str]
    body: dict[str, Any]
    app: App | None
    ip: str
    now: float
    hints: dict[str, Any] = field(default_factory=dict)
    upload: Upload | None = None

    @property
    def caller(self) -> App:
        assert self.app is not None
        return self.app
