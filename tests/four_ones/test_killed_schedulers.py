"""Four schedulers, real processes, killed at random: over the Spring Festival and a month's end each contact once.

Nothing may be late either: when one is killed, three go on.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
from rounds_rig import HOMES, PLANNED
from test_faulty_days import SLOTS, Faulty
from village import Village

from handlers import ask_households, open_rounds, send_lists
from store.cipher import FieldCipher

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
EVE = date(2020, 1, 24)
STEPS = (clock_time(8, 59), clock_time(9, 0), clock_time(9, 12), clock_time(9, 25), clock_time(16, 25),
         clock_time(23, 59, 59))  # fmt: skip


class Four:
    """Four processes that tick by the clock in a file."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self.clock = url, folder / "clock"
        self.clock.write_text("0")
        paths = [str(HERE.parents[1]), str(HERE), str(HERE.parent / "declaration")]
        self._environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        self._processes = [self._start() for _ in range(4)]
        self.kills = 0

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(HERE / "killed_driver.py"), self._url, str(self.clock)]
        return subprocess.Popen(command, env=self._environ, stderr=subprocess.PIPE)

    def set(self, moment: datetime) -> None:
        new = self.clock.with_suffix(".new")
        new.write_text(str(moment.timestamp()))
        new.replace(self.clock)

    def kill(self, which: int) -> None:
        """One dies as if the power went, and another is started in its place."""
        process = self._processes[which]
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.kills += 1
        self._processes[which] = self._start()

    def end(self) -> None:
        self.clock.write_text("-1")
        said = [self._last_words(process) for process in self._processes]
        assert [words for words in said if words] == []

    def _last_words(self, process: "subprocess.Popen[bytes]") -> str:
        """Return what a process that did not end well said; "" when it ended as it should."""
        try:
            _, said = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "does not end"
        return said.decode() if process.returncode else ""


@pytest.fixture(autouse=True)
def _their_key() -> None:
    """The processes open what this one sealed: with the key they know, whatever another test installed."""
    FieldCipher.install(b"sample key of 32 bytes for tests")


@pytest.fixture
def four(village: Village, tmp_path: Path) -> Iterator[Four]:
    url = village.database.url.render_as_string(hide_password=False)
    made = Four(url, tmp_path)
    yield made
    made.end()


def quiet(village: Village) -> bool:
    """Whether nothing is due."""
    with village.store.read() as work:
        return not any(verb.due(work, village.ctx) for verb in (open_rounds, ask_households, send_lists))


def live(village: Village, four: Four, days: int, share: float) -> Faulty:
    """Live through days; at each step one of the four is killed now and then, some milliseconds into the work."""
    village.now = datetime.combine(EVE, clock_time(8), PLANNED.tz)
    faulty, dice = Faulty(village, 7, EVE), random.Random(7)
    for number in range(days):
        for at in STEPS:
            village.now = datetime.combine(EVE + timedelta(days=number), at, PLANNED.tz)
            if at == STEPS[0]:
                faulty._everybody_speaks()
            four.set(village.now)
            if dice.random() < share:
                time.sleep(dice.uniform(0, 0.03))
                four.kill(dice.randrange(4))
            until = time.monotonic() + 20
            while not quiet(village):
                assert time.monotonic() < until, village.now
                time.sleep(0.004)
    return faulty


def check(faulty: Faulty, days: int) -> None:
    found = faulty.contacts()
    wanted = {(code, EVE + timedelta(days=n), slot) for code in HOMES for n in range(days) for slot in SLOTS}
    assert Counter(row[:3] for row in found) == dict.fromkeys(wanted, 1)
    assert not [row for row in found if row[4] or row[5] is None]  # none late, each asked
    twice_a_day = {(f"wm{code}", (EVE + timedelta(days=n)).isoformat()) for code in HOMES for n in range(days)}
    assert faulty.questions() == dict.fromkeys(twice_a_day, 2)
    mornings = {("lv", (EVE + timedelta(days=n)).isoformat()) for n in range(days)}
    assert {row: n for row, n in faulty.lists().items() if row[0] == "lv"} == dict.fromkeys(mornings, 1)


def test_spring_festival_and_a_months_end(village: Village, four: Four) -> None:
    """From New Year's Eve to the second of February on SQLite, two days on PostgreSQL."""
    days = 10 if village.database.sqlite else 2
    faulty = live(village, four, days, 0.15 if village.database.sqlite else 0.25)
    assert four.kills >= (7 if village.database.sqlite else 3)
    check(faulty, days)
