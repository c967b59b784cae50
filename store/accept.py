"""Durable acceptance: one thread commits whatever arrived during its last commit; the spool takes over when it cannot.

A row offered here is answered True only after it is committed or lies in an fsynced spool file. A commit that takes
longer than *patience* is left to finish by itself while a watch hands its batch, and whatever arrives meanwhile, to
the spool: the unique key makes a second arrival harmless, and the platform has its answer within its 5 s.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from store.engine import Database
from store.failpoints import reach
from store.inbox import InboxWriter, Row
from store.spool import Spool, SpoolFull

log = logging.getLogger(__name__)

Waker = Callable[[Sequence[Any], bool], None]
Waiting = tuple[Row, Any, Waker]

BATCH = 512
WAITING_LIMIT = 8192
WATCH_EVERY_S = 0.05


class Overloaded(Exception):
    """More is waiting than can be answered in time; the platform will try again."""


class Acceptor:
    """The single writer of a process. *on_committed* hears that a batch came in; it must not block."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        on_committed: Callable[[], None] = lambda: None,
        patience_s: float = 0.8,
    ) -> None:
        self._writer, self._spool, self._ring, self._patience = InboxWriter(database), spool, on_committed, patience_s
        self._waiting: deque[Waiting] = deque()
        self._arrived = threading.Event()
        self._lock = threading.Lock()
        self._batch: list[Waiting] | None = None  # in the database's hands; whoever takes it out settles it
        self._since = 0.0
        self._ending = False
        self._threads = [
            threading.Thread(target=self._commit_all, name="accept", daemon=True),
            threading.Thread(target=self._watch, name="accept-watch", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def offer(self, row: Row, token: Any, wake: Waker) -> None:
        """Take *row*; later, once for all rows of a batch, ``wake(tokens, durable)`` is called from another thread."""
        if len(self._waiting) >= WAITING_LIMIT or self._ending:
            raise Overloaded
        self._waiting.append((row, token, wake))
        self._arrived.set()

    def stop(self) -> None:
        """Finish what was offered and end the threads."""
        self._ending = True
        self._arrived.set()
        for thread in self._threads:
            thread.join(5)

    def _take(self) -> list[Waiting]:
        batch: list[Waiting] = []
        try:
            while len(batch) < BATCH:
                batch.append(self._waiting.popleft())
        except IndexError:
            pass
        return batch

    def _commit_all(self) -> None:
        while True:
            self._arrived.wait()
            self._arrived.clear()
            while batch := self._take():
                self._commit(batch)
            if self._ending:
                self._writer.close()
                return

    def _commit(self, batch: list[Waiting]) -> None:
        self._since = time.monotonic()
        self._batch = batch
        error: Exception | None = None
        try:
            reach("accept.before_commit")
            self._writer.write([row for row, _, _ in batch])
            reach("accept.after_commit")
        except Exception as caught:  # whatever the driver raises, the batch goes to the spool
            error = caught
        with self._lock:
            mine, self._batch = self._batch is batch, None
        if error is not None:
            log.warning("inbox commit failed: %s", type(error).__name__)
        if mine:
            if error is None:
                _settle(batch, True)
            else:
                self._to_spool(batch)
        if error is None:
            self._ring()

    def _watch(self) -> None:
        """Hand to the spool what a stuck commit holds up."""
        stuck = False
        while not (self._ending and not self._waiting and self._batch is None):
            time.sleep(WATCH_EVERY_S)
            with self._lock:
                held = self._batch
                if held is not None and time.monotonic() - self._since > self._patience:
                    self._batch, stuck = [], True  # not None: the commit is still out there
                elif held is None:
                    stuck = False
                    continue
                elif not stuck:
                    continue
                else:
                    held = []
            for batch in (held, self._take()):
                if batch:
                    self._to_spool(batch)

    def _to_spool(self, batch: Sequence[Waiting]) -> None:
        try:
            self._spool.append([row for row, _, _ in batch])
        except (OSError, SpoolFull) as error:
            log.error("spool refused: %s", type(error).__name__)
            _settle(batch, False)
        else:
            _settle(batch, True)


def _settle(batch: Sequence[Waiting], durable: bool) -> None:
    by_waker: dict[Waker, list[Any]] = {}
    for _, token, wake in batch:
        by_waker.setdefault(wake, []).append(token)
    for wake, tokens in by_waker.items():
        wake(tokens, durable)
