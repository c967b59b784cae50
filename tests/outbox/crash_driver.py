"""One process of the product that only sends: puts a small directive unless it is there, and works until nothing waits.

Run by `test_outbox_crash.py`, which kills it at named places: `crash_driver.py DATABASE_URL API_BASE QUEUE_FILE [hot]`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from bot.engine import Engine
from bot.sender import Sender
from handlers.domain.delivery import Button, Card, Letter, Purpose, Recipient, Text
from handlers.domain.message import Channel
from store.cipher import FieldCipher
from store.engine import Database
from store.failpoints import reach
from store.outbox import OutboxRepo

PEOPLE, POSTS, RELAYS, HOT = 40, 12, 30, 9


def letters(now: datetime, hot: bool) -> list[Letter]:
    card = Card("排查外来人员", "今天17点前报人数", "D-17-17", (Button("ack:17", "收到"),))
    to = tuple(Recipient(f"u{n}", person_id=n + 1) for n in range(PEOPLE))
    found = [Letter(Purpose.CARD, Channel.WECOM_APP, card, to, now, 5, directive_id=17)]
    for n in range(POSTS):
        post = Text(f"D-17 今晚排查({n})")
        found.append(Letter(Purpose.POST, Channel.APPCHAT, post, (Recipient(f"c{n}"),), now, 4, directive_id=17))
    for n in range(RELAYS):
        text = Text(f"请转到{n}单元群,转好回 已转 {n}K")
        one = (Recipient(f"u{n + 2}", person_id=n + 3, relay_code=f"{n}K"),)
        found.append(Letter(Purpose.RELAY, Channel.WECOM_APP, text, one, now, 3, directive_id=17))
    if hot:
        for n in range(HOT):
            one = (Recipient("u1", person_id=2),)
            found.append(Letter(Purpose.NOTICE, Channel.WECOM_APP, Text(f"第{n}条"), one, now, 99, directive_id=17))
    return found


def main(database_url: str, base: str, queue: str, hot: bool) -> None:
    FieldCipher.install(b"sample key of 32 bytes for tests")
    database = Database(database_url)
    origin = Origin(base)

    def now() -> datetime:
        return datetime.now(UTC)

    tokens = TokenStore(database, origin, "wwtest0a1b2c3d4e5f", 1000002, "an-app-secret-for-tests", now)
    sender = Sender(database, origin, tokens, 1000002, now, "driver", answer_s=5.0)

    def outbox(ids: Sequence[int]) -> None:
        sender.send(ids)

    engine = Engine({"outbox": outbox}, path=Path(queue))
    with database.begin() as connection:
        OutboxRepo(connection).abandon(None, now())
    with database.begin() as connection:
        repo = OutboxRepo(connection)
        if not repo.reach(17):
            repo.put(letters(now(), hot), now())
            repo.put(
                [Letter(Purpose.NOTICE, Channel.WECOM_APP, Text("作废"), (Recipient("u0"),), now(), directive_id=18)],
                now(),
            )
            repo.cancel(18, now())
        reach("outbox.put.before_commit")
    reach("outbox.put.after_commit")
    engine.start(2)
    while True:
        with database.begin() as connection:
            repo = OutboxRepo(connection)
            repo.sweep(now())
            repo.expire(now())
            due, waiting = repo.due(now()), repo.backlog(now())[0]
        if not waiting:
            break
        if due:
            engine.enqueue("outbox", due)
        time.sleep(0.05)
    engine.stop()
    sender.close()


if __name__ == "__main__":
    main(*sys.argv[1:4], hot="hot" in sys.argv[4:])
