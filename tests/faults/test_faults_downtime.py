"""Journey J10: we were away. Every bound group hears it once, what fell due meanwhile is marked and not sent, and at
night in peace the word waits for the morning."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from faults_county import CARDS, County
from faults_rig import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

GROUPS = 344
TWELVE_MINUTES, QUARTER_PAST_ELEVEN_S = 720, (14 * 60 + 45) * 60  # from 08:30 on


def heard(county: County, word: str = "断线") -> Counter[str]:
    """Return how often each group heard it."""
    rooms = county.far.state("appchats").items()
    return Counter({chat: sum(word in post["text"] for post in room["posts"]) for chat, room in rooms})


def away(county: County, seconds: float) -> None:
    """Die, and come back so much later."""
    beating(county)
    county.deployment.processes["up"].kill()
    county.far.forward(seconds)


def beating(county: County) -> None:
    """Wait until this process has said that its doors are open."""
    now = county.parts.clock.now

    def look() -> bool:
        with county.parts.store.read() as work:
            beat = work.heartbeats.last("doors")
        return beat is not None and abs((now() - beat).total_seconds()) < 60

    until(look, "a beat of the doors")


def alarms(county: County) -> dict[str, str]:
    with county.parts.store.read() as work:
        return {kind: detail for _, kind, detail, _, _ in work.alarms.open()}


def test_every_group_hears_it_once_however_often_we_die(issued: County) -> None:
    county, deployment = issued, issued.deployment
    deployment.start("up")
    away(county, TWELVE_MINUTES)
    deployment.start("up", crash_at={"up": "resume.before_commit:1"})
    deployment.guard("up")
    until(lambda: sum(heard(county).values()) >= GROUPS, "all groups hear it")
    assert deployment.died()
    county.settle(1)  # written down: a post whose answer nobody recorded may be said again, and that is not asked here
    away(county, 0)
    deployment.start("up")
    beating(county)
    county.settle(1)
    time.sleep(1)
    assert set(heard(county, "我断线12分钟,漏收的请再发").values()) == {1}
    assert len(heard(county)) == GROUPS
    assert heard(county).total() == GROUPS
    assert county.far.state("dropped_total") == 0
    assert alarms(county)["downtime"] == "12 min"


def test_a_short_restart_says_nothing(issued: County) -> None:
    issued.deployment.start("up")
    away(issued, 60)
    issued.deployment.start("up")
    beating(issued)
    time.sleep(2)
    assert heard(issued).total() == 0


def test_reminders_that_fell_due_meanwhile_are_marked_and_not_sent(issued: County) -> None:
    """Silent people were due at 10 minutes, and it is 25: that reminder is skipped, and an operator sees how many."""
    issued.deployment.start("up")
    away(issued, 1500)
    issued.deployment.start("up")
    until(lambda: alarms(issued).get("reminders_late"), "the late ones are marked")
    assert alarms(issued)["reminders_late"] == f"D-1: {CARDS}"
    until(lambda: heard(issued).total() >= GROUPS, "all groups hear it")
    issued.settle(1)
    said = [m["text"] for userid in sampled(issued) for m in issued.far.phone(userid)]
    assert not [text for text in said if "还没收到您的回执" in text]


def test_reminders_that_were_written_and_not_sent_are_marked_late(issued: County) -> None:
    county, deployment = issued, issued.deployment
    deployment.start("up", crash_at={"up": "tick.after_commit:1"})
    county.far.forward(600)
    until(lambda: (deployment.folder / "died").exists(), "the death after the reminders were written")
    deployment.processes["up"].kill()
    county.far.forward(TWELVE_MINUTES)
    deployment.start("up")

    def late() -> int:
        with county.parts.store.read() as work:
            return work.outbox.reach(1).get(("reminder", "late"), 0)

    assert until(late, "the reminders are marked late") == CARDS
    county.settle(1)
    said = [m["text"] for userid in sampled(county) for m in county.far.phone(userid)]
    assert not [text for text in said if "还没收到您的回执" in text]


def sampled(county: County) -> list[str]:
    """Return some of those who owe a receipt."""
    with county.parts.store.read() as work:
        holders = work.people.holders(county.parts.clock.now().date(), ("gridworker",))
    return [row.userid for row in holders[::20]]


def test_at_night_in_peace_the_word_waits_for_the_morning(county: County) -> None:
    with county.parts.store.begin() as work:
        work.connection.exec_driver_sql("UPDATE mode SET ended_at = starts_at")
    county.far.forward(QUARTER_PAST_ELEVEN_S)
    county.deployment.start("up")
    away(county, TWELVE_MINUTES)
    county.deployment.start("up")
    until(lambda: alarms(county).get("downtime"), "the gap is noticed")
    time.sleep(2)
    assert heard(county).total() == 0
    county.far.forward(7.5 * 3600)  # 06:57
    time.sleep(1.5)
    assert heard(county).total() == 0
    county.far.forward(300)
    until(lambda: heard(county).total() >= GROUPS, "all groups hear it")
    assert set(heard(county, "2月8日23:15起我断线12分钟,漏收的请再发").values()) == {1}
    assert heard(county).total() == GROUPS
