"""From the inbox to the verbs: one message, one transaction, in the order each person said things."""

import json
import logging
import threading
from collections.abc import Iterable, Mapping
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


class Reader:
    """Takes messages from the inbox and has them handled."""

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

    def handle(self, ids: Iterable[int]) -> int:
        """Handle the messages of these inbox ids; returns how many. Each may be tried twice; each has effect once.

        Stops between two messages when the process is to end or the database is away: what is left waits in its rows.
        """
        self._reports.refresh()
        done = 0
        for inbox_id in ids:
            if self._ending.is_set():
                break
            try:
                done += self._handle(inbox_id)
            except Exception as error:  # one bad message must not stop the ones behind it
                if is_away(error):
                    log.warning("message %s waits: %s", inbox_id, type(error).__name__)
                    break
                log.exception("message %s failed: %s", inbox_id, type(error).__name__)
                self._failed(inbox_id)
        return done

    def due(self) -> tuple[int, ...]:
        """Return the ids of what waits."""
        with self._store.read() as work:
            return work.inbox.due(self._counties.now())

    def _handle(self, inbox_id: int) -> bool:
        context = self._counties.context()
        with self._store.begin() as work:
            kept = work.inbox.take(inbox_id)
            if kept is None:
                return False
            reach("inbox.claimed")
            page = kept.channel == Channel.PAGE
            intent = take_sheet(kept, work, context) if page else dispatch(inbound_of(kept), work, context)
            work.inbox.settle(inbox_id, intent)
            if page or intent in UNKEPT:
                work.inbox.forget(inbox_id)
            reach("inbox.before_commit")
        reach("inbox.after_commit")
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
