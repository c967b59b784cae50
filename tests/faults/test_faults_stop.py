"""A clean stop: told to end, every process ends soon, in the middle of whatever it does, and without a word; what it
left undone goes on afterwards as if nothing had been."""

from __future__ import annotations

import os
import signal
import time

import pytest
from faults_county import County
from faults_rig import answers, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STOPPED_WITHIN_S = 8.0  # on a machine of its own: well under one
SPLIT = ("serve", "worker", "jobs")


@pytest.mark.parametrize(("names", "after_s"), [(("up",), 0.2), (("up",), 0.8), (SPLIT, 0.5)])
def test_stopped_in_the_middle_of_a_fan_out(county: County, names: tuple[str, ...], after_s: float) -> None:
    deployment = county.deployment
    deployment.start(*names)
    directive_id = county.order()
    before = county.far.calls()
    until(lambda: county.far.calls() > before + 3, "the first messages go out", every_s=0.01)
    time.sleep(after_s)
    for name in names:
        assert deployment.processes[name].stop() < STOPPED_WITHIN_S
        assert deployment.processes[name].popen.returncode == 0
    assert deployment.said() == ""
    deployment.start(*names)
    county.settle(directive_id)
    account = county.account(directive_id)
    assert (account.lost, account.doubled) == (0, 0)
    assert (account.repeated_posts, account.lost_answers) == (0, 0)
    for name in names:
        deployment.processes[name].stop()
    assert deployment.said() == ""
    assert list((deployment.folder / "owners").iterdir()) == []


def test_started_and_stopped_again_and_again(county: County) -> None:
    """The ticks come three times a second: some of them are under way whenever the word comes."""
    deployment = county.deployment
    for turn in range(3):
        deployment.start(*SPLIT)
        time.sleep(0.1 + 0.23 * turn)
        for name in SPLIT:
            assert deployment.processes[name].stop() < STOPPED_WITHIN_S
    assert deployment.said() == ""


def test_a_worker_ends_when_what_watches_over_it_is_killed(county: County) -> None:
    """Else it would keep the port, and go on sending beside the one that is started in its place."""
    deployment = county.deployment
    deployment.start("up")
    process = deployment.processes["up"]
    os.kill(process.popen.pid, signal.SIGKILL)
    process.bury()
    until(lambda: process.gone() and not answers(f"{deployment.url}/healthz"), "the worker is gone", 10)
    deployment.start("up")
    directive_id = county.order()
    county.settle(directive_id)
    county.everything_arrived(directive_id, [])
