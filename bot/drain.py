"""One run of the sender: claim a few, send them all at once, record what came back, claim the next few.

No more is claimed than is in flight, so that a crash leaves few answers open; recording a batch and claiming the next
is one transaction.
"""

import asyncio
import heapq
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple
from urllib.parse import quote

from bot.channels.call import Call, Impossible
from bot.channels.http import Http, Result
from bot.channels.media import Media
from bot.channels.registry import read, render
from bot.channels.tokens import TokenStore
from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.errors import SendFailed
from handlers.domain.limits import Limit
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Outcome, Parcel
from handlers.domain.retry import RECOGNISED, Fate
from store.engine import Database
from store.failpoints import reach
from store.outbox_claims import Claims

log = logging.getLogger(__name__)

GATHER_S, LOOKS = 0.02, 10  # an answer waits for company while more keep coming: a commit is dearer than the wait
DATABASE_TRIES, DATABASE_REST_S = 5, 0.5
KEEP_TRYING_S = 600.0  # to write down what is known: a post that is not recorded is said again


@lru_cache(maxsize=2)
def _quoted(token: str) -> str:
    return quote(token, safe="")


class Line(NamedTuple):
    """A way to one platform: its connections and the token it wants."""

    http: Http
    tokens: TokenStore


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs; the same for every run."""

    database: Database
    http: Http
    tokens: TokenStore
    media: Media
    agent_id: int
    clock: Callable[[], datetime]
    owner: str
    limits: tuple[Limit, ...]
    at_once: int
    lease: timedelta
    executor: Executor
    ending: threading.Event
    open_kfid: str = ""
    account: Line | None = None
    patient: bool = False  # each turn waits for all its answers: slower, and the same every time

    def line(self, parcel: Parcel) -> Line:
        """Return the way to the platform *parcel* is for; Impossible when it was not set up."""
        if parcel.channel is not Channel.OFFICIAL_ACCOUNT:
            return Line(self.http, self.tokens)
        if self.account is None:
            raise Impossible("no official account is set up")
        return self.account


class Drain:
    """Sends what is handed in, the most urgent first, until nothing is left that may go now."""

    def __init__(self, means: Means, handed: deque[int]) -> None:
        self._m, self._handed = means, handed
        self._loop = asyncio.get_running_loop()
        self._heap: list[tuple[int, int]] = []
        self._done: list[tuple[Parcel, Outcome]] = []
        self._flying, self._cap, self._to_half = 0, means.at_once, 0
        self._crowded = False
        self._awake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._seen = self._looked = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.fates: Counter[Fate] = Counter()
        self.put_back = 0

    async def run(self) -> None:
        """Send; returns when everything handed in has been tried, or put back for later."""
        await self._m.http.freshen()
        if self._m.account is not None:
            await self._m.account.http.freshen()
        failures = 0
        while self._more():
            try:
                self._turn()
                failures = 0
            except Exception as error:  # the database; what is done stays here and is written at the next turn
                failures += 1
                if failures == 1:
                    log.warning("outbox: %s; what came back is kept", type(error).__name__)
                if failures >= self._patience():
                    raise
                await asyncio.sleep(DATABASE_REST_S)
                continue
            if self._flying and not self._done:
                await self._awake.wait()
            self._awake.clear()

    def _more(self) -> bool:
        """Return whether anything is left to do; a process that is to end begins nothing new."""
        if self._m.ending.is_set():
            self._handed.clear()
            self._heap.clear()
        return bool(self._handed or self._heap or self._flying or self._done)

    def _patience(self) -> int:
        """Return how often to try the database: for long while it does not know what people have seen."""
        known = bool(self._flying or self._done) and not self._m.ending.is_set()
        return int(KEEP_TRYING_S / DATABASE_REST_S) if known else DATABASE_TRIES

    def _turn(self) -> None:
        """Record what came back and claim what there is room for, in one transaction; then send it."""
        self._rank()
        if self._crowded:
            self._cap, self._crowded = max(1, self._cap // 2), False
        elif self._cap < self._m.at_once:
            self._cap += 1
        room = max(min(self._cap - self._flying, len(self._heap)), 0)
        picked = [heapq.heappop(self._heap) for _ in range(room)]
        if not picked and not self._done:
            return
        done, now = tuple(self._done), self._m.clock()
        try:
            with self._m.database.begin() as connection:
                claims = Claims(connection, self._m.limits)
                recorded = claims.record(done, now)
                ids = [id_ for _, id_ in picked]
                claimed = claims.claim(ids, now, self._m.lease, self._m.owner) if ids else ()
                reach("sender.before_record")
        except Exception:
            for again in picked:
                heapq.heappush(self._heap, again)
            raise
        reach("sender.recorded")
        del self._done[: len(done)]
        self.fates += recorded.fates
        self.fates += claims.barred
        self.put_back += len(picked) - len(claimed) - claims.barred.total()
        self._handed.extend(recorded.released)
        self._launch_all(claimed)

    def _rank(self) -> None:
        """Move what was handed in to the heap, by priority: what is urgent overtakes what came before it."""
        ids = set()
        while self._handed:
            ids.add(self._handed.popleft())
        if not ids:
            return
        try:
            with self._m.database.read() as connection:
                ranked = Claims(connection).priorities(sorted(ids))
        except Exception:
            self._handed.extend(ids)
            raise
        for id_, priority in ranked.items():
            heapq.heappush(self._heap, (-priority, id_))

    def _launch_all(self, claimed: tuple[Parcel, ...]) -> None:
        if not claimed:
            return
        reach("sender.claimed")
        self._to_half = len(claimed) // 2
        self._flying += len(claimed)
        for parcel in claimed:
            reach("sender.before_send")
            try:
                self._launch(parcel)
            except Impossible as error:
                self._finished(parcel, Outcome(Came.IMPOSSIBLE, note=str(error)))
            except Exception as error:  # a parcel that breaks the renderer must not hold up the others
                log.exception("parcel %s cannot be rendered", parcel.id)
                self._finished(parcel, Outcome(Came.IMPOSSIBLE, note=type(error).__name__))

    def _launch(self, parcel: Parcel) -> None:
        if Media.needed(parcel):
            self._spawn(parcel, self._send_media(parcel))
            return
        call = self._render(parcel)
        token = self._m.line(parcel).tokens.peek() if call.needs_token else ""
        if token is None:
            self._spawn(parcel, self._with_token(parcel, call, None))
        else:
            self._post(parcel, call, token, replayed=False)

    def _render(self, parcel: Parcel, media_id: str | None = None) -> Call:
        return render(parcel, self._m.agent_id, self._m.http.origin, media_id, open_kfid=self._m.open_kfid)

    def _post(self, parcel: Parcel, call: Call, token: str, *, replayed: bool) -> None:
        path = call.path
        if call.needs_token:
            path += f"{'&' if '?' in path else '?'}access_token={_quoted(token)}"
        self._m.line(parcel).http.post(path, call.body, partial(self._came, parcel, call, token, replayed))

    def _came(self, parcel: Parcel, call: Call, token: str, replayed: bool, result: Result) -> None:
        reach("sender.answered")
        outcome = read(parcel, result)
        if outcome.code and not replayed and token and kind_of(outcome.code) is Kind.TOKEN:
            self._spawn(parcel, self._with_token(parcel, call, token))
        else:
            self._finished(parcel, outcome)

    async def _with_token(self, parcel: Parcel, call: Call, stale: str | None) -> None:
        """Send with a fresh token; one that was refused is replaced once, and the call replayed once."""
        token = await self._token(parcel, stale)
        if isinstance(token, Outcome):
            self._finished(parcel, token)
        else:
            self._post(parcel, call, token, replayed=stale is not None)

    async def _token(self, parcel: Parcel, stale: str | None) -> str | Outcome:
        try:
            tokens = self._m.line(parcel).tokens
            return await self._loop.run_in_executor(self._m.executor, tokens.get, stale)
        except SendFailed as error:
            if stale is None:
                return Outcome(Came.HELD, wait_s=error.wait_s, note=str(error))
            return Outcome(Came.ANSWERED, 40014, wait_s=error.wait_s, note=str(error))

    async def _send_media(self, parcel: Parcel) -> None:
        """Upload the file unless it is there already, then send."""
        picture = Media.inline(parcel)
        if picture is not None:
            call = render(parcel, self._m.agent_id, self._m.http.origin, picture=picture)
            self._post(parcel, call, "", replayed=False)
            return
        needs_token = self._render(parcel, "x").needs_token
        token = await self._token(parcel, None) if needs_token else ""
        if isinstance(token, Outcome):
            self._finished(parcel, token)
            return
        now = self._m.clock()
        media_id = self._m.media.known(parcel, now) or await self._m.media.upload(parcel, self._m.http, token, now)
        if isinstance(media_id, Outcome) and token and kind_of(media_id.code or 0) is Kind.TOKEN:
            token = await self._token(parcel, token)  # replaced once, as for a message; the whole file goes again
            if isinstance(token, Outcome):
                self._finished(parcel, token)
                return
            media_id = await self._m.media.upload(parcel, self._m.http, token, now)
        if isinstance(media_id, Outcome):
            self._finished(parcel, media_id)
            return
        if parcel.endpoint == RECOGNISED and not parcel.body.get("media_id"):
            with self._m.database.begin() as connection:  # a repeat must name the same upload, or it is another message
                Claims(connection).freeze(parcel, {"media_id": media_id})
        self._post(parcel, self._render(parcel, media_id), token, replayed=False)

    def _spawn(self, parcel: Parcel, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(self._guarded(parcel, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, parcel: Parcel, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Impossible as error:
            self._finished(parcel, Outcome(Came.IMPOSSIBLE, note=str(error)))
        except Exception as error:  # it came to nothing before the parcel was sent
            log.warning("parcel %s: %s", parcel.id, type(error).__name__)
            self._finished(parcel, Outcome(Came.UNSENT, note=type(error).__name__))

    def _finished(self, parcel: Parcel, outcome: Outcome) -> None:
        self._flying -= 1
        self._done.append((parcel, outcome))
        kind = kind_of(outcome.code) if outcome.code else Kind.OK
        if kind is Kind.CROWDED:
            self._crowded = True
        elif kind is Kind.MEDIA:
            self._m.media.forget(parcel)
        self._to_half -= 1
        if self._to_half == 0:
            reach("sender.half_sent")
        if not self._flying or (len(self._done) * 4 >= self._cap * 3 and not self._m.patient):
            self._wake()
        elif self._timer is None and not self._m.patient:
            self._seen, self._looked = len(self._done), 1
            self._timer = self._loop.call_later(GATHER_S, self._look)

    def _look(self) -> None:
        """Wait on while answers keep coming in, for so long at most; a far side that is slow costs no more commits."""
        if len(self._done) == self._seen or self._looked == LOOKS:
            self._wake()
            return
        self._seen, self._looked = len(self._done), self._looked + 1
        self._timer = self._loop.call_later(GATHER_S, self._look)

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._awake.set()
