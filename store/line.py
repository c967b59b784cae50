"""Whoever wants to write stands in line: SQLite takes one writer, and a process has several threads that want to."""

import threading
from collections import deque


class Line:
    """A lock that is given in the order it was asked for. With a plain one, a thread that lets go and asks again at
    once (it works off a backlog) would have it again before those who wait are awake, for seconds on end."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @property
    def crowded(self) -> bool:
        """Return whether somebody waits."""
        return bool(self._waiting)

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()  # whoever is before us opens it
        except BaseException:  # the main thread was interrupted
            self._leave(mine)
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _leave(self, mine: threading.Lock) -> None:
        with self._guard:
            waits = mine in self._waiting
            if waits:
                self._waiting.remove(mine)
        if not waits:  # it had become our turn
            self.__exit__()
