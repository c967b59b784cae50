"""A site that remembers its seed, so that it can go back to it."""

from __future__ import annotations

from typing import Any

from standin import seed as seeds
from standin.clock import Clock
from standin.emitter import Emitter
from standin.limits import Limits, Windows
from standin.site import Site


class PlantedSite(Site):
    """A site with its emitter and its seed."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.emitter = Emitter(self)
        self._seed: dict[str, Any] = {}

    def plant(self, seed: dict[str, Any]) -> None:
        """Replace the world by the one *seed* describes; a faulty seed leaves everything as it was."""
        world = seeds.build(seed)
        limits = Limits.from_seed(world.settings.get("limits") or {})
        self.emitter.forget()
        with self.lock:
            self._seed, self.world, self.limits, self.windows = seed, world, limits, Windows()
            self.faults.clear()
            self.feed.event("reset", self.now())

    def replant(self) -> None:
        self.plant(self._seed)
