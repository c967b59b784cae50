"""Residents on the far side, and everything of ours between a letter and their phones: a sender with both channels, and
the pull that hears them in 微信客服."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channel_rig import AGENT, Rig, seed

from bot.channels.asking import Asker
from bot.channels.http import Origin
from bot.channels.kf_sync import KfSync
from bot.channels.tokens import StableTokens
from bot.sender import Sender
from handlers.domain.delivery import Item, Letter, Menu, Purpose, Recipient, Text, label
from handlers.domain.household import Address
from handlers.domain.message import Channel
from handlers.domain.window import Opening
from standin import act
from standin.server import StandIn
from store.engine import Database
from store.outbox import OutboxRepo
from store.work import Store

KF, APPID, SECRET = "wkTEST_kf_health", "wx0123456789abcdef", "an-account-secret-for-tests"
CALLBACK = {"url": "http://127.0.0.1:9/oa", "token": "GridTok8a1", "aeskey": "A" * 43}


def resident_seed(**more: Any) -> dict[str, Any]:
    account = {
        "appid": APPID,
        "secret": SECRET,
        "name": "服务号",
        "templates": ["TPL_1", "TPL_2"],
        "callback": CALLBACK,
    }
    return (
        seed(people=3, groups=0)
        | {"kf": [{"open_kfid": KF}], "official_accounts": [account], "retry_delays": [0]}
        | more
    )


class ResidentRig(Rig):
    """A rig whose sender reaches residents."""

    def __init__(self, database: Database, server: StandIn) -> None:
        super().__init__(database, server)
        self.sender.close()
        self.store = Store(database)
        self.stable = StableTokens(database, Origin(server.url), APPID, SECRET, self.now)
        account = (Origin(server.url), self.stable)
        self.sender = Sender(
            database, self.origin, self.tokens, AGENT, self.now, "rig", answer_s=2.0, open_kfid=KF, account=account
        )
        self._askers: list[Asker] = []
        self.kf = self.puller("rig")
        self._log_from = self.site.feed.log_n

    def puller(self, owner: str) -> KfSync:
        asker = Asker(self.origin, self.tokens)
        self._askers.append(asker)
        return KfSync(self.store, asker, KF, self.now, lambda: owner)

    def close(self) -> None:
        for asker in self._askers:
            asker.close()
        super().close()

    # -- the far side --------------------------------------------------------------------------------------------------

    def act(self, kind: str, resident: str = "door", **given: Any) -> dict[str, Any]:
        """A resident does something; the callback about it goes nowhere."""
        with self.site.lock:
            return act.perform(self.site, {"kind": kind, "resident": resident, **given})[0]

    def told(self, resident: str = "door") -> list[str]:
        """What stands on a resident's phone and was not said by himself."""
        world = self.site.world
        phone = [world.messages[m] for m in world.inboxes.get(f"resident/{resident}", ())]
        return [message.text for message in phone if message.origin != "resident"]

    def session(self, resident: str = "door") -> Any:
        return next(s for s in self.site.world.kf[KF].sessions.values() if s.resident == resident)

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of every call to *path*, oldest first."""
        lines = self.site.feed.lines(self._log_from, 50_000)["log"]
        return [line["body"] for line in lines if line["dir"] == "in" and line["path"].endswith(path)]

    # -- our side ------------------------------------------------------------------------------------------------------

    def heard(self, channel: Channel, address: str, opening: Opening = Opening.WORD) -> None:
        """What the verb does when a resident spoke."""
        with self.store.begin() as work:
            work.visits.seen(channel, label(channel, address), self.now())
            work.windows.heard(channel, label(channel, address), opening, self.now())

    def standing(self, channel: Channel, address: str) -> str:
        one = Address(channel.value, address)
        with self.store.read() as work:
            return work.windows.standings([one], self.now())[one].name

    def states(self, ids: Sequence[int]) -> list[tuple[str, str | None]]:
        """State and error of each parcel."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, state, error FROM parcel").all()
        found = {row[0]: (row[1], row[2]) for row in rows}
        return [found[id_] for id_ in ids]

    def deliveries(self) -> list[str]:
        with self.database.read() as connection:
            return [row[0] for row in connection.exec_driver_sql("SELECT state FROM delivery ORDER BY id").all()]

    def alarms(self) -> list[str]:
        with self.store.read() as work:
            return [f"{kind}: {detail}" for _, kind, detail, _, _ in work.alarms.open()]

    def inbox(self) -> list[tuple[str, str, str]]:
        """Key, channel and kind of everything in the inbox, in order."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT key, channel, kind FROM inbox ORDER BY id").all()
        return [(row[0], row[1], row[2]) for row in rows]


def letter(
    channel: Channel, address: str, content: Any, rig: ResidentRig, *, endpoint: str | None = None, **more: Any
) -> Letter:
    content = Text(content) if isinstance(content, str) else content
    to = (Recipient(address),)
    return Letter(Purpose.REPLY, channel, content, to, rig.now(), 10, endpoint=endpoint, **more)


def menu() -> Menu:
    items = (Item("申报", url="https://town.example/d/x"), Item("要帮忙", key="help.20260208.x"))
    return Menu("您好", items, "急事打120")


__all__ = ["APPID", "KF", "Channel", "Opening", "OutboxRepo", "ResidentRig", "letter", "menu", "resident_seed"]
