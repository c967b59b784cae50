"""Too much, too often, not yours: how the residents' doors bear it. Nothing breaks, nothing is kept, one answer."""

import http.client
import os
import random
import re
import secrets
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from resident_house import Lane, token_of, well
from sqlalchemy import func, select

from bot.app import create_app
from bot.doorway import sheet_door
from bot.web.knocks import MISSES, SHEETS_OF_GATE, SHEETS_OF_VISITOR
from bot.web.me import VISITS, VISITS_IN
from bot.web.sheet_door import FORM_TYPE, Asked, SheetDoor
from demo.doors import doors_of
from demo.stage import Stage
from demo.story import MORNING
from handlers.domain.place_code import TOKEN_MARKS, CodeKind
from store.models import declaration, inbox, sheet, sheet_answer

ROOT = Path(__file__).parents[2]
LETTERS = string.ascii_letters + string.digits + "-_"
HUGE = 5_000_000  # bytes


def guess(dice: random.Random) -> str:
    return "".join(dice.choices(LETTERS, k=TOKEN_MARKS))


def asked(lane: Lane, token: str, body: bytes, address: str) -> Asked:
    return Asked(token, body, address, "127.0.0.1:8000", FORM_TYPE, "application/json", None, "same-origin")


@pytest.fixture
def door(lane: Lane) -> SheetDoor:
    """The door by itself: what it would put into the inbox, or its answer."""
    return sheet_door(lane.parts, create_app(lane.parts))


# -- guesses -------------------------------------------------------------------------------------------------------


def test_thousands_of_guesses_from_many_addresses_open_nothing(lane: Lane, door: SheetDoor) -> None:
    """From each address a few are told that there is nothing, and then to wait; and there is no row of it."""
    dice, said = random.Random(5), []
    for number in range(5_000):
        token = guess(dice)
        address = f"192.0.2.{number % 100}"
        answer = door.row(asked(lane, token, b"x=1", address), door.codes.kind(token))
        said.append(answer.status)
    assert said.count(404) == 100 * MISSES
    assert said.count(429) == 5_000 - 100 * MISSES
    assert lane.records() == 0
    whole = lane.body(lane.home, well(f"m{lane.members[0].id}"))
    taken = door.row(asked(lane, lane.home, whole.encode(), "192.0.2.1"), CodeKind.HOUSEHOLD)
    assert not hasattr(taken, "status"), "a good code is good at an address of guessers too"


def test_guesses_at_ones_own_page_are_slowed_down_and_forget_nobody(lane: Lane) -> None:
    dice, client = random.Random(6), lane.client()
    token = token_of(lane.declare(lane.home, well(f"m{lane.members[0].id}"))["html"])
    said = [lane.get(f"/me/{guess(dice)}", client).status_code for _ in range(MISSES + 20)]
    assert said == [404] * MISSES + [429] * 20
    assert lane.get(f"/me/{token}", client).status_code == 200
    codes = [
        client.post("/me", data={"t": lane.parts.seals.make("/me", lane.clock.now()), "code": f"ABCD-{n:04d}"})
        for n in range(3)
    ]
    assert {one.status_code for one in codes} == {429}, "they are counted together"


def test_one_page_is_not_read_all_day(lane: Lane) -> None:
    token = token_of(lane.declare(lane.home, well(f"m{lane.members[0].id}"))["html"])
    client = lane.client()
    said = [lane.get(f"/me/{token}", client).status_code for _ in range(20)]
    for _ in range(VISITS - 21):  # as many looks again, without the pages
        lane.parts.knocks.count(("me", token), VISITS, VISITS_IN)
    said += [lane.get(f"/me/{token}", client).status_code for _ in range(3)]
    assert said == [200] * 21 + [429] * 2
    lane.clock.forward(hours=1, seconds=1)
    assert lane.get(f"/me/{token}", client).status_code == 200


# -- how often -----------------------------------------------------------------------------------------------------


def test_one_visitor_cannot_fill_a_gate_and_a_crowd_can_pass(lane: Lane, door: SheetDoor) -> None:
    body = lane.body(lane.gate, {"asks": "x"}).encode()

    def sends(address: str) -> int:
        answer = door.row(asked(lane, lane.gate, body, address), CodeKind.NODE)
        return getattr(answer, "status", 202)

    assert [sends("192.0.2.1") for _ in range(SHEETS_OF_VISITOR + 1)] == [202] * SHEETS_OF_VISITOR + [429]
    assert sends("192.0.2.2") == 202
    crowd = [sends(f"2001:db8:{number:x}::1") for number in range(SHEETS_OF_GATE)]
    assert crowd.count(202) == SHEETS_OF_GATE - SHEETS_OF_VISITOR - 1
    assert set(crowd) == {202, 429}
    lane.clock.forward(hours=1, seconds=1)
    assert sends("192.0.2.1") == 202


def test_one_subscriber_is_one_however_many_addresses_it_has(lane: Lane, door: SheetDoor) -> None:
    dice = random.Random(8)
    said = [
        door.row(asked(lane, guess(dice), b"x=1", f"[2001:db8:1:2::{number:x}]"), None).status
        for number in range(MISSES + 3)
    ]
    assert said == [404] * MISSES + [429] * 3


# -- how much ------------------------------------------------------------------------------------------------------


