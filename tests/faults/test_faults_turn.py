"""Two processes that tick at once: one of them does, and what is due happens once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults_rig import ROOT, until
from town import Town

from bot.ticks import Ticks
from store.engine import Database
from store.turn import turn

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.timeout(120)]

HOLD = """
import sys, time
from store.engine import Database
from store.turn import turn
with turn(Database(sys.argv[1]), "ticks") as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


def test_only_one_has_the_turn_until_its_block_ends(postgresql_url: str) -> None:
    one, other = Database(postgresql_url), Database(postgresql_url)
    with turn(one, "ticks") as first, turn(other, "ticks") as second, turn(other, "another") as third:
        assert (first, second, third) == (True, False, True)
    with turn(other, "ticks") as again:
        assert again
    one.close()
    other.close()


def test_the_turn_of_a_killed_process_is_free(postgresql_url: str) -> None:
    command = [sys.executable, "-c", HOLD, postgresql_url]
    database = Database(postgresql_url)

    def free() -> bool:
        with turn(database, "ticks") as ours:
            return ours

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        assert not free()
        process.send_signal(signal.SIGKILL)
        until(free, "the turn of the dead", 10)
    database.close()


@pytest.fixture
def town(tmp_path: Path, postgresql_url: str) -> Iterator[Town]:
    made = Town(tmp_path, database_url=postgresql_url)
    yield made
    made.close()


def test_two_that_tick_remind_everybody_once(town: Town) -> None:
    lead = "yt_t105_lead"
    town.say(lead, "启动战时 依据县防指〔2026〕3号 到2月20日")
    town.say(lead, "急 给所有网格发 今晚关好门窗")
    town.say(lead, "发")
    town.forward(seconds=2)
    owed = count(town, "SELECT count(*) FROM receipt WHERE state = 'waiting'")
    assert owed > 20
    parts = town.parts
    both = [Ticks(parts.store, parts.counties, parts.spool, parts.papers, parts.owned) for _ in range(2)]
    town.clock.offset_s += 601
    together = threading.Barrier(2)

    def tick(ticks: Ticks) -> None:
        ticks.run()  # the tree is there
        together.wait()
        for _ in range(20):
            ticks.run()

    for one in both:
        one._recount()
    threads = [threading.Thread(target=tick, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(town, "SELECT count(*) FROM delivery WHERE purpose = 'reminder'") == owed


def count(town: Town, query: str) -> int:
    with town.parts.store.read() as work:
        return int(work.connection.exec_driver_sql(query).scalar() or 0)
