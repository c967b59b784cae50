"""Whoever wants to write has their turn in the order they asked, however eager the one before is."""

import threading
import time

import pytest

from store.line import Line


def waits_for(line: Line, count: int) -> None:
    until = time.monotonic() + 5
    while len(line._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_one_at_a_time_in_the_order_they_asked() -> None:
    line, came = Line(), list[int]()

    def want(who: int) -> None:
        with line:
            came.append(who)

    threads = [threading.Thread(target=want, args=(who,)) for who in range(5)]
    with line:
        assert not line.crowded
        for who, thread in enumerate(threads):
            thread.start()
            waits_for(line, who + 1)
        assert line.crowded
        assert came == []
    with line:  # asked for again at once, and yet behind them all
        assert came == [0, 1, 2, 3, 4]
    for thread in threads:
        thread.join()
    assert not line.crowded


def test_many_threads_never_meet() -> None:
    line, inside, most = Line(), 0, 0

    def go() -> None:
        nonlocal inside, most
        for _ in range(300):
            with line:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 1
    assert not line.crowded


class _Interrupted(threading.Thread):
    """Waits in line and leaves it before its turn, as an interrupted main thread does."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def run(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        self._line._waiting.append(mine)
        self._line._leave(mine)


def test_whoever_leaves_the_line_holds_nobody_up() -> None:
    line = Line()
    with line:
        gone = _Interrupted(line)
        gone.start()
        gone.join()
        assert not line.crowded
    with line:
        pass
    handed = threading.Lock()
    line.__enter__()
    line._leave(handed)  # not in the line any more: it had become their turn
    with line:
        pass


def test_an_error_inside_gives_the_turn_back() -> None:
    line = Line()
    with pytest.raises(ValueError, match="x"), line:
        raise ValueError("x")
    with line:
        pass
