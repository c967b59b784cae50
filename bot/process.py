"""From the inbox to the verbs, in the order each person said things: one message is done whole or not at all.

What waits already is committed a few messages at a time: a commit waits for the disk, and most of the time of a
message was that. A message that comes alone is committed alone, and so is one that failed in company.
"""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.channels.envelope import Rejected, read_json, read_xml
from bot.channels.inbound import sender_of, text_of
from bot.county import Counties
from bot.report_folder import ReportFolder
from bot.take_sheet import take_sheet
from handlers import wording
from handlers.dispatch import UNKEPT, dispatch
from handlers.domain.delivery import Purpose
from handlers.domain.message import Channel, Inbound, Kind
from handlers.letters import private
from handlers.ports import Context
from store.away import is_away
from store.failpoints import reach
from store.messages import Kept
from store.work import SqlWork, Store

log = logging.getLogger(__name__)

TOGETHER = 50  # messages a commit, at most
TOGETHER_S, WANTED_S = 0.05, 0.01  # as many as this allows; where somebody else waits to write, the doors above all


class Reader:
    """Takes messages from the inbox and has them handled; for `together_s` at most before that is committed."""

    def __init__(
        self,
        store: Store,
        counties: Counties,
        ending: threading.Event | None = None,
        reports: ReportFolder | None = None,
    ) -> None:
        self._store, self._counties = store, counties
        self._ending = ending or threading.Event()
        self._reports = reports or ReportFolder(None)
        self._handed: deque[list[int]] = deque()
        self._reading = threading.Lock()
        self.together_s = TOGETHER_S

    def handle(self, ids: Iterable[int]) -> int:
        """Handle the messages of these inbox ids; returns how many. Each may be tried twice; each has effect once.

        Stops between two messages when the process is to end or the database is away: what is left waits in its rows.
        On SQLite one thread of the process reads, since one can write: *ids* are handed to whoever does already.
        """
        self._reports.refresh()
        if not self._store.database.sqlite:
            return self._work_off(list(ids))
        self._handed.append(list(ids))
        done = 0
        while self._handed and self._reading.acquire(blocking=False):
            try:
                while self._handed:
                    done += self._work_off(self._handed.popleft())
            finally:
                self._reading.release()
        return done

    def _work_off(self, ids: list[int]) -> int:
        done, apart = 0, 0
        try:
            waiting = deque(self._left(ids))
            while waiting and not self._ending.is_set():
                if apart or len(waiting) == 1:
                    done += self._alone(waiting.popleft())
                    apart = max(apart - 1, 0)
                    continue
                some = list(islice(waiting, TOGETHER))
                kept, tried, apart = self._together(some)
                done += kept
                for _ in range(tried):
                    waiting.popleft()
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("messages wait: %s", type(error).__name__)
        return done

    def _left(self, ids: list[int]) -> list[int]:
        """Return which of *ids* still wait: what was enqueued twice is not tried twice."""
        if len(ids) < 2:
            return ids
        with self._store.read() as work:
            return work.inbox.left(ids)

    def _together(self, ids: Sequence[int]) -> tuple[int, int, int]:
        """Handle the first of *ids* in one transaction, as many as a moment allows; returns how many had effect, how
        many need not be looked at again, and how many of those that follow are to be handled alone."""
        context = self._counties.context()
        kept = tried = apart = 0
        try:
            with self._store.begin_parts() as part:
                began = time.monotonic()
                for inbox_id in ids:
                    allowed = WANTED_S if self._store.database.wanted else self.together_s
                    if tried and (self._ending.is_set() or time.monotonic() - began > allowed):
                        break
                    try:
                        with part() as work:
                            kept += self._take(inbox_id, work, replace(context, now=self._counties.now()))
                    except Exception as error:
                        log.info("message %s is tried again alone: %s", inbox_id, type(error).__name__)
                        apart = 1  # and whatever its sender said next comes after it
                        break
                    tried += 1
                    reach("inbox.handled")
                if kept:
                    reach("inbox.before_commit")
        except Exception as error:
            if is_away(error):
                raise
            log.warning("messages are handled one by one: %s", type(error).__name__)
            return 0, 0, len(ids)
        if kept:
            reach("inbox.after_commit")
        return kept, tried, apart

    def _alone(self, inbox_id: int) -> bool:
        """Handle one message in a transaction of its own; returns whether that had effect."""
        context = self._counties.context()
        try:
            with self._store.begin() as work:
                if not self._take(inbox_id, work, context):
                    return False
                reach("inbox.before_commit")
            reach("inbox.after_commit")
        except Exception as error:  # one bad message must not stop the ones behind it
            if is_away(error):
                raise
            log.exception("message %s failed: %s", inbox_id, type(error).__name__)
            self._failed(inbox_id)
            return False
        return True

    def due(self) -> tuple[int, ...]:
        """Return the ids of what waits."""
        with self._store.read() as work:
            return work.inbox.due(self._counties.now())

    @staticmethod
    def _take(inbox_id: int, work: SqlWork, context: Context) -> bool:
        """Handle one message within *work*; False when it is not there to be handled, or not its turn."""
        kept = work.inbox.take(inbox_id)
        if kept is None:
            return False
        reach("inbox.claimed")
        page = kept.channel == Channel.PAGE
        intent = take_sheet(kept, work, context) if page else dispatch(inbound_of(kept), work, context)
        work.inbox.settle(inbox_id, intent)
        if page or intent in UNKEPT:
            work.inbox.forget(inbox_id)
        return True

    def _failed(self, inbox_id: int) -> None:
        context = self._counties.context()
        with self._store.begin() as work:
            if work.inbox.failed(inbox_id, context.now):
                work.alarms.sound("message_failed", f"inbox {inbox_id}", context.now)
                self._apologise(inbox_id, work, context)

    @staticmethod
    def _apologise(inbox_id: int, work: SqlWork, context: Context) -> None:
        sender = work.inbox.sender(inbox_id)
        if sender:
            letter = private(sender, None, wording.in_trouble(), context.now, purpose=Purpose.REPLY)
            work.outbox.put([letter], context.now)


def inbound_of(kept: Kept) -> Inbound:
    """Return the message as the verbs know it; what was stored is what was decrypted, and is read again here."""
    channel = Channel(kept.channel)
    fields = fields_of(channel, kept.body)
    return Inbound(
        key=kept.key,
        channel=channel,
        kind=Kind(kept.kind),
        sender=sender_of(channel, kept.sender, fields),
        chat=kept.chat,
        text=text_of(channel, fields),
        fields=fields,
        sent_at=kept.sent_at,
        received_at=kept.received_at,
        id=kept.id,
    )


def fields_of(channel: Channel, body: str) -> Mapping[str, Any]:
    """Return the fields of a stored message, {} when its text was destroyed."""
    if not body:
        return {}
    read = read_json if channel in (Channel.AIBOT, Channel.KF) else read_xml
    try:
        return read(body.encode())
    except Rejected as error:  # it was read once already, at the door
        raise json.JSONDecodeError("stored message", "", 0) from error