def test_five_megabytes_break_nothing_anywhere(lane: Lane) -> None:
    token = token_of(lane.declare(lane.home, well(f"m{lane.members[0].id}"))["html"])
    before, client, body = lane.records(), lane.client(), b"t=" + b"x" * HUGE
    paths = [f"/d/{lane.home}{rest}" for rest in ("", "/answer", "/known")]
    paths += [f"/me/{token}{rest}" for rest in ("/copy", "/erase", "/correct")]
    for path in (*paths, "/me", f"/d/{'A' * 32}", f"/me/{'A' * 32}/copy"):
        answer = client.post(path, data=body, content_type=FORM_TYPE)
        assert answer.status_code in (403, 404, 413), path
    assert lane.records() == before
    assert lane.get(f"/me/{token}").status_code == 200


# -- not yours -----------------------------------------------------------------------------------------------------


def test_what_is_not_there_and_what_is_not_yours_are_one_answer(lane: Lane) -> None:
    """Rows, questions, sheets of others: word for word what one gets for nothing at all."""
    mine = token_of(lane.declare(lane.home, well(f"m{lane.members[0].id}"))["html"])
    theirs = token_of(lane.declare(lane.other, well("n1", name="周样青"))["html"])
    with lane.parts.store.read() as work:
        other = work.subjects.of_household(lane.other_id)[0]
    client = lane.client()
    sealed = {"t": lane.parts.seals.make(f"/me/{mine}", lane.clock.now())}
    for verb in ("withdraw", "erase", "correct", "copy", "all", "appeal", "settle"):
        fields = {"purpose": "health", "q": "q999999", "choice": "now"}
        not_mine = client.post(f"/me/{mine}/{verb}", data={**sealed, **fields, "row": f"s{other.id}"})
        not_there = client.post(f"/me/{mine}/{verb}", data={**sealed, **fields, "row": "s99999"})
        assert (not_mine.status_code, not_mine.data) == (not_there.status_code, not_there.data), verb
        assert not_mine.status_code == 404, verb
        lane.clock.forward(minutes=11)
        sealed = {"t": lane.parts.seals.make(f"/me/{mine}", lane.clock.now())}
    key = secrets.token_urlsafe(16)
    nobodys = client.post(f"/d/{lane.home}/answer", data={"key": key, "at": "x" * 43})
    others = client.post(f"/d/{lane.home}/answer", data={"key": key, "at": lane.home})
    assert nobodys.json == others.json == {"state": "pending"}
    said = [client.post(f"/d/{lane.home}/known", data={"me": me}).json for me in (theirs, "A" * 32, "")]
    assert said == [{"open": True, "rows": []}, *[{"open": False, "rows": []}] * 2]  # a token is its holder's own
    assert lane.rows(declaration) == 2


# -- the server itself ---------------------------------------------------------------------------------------------


class Served:
    """The web process over the demo's town; its worker is not there: what is taken waits."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder, "town", 0, 0)
        self.stage.prepare(MORNING)
        self.parts = self.stage.parts()
        self.home, self.port = doors_of(self.parts).home, self.stage.port
        self.before = self.records()

    def records(self) -> int:
        with self.parts.database.read() as connection:
            counts = (select(func.count()).select_from(table) for table in (inbox, sheet, declaration, sheet_answer))
            return sum(connection.execute(count).scalar_one() for count in counts)

    def post(self, body: bytes | Iterator[bytes], kind: str) -> int:
        """Post to the door's page; a server that has heard enough may close before it was told all."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            try:
                line.request("POST", f"/d/{self.home}", body, {"Content-Type": kind, "Accept": "application/json"})
            except (BrokenPipeError, ConnectionResetError):
                return 413
            return line.getresponse().status


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "stage")
    command = [sys.executable, "-m", "bot", "serve", "--port", str(made.port)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **made.stage.environ}) as process:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            assert process.poll() is None
            try:
                socket.create_connection(("127.0.0.1", made.port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield made
        process.terminate()
        assert process.wait(20) == 0
    made.parts.database.close()


@pytest.mark.slow
@pytest.mark.alone
def test_the_real_server_bears_it(served: Served) -> None:
    """Two thousand guesses, five megabytes whole, in pieces and cut off, strange bodies: no 5xx, nothing kept."""
    dice, statuses = random.Random(9), []
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)) as line:
        for number in range(2_000):
            method, body = (("GET", None), ("POST", b"x=1"))[number % 2]
            line.request(method, f"/d/{guess(dice)}", body, {"Content-Type": FORM_TYPE})
            answer = line.getresponse()
            answer.read()
            statuses.append(answer.status)
    assert statuses == [404] * MISSES + [429] * (2_000 - MISSES)
    bodies = (b"asks=" + b"x" * HUGE, iter([b"asks=", *[b"x" * 65_536] * 80]), b"\xff" * 4_000, b"{}", b"")
    assert {served.post(body, FORM_TYPE) for body in bodies} <= {400, 403, 413}
    head = (
        f"POST /d/{served.home} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM_TYPE}\r\nContent-Length: 9000\r\n\r\nasks="
    )
    with socket.create_connection(("127.0.0.1", served.port), 5) as cut:
        cut.sendall(head.encode())
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)) as line:
        line.request("GET", f"/d/{served.home}")
        page = line.getresponse().read().decode()
    assert served.records() == served.before
    form = dict(re.findall(r'<input type="hidden" name="(t|key|made)" value="([^"]*)">', page))
    assert served.post(urlencode({**form, "asks": "x"}).encode(), FORM_TYPE) == 202
    assert served.records() == served.before + 1
