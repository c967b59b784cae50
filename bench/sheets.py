"""Declarations as phones post them: a form under a key of its own, for one of many households' codes, sealed by us."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from bot.settings import Settings, load
from bot.tree_commands import load_county
from bot.web.form_seal import FormSeals
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.place_code import CodeKind
from store.cipher import FieldCipher, key_of
from store.engine import Database
from store.migrate import migrate
from store.work import Store

PEOPLE = {"n1.name": "王样花", "n1.away": "no", "n1.well": "1", "n1.temperature": "36.5"}
CONSENTS = ("declare@1", "health@1", "care@1")


def prepare(environ: dict[str, str], now: datetime) -> tuple[Settings, list[str]]:
    """Make the database of a server that will run under *environ*; returns its settings and a code a household."""
    settings = load(environ, dotenv=None)
    FieldCipher.install(key_of(settings.data_key))
    database = Database(settings.database_url)
    try:
        migrate(database)
        _, tree = load_county(settings.hierarchy, database, now.date(), now)
        homes = tree.within(tree.root.id, HOUSEHOLD)
        with Store(database).begin() as work:
            made = work.codes.issue_many(((home, CodeKind.HOUSEHOLD) for home in homes), now)
    finally:
        database.close()
    return settings, [made[home].token for home in homes]


def forms(settings: Settings, tokens: list[str], now: datetime) -> Callable[[Path, int, str], int]:
    """Return what writes whole POSTs to a file, all of one length; every household has its turn, no key comes twice."""
    seals = FormSeals(settings.secret_key, settings.base_url)
    sealed = {token: seals.make(f"/d/{token}", now) for token in tokens}
    turns = itertools.cycle(tokens)  # goes on from one round to the next

    def write(path: Path, count: int, host: str) -> int:
        size = 0
        with path.open("wb") as file:
            for request in _requests(count, host, turns, sealed):
                assert size in (0, len(request)), "requests of one length"
                size = len(request)
                file.write(request)
        return size

    return write


def _requests(count: int, host: str, turns: Iterator[str], sealed: dict[str, str]) -> Iterator[bytes]:
    made = f"{int(time.time() * 1000):013d}"
    said = urlencode([*PEOPLE.items(), *(("n1.c", text) for text in CONSENTS)])
    for _ in range(count):
        token = next(turns)
        body = f"{urlencode({'t': sealed[token], 'key': secrets.token_urlsafe(16), 'made': made})}&{said}"
        yield (
            f"POST /d/{token} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
