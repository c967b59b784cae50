"""What a process with doors does beside them: it notes that they are open, brings in what the spool holds, and ends
when the process that started it is gone."""

import os
import signal
import threading
import time

from bot.jobs import safely
from bot.ticks import Ticks

ROUND_S, BEAT_EVERY_S = 1.0, 10.0


class Upkeep:
    """One thread. Its first word after a start is to the groups, if there were no doors for long."""

    def __init__(self, ticks: Ticks, *, parent: int | None = None) -> None:
        self._resume, self._open = safely(ticks.resume), safely(ticks.doors_open)
        self._drain = safely(ticks.drain_spool)
        self._parent = parent
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin; what needs the database is tried again until it is there."""
        self._thread.start()

    def stop(self) -> None:
        """End; does not wait for a database that stands still."""
        self._ended.set()
        self._thread.join(2)

    def _run(self) -> None:
        resumed, beat_at = False, float("-inf")
        while True:
            if not resumed:
                resumed = self._resume()  # and no beat before it: how long we were away would be forgotten
            elif time.monotonic() - beat_at > BEAT_EVERY_S and self._open():
                beat_at = time.monotonic()
            self._drain()
            if self._ended.wait(ROUND_S):
                return
            if self._parent is not None and os.getppid() != self._parent:
                os.kill(os.getpid(), signal.SIGTERM)
