"""The county's fan-out (1,401 cards, 344 posts, 1,085 relays) under kill -9, at every named place of the whole path."""

from __future__ import annotations

import random
import time

import pytest
from faults_county import CARDS, County
from faults_rig import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PRESSED = 24
FIRST_SEND_S = 15.0  # beyond what the machine needs to start a process; promised: 5 s in all on one of its own
LEASE_S = 45.0  # what a dead process held must not wait for its lease

PLACES = (
    # the callbacks come in: the order, the 发, the presses
    "accept.before_commit:1",
    "accept.after_commit:2",
    "accept.before_commit:3",
    # and are handled
    "inbox.claimed:1",
    "inbox.before_commit:2",
    "inbox.after_commit:2",
    # the tick releases: 2,830 letters in one transaction
    "outbox.put.parcels:3",
    "outbox.put.deliveries:3",
    "tick.before_commit:1",
    "tick.after_commit:1",
    # the engine is told
    "engine.enqueued:6",
    "engine.taken:5",
    # the token
    "token.leased:1",
    "token.fetched:1",
    # parcels are taken, sent and recorded
    "outbox.claim.taken:10",
    "sender.before_send:700",
    "sender.written:900",
    "sender.answered:600",
    "sender.before_record:25",
    "outbox.record.parcels:18",
    "outbox.record.deliveries:30",
    "sender.recorded:22",
    # the sweep passes over it
    "outbox.sweep.released:2",
    "outbox.expire.marked:2",
)


ESCALATION = ("tick.before_commit:1", "tick.after_commit:1", "sender.before_record:20")
RESPAWNED = ("accept.after_commit:2", "sender.written:400")


@pytest.mark.parametrize("place", PLACES)
def test_one_process_killed_and_started_again(county: County, place: str) -> None:
    one_death(county, place)


@pytest.mark.parametrize("place", RESPAWNED)
def test_a_killed_worker_is_started_again_by_its_own_server(county: County, place: str) -> None:
    one_death(county, place, respawned=True)


def one_death(county: County, place: str, *, respawned: bool = False) -> None:
    """Send the directive, die at *place*, go on, and account for everything."""
    deployment = county.deployment
    deployment.start("up", crash_at={"up": place})
    deployment.guard("up", respawned=respawned)
    directive_id = county.order()
    first_s = county.settle(directive_id)
    if first_s is not None and not place.startswith("accept"):  # there the platform had to try again first
        assert first_s < FIRST_SEND_S + deployment.start_s
        assert time.monotonic() - (deployment.restarted_at or 0.0) < LEASE_S + deployment.start_s
    pressed = county.acknowledge(directive_id, PRESSED)
    county.settle(directive_id)
    assert deployment.died(), "the place was never reached"
    county.everything_arrived(directive_id, pressed)


def test_the_power_goes_again_and_again(county: County) -> None:
    deployment, moments = county.deployment, random.Random(17)
    deployment.start("up")
    directive_id = county.order()
    for _ in range(6):
        time.sleep(moments.uniform(0.05, 1.5))
        deployment.cut("up")
    county.settle(directive_id)
    pressed = county.acknowledge(directive_id, PRESSED)
    deployment.cut("up")
    county.settle(directive_id)
    county.everything_arrived(directive_id, pressed)


@pytest.mark.parametrize("place", ESCALATION)
def test_killed_while_the_silent_are_reminded(issued: County, place: str) -> None:
    county, deployment = issued, issued.deployment
    deployment.start("up", crash_at={"up": place})
    deployment.guard("up")
    county.far.forward(600)
    county.settle(1)
    until(lambda: county.reminded() >= CARDS, "everybody is reminded")
    county.settle(1)
    assert deployment.died(), "the place was never reached"
    shown = county.far.state("shown")
    assert len(shown) == CARDS
    assert all(set(keys.values()) == {1} for keys in shown.values())  # the list of the morning beside the card
    assert county.reminded() == CARDS
