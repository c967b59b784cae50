"""The stand-in's clock: real time plus an offset, so that expiries, windows and quotas can be fast-forwarded.

Every time the clock is moved its offset is written to *clock_file* as ``{"offset_s": float}``; a process that
shares the clock reads that file. The write is a rename, so a reader never sees half a file.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8))


class Clock:
    """Seconds since the epoch as the stand-in sees them."""

    def __init__(self, file: str | Path | None = None) -> None:
        self._file = Path(file) if file else None
        self.offset_s = _read_offset(self._file)
        self._write()

    def now(self) -> float:
        """Seconds since the epoch, moved by the offset."""
        return time.time() + self.offset_s

    def advance(self, seconds: float) -> float:
        """The new time after moving by *seconds* (may be negative)."""
        self.offset_s += seconds
        self._write()
        return self.now()

    def set(self, moment: float) -> float:
        """The new time, which is *moment* (seconds since the epoch)."""
        return self.advance(moment - self.now())

    def reset(self) -> None:
        self.offset_s = 0.0
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_name(self._file.name + ".new")
        scratch.write_text(json.dumps({"offset_s": self.offset_s}), encoding="utf-8")
        os.replace(scratch, self._file)


def _read_offset(file: Path | None) -> float:
    """The offset another run left in *file*, so that a restarted stand-in keeps the time its peers already use."""
    if file is None or not file.exists():
        return 0.0
    return float(json.loads(file.read_text(encoding="utf-8")).get("offset_s", 0.0))


def iso(moment: float) -> str:
    """*moment* in China's time with its offset, to the millisecond."""
    return datetime.fromtimestamp(moment, SHANGHAI).isoformat(timespec="milliseconds")


def parse_moment(value: object) -> float:
    """Seconds since the epoch from a number or an ISO string; a string without an offset is China's time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC).timestamp()
