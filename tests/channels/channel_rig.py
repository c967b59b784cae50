"""A sender and the stand-in it talks to over real HTTP, with one clock for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from bot.sender import Sender, Summary
from handlers.domain.delivery import Button, Card, Letter, Purpose, Recipient, Text
from handlers.domain.limits import STANDARD, Limit
from handlers.domain.message import Channel
from standin.server import StandIn
from store.engine import Database
from store.outbox import OutboxRepo

CORP, AGENT, SECRET = "wwtest0a1b2c3d4e5f", 1000002, "an-app-secret-for-tests"
BOT, ROBOT = "aibtest", "a-robots-secret-key"
CALLBACK = {"url": "http://127.0.0.1:9/wecom", "token": "GridTok8a1", "aeskey": "A" * 43}
PEOPLE = 60


def seed(people: int = PEOPLE, groups: int = 12, **more: Any) -> dict[str, Any]:
    userids = [f"u{n}" for n in range(people)]
    app = {"agentid": AGENT, "secret": SECRET, "name": "格应", "root_visible": True, "callback": CALLBACK}
    return {
        "corps": [
            {
                "corpid": CORP,
                "account_cap": 100_000,
                "apps": [app],
                "departments": [{"id": 1, "name": "青禾镇", "parentid": 0}, {"id": 12, "name": "东村", "parentid": 1}],
                "members": [{"userid": u, "name": "王测", "department": 12} for u in userids],
            }
        ],
        "bots": [
            {"aibotid": BOT, "name": "小格", "token": "t", "aeskey": "A" * 43, "callback_url": "http://127.0.0.1:9/bot"}
        ],
        "groups": [
            {"chatid": "wrkGRID", "name": "东村一网格", "kind": "staff", "members": userids[:3], "bot": True},
        ],
        "appchats": [
            {"chatid": f"c{n}", "name": f"{n}组", "owner": f"u{n}", "userlist": userids[n : n + 2], "agentid": AGENT}
            for n in range(groups)
        ],
        "webhooks": [{"key": ROBOT, "chatid": "wrkGRID"}],
        **more,
    }  # fmt: skip


class Rig:
    """Everything between a letter and the screen it shows on."""

    def __init__(self, database: Database, server: StandIn, *, limits: Sequence[Limit] = STANDARD) -> None:
        self.database, self.server, self.site = database, server, server.site
        self.origin = Origin(server.url)
        self.tokens = TokenStore(database, self.origin, CORP, AGENT, SECRET, self.now)
        self.sender = Sender(database, self.origin, self.tokens, AGENT, self.now, "rig", limits=limits, answer_s=2.0)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.site.clock.now(), UTC)

    def forward(self, seconds: float) -> None:
        self.site.clock.advance(seconds)

    def put(self, *letters: Letter) -> tuple[int, ...]:
        with self.database.begin() as connection:
            return OutboxRepo(connection).put(letters, self.now())

    def send(self, ids: Sequence[int] | None = None) -> Summary:
        if ids is None:
            with self.database.read() as connection:
                ids = OutboxRepo(connection).due(self.now(), 100_000)
        return self.sender.send(ids)

    def settle(self, rounds: int = 400) -> Summary:
        """Send until nothing waits, moving the clock to whatever is due next."""
        total = Summary()
        for _ in range(rounds):
            total += self.send()
            with self.database.begin() as connection:
                repo = OutboxRepo(connection)
                repo.sweep(self.now())
                repo.expire(self.now())
                following = repo.next_due_at()
            if following is None:
                return total
            self.forward(max((following - self.now()).total_seconds(), 0.0))
        raise AssertionError(f"still waiting after {rounds} rounds")

    def fault(self, kind: str, path: str = "", **more: Any) -> None:
        match = {"path": path} if path else {}
        match |= {key: more.pop(key) for key in ("nth", "count", "prob", "seed") if key in more}
        self.site.faults.add({"kind": kind, "match": match, **more})

    def reach(self, directive: int = 17) -> dict[tuple[str, str], int]:
        with self.database.read() as connection:
            return dict(OutboxRepo(connection).reach(directive))

    def shown(self, userid: str) -> dict[str, int]:
        """How often each message showed on somebody's phone, groups included."""
        return dict(self.site.world.shown.get(userid, {}))

    def phone(self, userid: str) -> list[Any]:
        """What stands on somebody's phone outside groups."""
        world = self.site.world
        return [world.messages[msgid] for msgid in world.inboxes.get(userid, ())]

    def posts(self, chatid: str) -> list[str]:
        room = self.site.world.room(chatid)
        assert room is not None
        return [self.site.world.messages[msgid].text for msgid in room.posts]

    def calls(self, path: str) -> int:
        calls = self.site.world.calls.get(f"/cgi-bin/{path}")
        return calls.total if calls else 0

    def close(self) -> None:
        self.sender.close()


def card(to: Sequence[Recipient], now: datetime, *, directive: int = 17, priority: int = 5) -> Letter:
    buttons = (Button(f"ack:{directive}", "收到"), Button(f"cannot:{directive}", "做不了", 2))
    content = Card("排查外来人员", "今天17点前报人数", f"D-{directive}-{directive}", buttons, f"D-{directive}")
    return Letter(Purpose.CARD, Channel.WECOM_APP, content, tuple(to), now, priority, directive_id=directive)


def post(chatid: str, now: datetime, *, channel: Channel = Channel.APPCHAT, directive: int = 17) -> Letter:
    to = (Recipient(chatid, people=2),)
    return Letter(Purpose.POST, channel, Text(f"D-{directive} 今晚排查"), to, now, 4, directive_id=directive)


def word(
    userid: str, text: str, now: datetime, *, priority: int = 10, directive: int = 17, wait: timedelta = timedelta()
) -> Letter:
    to = (Recipient(userid),)
    return Letter(Purpose.REMINDER, Channel.WECOM_APP, Text(text), to, now + wait, priority, directive_id=directive)


def everybody(count: int = PEOPLE) -> tuple[Recipient, ...]:
    return tuple(Recipient(f"u{n}", person_id=n + 1) for n in range(count))
