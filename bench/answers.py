"""Households that are asked today, and their answers as the 公众号's platform sends them: encrypted, each once."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from datetime import time as clock_time
from urllib.parse import urlencode

import uvloop
from sqlalchemy import insert

from bot import tree_commands
from bot.parts import Parts
from bot.settings import DEMO_SECRETS, load
from handlers.domain.ask_ledger import Asker, AskState, Question
from handlers.domain.four_ones import ContactState, Due, One, Plan, Whom
from handlers.domain.household import Relation
from handlers.ports import Context
from standin.crypto import encrypt, sign
from store.household_contacts import lookup
from store.migrate import migrate
from store.models import contact, contact_address, enrolment, membership, node, resident
from store.work import SqlWork

TOKEN, AES_KEY, APP = (DEMO_SECRETS[name] for name in ("OA_TOKEN", "OA_AES_KEY", "OA_APP_ID"))
DOOR = "/oa/callback"
SAID = ("都好", "没事", "好着呢", "没有不舒服", "都挺好的")
PLANS = (Plan("isolation", "监测", Whom.ISOLATION, One.MESSAGE, (), ()),)
CONNECTIONS = 32
CHANNEL, AT_ONCE, FIRST_PERSON = "official_account", 5_000, 1_000_000


def openid(n: int) -> str:
    return f"o{n:027d}"


def prepare(environ: Mapping[str, str], households: int) -> Parts:
    """Lay a town in which so many more households were asked this morning; returns the parts over it."""
    parts = Parts(load(environ, dotenv=None))
    migrate(parts.database)
    now = datetime.now(UTC)
    county, tree = tree_commands.load_county(parts.settings.hierarchy, parts.database, now.date(), now)
    roster = parts.settings.hierarchy.parent / "town/roster.csv"
    tree_commands.import_roster(roster, parts.database, county, tree, now.date(), now)
    context, plan = Context(now, county, tree), county.four_ones and county.four_ones.plan("isolation")
    assert plan is not None
    assert county.four_ones is not None
    grids = [node.id for node in tree if node.level == "grid"]
    with parts.store.begin() as work:
        last = max(node.id for node in tree)
        for first in range(0, households, AT_ONCE):
            some = range(first, min(first + AT_ONCE, households))
            _people(some, last + 1, grids, work, context)
        start = datetime.combine(context.day, clock_time(9), county.tz).astimezone(UTC)
        due = Due(context.day, 540, True, False, start)
        while (after := work.rounds.begin(due, now)) is not None:
            work.rounds.put(due, after, PLANS, PLANS, None, county.four_ones.spread, now)
        waiting = work.contacts.claim(start.replace(year=start.year + 1), households)
        work.contacts.move((c.id for c in waiting), [ContactState.OPEN], ContactState.ASKED, None, asked_at=now)
        asker, asked = Asker.of_plan(plan), AskState.ASKED
        work.asks.note([(c.household_id, Question.HEALTH.value, asker, asked, c.id, None) for c in waiting], now)
    return parts


def _people(some: range, first_node: int, grids: Sequence[int], work: SqlWork, context: Context) -> None:
    """Put one household down for each number: a node, who lives there, their address, and the plan they are on."""
    c, day, now = work.connection, context.day, context.now
    keys = work.person_keys.make_many(len(some), now)
    nodes = [
        {"id": first_node + n, "code": f"b{n}", "name": f"样例{n}户", "level": "household",
         "parent_id": grids[n % len(grids)], "origin": "hierarchy"}
        for n in some
    ]  # fmt: skip
    c.execute(insert(node), nodes)
    people = [
        {"id": FIRST_PERSON + n, "key_id": key, "profile": work.person_keys.seal(key, {"name": "样例人"}),
         "updated_at": now}
        for n, key in zip(some, keys, strict=True)
    ]  # fmt: skip
    c.execute(insert(resident), people)
    c.execute(
        insert(membership),
        [
            {"household_id": first_node + n, "resident_id": FIRST_PERSON + n, "number": 1, "valid_from": day}
            for n in some
        ],
    )
    c.execute(
        insert(contact),
        [
            {"id": FIRST_PERSON + n, "household_id": first_node + n, "resident_id": FIRST_PERSON + n,
             "relation": Relation.MEMBER.value, "position": 1, "may_answer": True, "valid_from": day}
            for n in some
        ],
    )  # fmt: skip
    c.execute(
        insert(contact_address),
        [
            {"contact_id": FIRST_PERSON + n, "channel": CHANNEL, "address": work.person_keys.seal(key, openid(n)),
             "lookup": lookup(CHANNEL, openid(n)), "since_at": now}
            for n, key in zip(some, keys, strict=True)
        ],
    )  # fmt: skip
    c.execute(
        insert(enrolment),
        [
            {"household_id": first_node + n, "plan": "isolation", "first_day": day, "normal_days": 0,
             "exception_only": False, "since_at": now}
            for n in some
        ],
    )  # fmt: skip


def requests(count: int, households: int, host: str) -> Iterator[bytes]:
    """Yield whole HTTP requests: each household in turn answers, each message is a new one, stamped when it is made."""
    first = int(time.time()) * 1_000_000
    for n in range(count):
        stamp, msgid, text = str(int(time.time())), first + n, SAID[(n + n // households) % len(SAID)]
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
