"""Our side: four processes' worth of parts over one database file, which tick in turn, die, and come back.

Everything is what a deployment runs: the doors' keeper and the writer that commits callbacks, the reader, the ticks,
the sender. Only the clock is not real, and a death is an exception where `store.failpoints` would send SIGKILL.
"""

import math
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.clock import Clock
from bot.outgoing import pump
from bot.parts import Parts
from bot.settings import DEMO_SECRETS, load
from standin.crypto import encrypt, sign
from store import backup, failpoints

SCHEDULERS = 4
DOOR = "/wecom/callback"
TOKEN, AES_KEY, CORP = (DEMO_SECRETS[name] for name in ("WECOM_TOKEN", "WECOM_AES_KEY", "WECOM_CORP_ID"))


class Died(BaseException):
    """A process is gone: nothing catches this but whoever buries it."""


class Virtual(Clock):
    """The moment the simulation says it is."""

    def __init__(self) -> None:
        self.at = 0.0

    def epoch(self) -> float:
        return self.at


class Box:
    """One deployment on a virtual clock."""

    def __init__(self, folder: Path, base: Path, hierarchy: Path, far_url: str) -> None:
        self.folder, self.clock = folder, Virtual()
        self._environ = {
            "GEYING_DEMO": "1",
            "GEYING_DATABASE_URL": f"sqlite:///{folder / 'geying.db'}",
            "GEYING_HIERARCHY": str(hierarchy),
            "GEYING_VAR": str(folder / "var"),
            "GEYING_WECOM_API_BASE": far_url,
        }
        shutil.copyfile(base, folder / "geying.db")
        self._parts: list[Parts | None] = [None] * SCHEDULERS
        self._crash: tuple[str, int] | None = None
        self.deaths = 0

    def parts(self, which: int = 0) -> Parts:
        """Return the parts of one process, started when there is none."""
        found = self._parts[which]
        if found is None:
            found = self._parts[which] = Parts(load(self._environ, dotenv=None), self.clock)
            found.reader.together_s = math.inf  # how many are done together hangs on no clock but ours
            found.sender.be_patient()
        return found

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.at, UTC)

    # -- callbacks -----------------------------------------------------------------------------------------------------

    def take(self, callbacks: Sequence[str], nonce: int, *, again: Iterable[int] = ()) -> int:
        """Have these callbacks (as they lie inside the envelope) taken by the door; returns how many were answered 200.
        Those numbered in *again* come twice, as the platform does when it missed our answer."""
        parts, keeper = self.parts(), self.parts().doorkeeper
        door, twice = keeper.doors[DOOR], set(again)
        rows = []
        for n, clear in enumerate(callbacks):
            for _ in range(2 if n in twice else 1):
                query, body = envelope(clear, int(self.clock.at), nonce + n)
                rows.append(keeper.row(door, urlencode(query), body))
        taken: list[bool] = []
        done = threading.Event()

        def wake(tokens: Sequence[Any], durable: bool) -> None:
            taken.extend([durable] * len(tokens))
            if len(taken) == len(rows):
                done.set()

        for row in rows:
            parts.acceptor.offer(row, None, wake)
        if rows and not done.wait(60):
            raise RuntimeError("callbacks were not answered")
        return sum(taken)

    # -- work ----------------------------------------------------------------------------------------------------------

    def pump(self, which: int, crash: tuple[str, int] | None = None) -> bool:
        """Do all that is due in one process; False when it died on the way. *crash*: where, and at which arrival."""
        self._crash = crash
        failpoints.watch(self._reach if crash else None)
        try:
            parts = self.parts(which)
            pump(parts)
            parts.ticks.beat()
            return True
        except Died:
            self.deaths += 1
            self.bury(which)
            return False
        finally:
            failpoints.watch(None)

    def send_one(self, which: int) -> bool:
        """Send one parcel and die before its answer is written down; False when none was due."""
        due = self.parts(which).due_parcels()
        if not due:
            return False
        self._crash = ("sender.before_record", 2)
        failpoints.watch(self._reach)
        try:
            self.parts(which).sender.send(due[:1])
        except Died:
            self.deaths += 1
            self.bury(which)
        finally:
            failpoints.watch(None)
        return True

    def _reach(self, point: str) -> None:
        if self._crash is None or point != self._crash[0]:
            return
        if self._crash[1] > 1:
            self._crash = (point, self._crash[1] - 1)
            return
        self._crash = None
        raise Died(point)

    def bury(self, which: int) -> None:
        """Let go of a dead process's handles; what it claimed stays claimed until its lease ends."""
        found, self._parts[which] = self._parts[which], None
        if found is not None:
            found.close()

    # -- the disk ------------------------------------------------------------------------------------------------------

    def save(self, file: Path) -> None:
        """Take a backup while everything stands open."""
        backup.save(self.parts().database, file)

    def lose_and_restore(self, file: Path, restore: Callable[[Parts, Path], None]) -> None:
        """The disk is gone, and with it every process; a new one begins from the backup."""
        for which in range(SCHEDULERS):
            self.bury(which)
        for rest in ("", "-wal", "-shm"):
            (self.folder / f"geying.db{rest}").unlink(missing_ok=True)
        parts = Parts(load(self._environ, dotenv=None), self.clock)
        restore(parts, file)
        parts.close()

    def close(self) -> None:
        for which in range(SCHEDULERS):
            self.bury(which)


def envelope(clear: str, now: int, nonce: int) -> tuple[dict[str, str], bytes]:
    """Return query and body of a callback, made by the far side's own crypto."""
    sealed = encrypt(AES_KEY, CORP, clear, nonce.to_bytes(16, "big"))
    stamp, word = str(now), f"{nonce % 10**10:010d}"
    query = {"msg_signature": sign(TOKEN, stamp, word, sealed), "timestamp": stamp, "nonce": word}
    body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return query, body.encode()
