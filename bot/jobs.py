"""The ticks on a clock: APScheduler only says when; what is due is rows, and a tick lost or doubled is harmless."""

import logging
import time
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from bot.parts import Parts
from handlers.domain.errors import GeyingError

log = logging.getLogger(__name__)

SAY_AGAIN_S = 10.0
ENQUEUED_AT_MOST = 100  # tasks; when nobody works them off, more of the same would only fill the queue


class Jobs:
    """The scheduler of one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that outlasts its second is no news
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(job_defaults=options, timezone="UTC")
        for work, seconds in (
            (self._sweep, 0.3),
            (self._tick, 1.0),
            (parts.ticks.sweep, 2.0),
            (parts.pull_kf, 2.0),
            (parts.ticks.drain_spool, 2.0),
            (parts.ticks.beat, 10.0),
            (parts.keeping.run, 600.0),
            (parts.ticks.rotate, 600.0),
        ):
            self._scheduler.add_job(safely(work), "interval", seconds=seconds, name=work.__name__)

    def start(self) -> None:
        """Tick, first of all for what a process that died before us left under way."""
        self._scheduler.add_job(safely(self._parts.ticks.sweep), name="sweep at start")
        self._scheduler.add_job(safely(self._parts.keeping.forget_again), name="forget again at start")
        self._scheduler.start()

    def stop(self) -> None:
        """Let the running tick end and tick no more."""
        self._scheduler.shutdown(wait=True)

    def _sweep(self) -> None:
        """Enqueue whatever is due: a lost queue, or a ring nobody heard, costs this long and nothing else. Where there
        is no queue to be had, do it here."""
        parts = self._parts
        if (parts.engine.waiting() or 0) > ENQUEUED_AT_MOST:
            return
        waiting = parts.reader.due()
        if waiting and not parts.engine.enqueue("inbox", waiting, priority=10):
            parts.read_inbox(waiting)
        due = parts.due_parcels()
        if due and not parts.engine.enqueue("outbox", due):
            parts.send_outbox(due)

    def _tick(self) -> None:
        if self._parts.ticks.run():
            self._parts.bell.ring("outbox")


def safely(work: Callable[[], object]) -> Callable[[], bool]:
    """Return *work* as something that never raises: a failure is logged, once in ten seconds, and it comes again.

    What is returned answers whether it went well.
    """
    said_at = float("-inf")

    def run() -> bool:
        nonlocal said_at
        try:
            work()
        except Exception as error:  # the database may be away for a while; the scheduler must not die of it
            if time.monotonic() - said_at > SAY_AGAIN_S:
                said_at = time.monotonic()
                said = str(error) if isinstance(error, GeyingError) else type(error).__name__
                log.error("tick failed: %s", said, exc_info=log.isEnabledFor(logging.DEBUG))
            return False
        return True

    return run
