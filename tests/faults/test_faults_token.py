"""A token storm: four processes of sixteen threads hear at once that their token does not hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from faults_county import MORNING, environ_of
from faults_rig import ROOT, Far

from bot.settings import DEMO_SECRETS
from store.engine import Database
from store.models import metadata

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

PROCESSES, THREADS = 4, 16
SECRET = DEMO_SECRETS["WECOM_SECRET"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def environ(request: pytest.FixtureRequest, tmp_path: Path, far: Far) -> Iterator[dict[str, str]]:
    """The environment of processes over one empty database, and a far side that knows the app and nobody else."""
    url = request.getfixturevalue(f"{request.param}_url")
    database = Database(url)
    with database.begin() as connection:
        metadata.create_all(connection)
    app = {"agentid": int(DEMO_SECRETS["WECOM_AGENT_ID"]), "secret": SECRET}
    corp = {"corpid": DEMO_SECRETS["WECOM_CORP_ID"], "apps": [app]}
    far.plant({"corps": [corp]}, MORNING.isoformat())
    yield environ_of(tmp_path, url, far, 8000)
    database.close()


def storm(environ: dict[str, str], secret: str, stale: str = "") -> list[str]:
    """Let everybody ask at the same moment; returns what each of the 64 got."""
    driver = Path(__file__).with_name("token_driver.py")
    command = [sys.executable, str(driver), secret, *([stale] if stale else [])]
    whole = {**os.environ, **environ, "PYTHONPATH": str(ROOT)}
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(command, env=whole, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(PROCESSES)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        return [line for process in processes for line in process.communicate(timeout=60)[0].split()]


def test_one_question_for_all_and_one_more_when_the_answer_does_not_hold(environ: dict[str, str], far: Far) -> None:
    first = storm(environ, SECRET)
    assert len(first) == PROCESSES * THREADS
    assert len(set(first)) == 1
    assert far.state("gettoken") == 1
    far.forward(120)
    far.control("fault", {"kind": "token_revoke_now"})
    second = storm(environ, SECRET, stale=first[0])
    assert len(second) == PROCESSES * THREADS
    assert set(second) == {second[0]} != set(first)
    assert far.state("gettoken") == 2


def test_refused_again_within_the_minute_nobody_asks(environ: dict[str, str], far: Far) -> None:
    first = storm(environ, SECRET)
    far.control("fault", {"kind": "token_revoke_now"})
    assert set(storm(environ, SECRET, stale=first[0])) == {"-"}
    assert far.state("gettoken") == 1


def test_a_wrong_secret_is_tried_three_times_an_hour_by_all_together(environ: dict[str, str], far: Far) -> None:
    far.control("fault", {"kind": "err", "code": 40001, "match": {"path": "gettoken"}})
    for _ in range(4):
        assert set(storm(environ, "wrong")) == {"-"}
        far.forward(900)
    asked = far.state("calls")["/cgi-bin/gettoken"]["total"]
    assert 1 <= asked <= 3
