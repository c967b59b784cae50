"""A sending process is killed at every named place, started again, and nothing is lost or seen twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crash_driver import HOT, PEOPLE, POSTS, RELAYS

from standin.server import StandIn
from store.engine import Database
from store.failpoints import POINTS
from store.models import metadata
from store.outbox import OutboxRepo

ROOT = Path(__file__).parents[2]
SENDERS = [p for p in POINTS if p.split(".")[0] in ("outbox", "sender", "engine", "token")]
LATER = {"sender.written": 20, "sender.answered": 20, "sender.before_send": 30, "sender.recorded": 2, "engine.done": 1}


def seed() -> dict[str, Any]:
    userids = [f"u{n}" for n in range(PEOPLE)]
    callback = {"url": "http://127.0.0.1:9/", "token": "t", "aeskey": "A" * 43}
    corp = {
        "corpid": "wwtest0a1b2c3d4e5f",
        "apps": [{"agentid": 1000002, "secret": "an-app-secret-for-tests", "root_visible": True, "callback": callback}],
        "departments": [{"id": 1, "name": "青禾镇", "parentid": 0}],
        "members": [{"userid": u, "name": "王测", "department": 1} for u in userids],
    }
    groups = [
        {"chatid": f"c{n}", "name": f"{n}组", "owner": f"u{n}", "userlist": userids[n : n + 2], "agentid": 1000002}
        for n in range(POSTS)
    ]
    return {"corps": [corp], "appchats": groups}


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn(seed()) as server:
        yield server


def run(url: str, server: StandIn, folder: Path, *extra: str, crash_at: str = "") -> int:
    driver = Path(__file__).with_name("crash_driver.py")
    command = [sys.executable, str(driver), url, server.url, str(folder / "queue.db"), *extra]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "GEYING_CRASH_AT": crash_at}
    return subprocess.run(command, env=environ, cwd=folder, timeout=60, capture_output=True).returncode


def check(url: str, server: StandIn, *, hot: bool = False) -> None:
    """Nothing lost, no personal message twice, and no post more than once again for the one death."""
    database = Database(url)
    with database.read() as connection:
        reach = dict(OutboxRepo(connection).reach(17))
    database.close()
    expected = {("card", "sent"): PEOPLE, ("post", "sent"): POSTS, ("relay", "relaying"): RELAYS}
    assert reach == expected | ({("notice", "sent"): HOT} if hot else {})
    world = server.site.world
    personal = {n: [world.messages[m] for m in world.inboxes.get(f"u{n}", ())] for n in range(PEOPLE)}
    assert [sum(m.msgtype == "template_card" for m in personal[n]) for n in range(PEOPLE)] == [1] * PEOPLE
    said = [m.text for found in personal.values() for m in found if m.msgtype == "text"]
    assert len(said) == len(set(said)) == RELAYS + (HOT if hot else 0)
    posts = {n: len(room.posts) for n in range(POSTS) if (room := world.room(f"c{n}"))}
    assert len(posts) == POSTS
    assert set(posts.values()) <= {1, 2}  # each may have been under way once when the process died


@pytest.fixture
def url(server: StandIn, tmp_path: Path, sqlite_url: str) -> str:
    server.site.plant(seed())
    return with_tables(sqlite_url)


def with_tables(url: str) -> str:
    database = Database(url)
    with database.begin() as connection:
        metadata.create_all(connection)
    database.close()
    return url


@pytest.mark.slow
@pytest.mark.parametrize("point", SENDERS)
def test_killed_at_a_named_place(server: StandIn, tmp_path: Path, url: str, point: str) -> None:
    hot = point == "outbox.claim.split"
    extra = ("hot",) if hot else ()
    assert run(url, server, tmp_path, *extra, crash_at=f"{point}:{LATER.get(point, 1)}") == -signal.SIGKILL
    assert run(url, server, tmp_path, *extra) == 0
    check(url, server, hot=hot)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("point", ["outbox.claim.taken", "sender.half_sent", "sender.before_record"])
def test_killed_on_postgresql(server: StandIn, tmp_path: Path, postgresql_url: str, point: str) -> None:
    server.site.plant(seed())
    with_tables(postgresql_url)
    assert run(postgresql_url, server, tmp_path, crash_at=point) == -signal.SIGKILL
    assert run(postgresql_url, server, tmp_path) == 0
    check(postgresql_url, server)


@pytest.mark.slow
def test_killed_again_and_again(server: StandIn, tmp_path: Path, url: str) -> None:
    for point in ("sender.claimed", "sender.half_sent", "sender.before_record", "outbox.record.deliveries"):
        assert run(url, server, tmp_path, crash_at=point) == -signal.SIGKILL
    assert run(url, server, tmp_path) == 0
    database = Database(url)
    with database.read() as connection:
        assert set(OutboxRepo(connection).reach(17)) == {("card", "sent"), ("post", "sent"), ("relay", "relaying")}
    database.close()
    cards = [m for m in server.site.world.messages.values() if m.msgtype == "template_card"]
    assert len(cards) == 1


def test_a_place_nobody_knows_is_refused_at_start() -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "GEYING_CRASH_AT": "sender.nowhere"}
    ended = subprocess.run([sys.executable, "-c", "import store.failpoints"], env=environ, capture_output=True)
    assert b"sender.nowhere" in ended.stderr
