"""What runs in a process: begun in one place, and ended in order when it is told to."""

import gc
import logging
import os
import signal
import threading

from bot.jobs import Jobs
from bot.parts import Parts
from bot.upkeep import Upkeep

log = logging.getLogger(__name__)

STOP_WITHIN_S = 20.0  # longer than the longest answer we wait for; after that rows and leases do the rest


class Running:
    """The threads of one process: *doors* beside a web server, *workers* for the engine's tasks, *ticks* on a clock."""

    def __init__(
        self, parts: Parts, *, doors: bool = False, workers: int = 0, ticks: bool = False, parent: int | None = None
    ) -> None:
        self._parts, self._workers = parts, workers
        self._upkeep = Upkeep(parts.ticks, parent=parent) if doors else None
        self._jobs = Jobs(parts) if ticks else None
        self._begun = False

    def start(self) -> None:
        """Begin everything, once; nothing here waits for the database."""
        if self._begun:
            return
        self._begun = True
        if self._workers or self._jobs:
            self._parts.ringing = True
        if self._workers:
            self._parts.engine.start(self._workers)
        if self._jobs:
            self._jobs.start()
        if self._upkeep:
            self._upkeep.start()
        settle()

    def stop(self) -> None:
        """End what is under way and begin nothing new; whatever hangs is left behind after a while."""
        if not self._begun:
            return
        self._begun = False
        self._parts.ending.set()
        late = threading.Timer(STOP_WITHIN_S, _leave)
        late.daemon = True
        late.start()
        if self._jobs:
            self._jobs.stop()
        if self._upkeep:
            self._upkeep.stop()
        self._parts.close()
        late.cancel()

    def until_told(self) -> None:
        """Run until SIGTERM or SIGINT."""
        told = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: told.set())
        self.start()
        told.wait()
        self.stop()


def settle() -> None:
    """Set aside what start-up made, for it stays: else each full collection looks at all of it, 75 ms of silence."""
    gc.collect()
    gc.freeze()


def _leave() -> None:
    log.error("something hangs; leaving without it")
    os._exit(1)
