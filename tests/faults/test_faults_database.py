"""PostgreSQL stops, stands still, is struck again and again: a callback is answered 503, or 200 with the message safe
in the spool; afterwards nothing that was acknowledged is missing."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
from faults_county import MORNING, County, environ_of, lay
from faults_rig import Deployment, Far, answers, hung, until
from faults_traffic import asks, helped, nothing_acknowledged_is_lost, spooled, told
from services import Service, postgresql

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.postgresql, pytest.mark.timeout(180)]

STOPPED_S, HUNG_S, STRUCK = 10.0, 12.0, 5


class Postgres:
    """A PostgreSQL of our own that promises what it commits, to stop and start again."""

    def __init__(self, service: Service) -> None:
        self.process, self.url = service.process, service.url
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE away")
            connection.execute("ALTER DATABASE away SET synchronous_commit = on")
        self.county_url = f"{self.url.rpartition('/')[0]}/away"

    def strike(self) -> None:
        """End it at once, as a crash would: no checkpoint, every connection cut."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def start(self) -> None:
        """Start it again over its old data; returns when it answers."""
        silent = subprocess.DEVNULL
        self.process = subprocess.Popen(self.process.args, stdout=silent, stderr=silent)

        def look() -> bool:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=2).close()
                return True
            return False

        until(look, "PostgreSQL is back")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgresql() as service:
        made = Postgres(service)
        yield made
        made.strike()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, far: Far, near_port: int) -> Iterator[County]:
    """The county on a PostgreSQL of its own, in three processes over a queue in a file."""
    folder = tmp_path_factory.mktemp("away")
    environ = environ_of(folder, postgres.county_url, far, near_port)
    far.plant(lay(environ), MORNING.isoformat())
    county = County(Deployment(folder, environ), far)
    county.deployment.start("serve", "worker", "jobs")
    yield county
    county.close()


def test_the_server_is_stopped(scene: County, postgres: Postgres) -> None:
    with asks(scene) as traffic:
        time.sleep(1)
        postgres.strike()
        time.sleep(STOPPED_S)
        assert spooled(scene) > 0
        assert answers(f"{scene.deployment.url}/readyz")  # it can accept, and a balancer must not turn away from it
        postgres.start()
        time.sleep(1)
    nothing_acknowledged_is_lost(scene, traffic.ledger)
    assert traffic.ledger.statuses() == {200}
    assert traffic.ledger.p99_s() <= 1.0
    told("stopped", traffic.ledger)


def test_the_server_stands_still(scene: County, postgres: Postgres) -> None:
    with asks(scene) as traffic:
        time.sleep(1)
        with hung(postgres.process):
            time.sleep(HUNG_S)
            assert spooled(scene) > 0
        time.sleep(1)
    nothing_acknowledged_is_lost(scene, traffic.ledger)
    assert traffic.ledger.statuses() == {200}
    assert traffic.ledger.p99_s() <= 1.0
    told("hung", traffic.ledger)


def test_the_server_is_struck_again_and_again_while_a_directive_goes_out(scene: County, postgres: Postgres) -> None:
    with asks(scene) as traffic:
        directive_id = scene.order()
        for _ in range(STRUCK):
            time.sleep(0.7)
            postgres.strike()
            time.sleep(0.3)
            postgres.start()
    scene.settle(directive_id)
    nothing_acknowledged_is_lost(scene, traffic.ledger)
    assert traffic.ledger.statuses() <= {200, 503}
    scene.settle(directive_id)
    with scene.parts.store.read() as work:
        tries = work.connection.exec_driver_sql("SELECT max(attempts) FROM inbox").scalar()
    assert tries == 0  # that the database was away is no message's fault
    scene.told.update(helped(scene))
    account = scene.account(directive_id)
    assert (account.lost, account.doubled) == (0, 0)
    assert account.repeated_posts <= account.lost_answers
    told("struck", traffic.ledger)
