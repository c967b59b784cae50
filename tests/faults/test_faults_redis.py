"""Redis goes away, and stands still, a minute each: callbacks do not notice, and the work is done all the same."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from faults_callbacks import Caller, Traffic
from faults_county import MORNING, County, environ_of, lay
from faults_rig import Deployment, Far, hung, until
from services import Service, redis_server

# a minute is a minute whoever works beside it, and a second is far from what an answer takes
pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.redis, pytest.mark.timeout(240)]

AWAY_S = 60.0
EACH_S = 0.05
DRAINED_S = 60.0


@dataclass
class Scene:
    county: County
    caller: Caller
    redis: Service

    def drained(self) -> None:
        """Wait until every message is handled and every answer sent."""

        def look() -> bool:
            with self.county.parts.store.read() as work:
                return not work.inbox.waiting() and not work.outbox.backlog(self.county.parts.clock.now())[0]

        until(look, "everything is done", DRAINED_S)

    def nothing_lost(self, traffic: Traffic) -> None:
        """Everything was answered 200 in time, stands in the inbox once and was handled."""
        ledger = traffic.ledger
        assert ledger.statuses() == {200}
        assert ledger.p99_s() <= 1.0
        with self.county.parts.store.read() as work:
            rows = work.connection.exec_driver_sql("SELECT state, intent, count(*) FROM inbox GROUP BY 1, 2").all()
        assert rows == [("done", "help", self.before + len(ledger.answers))]
        self.before += len(ledger.answers)
        print(f"{len(ledger.answers)} callbacks, p99 {ledger.p99_s() * 1000:.0f} ms")

    before = 0


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, postgresql_service: Service, far: Far, near_port: int
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("redis")
    with psycopg.connect(postgresql_service.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE redis_away")
    url = f"{postgresql_service.url.rpartition('/')[0]}/redis_away"
    with redis_server() as redis:
        environ = environ_of(folder, url, far, near_port, redis.url)
        far.plant(lay(environ), MORNING.isoformat())
        county = County(Deployment(folder, environ), far)
        county.deployment.start("serve", "worker", "jobs")
        yield Scene(county, Caller(county.deployment.url, far.clock_file), redis)
        county.close()
    with psycopg.connect(postgresql_service.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE redis_away WITH (FORCE)")


def asks(scene: Scene) -> Traffic:
    """Everybody in turn asks for help."""
    with scene.county.parts.store.read() as work:
        people = sorted({row.userid for row in work.people.holders(MORNING.date())})
    return Traffic(scene.caller, lambda n: scene.caller.text(people[n % len(people)], "帮助"), EACH_S)


def test_redis_stands_still(scene: Scene) -> None:
    with asks(scene) as traffic:
        time.sleep(1)
        with hung(scene.redis.process):
            time.sleep(AWAY_S)
            handled = answered(scene)
    scene.drained()
    scene.nothing_lost(traffic)
    assert handled > 0.8 * AWAY_S / EACH_S  # the work went on meanwhile


def test_redis_goes_away(scene: Scene) -> None:
    already = answered(scene)
    with asks(scene) as traffic:
        time.sleep(1)
        scene.redis.process.send_signal(signal.SIGKILL)
        scene.redis.process.wait()
        time.sleep(AWAY_S)
        handled = answered(scene) - already
        again = subprocess.Popen(scene.redis.process.args, stdout=subprocess.DEVNULL)
        time.sleep(1)
    scene.drained()
    scene.nothing_lost(traffic)
    assert handled > 0.8 * AWAY_S / EACH_S
    scene.county.deployment.processes["worker"].stop()  # it still hears
    again.kill()
    again.wait()


def answered(scene: Scene) -> int:
    """Return how many messages were handled so far."""
    with scene.county.parts.store.read() as work:
        return int(work.connection.exec_driver_sql("SELECT count(*) FROM inbox WHERE state = 'done'").scalar() or 0)
