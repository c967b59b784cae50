"""Named places where a test may kill this process, as a power cut would. Free of cost when nobody asks.

`GEYING_CRASH_AT=sender.half_sent` kills on the first arrival there, `sender.half_sent:3` on the third. With
`GEYING_CRASH_ONCE=FILE` only one process dies, the one that makes FILE: whoever is started in its place goes on. Used
by the crash tests with real processes; never set it on a machine that serves.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from itertools import count

POINTS = (
    # letters are written
    "outbox.put.parcels",
    "outbox.put.deliveries",
    "outbox.put.before_commit",
    "outbox.put.after_commit",
    # parcels are taken
    "outbox.claim.taken",
    "outbox.claim.paced",
    "outbox.claim.split",
    "sender.claimed",
    # and sent
    "sender.before_send",
    "sender.written",
    "sender.half_sent",
    "sender.answered",
    "sender.before_record",
    "outbox.record.parcels",
    "outbox.record.deliveries",
    "sender.recorded",
    # what is left over
    "outbox.sweep.released",
    "outbox.expire.marked",
    "outbox.cancel.stopped",
    # the task engine
    "engine.enqueued",
    "engine.taken",
    "engine.done",
    # the access token
    "token.leased",
    "token.fetched",
    "token.kept",
    # what comes in
    "accept.before_commit",
    "accept.after_commit",
    "spool.written",
    "spool.synced",
    "spool.drained",
    "inbox.claimed",
    "inbox.handled",
    "inbox.before_commit",
    "inbox.after_commit",
    "tick.before_commit",
    "tick.after_commit",
    "resume.before_commit",
    # what residents said is pulled
    "kf.leased",
    "kf.pulled",
    "kf.before_commit",
    "kf.after_commit",
)

_WANTED, _, _NTH = os.environ.get("GEYING_CRASH_AT", "").partition(":")
_ONCE = os.environ.get("GEYING_CRASH_ONCE", "")
_ARRIVALS = count(1)
_watcher: Callable[[str], None] | None = None

if _WANTED and (_WANTED not in POINTS or not (_NTH or "1").isdigit()):
    raise ValueError(f"GEYING_CRASH_AT names no known place: {_WANTED}")


def watch(watcher: Callable[[str], None] | None) -> None:
    """Have *watcher* hear of every place that is reached; a simulation in one process dies by what it raises."""
    global _watcher
    _watcher = watcher


def reach(point: str) -> None:
    """Die here by SIGKILL when this is the place that was asked for."""
    if _watcher is not None:
        _watcher(point)
    if not _WANTED:
        return
    if point not in POINTS:
        raise ValueError(f"{point} is missing in store.failpoints.POINTS")
    if point == _WANTED and next(_ARRIVALS) == int(_NTH or 1) and _first():
        os.kill(os.getpid(), signal.SIGKILL)


def _first() -> bool:
    if not _ONCE:
        return True
    with suppress(FileExistsError), open(_ONCE, "x") as note:
        note.write(str(os.getpid()))
        return True
    return False
