"""Step templates and matters of a county, read again whenever a file of their folders changes, without a restart.

All files of both folders hold together: with any fault in any of them nothing changes, and the log says where it is.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot import matters_part, steps_part
from handlers.domain.county import County
from handlers.domain.errors import BadSetting

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
_Seen = tuple[tuple[str, int, int], ...]


class PlanFolders:
    """The folders that `steps:` and `matters:` of `hierarchy.yaml` name; None where it names none."""

    def __init__(
        self, steps: Path | None = None, matters: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._steps, self._matters, self._clock = steps, matters, clock
        self._lock = threading.Lock()
        self._seen = self._files()
        self._looked_at = float("-inf")

    def refreshed(self, county: County) -> County:
        """Return *county* with what the folders say now, *county* itself when that is what it says, or is not sound.
        Looks at most every five seconds; a fault is logged once."""
        if (self._steps is None and self._matters is None) or self._clock() - self._looked_at < LOOK_EVERY_S:
            return county
        with self._lock:
            self._looked_at = self._clock()
            seen = self._files()
            if seen == self._seen:
                return county
            self._seen = seen
            return self._read(county)

    def _read(self, county: County) -> County:
        faults: list[str] = []
        steps, matters = county.steps, county.matters
        try:
            steps = steps_part.read(self._steps) if self._steps is not None else steps
        except BadSetting as error:
            faults += str(error).splitlines()
        try:
            matters = matters_part.read(self._matters) if self._matters is not None else matters
        except BadSetting as error:
            faults += str(error).splitlines()
        faults += [f"{folder.name}:文件夹不在了" for folder in self._folders() if not folder.is_dir()]
        for fault in faults:
            log.error("steps and matters not changed: %s", fault)
        if faults:
            return county
        log.info(
            "steps and matters in force: %s", ", ".join([*(one.key for one in steps), *(one.key for one in matters)])
        )
        return replace(county, steps=steps, matters=matters)

    def _folders(self) -> list[Path]:
        return [folder for folder in (self._steps, self._matters) if folder is not None]

    def _files(self) -> _Seen:
        try:
            found = [path for folder in self._folders() for path in sorted(folder.glob("*.yaml")) if path.is_file()]
            return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found)
        except OSError:  # taken away between the listing and the look: the next look sees it
            return ()
