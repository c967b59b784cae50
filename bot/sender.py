"""The bulk sender: parcels out of the outbox, over kept-alive connections, results in batches.

`Sender.send(ids)` is what a task calls. One run at a time in a process; whoever comes while one is under way hands his
ids to it and leaves, so that no worker waits for the network twice.
"""

import asyncio
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import uvloop

from bot.channels.http import Http, Origin
from bot.channels.media import Media
from bot.channels.tokens import TokenStore
from bot.drain import Drain, Line, Means
from handlers.domain.delivery import AT_ONCE
from handlers.domain.limits import STANDARD, Limit
from handlers.domain.retry import Fate
from store.engine import Database

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)  # longer than the longest attempt: connect, answer, a new token, answer
ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of parcels: `again` go out once more, `put_back` were not due or had to wait for a limit."""

    sent: int = 0
    again: int = 0
    unknown: int = 0
    failed: int = 0
    put_back: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Summary") -> "Summary":
        return Summary(
            self.sent + other.sent,
            self.again + other.again,
            self.unknown + other.unknown,
            self.failed + other.failed,
            self.put_back + other.put_back,
            self.seconds + other.seconds,
        )


class Sender:
    """Sends for one app, its kf account and one 公众号 (*account*: where, and with which token). *owner* is this
    process's name on what it claims; *clock* gives aware UTC; when *ending* is set nothing new is sent."""

    def __init__(
        self,
        database: Database,
        origin: Origin,
        tokens: TokenStore,
        agent_id: int,
        clock: Callable[[], datetime],
        owner: str,
        *,
        limits: Sequence[Limit] = STANDARD,
        at_once: int = AT_ONCE,
        lease: timedelta = LEASE,
        answer_s: float = ANSWER_S,
        ending: threading.Event | None = None,
        open_kfid: str = "",
        account: tuple[Origin, TokenStore] | None = None,
    ) -> None:
        self._ending = ending or threading.Event()
        self._executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="token")
        self._means = Means(
            database, Http(origin, answer_s=answer_s), tokens, Media(), agent_id, clock, owner, tuple(limits), at_once,
            lease, self._executor, self._ending, open_kfid,
            Line(Http(account[0], answer_s=answer_s), account[1]) if account else None,
        )  # fmt: skip
        self._handed: deque[int] = deque()
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.totals: Counter[Fate] = Counter()

    def be_patient(self) -> None:
        """Let each turn wait for all its answers, so that what goes out when does not hang on who answered first."""
        self._means = replace(self._means, patient=True)

    def send(self, ids: Iterable[int]) -> Summary:
        """Send the parcels of these ids that are due; returns what became of them.

        Returns at once, with nothing to tell, when another thread is sending: that one takes these ids along.
        """
        self._handed.extend(ids)
        total = Summary()
        while self._handed and self._turn.acquire(blocking=False):
            try:
                total += self._run()
            finally:
                self._turn.release()
        return total

    def _run(self) -> Summary:
        if self._loop is None:
            self._loop = uvloop.new_event_loop()
        started = time.monotonic()
        drain = self._loop.run_until_complete(self._drain())
        self.totals += drain.fates
        made = drain.fates
        return Summary(
            made[Fate.SENT], made[Fate.AGAIN], made[Fate.UNKNOWN], made[Fate.FAILED], drain.put_back,
            time.monotonic() - started,
        )  # fmt: skip

    async def _drain(self) -> Drain:
        drain = Drain(self._means, self._handed)
        await drain.run()
        return drain

    def close(self) -> None:
        """Give the connections back; a run that is under way claims no more and ends with its answers."""
        self._ending.set()
        with self._turn:
            self._executor.shutdown()
            if self._loop is not None:
                self._loop.run_until_complete(self._means.http.close())
                if self._means.account is not None:
                    self._loop.run_until_complete(self._means.account.http.close())
                self._loop.close()
                self._loop = None
