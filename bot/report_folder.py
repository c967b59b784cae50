"""A county's own reports: YAML templates in a folder beside `hierarchy.yaml`, in force as soon as all of them pass."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from nlp.lexicon import adopt

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
LARGEST = 100_000  # bytes of one template: a folder of reports is no place for anything else
MOST = 50
_Seen = tuple[tuple[str, int, int], ...]


class ReportFolder:
    """Puts the templates of *folder* in force, and again whenever a file is added, changed or taken away.

    With any fault in any file nothing changes: what was read before reads on. None for *folder*: there are none.
    """

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._seen: _Seen = ()
        self._looked_at = float("-inf")

    def refresh(self) -> None:
        """Look whether the folder changed, at most every five seconds; faults are logged once, by file."""
        if self._folder is None or self._clock() - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = self._clock()
        seen = self._files()
        if seen == self._seen:
            return
        self._seen = seen
        faults = self.adopt_all()
        for fault in faults:
            log.error("report templates not changed: %s", fault)
        if not faults:
            log.info("report templates in force: %s", ", ".join(name for name, _, _ in seen) or "none of the county's")

    def adopt_all(self) -> list[str]:
        """Put all files of the folder in force now; return their faults in Chinese, [] when they hold."""
        if self._folder is None:
            return []
        files = [self._folder / name for name, _, _ in self._files()]
        if len(files) > MOST:
            return [f"{self._folder.name} 里最多放 {MOST} 个模板"]
        texts: dict[str, str] = {}
        for path in files:
            try:
                if path.stat().st_size > LARGEST:
                    return [f"{path.name} 太大"]
                texts[path.stem] = path.read_text("utf-8-sig")
            except UnicodeDecodeError:
                return [f"{path.name} 不是 UTF-8 编码"]
            except OSError:
                return [f"读不到 {path.name}"]
        return adopt(texts)

    def _files(self) -> _Seen:
        assert self._folder is not None
        try:
            found = sorted(self._folder.glob("*.yaml"))
            return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in found if path.is_file())
        except OSError:  # taken away between the listing and the look: the next look sees it
            return self._seen
