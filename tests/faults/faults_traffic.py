"""Everybody asks for help, all the time, while something breaks; and whether everything acknowledged was kept."""

from __future__ import annotations

import contextlib
from collections import Counter

from faults_callbacks import Caller, Ledger, Traffic
from faults_county import MORNING, County
from faults_rig import until

EACH_S = 0.04
DRAINED_S = 60.0


def asks(county: County) -> Traffic:
    """Everybody in turn asks for help."""
    with county.parts.store.read() as work:
        people = sorted({row.userid for row in work.people.holders(MORNING.date())})
    caller = Caller(county.deployment.url, county.far.clock_file)
    return Traffic(caller, lambda n: caller.text(people[n % len(people)], "帮助"), EACH_S)


def spooled(county: County) -> int:
    """Return how many bytes lie in the spool."""
    found = 0
    for path in (county.deployment.folder / "spool").glob("*.spool"):
        with contextlib.suppress(FileNotFoundError):  # brought in just now
            found += path.stat().st_size
    return found


def nothing_acknowledged_is_lost(county: County, ledger: Ledger) -> None:
    """The spool is empty, every acknowledged message stands in the inbox, and was handled, once."""

    def look() -> bool:
        with county.parts.store.read() as work:
            return not spooled(county) and not work.inbox.waiting()

    until(look, "the spool and the inbox are empty", DRAINED_S)
    with county.parts.store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT key, state, intent FROM inbox").all()
    kept = {key.rpartition(":")[2]: (state, intent) for key, state, intent in rows}
    missing = [key for key in ledger.acknowledged() if key not in kept]
    assert not missing
    assert {kept[key] for key in ledger.acknowledged()} == {("done", "help")}
    assert len(kept) == len(rows)
    assert not list((county.deployment.folder / "spool").glob("*.bad"))


def helped(county: County) -> Counter[str]:
    """Return how many answers each person was to be shown for asking."""
    with county.parts.store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT sender FROM inbox WHERE intent = 'help'")
        return Counter(row.sender for row in rows)


def told(what: str, ledger: Ledger) -> None:
    refused = sum(1 for statuses in ledger.answers.values() for status in statuses if status != 200)
    print(f"{what}: {len(ledger.answers)} callbacks, {refused} not 200, p99 {ledger.p99_s() * 1000:.0f} ms")
