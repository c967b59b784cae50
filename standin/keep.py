"""Keeping the world over a restart: one JSON file, written whole and renamed."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from pydantic import TypeAdapter

from standin.site import Site
from standin.world import World

EVERY_S = 1.0
_world = TypeAdapter(World)


def load(file: Path) -> World | None:
    """The world as it was last kept; None if there is none."""
    return _world.validate_json(file.read_bytes()) if file.exists() else None


def save(site: Site, file: Path) -> None:
    """Write the whole world; a reader never sees half of it."""
    with site.lock:
        data = _world.dump_json(site.world)
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(file.name + ".new")
    scratch.write_bytes(data)
    os.replace(scratch, file)


class Keeper:
    """A thread that saves whenever something happened since the last time."""

    def __init__(self, site: Site, file: Path) -> None:
        self._site, self._file = site, file
        self._thread = threading.Thread(target=self._run, name="keep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Save once more; call it after the site was told to stop."""
        self._thread.join(timeout=EVERY_S + 5)
        save(self._site, self._file)

    def _run(self) -> None:
        saved = (-1, -1)
        while not self._site.stopping.wait(EVERY_S):
            seen = (self._site.feed.event_n, self._site.feed.log_n)
            if seen != saved:
                save(self._site, self._file)
                saved = seen
