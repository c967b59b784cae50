"""Keeping no longer than promised: the ageing tick under a clock that is believed, and the tombstones outside."""

import logging
from datetime import datetime
from pathlib import Path

from bot.county import Counties
from handlers.domain.retention import STEP, Trust, Watch, believe, look
from store.tombstones import Tombstones, bring_together
from store.turn import turn
from store.work import SqlWork, Store

log = logging.getLogger(__name__)

GOOD, SEEN, SINCE = "ageing: believed", "ageing: seen", "ageing: watched since"
ROUNDS = 50


class Keeping:
    """Ages a deployment's database; running it in two processes at once is harmless."""

    def __init__(self, store: Store, counties: Counties, stones: Path) -> None:
        self._store, self._counties, self._stones = store, counties, Tombstones(stones)

    def run(self) -> int:
        """Destroy what is old, if the clock is believed; returns how many rows. Then write the tombstones down."""
        now, zone = self._counties.now(), self._counties.county.tz
        gone = 0
        with turn(self._store.database, "ageing") as ours:
            if ours and self._believed():
                for _ in range(ROUNDS):
                    with self._store.begin() as work:
                        found = work.ageing.run(now, zone)
                    gone += sum(found.values())
                    if not found:
                        break
        self.forget_again()
        if gone:
            self._store.database.scrub()
        return gone

    def forget_again(self) -> int:
        """Bring the tombstones outside and inside together; returns how many people came back and were forgotten."""
        _, again = bring_together(self._store, self._stones, self._counties.now())
        if again:
            log.warning("people who had been erased came back with a copy and were erased again: %d", again)
            self._store.database.scrub()
        return again

    def believe(self) -> None:
        """Take the clock for right as it is: an operator looked."""
        with self._store.begin() as work:
            _remember(believe(self._counties.now()), work)

    def _believed(self) -> bool:
        now = self._counties.now()
        with self._store.begin() as work:
            beats = work.heartbeats
            watch, trust = look(Watch(beats.last(GOOD), beats.last(SEEN), beats.last(SINCE)), now)
            _remember(watch, work)
            if trust in (Trust.JUMPED, Trust.BACK):
                work.alarms.sound("clock_jumped", trust.value, now)
        return trust is Trust.GOOD


def steady(work: SqlWork, now: datetime) -> bool:
    """Return whether the clock is where it was lately, as far as anybody looked."""
    good_at = work.heartbeats.last(GOOD)
    return good_at is None or now - good_at <= STEP


def _remember(watch: Watch, work: SqlWork) -> None:
    for name, at in ((GOOD, watch.good_at), (SEEN, watch.seen_at), (SINCE, watch.since)):
        if at is None:
            work.heartbeats.stop(name)
        else:
            work.heartbeats.beat(name, at)
