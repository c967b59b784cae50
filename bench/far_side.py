"""A sender of ours over an outbox on disk, and the stand-in as a process of its own: what sending is measured with."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import ROOT, folder
from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from bot.running import settle
from bot.sender import Sender, Summary
from demo.far import Far
from handlers.domain.letter import Letter
from store.cipher import FieldCipher
from store.engine import Database
from store.migrate import migrate
from store.outbox import OutboxRepo

CORP, AGENT, SECRET = "wwbench0geying000", 1000002, "secret-of-the-bench-only"
DATA_KEY = b"sample key of 32 bytes for bench"


@dataclass(slots=True)
class Deployment:
    """`offset` is how far both clocks were moved."""

    url: str
    database: Database
    sender: Sender
    far: Far
    offset: timedelta = field(default_factory=timedelta)

    def put(self, letters: Sequence[Letter]) -> tuple[int, ...]:
        """Write letters into the outbox and commit."""
        with self.database.begin() as connection:
            return OutboxRepo(connection).put(letters, datetime.now(UTC) + self.offset)

    def send(self, ids: Sequence[int]) -> Summary:
        """Send these parcels."""
        return self.sender.send(ids)

    def forward(self, seconds: float) -> None:
        """Move the clocks of both sides."""
        self.far.forward(seconds)
        self.offset += timedelta(seconds=seconds)

    def sent(self) -> int:
        """Return how many `message/send` calls the stand-in took."""
        calls = self.far.control("state")["calls"].get("/cgi-bin/message/send")
        return int(calls["ok"]) if calls else 0


@contextmanager
def deployment(people: int) -> Iterator[Deployment]:
    """Run the stand-in with members u0, u1, … and open an empty outbox beside it."""
    FieldCipher.install(DATA_KEY)
    with folder() as where, _standin(where, people) as url:
        database = Database(f"sqlite:///{where / 'geying.db'}")
        migrate(database)
        made = Deployment(url, database, None, Far(url))  # type: ignore[arg-type]
        now = lambda: datetime.now(UTC) + made.offset  # noqa: E731
        tokens = TokenStore(database, Origin(url), CORP, AGENT, SECRET, now)
        made.sender = Sender(database, Origin(url), tokens, AGENT, now, "bench")
        settle()  # as a process that has started does
        try:
            yield made
        finally:
            made.sender.close()
            database.close()


@contextmanager
def _standin(where: Path, people: int) -> Iterator[str]:
    seed = where / "seed.json"
    seed.write_text(json.dumps(_seed(people), ensure_ascii=False), "utf-8")
    command = [sys.executable, "-m", "standin", "--port", "0", "--seed", str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the stand-in did not start")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _seed(people: int) -> dict[str, Any]:
    nobody = {"url": "http://127.0.0.1:9/wecom", "token": "benchTok8a1", "aeskey": "A" * 43}
    app = {"agentid": AGENT, "secret": SECRET, "name": "格应", "root_visible": True, "callback": nobody}
    members = [{"userid": f"u{n}", "name": f"样{n}", "department": 1} for n in range(people)]
    departments = [{"id": 1, "name": "样县", "parentid": 0}]
    corp = {"corpid": CORP, "account_cap": 100_000, "apps": [app], "departments": departments, "members": members}
    return {"corps": [corp]}
