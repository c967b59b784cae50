"""The task engine: huey, on a file of its own or on Redis. It only wakes somebody up.

Everything that must happen is a row; a task names a piece of work and the ids it is about, a hundred or more where
there are so many, and may be lost, doubled or late. Losing the whole queue loses nothing: a tick enqueues what is due.
"""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from huey import Huey, PriorityRedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from store.away import is_away
from store.failpoints import reach

log = logging.getLogger(__name__)

IDS_A_TASK = 200
QUICK_S, PATIENT_S = 0.2, 3.0  # enqueuing gives up at once; the consumer's blocking read needs more than its second
RING_EVERY_S = 0.01

Work = Callable[[Sequence[int]], object]


class Engine:
    """Enqueues and runs work. *work* maps a name to what runs it: a callable that takes ids, none meaning "look"."""

    def __init__(self, work: Mapping[str, Work], *, path: Path | None = None, redis_url: str | None = None) -> None:
        if (path is None) == (redis_url is None):
            raise ValueError("the queue lies in a file or in Redis")
        self._work = dict(work)
        self._out = _queue(path, redis_url, QUICK_S)
        self._in = self._out if path is not None else _queue(path, redis_url, PATIENT_S)
        self._task = self._out.task(name="work")(self._run)
        if self._in is not self._out:
            self._in.task(name="work")(self._run)
        self._consumer: Consumer | None = None
        self._watch: threading.Thread | None = None

    def enqueue(self, name: str, ids: Sequence[int] = (), priority: int = 0) -> bool:
        """Have *name* run for *ids*, soon; the higher priority first. False when the queue cannot be reached, which
        costs time and nothing else. Takes 0.2 s at most."""
        if name not in self._work:
            raise ValueError(f"no work is called {name}")
        try:
            for part in portions(ids):
                self._out.enqueue(self._task.s(name, part, priority=priority))
        except Exception as error:  # whatever the queue's driver raises
            log.warning("cannot enqueue %s: %s", name, type(error).__name__)
            return False
        reach("engine.enqueued")
        return True

    def _run(self, name: str, ids: Sequence[int]) -> None:
        reach("engine.taken")
        work = self._work.get(name)
        if work is None:
            log.warning("a task for work nobody here does")
            return
        try:
            work([int(id_) for id_ in ids])
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("%s waits for the database: %s", name, type(error).__name__)
        reach("engine.done")

    def start(self, workers: int = 4) -> None:
        """Run what is enqueued, on threads of this process."""
        self._consumer = _InProcess(self._in, **_settings(workers))
        self._consumer.start()
        self._watch = threading.Thread(target=self._keep_alive, args=(self._consumer,), name="engine", daemon=True)
        self._watch.start()

    @staticmethod
    def _keep_alive(consumer: Consumer) -> None:
        """Replace worker threads that died, until the consumer stops."""
        while not consumer.stop_flag.wait(1.0):
            consumer.check_worker_health()

    def stop(self) -> None:
        """Finish the tasks that are running and take no more."""
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
            self._consumer = None
        if self._watch is not None:
            self._watch.join(5)
            self._watch = None

    def waiting(self) -> int | None:
        """Return how many tasks wait, None when the queue cannot be reached."""
        try:
            return int(self._out.pending_count())
        except Exception:  # whatever the queue's driver raises
            return None

    def close(self) -> None:
        """Give the queue's connections back."""
        for queue in {id(self._in): self._in, id(self._out): self._out}.values():
            queue.storage.close()


def portions(ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield *ids* in even portions of 100 to 200, one portion when there are fewer; one empty portion for none.

    >>> [len(portion) for portion in portions(range(450))], list(portions(()))
    ([150, 150, 150], [[]])
    """
    count = max(1, -(-len(ids) // IDS_A_TASK))
    size = -(-len(ids) // count) or 1
    for start in range(0, max(len(ids), 1), size):
        yield list(ids[start : start + size])


class Bell:
    """Turns "something is new" into a task, without ever making the caller wait: a ring while the last one is still
    being delivered is one ring."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rung: set[str] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._deliver, name="bell", daemon=True)
        self._thread.start()

    def ring(self, name: str) -> None:
        """Have the work *name* look for what is new, soon."""
        with self._lock:
            self._rung.add(name)
        self._wake.set()

    def stop(self) -> None:
        """Deliver what was rung and end."""
        self._ending = True
        self._wake.set()
        self._thread.join(2)

    def _deliver(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            with self._lock:
                names, self._rung = self._rung, set()
            for name in names:
                self._engine.enqueue(name)
            if self._ending:
                return
            time.sleep(RING_EVERY_S)


class _InProcess(Consumer):  # type: ignore[misc]
    """A consumer that leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        pass


class _Json(Serializer):  # type: ignore[misc]
    """Messages as JSON. huey's own choice is pickle: whoever can write to the queue could run anything."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data, separators=(",", ":")).encode()

    def _deserialize(self, data: bytes) -> Any:
        read = json.loads(bytes(data))
        return Message(*read) if isinstance(read, list) else read


def _queue(path: Path | None, redis_url: str | None, patience_s: float) -> Huey:
    common = {"name": "geying", "results": False, "serializer": _Json()}
    if path is not None:
        _usable(path)
        return SqliteHuey(filename=str(path), fsync=False, **common)
    assert redis_url is not None
    import redis  # only where a Redis is configured
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    pool = redis.ConnectionPool.from_url(
        redis_url, socket_timeout=patience_s, socket_connect_timeout=QUICK_S, retry=Retry(NoBackoff(), 0)
    )
    return PriorityRedisHuey(connection_pool=pool, **common)


def _usable(path: Path) -> None:
    """Make room for the queue's file: one that a power cut spoilt is thrown away, and with it nothing but time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA quick_check").fetchone()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # busy, or no permission: not spoilt
            return
        log.warning("the queue's file is spoilt and begun anew")
        for rest in ("", "-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)


def _settings(workers: int) -> dict[str, Any]:
    for name in ("huey", "huey.consumer"):  # at INFO huey tells every task twice
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("huey.consumer").addFilter(_once_in_a_while)
    return {
        "workers": workers,
        "periodic": False,
        "initial_delay": 0.02,
        "max_delay": 0.2,
        "scheduler_interval": 60,
    }


_told: dict[str, float] = {}


def _once_in_a_while(record: logging.LogRecord) -> bool:
    """Let the same complaint (Redis is away: every worker, five times a second) through once in ten seconds."""
    now, last = time.monotonic(), _told.get(str(record.msg), -10.0)
    if now - last < 10.0:
        return False
    _told[str(record.msg)] = now
    return True
