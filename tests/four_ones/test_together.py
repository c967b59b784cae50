"""Messages that wait are committed a few at a time: what comes of them is what comes of one after the other."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from household import MOTHER as NAME
from household import PHONES, Home
from rounds_rig import enrol
from sqlalchemy import select
from together import arrive, reader, work_off
from village import Village

from handlers.domain.delivery import label
from handlers.domain.message import Channel
from store import failpoints
from store.cipher import FieldCipher
from store.engine import Database
from store.models import ask, contact_answer, contact_due, enrolment, inbox, need, parcel, reply_window, visit

HERE = Path(__file__).parent
MOTHER, DAUGHTER, NEIGHBOUR, STRANGER = (PHONES[who] for who in ("mother", "daughter", "neighbour", "stranger"))
SAID = [
    (MOTHER, "都好"), (DAUGHTER, "王样花 36.4"), (STRANGER, "36.5"), (MOTHER, "王样花 38.6"), (MOTHER, "王样花 36.8"),
    (NEIGHBOUR, "没事"), (DAUGHTER, "要2袋米 一箱牛奶"), (MOTHER, "昨天王样花36.6"), (MOTHER, "下午吧"),
    (DAUGHTER, "收到啦"), (MOTHER, "63.5"), (MOTHER, "你好"), (DAUGHTER, "王样花38.1"), (MOTHER, "以我的为准"),
    (DAUGHTER, "1"), (MOTHER, "有事"), (MOTHER, "降压药没了"), (MOTHER, "不要再发了"), (STRANGER, "在吗"),
    (MOTHER, "恢复问候"), (MOTHER, "都好"),
]  # fmt: skip


@pytest.fixture
def home(hamlet: Village) -> Home:
    return settled(hamlet)


def settled(village: Village) -> Home:
    made = Home(village)
    enrol(village, (made.code,))
    return made


def stands(village: Village) -> dict[str, list[Any]]:
    """Everything that came of the messages, opened."""
    shown = {
        inbox: ("id", "state", "attempts", "intent", "destroyed"),
        contact_answer: ("contact_id", "subject_id", "day", "speaker", "via", "inbox_id", "state", "said_at"),
        contact_due: ("household_id", "day", "slot", "state", "late", "due_at", "asked_at"),
        need: ("household_id", "subject_id", "state", "inbox_id"),
        enrolment: ("household_id", "plan", "normal_days", "normal_on", "exception_only"),
        ask: ("household_id", "question", "state", "contact_id", "answered_at"),
        parcel: ("id", "purpose", "target", "body", "state", "due_at"),
        visit: ("label", "asked", "asked_at", "seen_at"),
        reply_window: ("label", "opening", "opened_at", "shut_at"),
    }
    with village.database.read() as connection:
        found: dict[str, list[Any]] = {}
        for table, names in shown.items():
            wanted = select(*(table.c[name] for name in names)).order_by(*table.primary_key)
            found[table.name] = [tuple(row) for row in connection.execute(wanted)]
    return found


def commits(village: Village, done: list[str]) -> None:
    """Have every commit of the village's database noted in *done*."""
    held = [village.database.engine.raw_connection() for _ in range(3)]
    for one in held:
        one.driver_connection.set_trace_callback(lambda text: done.append(text) if text == "COMMIT" else None)  # type: ignore[union-attr]
        one.close()


def test_together_comes_to_the_same_as_one_by_one(home: Home, tmp_path: Path) -> None:
    together = home.village
    with together.database.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(tmp_path / "alone.db"),))
    alone = Village(Database(f"sqlite:///{tmp_path / 'alone.db'}"), fresh=False)
    for village in (together, alone):
        arrive(village.store, SAID)
    done: list[str] = []
    commits(together, done)
    made = reader(together.store)
    assert made.handle(made.due()) == len(SAID)
    assert 1 <= len(done) < len(SAID)
    one_by_one = reader(alone.store)
    assert sum(one_by_one.handle([inbox_id]) for inbox_id in one_by_one.due()) == len(SAID)
    assert stands(together) == stands(alone)
    intents = {row[3] for row in stands(together)["inbox"]}
    assert {"one_answered", "one_needs", "one_unread", "one_trouble", "wish_stop"} <= intents
    alone.database.close()


