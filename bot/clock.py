"""The clock of a process. Nothing below `bot` reads one; in the demo it is moved together with the stand-in's."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Real time."""

    def epoch(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        return datetime.fromtimestamp(self.epoch(), UTC)


class FileClock(Clock):
    """Real time plus the offset in a small JSON file that somebody else writes; demo only."""

    LOOK_EVERY_S = 0.1

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0.0
        self._looked = -1.0

    def epoch(self) -> float:
        """Return seconds since the epoch, moved by the file's offset."""
        if time.monotonic() - self._looked > self.LOOK_EVERY_S:
            self._looked = time.monotonic()
            # not there yet, or half-way through a change: the last known offset stands
            with suppress(OSError, ValueError, KeyError, TypeError):
                self._offset = float(json.loads(self._path.read_text("utf-8"))["offset_s"])
        return time.time() + self._offset
