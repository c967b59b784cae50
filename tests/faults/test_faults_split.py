"""The same at scale: doors, workers and ticks as processes of their own, on PostgreSQL and Redis.

One deployment lives through all of it: for each place a county-wide directive goes out, the process in question dies
there and is started again, and everything is accounted for before the next.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
import pytest
from faults_county import MORNING, County, environ_of, lay
from faults_rig import Deployment, Far
from services import Service, redis_server

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.redis, pytest.mark.timeout(180)]

PRESSED = 24
FIRST_SEND_S = 15.0  # beyond what the machine needs to start a process; promised: 5 s in all on one of its own
PLACES = (
    ("serve", "accept.before_commit:1"),
    ("serve", "accept.after_commit:2"),
    ("worker", "inbox.claimed:1"),
    ("worker", "inbox.before_commit:2"),
    ("worker", "outbox.claim.taken:8"),
    ("worker", "sender.written:700"),
    ("worker", "sender.before_record:15"),
    ("worker", "sender.recorded:20"),
    ("jobs", "tick.before_commit:1"),
    ("jobs", "outbox.put.deliveries:1"),
    ("jobs", "engine.enqueued:3"),
    ("jobs", "outbox.sweep.released:2"),
)


@pytest.fixture(scope="module")
def split(
    tmp_path_factory: pytest.TempPathFactory, postgresql_service: Service, far: Far, near_port: int
) -> Iterator[County]:
    """The county on PostgreSQL and Redis, everything running."""
    folder = tmp_path_factory.mktemp("split")
    with database(postgresql_service) as url, redis_server() as redis:
        environ = environ_of(folder, url, far, near_port, redis.url)
        far.plant(lay(environ), MORNING.isoformat())
        made = County(Deployment(folder, environ), far)
        made.deployment.start("serve", "worker", "jobs")
        yield made
        made.close()


@contextlib.contextmanager
def database(service: Service) -> Iterator[str]:
    """Make an empty database, and drop it in the end even if somebody is still connected."""
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE split")
    yield f"{service.url.rpartition('/')[0]}/split"
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE split WITH (FORCE)")


@pytest.mark.parametrize(("name", "place"), PLACES, ids=[f"{name} at {place}" for name, place in PLACES])
def test_one_of_three_killed_and_started_again(split: County, name: str, place: str) -> None:
    deployment = split.deployment
    deployment.processes[name].stop()
    deployment.start(name, crash_at={name: place})
    deployment.guard(name)
    directive_id = split.order()
    first_s = split.settle(directive_id)
    pressed = split.acknowledge(directive_id, PRESSED)
    split.settle(directive_id)
    assert deployment.died(), "the place was never reached"
    split.everything_arrived(directive_id, pressed)
    assert first_s is None or name == "serve" or first_s < FIRST_SEND_S + deployment.start_s
    split.far.forward(20)  # a person takes 25 messages a minute at most


def test_nothing_was_said_that_looks_like_a_crash_of_our_own(split: County) -> None:
    said = split.deployment.said()
    assert "Traceback" not in said, said[said.index("Traceback") - 500 :][:3000]