def test_one_that_fails_fails_alone(home: Home) -> None:
    said = [
        (MOTHER, "王样花 36.1"),
        (MOTHER, "王样花 36.2"),
        (DAUGHTER, None),
        (DAUGHTER, "你好"),
        (MOTHER, "王样花 36.3"),
    ]
    arrive(home.village.store, said)
    made = reader(home.village.store)
    assert made.handle(made.due()) == 4
    rows = stands(home.village)
    assert [row[1:3] for row in rows["inbox"]] == [("done", 0), ("done", 0), ("new", 1), ("done", 0), ("done", 0)]
    assert [row[5] for row in rows["contact_answer"]] == [1, 2, 5]


class Once:
    """Fails at the *nth* arrival at a place, and never again."""

    def __init__(self, place: str, nth: int) -> None:
        self._place, self._left = place, nth

    def __call__(self, point: str) -> None:
        if point == self._place:
            self._left -= 1
            if self._left == 0:
                raise RuntimeError(point)


@pytest.fixture
def _unwatched() -> Iterator[None]:
    yield
    failpoints.watch(None)


@pytest.mark.usefixtures("_unwatched")
@pytest.mark.parametrize(
    ("place", "nth"), [("inbox.claimed", 3), ("inbox.before_commit", 1), ("outbox.put.parcels", 4)]
)
def test_what_fails_in_company_is_done_alone(home: Home, place: str, nth: int) -> None:
    arrive(home.village.store, answers(8))
    made = reader(home.village.store)
    failpoints.watch(Once(place, nth))
    assert made.handle(made.due()) == 8
    once_each(home.village, 8)
    assert {row[2] for row in stands(home.village)["inbox"]} == {0}


def test_several_threads_that_look_at_once_do_each_message_once(home: Home) -> None:
    arrive(home.village.store, answers(40))
    made = reader(home.village.store)
    done: list[int] = []
    together = threading.Barrier(4)

    def look() -> None:
        due = made.due()
        together.wait()
        done.append(made.handle(due))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 40
    once_each(home.village, 40)


def answers(count: int) -> list[tuple[str, str]]:
    """So many answers of the mother, each another one."""
    return [(MOTHER, f"{NAME} 36.{n % 9}") for n in range(count)]


def once_each(village: Village, count: int) -> None:
    """Every message is done, and has its one answer and its one reply."""
    rows = stands(village)
    assert [row[1] for row in rows["inbox"]] == ["done"] * count
    assert [row[5] for row in rows["contact_answer"]] == list(range(1, count + 1))
    assert [row[6] for row in rows["contact_answer"]] == ["superseded"] * (count - 1) + ["standing"]
    assert [row[2] for row in rows["parcel"]] == [label(Channel.KF, MOTHER)] * count


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    ["inbox.claimed:1", "inbox.claimed:9", "inbox.handled:7", "inbox.handled:30", "outbox.put.parcels:12",
     "inbox.before_commit:1", "inbox.before_commit:2", "inbox.after_commit:1"],
)  # fmt: skip
def test_killed_among_them_nothing_is_lost_or_doubled(village: Village, place: str) -> None:
    FieldCipher.install(b"sample key of 32 bytes for tests")
    home = settled(village)
    arrive(home.village.store, answers(60))
    url = village.database.url.render_as_string(hide_password=False)
    paths = [str(HERE.parents[1]), str(HERE), str(HERE.parent / "declaration")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "GEYING_CRASH_AT": place}
    died = subprocess.run([sys.executable, str(HERE / "together.py"), url], env=environ, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    done = [row for row in stands(village)["inbox"] if row[1] == "done"]
    assert len(done) < 60
    assert len(stands(village)["contact_answer"]) == len(done)
    assert work_off(village.store) == 60 - len(done)
    once_each(village, 60)
