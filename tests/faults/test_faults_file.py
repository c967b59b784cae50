"""The SQLite file is locked, has no room to grow, may only be read: a callback is answered 503, or 200 with the message
safe in the spool; afterwards nothing that was acknowledged is missing."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults_county import MORNING, County
from faults_rig import children, until
from faults_traffic import asks, nothing_acknowledged_is_lost, spooled, told

from store.accept import Acceptor
from store.engine import Database
from store.inbox import row
from store.spool import Spool

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(180)]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else (a backup, a curious operator) holds the file."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA busy_timeout=5000")
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextlib.contextmanager
def no_room(county: County, largest_file: int) -> Iterator[None]:
    """No file of our processes may grow beyond so many bytes: the disk is full for what is larger."""
    for limit in ((largest_file, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)):
        for pid in children(county.deployment.processes["up"].popen.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        if limit[0] == largest_file:
            yield


Trouble = Callable[[County], contextlib.AbstractContextManager[None]]
TROUBLES: dict[str, tuple[Trouble, set[int]]] = {
    "locked by another program": (lambda county: locked(county.deployment.folder / "geying.db"), {200}),
    "no room for the database": (lambda county: no_room(county, 65_536), {200}),
    "no room for anything": (lambda county: no_room(county, 0), {200, 503}),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_file_that_cannot_be_written(county: County, name: str) -> None:
    trouble, statuses = TROUBLES[name]
    county.deployment.start("up")
    with asks(county) as traffic:
        time.sleep(1)
        with trouble(county):
            time.sleep(3)
            assert (spooled(county) > 0) == (503 not in statuses)
        time.sleep(1)
    nothing_acknowledged_is_lost(county, traffic.ledger)
    assert traffic.ledger.statuses() == statuses
    assert traffic.ledger.p99_s() <= 1.0
    told(name, traffic.ledger)


def test_a_database_that_may_only_be_read(county: County) -> None:
    """In this process: root may write whatever the file says, so the database is opened as one that may not."""
    path = county.deployment.folder / "geying.db"
    spool = Spool(county.deployment.folder / "spool")
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    acceptor = Acceptor(database, spool)
    answers: list[bool] = []
    acceptor.offer(
        row("read-only", "wecom", "text", "u1", None, b"<xml/>", MORNING, MORNING), 1, lambda _, ok: answers.append(ok)
    )
    until(lambda: answers, "an answer", 5)
    acceptor.stop()
    database.close()
    assert answers == [True]
    kept: list[str] = []
    assert spool.drain(lambda rows: kept.extend(made.key for made in rows)) == 1
    assert kept == ["read-only"]
    assert os.listdir(county.deployment.folder / "spool") == []
