"""The parts of a process, put together once; nothing here decides anything."""

import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot import hierarchy_file
from bot.channels.envelope import Envelope
from bot.channels.http import Origin
from bot.channels.inbound import from_aibot, from_wecom_app
from bot.channels.tokens import TokenStore
from bot.clock import Clock, FileClock
from bot.county import Counties
from bot.engine import Bell, Engine
from bot.metrics import Metrics
from bot.process import Reader
from bot.sender import Sender
from bot.settings import Settings
from bot.ticks import Ticks
from bot.web.callback import Door, Doorkeeper
from handlers.domain.message import Channel
from store.accept import Acceptor
from store.cipher import FieldCipher, key_of
from store.engine import Database
from store.inbox import Row
from store.spool import Spool
from store.work import Store

SETUP_FOR = timedelta(hours=1)


class Parts:
    """Everything a process may need, made when it is first asked for."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        FieldCipher.install(key_of(settings.data_key))
        self.settings = settings
        self.clock = clock or (FileClock(settings.clock_file) if settings.clock_file else Clock())
        self.started_at = self.clock.epoch()
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.metrics = Metrics()
        self.ringing = False  # on where an engine runs beside us

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def store(self) -> Store:
        return Store(self.database)

    @cached_property
    def counties(self) -> Counties:
        county = hierarchy_file.read(self.settings.hierarchy).county
        return Counties(self.store, county, self.clock, self.settings.base_url)

    @cached_property
    def spool(self) -> Spool:
        return Spool(self.settings.var / "spool")

    @cached_property
    def acceptor(self) -> Acceptor:
        return Acceptor(self.database, self.spool, self.ring)

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.store, self.counties)

    @cached_property
    def ticks(self) -> Ticks:
        return Ticks(self.store, self.counties, self.spool, self.papers)

    @property
    def papers(self) -> Path:
        return self.settings.var / "papers"

    @cached_property
    def doorkeeper(self) -> Doorkeeper:
        settings = self.settings
        doors = {
            "/wecom/callback": Door(
                Channel.WECOM_APP.value,
                Envelope(settings.wecom_token, settings.wecom_aes_keys, settings.wecom_corp_id),
                from_wecom_app,
            )
        }
        if settings.aibot_token:
            envelope = Envelope(settings.aibot_token, settings.aibot_aes_keys, "", json_body=True)
            doors["/aibot/callback"] = Door(Channel.AIBOT.value, envelope, from_aibot)
        return Doorkeeper(doors, _Quarantine(self.store), self.clock.epoch, self._in_setup, self.metrics)

    @cached_property
    def sender(self) -> Sender:
        settings = self.settings
        origin = Origin(settings.wecom_api_base)
        agent = settings.wecom_agent_id
        tokens = TokenStore(self.database, origin, settings.wecom_corp_id, agent, settings.wecom_secret, self.clock.now)
        return Sender(self.database, origin, tokens, agent, self.clock.now, self.owner)

    @cached_property
    def engine(self) -> Engine:
        work = {"inbox": self.read_inbox, "outbox": self.send_outbox}
        if self.settings.redis_url:
            return Engine(work, redis_url=self.settings.redis_url)
        return Engine(work, path=self.settings.var / "queue.db")

    @cached_property
    def bell(self) -> Bell:
        return Bell(self.engine)

    def ring(self) -> None:
        """Hear that a batch came in; where nobody delivers the ring, the next sweep finds the rows."""
        if self.ringing:
            self.bell.ring("inbox")

    def read_inbox(self, ids: Sequence[int] = ()) -> int:
        """Handle these messages, or whatever is due; then have what they made sent."""
        done = self.reader.handle(ids or self.reader.due())
        if done and self.ringing:
            self.bell.ring("outbox")
        return done

    def send_outbox(self, ids: Sequence[int] = ()) -> int:
        """Send these parcels, or whatever is due; returns how many went."""
        return self.sender.send(ids or self.due_parcels()).sent

    def due_parcels(self) -> tuple[int, ...]:
        """Return the ids of the parcels that are due."""
        with self.store.read() as work:
            return work.claims.due(self.clock.now())

    def close(self) -> None:
        """Give everything back."""
        if "sender" in self.__dict__:
            self.sender.close()
        self.database.close()

    def _in_setup(self, now: float) -> bool:
        """Set-up mode: asked for, or the first hour after a start, when the platform checks the callback address."""
        return self.settings.setup or now - self.started_at < SETUP_FOR.total_seconds()

    def not_ready(self) -> list[str]:
        """Return why this process could not take a message now; [] when it could."""
        try:
            with self.store.read() as work:
                work.inbox.waiting()
        except (SQLAlchemyError, OSError):
            return ["database"]
        return []


class _Quarantine:
    """Stale but rightly signed: kept apart, an alarm raised, an operator releases. Never raises into the door."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, row: Row, stamped_at: datetime) -> None:
        """Keep *row*; when the quarantine is full or the database refuses, the alarm is all that remains."""
        try:
            with self._store.begin() as work:
                kept = work.inbox.quarantine(row, stamped_at)
                work.alarms.sound("stale_callback" if kept else "quarantine_full", row.channel, row.received_at)
        except (SQLAlchemyError, OSError):
            return
