"""Everything that happens because time passed. Each tick is one short transaction over rows that are due; a tick that
is lost, doubled or late changes nothing but the moment."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.county import Counties
from bot.post_daily import DailyPoster
from handlers import escalate, freeze_day, mode_switch, release_directive, resume
from handlers.domain.privacy import TEXT
from handlers.ledger import recount
from handlers.ports import Context
from store.failpoints import reach
from store.spool import Spool
from store.work import SqlWork, Store

log = logging.getLogger(__name__)

PROCESS = "ticks"
PLAUSIBLE = timedelta(minutes=30)
Verb = Callable[[SqlWork, Context], int]


class Ticks:
    """The ticks of one deployment; running them in two processes at once is harmless."""

    def __init__(self, store: Store, counties: Counties, spool: Spool, papers: Path) -> None:
        self._store, self._counties, self._spool = store, counties, spool
        self._poster = DailyPoster(store, counties, papers)
        self._counted: object = None

    def run(self) -> int:
        """Do all that is due; returns how many things were done."""
        done = self._recount()
        for verb in VERBS:
            done += self._one(verb)
        return done + self._poster.run()

    def _recount(self) -> int:
        """After a start, and when another tree came in, make today's counters anew; returns how many stand."""
        context = self._counties.context()
        if self._counted == self._counties.version:
            return 0
        with self._store.begin() as work:
            made = recount(context.day, work, context)
        self._counted = self._counties.version
        return made

    def _one(self, verb: Verb) -> int:
        context = self._counties.context()
        if not self._anything(verb, context):
            return 0
        with self._store.begin() as work:
            done = verb(work, context)
            reach("tick.before_commit")
        reach("tick.after_commit")
        return done

    def _anything(self, verb: Verb, context: Context) -> bool:
        """Look before taking the write lock: most ticks find nothing."""
        peek = PEEKS.get(verb)
        if peek is None:
            return True
        with self._store.read() as work:
            return peek(work, context)

    def sweep(self) -> int:
        """Mend the outbox: expired leases back, late reminders marked; returns how many parcels moved."""
        now = self._counties.now()
        with self._store.begin() as work:
            return work.claims.sweep(now) + work.claims.expire(now)

    def drain_spool(self) -> int:
        """Bring what the spool holds into the inbox; returns how many messages."""
        if not self._spool.size():
            return 0

        def insert(rows: object) -> None:
            with self._store.begin() as work:
                work.inbox.insert(rows)  # type: ignore[arg-type]

        return self._spool.drain(insert)

    def beat(self) -> None:
        """Note that we are alive."""
        with self._store.begin() as work:
            work.heartbeats.beat(PROCESS, self._counties.now())

    def age(self) -> int:
        """Destroy the texts whose retention is over. A clock that jumped destroys nothing: the last beat must be near.

        Returns how many texts were destroyed.
        """
        now = self._counties.now()
        with self._store.begin() as work:
            last = work.heartbeats.last(PROCESS)
            if last is None or abs(now - last) > PLAUSIBLE:
                return 0
            return work.inbox.destroy(now - TEXT.retain_after)

    def resume(self) -> int:
        """At start: tell the groups when we were away for long; then beat. Returns how many groups were told."""
        context = self._counties.context()
        with self._store.begin() as work:
            told = resume.run(work.heartbeats.last(PROCESS), work, context)
            work.heartbeats.beat(PROCESS, context.now)
        return told


VERBS: tuple[Verb, ...] = (
    release_directive.run,
    escalate.run,
    mode_switch.run,
    release_directive.chase_reviews,
    freeze_day.run,
)
PEEKS: dict[Verb, Callable[[SqlWork, Context], bool]] = {
    release_directive.run: lambda work, ctx: work.directives.any_held(ctx.now),
    escalate.run: lambda work, ctx: bool(work.receipts.due(ctx.now, 1)),
    mode_switch.run: lambda work, ctx: bool(work.modes.burnt_down(ctx.now)),
    release_directive.chase_reviews: lambda work, ctx: bool(
        work.directives.unreviewed(ctx.now - ctx.county.review_within)
    ),
    freeze_day.run: lambda work, ctx: bool(freeze_day.due(work, ctx)),
}
