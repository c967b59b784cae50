"""The ticks on a clock: APScheduler only says when; what is due is rows, and a tick lost or doubled is harmless."""

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from bot.parts import Parts
from handlers.domain.errors import GeyingError

log = logging.getLogger(__name__)

ONE_DAY_S = 86_400


class Jobs:
    """The scheduler of one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(job_defaults=options, timezone="UTC")
        for work, seconds in (
            (self._sweep, 0.3),
            (self._tick, 1.0),
            (parts.ticks.sweep, 2.0),
            (parts.ticks.drain_spool, 2.0),
            (parts.ticks.beat, 10.0),
            (parts.ticks.age, 600.0),
        ):
            self._scheduler.add_job(_safely(work), "interval", seconds=seconds)

    def start(self) -> None:
        """Say that we are back, then tick."""
        _safely(self._parts.ticks.resume)()
        self._scheduler.start()

    def stop(self) -> None:
        """Let the running tick end and tick no more."""
        self._scheduler.shutdown(wait=True)

    def _sweep(self) -> None:
        """Enqueue whatever is due: a lost queue, or a ring nobody heard, costs this long and nothing else."""
        waiting = self._parts.reader.due()
        if waiting:
            self._parts.engine.enqueue("inbox", waiting, priority=10)
        due = self._parts.due_parcels()
        if due:
            self._parts.engine.enqueue("outbox", due)

    def _tick(self) -> None:
        if self._parts.ticks.run():
            self._parts.bell.ring("outbox")


def _safely(work: Callable[[], object]) -> Callable[[], None]:
    """A tick that fails is logged and comes again; the scheduler must not die of it."""

    def run() -> None:
        try:
            work()
        except GeyingError as error:
            log.error("tick failed: %s", error)
        except Exception as error:  # the database may be away for a while
            log.error("tick failed: %s", type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))

    return run
