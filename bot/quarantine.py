"""Stale but rightly signed: kept apart, an alarm raised, an operator releases."""

from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.aside import Aside
from store.inbox import Row
from store.work import Store

WAITING = 200
PATIENCE_S = 0.05  # the door's event loop stands still meanwhile


class Quarantine:
    """Implements `bot.web.callback.Quarantine`. A database that stands still holds up nobody at the door."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._aside = Aside("quarantine", WAITING)

    def keep(self, row: Row, stamped_at: datetime) -> None:
        """Keep *row*; when the quarantine is full or the database refuses, the alarm is all that remains."""
        self._aside.ask(partial(self._keep, row, stamped_at), 0.0 if self._aside.busy else PATIENCE_S)

    def _keep(self, row: Row, stamped_at: datetime) -> None:
        try:
            with self._store.begin() as work:
                kept = work.inbox.quarantine(row, stamped_at)
                work.alarms.sound("stale_callback" if kept else "quarantine_full", row.channel, row.received_at)
        except (SQLAlchemyError, OSError):
            return
