"""A town in a box: our parts over a real database, the stand-in over real HTTP, one clock both go by.

Tests read as conversations: ``town.say("yt_…", "三格今天敲了46")``, ``town.heard("yt_…")``. Nothing of ours is
replaced: callbacks come in encrypted through the doors, answers go out through the sender.
"""

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from waitress.server import create_server

from bot import tree_commands
from bot.clock import Clock
from bot.demo_seed import bind_bots, bot_room, seed_of
from bot.doorway import wsgi_app
from bot.outgoing import pump
from bot.parts import Parts
from bot.settings import load
from standin.server import StandIn
from store.migrate import migrate

ROOT = Path(__file__).parents[1]
MORNING = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)  # 08:30 in the county

_made: dict[tuple[Path, tuple[Path, ...], datetime], bytes] = {}  # databases of this process's towns, as settled


class MovedClock(Clock):
    """Real time moved by a fixed amount, which a test changes."""

    def __init__(self, start: datetime) -> None:
        self.offset_s = start.timestamp() - time.time()

    def epoch(self) -> float:
        return time.time() + self.offset_s


class Town:
    """One running deployment with its far side."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str | None = None,
        hierarchy: Path = ROOT / "data/town.yaml",
        rosters: tuple[Path, ...] = (ROOT / "data/town/roster.csv", ROOT / "data/town/chats.csv"),
        start: datetime = MORNING,
        serve: Callable[[Parts], Any] = wsgi_app,
    ) -> None:
        self.clock = MovedClock(start)
        self.standin = StandIn({}, port=0)
        self.standin.start()
        self._control("clock", {"now": start.isoformat()})
        environ = {
            "GEYING_DEMO": "1",
            "GEYING_DATABASE_URL": database_url or f"sqlite:///{folder / 'geying.db'}",
            "GEYING_HIERARCHY": str(hierarchy),
            "GEYING_WECOM_API_BASE": self.standin.url,
            "GEYING_VAR": str(folder / "var"),
        }
        made = _made.get((hierarchy, rosters, start)) if database_url is None else None
        if made is not None:
            (folder / "geying.db").write_bytes(made)
        self.parts = Parts(load(environ, dotenv=None), self.clock)
        if made is None:
            self._settle(hierarchy, rosters, start)
        if made is None and database_url is None:
            _made[hierarchy, rosters, start] = _copy(self.parts, folder / "copy.db")
        self._serve(serve(self.parts))
        self._control("seed", seed_of(self.parts, self.url, retry_delays=[0, 0.05, 0.1]))
        self._control("clock", {"now": self.clock.now().isoformat()})

    def _settle(self, hierarchy: Path, rosters: tuple[Path, ...], start: datetime) -> None:
        migrate(self.parts.database)
        now, today = self.clock.now(), start.astimezone().date()
        county, tree = tree_commands.load_county(hierarchy, self.parts.database, today, now)
        for roster in rosters:
            outcome = tree_commands.import_roster(roster, self.parts.database, county, tree, today, now)
            assert not outcome.plan.errors, outcome.plan.errors[:3]
        bind_bots(self.parts)

    def _serve(self, application: Any) -> None:
        self._server = create_server(
            application, host="127.0.0.1", port=0, threads=8, clear_untrusted_proxy_headers=True
        )
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    # -- talking -------------------------------------------------------------------------------------------------------

    def say(self, userid: str, text: str, *, group: str | None = None) -> None:
        """Somebody says something: 1:1 to the app, or in a staff group (by the address of its app chat)."""
        act = {"kind": "member_text", "userid": userid, "text": text, "wait": True}
        where = {"to": "group", "chatid": f"wr{group}"} if group else {"to": "app"}
        answer = self._control("act", {**act, **where})
        if answer.get("emitted", True):
            assert answer["callback"]["status"] == 200, answer
        self.work()

    def click(self, userid: str, key: str) -> None:
        """Somebody presses the button *key* on the newest card they have."""
        card = next(m for m in reversed(self.messages(userid)) if m.get("task_id"))
        act = {"kind": "member_click", "userid": userid, "task_id": card["task_id"], "key": key, "wait": True}
        answer = self._control("act", act)
        assert answer["callback"]["status"] == 200, answer
        self.work()

    def heard(self, userid: str, since: int = 0) -> list[str]:
        """What our side told a person outside groups, texts and cards, oldest first."""
        mine = [m for m in self.messages(userid) if m["from"]["kind"] != "member"]
        return [said(m) for m in mine][since:]

    def chat(self, address: str) -> list[str]:
        """What our side posted in a staff group."""
        found = self._control(f"chat?chatid={address}")["messages"]
        return [said(m) for m in found if m["from"]["kind"] != "member"]

    def messages(self, userid: str) -> list[dict[str, Any]]:
        """Everything on a person's phone outside groups."""
        return self._control(f"inbox?userid={userid}")["messages"]

    # -- time and work -------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Let everything that is due happen."""
        pump(self.parts)

    def forward(self, **span: float) -> None:
        """Move both clocks, then let everything that is due happen."""
        moved = timedelta(**span)
        self.clock.offset_s += moved.total_seconds()
        self._control("clock", {"advance_s": moved.total_seconds()})
        self.work()

    def state(self) -> dict[str, Any]:
        """The stand-in's books."""
        return self._control("state")

    def fault(self, **rule: Any) -> None:
        """Break something on the far side."""
        self._control("fault", rule)

    def room(self, address: str) -> str:
        """The bot's id of the group with that app-chat address."""
        with self.parts.store.read() as work:
            return next(bot_room(c) for c in work.chats.all("appchat") if c.address == address)

    def _control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.standin.url}/_ctl/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def close(self) -> None:
        """Stop everything."""
        self.standin.stop()
        self._server.trigger.pull_trigger(self._server.close)  # in its own loop: from here its select would stumble
        self._thread.join(5)
        self.parts.acceptor.stop()
        self.parts.close()


def _copy(parts: Parts, path: Path) -> bytes:
    """Return the SQLite database as one file's bytes."""
    connection = parts.database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()
    return path.read_bytes()


def said(message: dict[str, Any]) -> str:
    """The words of a message, a card's title and body included."""
    if message.get("card"):
        card = message["card"]
        title = card.get("main_title", {}).get("title", "")
        return f"{title}\n{card.get('sub_title_text', '')}"
    return str(message.get("text") or f"[{message['msgtype']}]")
