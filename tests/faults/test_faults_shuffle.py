"""Ten thousand callbacks, each one to four times, in any order, sixteen at a time, some of them siblings of one second:
what stands in the end is what the oracle says, nothing lost and nothing doubled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from functools import partial

import pytest
from faults_callbacks import Callback, Caller, post_all
from faults_county import CARDS, MORNING, County
from faults_rig import until
from sqlalchemy import func, select

from store.models import inbox, receipt, report

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DISTINCT, PARALLEL, DIRECTIVES = 10_000, 16, 7
SIBLINGS = 0.05  # of them at least share sender and second with another
ORDER = "急 给所有网格发 今天下午5点前把外来人员再摸一遍"
CLICKS = DIRECTIVES * CARDS
REPORTS = DISTINCT - CLICKS


def directives(county: County) -> dict[int, dict[str, str]]:
    """Send seven directives; returns each one's card by person."""
    for number in range(1, DIRECTIVES + 1):
        county.far.say("yt_county_lead", f"{ORDER}(第{number}次)")
        county.far.heard("yt_county_lead", f"(第{number}次)")
        county.far.say("yt_county_lead", "发")
        until(partial(sent, county, number), f"directive {number}", 60)
    shown = county.far.state("shown")
    cards: dict[int, dict[str, str]] = {number: {} for number in range(1, DIRECTIVES + 1)}
    for userid, keys in shown.items():
        for key in keys:
            if key.startswith("D-"):
                cards[int(key.split("-")[1])][userid] = key
    return cards


def sent(county: County, number: int) -> bool:
    with county.parts.store.read() as work:
        found = work.directives.by_number(number)
        return bool(found and work.outbox.reach(found.id).get(("card", "sent")) == CARDS)


def callbacks(caller: Caller, cards: dict[int, dict[str, str]], chance: random.Random) -> list[Callback]:
    """Return every press there is to make, and the reports that bring them to ten thousand. A person presses within
    half a minute, so that some of the presses fall into one second."""
    now = caller.now()
    found = [
        caller.click(userid, key, f"ack:{number}", now - chance.randrange(30))
        for number, by_person in cards.items()
        for userid, key in by_person.items()
    ]
    people = cards[1]
    found += [caller.text(userid, f"今天敲门46 空户{empty} 发热0") for userid, empty in said(people).items()]
    return found


def said(people: Iterable[str]) -> dict[str, int]:
    """Return who reports, and how many empty homes each of them found."""
    return {userid: n % 9 + 1 for n, userid in enumerate(sorted(people)[:REPORTS])}


def siblings(found: list[Callback]) -> int:
    """Return how many events share sender and second with another one: what a careless key would throw away."""
    seconds = Counter(
        (c.key.split()[0], c.plain.split("<CreateTime>")[1].split("<")[0]) for c in found if c.key.startswith("yt_")
    )
    return sum(count for count in seconds.values() if count > 1)


def test_shuffled_and_repeated_callbacks_come_to_one_state(county: County) -> None:
    chance = random.Random(10_000)
    county.deployment.start("up")
    cards = directives(county)
    assert {len(by_person) for by_person in cards.values()} == {CARDS}
    caller = Caller(county.deployment.url, county.far.clock_file)
    distinct = callbacks(caller, cards, chance)
    assert len(distinct) == DISTINCT
    assert siblings(distinct) >= SIBLINGS * DISTINCT
    posted = [callback for callback in distinct for _ in range(chance.randint(1, 4))]
    chance.shuffle(posted)
    ledger = post_all(caller, posted, PARALLEL)
    assert ledger.acknowledged() == {callback.key for callback in distinct}
    until(lambda: not waiting(county), "every message is handled", 180, 0.2)
    orders = 2 * DIRECTIVES  # the order and the 发
    with county.parts.store.read() as work:
        states = work.connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all()
        receipts = work.connection.execute(
            select(receipt.c.directive_id, receipt.c.state, func.count()).group_by(
                receipt.c.directive_id, receipt.c.state
            )
        ).all()
        userids = {row.person_id: row.userid for row in work.people.holders(MORNING.date())}
        reports = [
            (userids[row.reporter_id], row.slots["households_absent"])
            for row in work.connection.execute(select(report.c.reporter_id, report.c.slots))
        ]
    assert states == [("done", DISTINCT + orders)]
    assert sorted(receipts) == [(number, "acknowledged", CARDS) for number in range(1, DIRECTIVES + 1)]
    assert sorted(reports) == sorted(said(cards[1]).items())
    print(f"{len(posted)} posts of {DISTINCT}: p99 {ledger.p99_s() * 1000:.0f} ms, siblings {siblings(distinct)}")


def waiting(county: County) -> int:
    with county.parts.store.read() as work:
        return work.inbox.waiting()
