"""The task engine, on its file and on Redis: it wakes somebody up, and may be lost without losing anything."""

from __future__ import annotations

import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import redis
from services import redis_server

from bot.engine import Bell, Engine, portions

pytestmark = pytest.mark.long


class Done:
    """Work that notes what it was asked to do."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.order: list[str] = []
        self.hold = threading.Event()
        self.hold.set()

    def outbox(self, ids: Sequence[int]) -> None:
        self.hold.wait(10)
        self.calls.append(list(ids))
        self.order.append("outbox")

    def inbox(self, ids: Sequence[int]) -> None:
        self.order.append("inbox")
        self.calls.append(list(ids))

    def fails(self, _ids: Sequence[int]) -> None:
        self.order.append("fails")
        raise RuntimeError("this work fails")

    @property
    def work(self) -> dict[str, Callable[[Sequence[int]], None]]:
        return {"outbox": self.outbox, "inbox": self.inbox, "fails": self.fails}

    def wait(self, count: int, seconds: float = 10) -> None:
        until = time.monotonic() + seconds
        while len(self.order) < count:
            assert time.monotonic() < until, self.order
            time.sleep(0.005)


@pytest.fixture
def done() -> Done:
    return Done()


@pytest.fixture(params=["file", pytest.param("redis", marks=pytest.mark.redis)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, done: Done) -> Iterator[Engine]:
    if request.param == "file":
        made = Engine(done.work, path=tmp_path / "queue.db")
    else:
        made = Engine(done.work, redis_url=request.getfixturevalue("redis_url"))
    yield made
    made.stop()
    made.close()


def test_work_is_done_for_its_ids(engine: Engine, done: Done) -> None:
    engine.start(2)
    assert engine.enqueue("outbox", [3, 1, 2])
    done.wait(1)
    assert done.calls == [[3, 1, 2]]


def test_a_task_carries_a_hundred_ids_where_there_are_so_many(engine: Engine, done: Done) -> None:
    engine.enqueue("outbox", range(1431))
    assert engine.waiting() == 8
    engine.start(2)
    done.wait(8)
    assert sorted(id_ for call in done.calls for id_ in call) == list(range(1431))
    assert min(len(call) for call in done.calls) >= 100


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (99, [99]), (200, [200]), (201, [101, 100])])
def test_portions(count: int, sizes: list[int]) -> None:
    assert [len(part) for part in portions(range(count))] == sizes


def test_no_ids_mean_look(engine: Engine, done: Done) -> None:
    engine.start(1)
    engine.enqueue("inbox")
    done.wait(1)
    assert done.calls == [[]]


def test_the_urgent_overtakes(engine: Engine, done: Done) -> None:
    for number in range(5):
        engine.enqueue("outbox", [number])
    engine.enqueue("inbox", [99], priority=20)
    engine.start(1)
    done.wait(6)
    assert done.order[0] == "inbox"
    assert [call[0] for call in done.calls[1:]] == [0, 1, 2, 3, 4]


def test_work_that_fails_stops_nobody(engine: Engine, done: Done, caplog: pytest.LogCaptureFixture) -> None:
    engine.start(1)
    engine.enqueue("fails")
    engine.enqueue("inbox", [1])
    done.wait(2)
    assert done.calls == [[1]]
    assert "this work fails" in caplog.text


def test_stopping_finishes_what_runs_and_keeps_the_rest(engine: Engine, done: Done) -> None:
    done.hold.clear()
    engine.start(1)
    engine.enqueue("outbox", [1])
    engine.enqueue("outbox", [2])
    time.sleep(0.5)
    threading.Timer(0.2, done.hold.set).start()
    engine.stop()
    assert done.calls == [[1]]
    assert engine.waiting() == 1
    engine.start(1)
    done.wait(2)
    assert done.calls == [[1], [2]]


def test_nobody_is_called_by_a_name_we_do_not_know(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no work"):
        engine.enqueue("rm -rf")


def test_a_queue_is_one_or_the_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="file or in Redis"):
        Engine({}, path=tmp_path / "q.db", redis_url="redis://127.0.0.1/0")
    with pytest.raises(ValueError, match="file or in Redis"):
        Engine({})


@pytest.mark.redis
def test_what_lies_in_the_queue_is_json_and_pickles_are_not_opened(redis_url: str, done: Done) -> None:
    engine = Engine(done.work, redis_url=redis_url)
    engine.enqueue("inbox", [1, 2])
    client = redis.Redis.from_url(redis_url)
    (key,) = client.keys()
    ((raw, _score),) = client.zrange(key, 0, -1, withscores=True)
    assert raw[8:].startswith(b"[")
    client.zadd(key, {raw[:8] + pickle.dumps(Boom()): -100})  # first in the queue
    engine.start(1)
    done.wait(1)
    assert done.calls == [[1, 2]]
    assert not Boom.opened
    engine.stop()
    engine.close()
    client.close()


class Boom:
    """A pickle that would run code when opened."""

    opened = False

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (setattr, (Boom, "opened", True))


def test_a_bell_is_one_ring_however_often(engine: Engine, done: Done) -> None:
    bell = Bell(engine)
    for _ in range(1000):
        bell.ring("inbox")
    bell.stop()
    engine.start(1)
    done.wait(1)
    time.sleep(0.2)
    assert 1 <= len(done.calls) <= 20


def test_what_rings_while_it_is_delivered_rings_again(engine: Engine, done: Done) -> None:
    engine.start(1)
    bell = Bell(engine)
    for number in range(1, 4):
        bell.ring("inbox")
        done.wait(number)
    bell.stop()


@pytest.mark.redis
def test_a_hung_redis_holds_nobody_up(done: Done) -> None:
    with redis_server() as service:
        engine = Engine(done.work, redis_url=service.url)
        engine.enqueue("inbox")
        bell = Bell(engine)
        service.process.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        for _ in range(10_000):
            bell.ring("inbox")
        assert time.monotonic() - started < 0.2
        started = time.monotonic()
        assert engine.enqueue("inbox", [1]) is False
        assert time.monotonic() - started < 1.0
        assert engine.waiting() is None
        service.process.send_signal(signal.SIGCONT)
        engine.start(1)
        bell.ring("outbox")
        done.wait(1)
        bell.stop()
        engine.stop()
        engine.close()


@pytest.mark.redis
def test_workers_outlive_a_redis_that_went_away(done: Done) -> None:
    with redis_server() as service:
        port = int(service.url.rsplit(":", 1)[1].split("/")[0])
        engine = Engine(done.work, redis_url=service.url)
        engine.start(2)
        engine.enqueue("inbox", [1])
        done.wait(1)
        client = redis.Redis(port=port)
        client.flushall()
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        until = time.monotonic() + 10
        while not engine.enqueue("inbox", [2]):
            assert time.monotonic() < until
        done.wait(2)
        client.close()
        engine.stop()
        engine.close()
