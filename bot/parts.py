"""The parts of a process, put together once; nothing here decides anything."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from bot import hierarchy_file
from bot.aside import Aside
from bot.at_once import AtOnce
from bot.channels.asking import Asker
from bot.channels.envelope import Envelope
from bot.channels.http import Origin
from bot.channels.inbound import from_aibot, from_official_account, from_wecom_app
from bot.channels.kf_sync import KfSync
from bot.channels.oa_envelope import AccountEnvelope
from bot.channels.official_account import REFUSED_TOKEN
from bot.channels.tokens import StableTokens, TokenStore
from bot.clock import Clock, FileClock
from bot.county import Counties
from bot.engine import Bell, Engine
from bot.hierarchy_file import HierarchyFile
from bot.keeping import Keeping
from bot.metrics import Metrics
from bot.plan_folders import PlanFolders
from bot.process import Reader
from bot.quarantine import Quarantine
from bot.report_folder import ReportFolder
from bot.sender import Sender
from bot.settings import Settings
from bot.ticks import Ticks
from bot.web.callback import Door, Doorkeeper
from bot.web.code_book import CodeBook
from bot.web.form_seal import FormSeals
from bot.web.knocks import Knocks
from handlers.domain.message import Channel
from store.accept import Acceptor
from store.cipher import FieldCipher, key_of
from store.engine import Database
from store.owners import Owner
from store.spool import Spool
from store.work import Store

SETUP_FOR = timedelta(hours=1)
READY_WITHIN_S = 1.0


class Parts:
    """Everything a process may need, made when it is first asked for."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        FieldCipher.install(key_of(settings.data_key))
        self.settings = settings
        self.clock = clock or (FileClock(settings.clock_file) if settings.clock_file else Clock())
        self.started_at = self.clock.epoch()
        self.ringing = False  # on where an engine runs beside us
        self.ending = threading.Event()  # set once: nothing new is begun
        self._aside = Aside("ready", 1)

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def store(self) -> Store:
        return Store(self.database)

    @cached_property
    def stated(self) -> HierarchyFile:
        return hierarchy_file.read(self.settings.hierarchy)

    @cached_property
    def counties(self) -> Counties:
        self.reports.refresh()  # every process names the county's own figures, not only those that read messages
        stated = self.stated
        folders = PlanFolders(stated.steps, stated.matters)
        return Counties(self.store, stated.county, self.clock, self.settings.base_url, folders)

    @cached_property
    def reports(self) -> ReportFolder:
        return ReportFolder(self.stated.reports)

    @cached_property
    def metrics(self) -> Metrics:
        made = Metrics()
        made.watch(self.store, self.counties, self.spool)
        return made

    @cached_property
    def spool(self) -> Spool:
        return Spool(self.settings.var / "spool")

    @cached_property
    def knocks(self) -> Knocks:
        return Knocks(self.clock.epoch)

    @cached_property
    def codes(self) -> CodeBook:
        return CodeBook(self.store, self.clock.epoch)

    @cached_property
    def seals(self) -> FormSeals:
        return FormSeals(self.settings.secret_key, self.settings.base_url)

    @cached_property
    def acceptor(self) -> Acceptor:
        return Acceptor(self.database, self.spool, self.ring)

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.store, self.counties, self.ending, self.reports)

    @cached_property
    def ticks(self) -> Ticks:
        return Ticks(self.store, self.counties, self.spool, self.papers, self.owned, self.reports)

    @cached_property
    def keeping(self) -> Keeping:
        return Keeping(self.store, self.counties, self.settings.var / "tombstones")

    @cached_property
    def owner(self) -> Owner:
        return Owner(self.owned)

    @property
    def owned(self) -> Path:
        return self.settings.var / "owners"

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
        if settings.oa_token:
            account = AccountEnvelope(settings.oa_token, settings.oa_aes_keys, settings.oa_app_id)
            answer = AtOnce(account, settings.base_url)
            doors["/oa/callback"] = Door(Channel.OFFICIAL_ACCOUNT.value, account, from_official_account, answer.reply)
        return Doorkeeper(doors, Quarantine(self.store), self.clock.epoch, self._in_setup, self.metrics)

    @cached_property
    def origin(self) -> Origin:
        return Origin(self.settings.wecom_api_base)

    @cached_property
    def tokens(self) -> TokenStore:
        settings, now = self.settings, self.clock.now
        corp, agent, secret = settings.wecom_corp_id, settings.wecom_agent_id, settings.wecom_secret
        return TokenStore(self.database, self.origin, corp, agent, secret, now)

    @cached_property
    def account(self) -> tuple[Origin, TokenStore] | None:
        """The 公众号: where it is reached and its token; None when none is set up."""
        settings = self.settings
        if not settings.oa_app_id:
            return None
        origin = Origin(settings.oa_api_base)
        return origin, StableTokens(self.database, origin, settings.oa_app_id, settings.oa_secret, self.clock.now)

    @cached_property
    def sender(self) -> Sender:
        agent, clock, owner = self.settings.wecom_agent_id, self.clock.now, self.owner.name
        return Sender(
            self.database, self.origin, self.tokens, agent, clock, owner, ending=self.ending,
            open_kfid=self.settings.kf_id, account=self.account,
        )  # fmt: skip

    @cached_property
    def asker(self) -> Asker:
        return Asker(self.origin, self.tokens)

    @cached_property
    def account_asker(self) -> Asker | None:
        return Asker(*self.account, refused=REFUSED_TOKEN) if self.account else None

    @cached_property
    def kf(self) -> KfSync:
        return KfSync(self.store, self.asker, self.settings.kf_id, self.clock.now, lambda: self.owner.name)

    @cached_property
    def engine(self) -> Engine:
        work = {"inbox": self.read_inbox, "outbox": self.send_outbox, "kf": self.pull_kf}
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
            if self.settings.kf_id:  # a hint may have been among them
                self.bell.ring("kf")
        return done

    def pull_kf(self, _ids: Sequence[int] = ()) -> int:
        """Hear what residents said in 微信客服; returns how many messages and events came in."""
        if not self.settings.kf_id:
            return 0
        came = self.kf.run()
        if came and self.ringing:
            self.bell.ring("inbox")
        return came

    def send_outbox(self, ids: Sequence[int] = ()) -> int:
        """Send these parcels, or whatever is due; returns how many went."""
        return self.sender.send(ids or self.due_parcels()).sent

    def due_parcels(self) -> tuple[int, ...]:
        """Return the ids of the parcels that are due."""
        with self.store.read() as work:
            return work.claims.due(self.clock.now())

    def close(self) -> None:
        """Begin nothing new, end what is under way, give everything back."""
        self.ending.set()
        made = self.__dict__
        if "acceptor" in made:
            self.acceptor.stop()
        if "engine" in made:
            self.engine.stop()
        if "bell" in made:
            self.bell.stop()
        if "sender" in made:
            self.sender.close()
        for asker in (made.get("asker"), made.get("account_asker")):
            if asker is not None:
                asker.close()
        if "owner" in made:
            self.owner.release()
        if "engine" in made:
            self.engine.close()
        self.database.close()

    def _in_setup(self, now: float) -> bool:
        """Set-up mode: asked for, or the first hour after a start, when the platform checks the callback address."""
        return self.settings.setup or now - self.started_at < SETUP_FOR.total_seconds()

    def not_ready(self) -> list[str]:
        """Return why this process could not take a message now; [] when it could: the database answers, or the spool
        has room."""
        if self._aside.ask(self._database_answers, READY_WITHIN_S) or self.spool.room():
            return []
        return ["database", "spool"]

    def _database_answers(self) -> bool:
        with self.store.read() as work:
            work.inbox.waiting()
        return True
