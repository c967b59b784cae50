"""Messages that wait in the inbox of a village, and the reader that works them off; also as a process to be killed:
`together.py DATABASE_URL`."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))

from rounds_rig import PLANNED

from bot.clock import Clock
from bot.county import Counties
from bot.process import Reader
from handlers.domain.delivery import label
from handlers.domain.message import Channel
from store.cipher import FieldCipher
from store.engine import Database
from store.inbox import insert_new, row
from store.work import Store

AT = datetime(2020, 1, 28, 1, 30, tzinfo=UTC)  # 09:30 in the county


class Still(Clock):
    """A clock that stands."""

    def epoch(self) -> float:
        return AT.timestamp()


def reader(store: Store) -> Reader:
    return Reader(store, Counties(store, PLANNED, Still(), "https://town.example"))


def arrive(store: Store, said: Iterable[tuple[str, str | None]], every: timedelta = timedelta(seconds=1)) -> None:
    """Put what was said (account, words) into the inbox, one a moment; words that are None came spoilt."""
    said = list(said)
    rows = []
    for n, (who, words) in enumerate(said):
        at = AT - every * (len(said) - n)
        body = {"external_userid": who, "origin": 3, "msgtype": "text", "text": {"content": words}, "msgid": f"m{n}"}
        clear = b"{spoilt" if words is None else json.dumps(body).encode()
        rows.append(row(f"m{n}", "kf", "text", label(Channel.KF, who), None, clear, at, at))
    with store.database.begin() as connection:
        insert_new(connection, rows)


def work_off(store: Store) -> int:
    """Handle what waits until nothing does; returns how many messages."""
    made, done = reader(store), 0
    while (due := made.due()) and (handled := made.handle(due)):
        done += handled
    return done


if __name__ == "__main__":
    FieldCipher.install(b"sample key of 32 bytes for tests")
    work_off(Store(Database(sys.argv[1])))
