"""Everything that happens because time passed. Each tick is one short transaction over rows that are due; a tick that
is lost, doubled or late changes nothing but the moment."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.county import Counties
from bot.keeping import steady
from bot.paper_orders import PaperMaker
from bot.post_daily import DailyPoster
from bot.report_folder import ReportFolder
from handlers import (
    ask_households,
    close_directives,
    declared_counts,
    escalate,
    freeze_day,
    hand_over,
    knock_ticks,
    look_after,
    matter_ticks,
    mode_switch,
    open_rounds,
    release_directive,
    resume,
    send_digest,
    send_lists,
    tell_decision,
)
from handlers.domain.directive import State
from handlers.ledger import recount
from handlers.ports import Context
from handlers.rotate_codes import run as rotate_codes
from store import owners
from store.failpoints import reach
from store.inbox import Row
from store.spool import Spool
from store.turn import turn
from store.work import SqlWork, Store

ROTATIONS = 20  # transactions a look; the next look goes on
PROCESS, DOORS = "ticks", "doors"
Verb = Callable[[SqlWork, Context], int]


class Ticks:
    """The ticks of one deployment; running them in two processes at once is harmless."""

    def __init__(
        self,
        store: Store,
        counties: Counties,
        spool: Spool,
        papers: Path,
        owned: Path,
        reports: ReportFolder | None = None,
    ) -> None:
        self._store, self._counties, self._spool, self._owned = store, counties, spool, owned
        self._poster, self._papers = DailyPoster(store, counties, papers), PaperMaker(store, counties, papers)
        self._reports = reports or ReportFolder(None)
        self._counted: object = None

    def run(self) -> int:
        """Do all that is due; returns how many things were done. Nothing while another process is at it."""
        self._reports.refresh()
        with turn(self._store.database, "ticks") as ours:
            if not ours:
                return 0
            done = self._recount() + sum(self._one(verb) for verb in VERBS)
            return done + self._poster.run() + self._papers.run()

    def _recount(self) -> int:
        """After a start, and when another tree came in, make today's counters anew; returns how many stand."""
        context = self._counties.context()
        if self._counted == self._counties.version:
            return 0
        with self._store.begin() as work:
            made = recount(context.day, work, context)
            declared_counts.recount([context.day], work, context)
        self._counted = self._counties.version
        return made

    def _one(self, verb: Verb) -> int:
        context = self._counties.context()
        if not self._anything(verb, context):
            return 0
        if verb is freeze_day.run:
            self.drain_spool()  # what a door took before the hour is there before the paper is made
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

    def rotate(self) -> int:
        """Replace codes that have hung long enough; returns how many. Not each second: it looks through all."""
        with turn(self._store.database, "rotation") as ours:
            context = self._counties.context()
            if not ours or context.county.declaring is None or context.county.declaring.codes is None:
                return 0
            done = 0
            for _ in range(ROTATIONS):
                with self._store.begin() as work:
                    found = rotate_codes(work, context)
                done += found
                if not found:
                    break
        return done

    def sweep(self) -> int:
        """Mend the outbox: what dead processes and expired leases held is due again, late reminders are marked; returns
        how many parcels moved."""
        now = self._counties.now()
        dead = owners.dead(self._owned)
        with self._store.begin() as work:
            moved = sum(work.claims.abandon(name, now) + work.pulls.abandon(name, now) for name in dead)
            moved += work.claims.sweep(now) + work.claims.expire(now)
        owners.bury(self._owned, dead)
        return moved

    def drain_spool(self) -> int:
        """Bring what the spool holds into the inbox; returns how many messages."""

        def insert(rows: Sequence[Row]) -> None:
            with self._store.begin() as work:
                work.inbox.insert(rows)

        return self._spool.drain(insert) if self._spool.size() else 0

    def beat(self) -> None:
        """Note that somebody ticks."""
        self._beat(PROCESS)

    def doors_open(self) -> None:
        """Note that somebody takes messages."""
        self._beat(DOORS)

    def _beat(self, process: str) -> None:
        with self._store.begin() as work:
            work.heartbeats.beat(process, self._counties.now())

    def resume(self) -> int:
        """When doors open: tell the groups how long there were none, if it was long. Returns how many were told."""
        with turn(self._store.database, "resume") as ours:
            if not ours:
                return 0
            with self._store.read() as work:
                noticed = resume.noticed(work.heartbeats.last(DOORS), self._counties.now())
            context = self._counties.context() if noticed else None  # the tree is not for doors that open in time
            with self._store.begin() as work:
                told = resume.run(work.heartbeats.last(DOORS), work, context) if context else 0
                work.heartbeats.beat(DOORS, self._counties.now())
                reach("resume.before_commit")
        return told


VERBS: tuple[Verb, ...] = (
    release_directive.run,
    escalate.run,
    mode_switch.run,
    close_directives.run,
    look_after.run,
    tell_decision.run,
    open_rounds.run,
    ask_households.run,
    hand_over.run,
    send_digest.run,
    send_lists.run,
    knock_ticks.run,
    matter_ticks.run,
    freeze_day.run,
)
PEEKS: dict[Verb, Callable[[SqlWork, Context], bool]] = {
    release_directive.run: lambda work, ctx: work.directives.any_due({State.HELD}, ctx.now),
    escalate.run: lambda work, ctx: bool(work.receipts.due(ctx.now, 1)),
    # a clock that ran ahead must not end a declared war for good: until it is believed the fuse only does not count
    mode_switch.run: lambda work, ctx: bool(work.modes.burnt_down(ctx.now)) and steady(work, ctx.now),
    close_directives.run: lambda work, ctx: work.directives.any_due(close_directives.STATES, ctx.now),
    look_after.run: look_after.due,
    tell_decision.run: tell_decision.due,
    open_rounds.run: open_rounds.due,
    ask_households.run: ask_households.due,
    hand_over.run: hand_over.due,
    send_digest.run: send_digest.due,
    send_lists.run: send_lists.due,
    knock_ticks.run: knock_ticks.due,
    matter_ticks.run: matter_ticks.due,
    freeze_day.run: lambda work, ctx: bool(freeze_day.due(work, ctx)),
}
