"""A thread that does things for others, one after the other, so that nobody waits longer than he can afford."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

Made = TypeVar("Made")


class Aside:
    """Does what it is asked on its own thread; *limit* things may wait. The thread starts with the first of them."""

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._asked: queue.Queue[tuple[Callable[[], Any], Future[Any]]] = queue.Queue(limit)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Return whether something waits."""
        return not self._asked.empty()

    def ask(self, work: Callable[[], Made], patience_s: float) -> Made | None:
        """Return what *work* made; None when that took longer (it is done all the same), failed, or too much waits
        already (then it is not done)."""
        done: Future[Made] = Future()
        try:
            self._asked.put_nowait((work, done))
        except queue.Full:
            return None
        self._start()
        try:
            return done.result(patience_s)
        except FutureTimeout:
            return None
        except Exception:  # whoever asks has only this moment; the work says for itself what went wrong
            return None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            work, done = self._asked.get()
            try:
                done.set_result(work())
            except Exception as error:  # for the one who asked
                done.set_exception(error)
