"""Households that are asked today, and their answers as the 公众号's platform sends them: encrypted, each once."""

import asyncio
import csv
import itertools
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from urllib.parse import urlencode

import uvloop

from bot import tree_commands
from bot.household_commands import import_households
from bot.parts import Parts
from bot.settings import DEMO_SECRETS, load
from demo.households import COLUMNS, family
from handlers.domain.four_ones import ContactState, Due, One, Plan, Whom
from handlers.ports import Context
from standin.crypto import encrypt, sign
from store.migrate import migrate

TOKEN, AES_KEY, APP = (DEMO_SECRETS[name] for name in ("OA_TOKEN", "OA_AES_KEY", "OA_APP_ID"))
DOOR = "/oa/callback"
SAID = ("都好", "没事", "好着呢", "没有不舒服", "都挺好的")
PLANS = (Plan("isolation", "监测", Whom.ISOLATION, One.MESSAGE, (), ()),)
CONNECTIONS = 32


def openid(n: int) -> str:
    return f"o{n:027d}"


def prepare(environ: Mapping[str, str], households: int, folder: Path) -> Parts:
    """Lay a town in which so many households were asked this morning; returns the parts over it."""
    parts = Parts(load(environ, dotenv=None))
    migrate(parts.database)
    now = datetime.now(UTC)
    county, tree = tree_commands.load_county(parts.settings.hierarchy, parts.database, now.date(), now)
    roster = parts.settings.hierarchy.parent / "town/roster.csv"
    tree_commands.import_roster(roster, parts.database, county, tree, now.date(), now)
    codes = [node.code for node in tree if node.level == "household"][:households]
    register = folder / "households.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        for n, code in enumerate(codes):
            first = {**family(code)[0], "人数": "1", "手机号": f"104{n:08d}"}
            out.writerow(first)
    context = Context(now, county, tree)
    outcome = import_households(register, parts.store, context)
    if outcome.saved is None:
        raise RuntimeError(str(outcome.plan.errors[:3]))
    with parts.store.begin() as work:
        for n, code in enumerate(codes):
            node = tree.by_code(code)
            assert node is not None
            contact = work.households.contacts(node.id, context.day)[0]
            work.households.bind_address(contact.id, "official_account", openid(n), now)
            work.contacts.enrol(node.id, "isolation", context.day, now)
        start = datetime.combine(context.day, clock_time(9), county.tz).astimezone(UTC)
        due = Due(context.day, 540, True, False, start)
        while (after := work.rounds.begin(due, now)) is not None:
            work.rounds.put(due, after, PLANS, PLANS, None, county.four_ones.spread, now)  # type: ignore[union-attr]
        waiting = work.contacts.claim(start.replace(year=start.year + 1), households)
        work.contacts.move((c.id for c in waiting), [ContactState.OPEN], ContactState.ASKED, None, asked_at=now)
    return parts


def requests(count: int, households: int, host: str) -> Iterator[bytes]:
    """Yield whole HTTP requests: each household in turn answers, each message is a new one, stamped when it is made."""
    first = int(time.time()) * 1_000_000
    for n, text in zip(range(count), itertools.cycle(SAID), strict=False):
        stamp, msgid = str(int(time.time())), first + n
        clear = (
            f"<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[{openid(n % households)}]]>"
            f"</FromUserName><CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{msgid}</MsgId></xml>"
        )
        nonce = f"{msgid % 10**10:010d}"
        sealed = encrypt(AES_KEY, APP, clear)
        query = {"msg_signature": sign(TOKEN, stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
        body = (
            f"<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
        )
        yield (
            f"POST {DOOR}?{urlencode(query)} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )


def post(port: int, count: int, households: int) -> tuple[float, int]:
    """Post so many answers over 32 kept connections; returns the seconds and how many were answered 200."""
    return uvloop.run(_post(port, requests(count, households, f"127.0.0.1:{port}")))


async def _post(port: int, rest: Iterator[bytes]) -> tuple[float, int]:
    began, good = time.perf_counter(), 0

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        taken = 0
        for request in rest:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            if length:
                await reader.readexactly(length)
            taken += head.startswith(b"HTTP/1.1 200")
        writer.close()
        return taken

    good = sum(await asyncio.gather(*(one() for _ in range(CONNECTIONS))))
    return time.perf_counter() - began, good
