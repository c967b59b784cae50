"""The server's own interface, through a real server: what pages and doors see of a request, and what comes back."""

import asyncio
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from services import free_port

from bench.callbacks import PATH, callback
from bot.channels.envelope import BODY_LIMIT
from bot.parts import Parts
from bot.settings import load
from bot.web.doors_rsgi import LOOK_EVERY_S, Durable, RsgiDoors
from store.accept import Acceptor
from store.inbox import row
from store.migrate import migrate
from store.spool import Spool

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@contextmanager
def serving(command, environ):
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env={**os.environ, **environ})
    port, until = int(command[-1]), time.monotonic() + 30
    try:
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def echo():
    here = str(Path(__file__).parent)
    with serving(["-m", "rsgi_echo", str(free_port())], {"PYTHONPATH": f"{here}:{ROOT}"}) as port:
        yield port


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    environ = {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": f"sqlite:///{folder / 'geying.db'}",
        "GEYING_HIERARCHY": str(ROOT / "data/town.yaml"),
        "GEYING_VAR": str(folder),
    }
    with serving(["-m", "bot", "serve", "--port", str(free_port())], environ) as port:
        yield port, folder / "geying.db"


def ask(port, method, path, body=None, headers=()):
    """Return status, headers and body; *headers* may name one twice."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.putrequest(method, path)
        for name, value in headers:
            line.putheader(name, value)
        if isinstance(body, bytes):
            line.putheader("Content-Length", str(len(body)))
        line.endheaders(body, encode_chunked=not isinstance(body, bytes | None))
        answer = line.getresponse()
        return answer.status, answer.getheaders(), answer.read()


def seen(port, method, path, body=None, headers=()):
    status, _, said = ask(port, method, path, body, headers)
    assert status == 201, said
    return json.loads(said)


def test_a_page_sees_the_request(echo):
    made = seen(echo, "POST", "/%E6%9D%91/a%20b?x=%E6%9D%91&y=1", b"ab", [("Content-Type", "text/plain")])
    assert made["REQUEST_METHOD"] == "POST"
    assert made["PATH_INFO"].encode("latin-1").decode() == "/村/a b"
    assert made["QUERY_STRING"] == "x=%E6%9D%91&y=1"
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"], made["length"]) == ("text/plain", "2", 2)
    assert (made["REMOTE_ADDR"], made["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert made["HTTP_HOST"] == f"127.0.0.1:{echo}"


def test_headers_said_twice_are_joined_and_cookies_as_cookies(echo):
    twice = [("X-Twice", "1"), ("X-Twice", "2"), ("Cookie", "a=1"), ("Cookie", "b=2")]
    made = seen(echo, "GET", "/", headers=twice)
    assert (made["HTTP_X_TWICE"], made["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")


def test_a_header_with_an_underscore_is_nobody_else(echo):
    assert "HTTP_X_WHO" not in seen(echo, "GET", "/", headers=[("X_Who", "admin")])
    assert seen(echo, "GET", "/", headers=[("X-Who", "me"), ("X_Who", "admin")])["HTTP_X_WHO"] == "me"


def test_a_page_answers_with_all_its_headers(echo):
    _, headers, _ = ask(echo, "GET", "/")
    assert [value for name, value in headers if name.lower() == "set-cookie"] == ["a=1", "b=2"]
    assert sum(name.lower() == "content-length" for name, _ in headers) == 1


def test_head_has_no_body(echo):
    status, headers, body = ask(echo, "HEAD", "/")
    assert (status, body) == (201, b"")
    assert "content-length" in {name.lower() for name, _ in headers}


def test_a_body_in_pieces_arrives_whole(echo):
    made = seen(echo, "POST", "/", iter([b"a" * 300, b"b" * 300]), [("Transfer-Encoding", "chunked")])
    assert (made["length"], made["CONTENT_LENGTH"]) == (600, "600")


@pytest.mark.parametrize("pieces", [False, True])
def test_a_body_over_the_limit_is_refused(echo, pieces):
    body = iter([b"a" * 800, b"b" * 800]) if pieces else b"a" * 1001
    headers = [("Transfer-Encoding", "chunked")] if pieces else []
    assert ask(echo, "POST", "/", body, headers)[0] == 413


def test_a_page_that_breaks_says_nothing_of_why(echo):
    status, _, body = ask(echo, "GET", "/broken")
    assert status == 500
    assert b"Zero" not in body


def test_a_callback_is_committed_before_its_200(door):
    port, path = door
    status, headers, body = post(port, *callback(int(time.time())))
    assert (status, body) == (200, b"")
    assert ("cache-control", "no-store") in headers
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM inbox").fetchone() == (1,)


def test_a_callback_in_pieces_is_taken(door):
    port, _ = door
    query, body = callback(int(time.time()))
    assert post(port, query, iter([body[:400], body[400:]]), [("Transfer-Encoding", "chunked")])[0] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"<xml/>", 403), (b"", 403), (b"x" * BODY_LIMIT, 403), (b"x" * (BODY_LIMIT + 1), 413)],
    ids=["forged", "empty", "as long as may be", "too long"],
)
def test_the_door_refuses(door, body, status):
    port, _ = door
    query, _ = callback(int(time.time()))
    assert post(port, query, body)[0] == status


def test_a_body_that_never_ends_is_cut_off(door):
    port, _ = door
    query, _ = callback(int(time.time()))
    endless = (b"x" * 65536 for _ in range(3))
    assert post(port, query, endless, [("Transfer-Encoding", "chunked")])[0] == 413


def test_other_methods_and_other_paths(door):
    port, _ = door
    assert ask(port, "PUT", PATH)[0] == 403
    assert ask(port, "GET", "/healthz")[0] == 200
    assert ask(port, "GET", "/wecom/callback/")[0] in (302, 404)
    assert ask(port, "GET", "/healthz", headers=[("Upgrade", "websocket"), ("Connection", "Upgrade")])[0] == 400


class Scope:
    """What granian hands over of a request, as far as a door looks at it."""

    proto, method, path = "http", "POST", PATH

    def __init__(self, query, length):
        self.query_string = "&".join(f"{name}={value}" for name, value in query.items())
        self.headers = {"content-length": str(length)}


class Protocol:
    def __init__(self, body):
        self._body, self.status = body, 0

    async def __call__(self):
        return self._body

    def response_bytes(self, status, _headers, _body):
        self.status = status


def test_who_has_waited_too_long_is_told_before_the_platform_hangs_up(tmp_path):
    """The database is held by another process and the spool is not asked: 503 within 5 s, and no answer is lost."""
    environ = {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": f"sqlite:///{tmp_path / 'geying.db'}",
        "GEYING_HIERARCHY": str(ROOT / "data/town.yaml"),
        "GEYING_VAR": str(tmp_path),
    }
    parts = Parts(load(environ, dotenv=None))
    migrate(parts.database)
    acceptor = Acceptor(parts.database, parts.spool, patience_s=60)
    requests = [callback(int(time.time())) for _ in range(3)]
    protocols = [Protocol(body) for _, body in requests]
    holder = sqlite3.connect(tmp_path / "geying.db", isolation_level=None)

    async def ask_all():
        doors = RsgiDoors(parts.doorkeeper, Durable(acceptor), None)
        doors.__rsgi_init__(asyncio.get_running_loop())
        began = time.monotonic()
        scopes = [Scope(query, len(body)) for query, body in requests]
        await asyncio.gather(*(doors.__rsgi__(scope, to) for scope, to in zip(scopes, protocols, strict=True)))
        return time.monotonic() - began

    holder.execute("BEGIN IMMEDIATE")
    took = asyncio.run(ask_all())
    holder.execute("COMMIT")
    assert 4.0 <= took < 4.9
    assert [to.status for to in protocols] == [503, 503, 503]
    acceptor.stop()
    assert holder.execute("SELECT count(*) FROM inbox").fetchone() == (3,)
    holder.close()
    parts.close()


def test_one_timer_looks_after_all_however_many_come_and_go(database, tmp_path):
    """A timer more for every message that comes after a quiet moment would soon leave no time for anything else."""
    acceptor, looked = Acceptor(database, Spool(tmp_path)), []

    class Counted(Durable):
        def _look(self):
            looked.append(self._loop.time())
            super()._look()

    async def one_after_another():
        durable = Counted(acceptor)
        durable.on(asyncio.get_running_loop())
        until = time.monotonic() + 6 * LOOK_EVERY_S
        sent = 0
        while time.monotonic() < until:
            made = row(f"k{sent}", "wecom_app", "text", None, None, b"<xml/>", datetime.now(UTC), datetime.now(UTC))
            assert await durable(made)
            sent += 1
        return sent

    sent = asyncio.run(one_after_another())
    acceptor.stop()
    assert sent > 20
    assert 1 <= len(looked) <= 7


def post(port, query, body, headers=()):
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return ask(port, "POST", f"{PATH}?{said}", body, headers)
