"""HTTP of our own: what is an answer, what is none, and what surely never left."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import RawServer, response

from bot.channels.http import Http, NoAnswer, NotSent, Origin, Result
from bot.channels.http_answer import Answer, Reading
from handlers.domain.errors import BadSetting

OK = Answer(200, b'{"errcode":0,"errmsg":"ok"}')
Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    made: list[RawServer] = []

    def start(*replies: bytes | None, keep: bool = True) -> RawServer:
        left = list(replies)
        server = RawServer(lambda _request: left.pop(0) if len(left) > 1 else left[0], keep=keep)
        made.append(server)
        return server

    yield start
    for server in made:
        server.close()


def ask(server: RawServer, times: int = 1, *, at_once: bool = False, answer_s: float = 0.4) -> list[Result]:
    async def run() -> list[Result]:
        http = Http(Origin(server.url), answer_s=answer_s)
        try:
            if at_once:
                return list(await asyncio.gather(*(http.fetch("/x", b"{}") for _ in range(times))))
            return [await http.fetch("/x", b"{}") for _ in range(times)]
        finally:
            await http.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def test_one_connection_serves_one_after_the_other(serve: Serve) -> None:
    server = serve(response())
    assert ask(server, 20) == [OK] * 20
    assert server.connections == 1


def test_as_many_connections_as_are_under_way(serve: Serve) -> None:
    server = serve(response())
    assert ask(server, 8, at_once=True) == [OK] * 8
    assert server.connections <= 8


def test_the_request_is_what_it_says(serve: Serve) -> None:
    server = serve(response())
    ask(server)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /x HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert b"Content-Length: 2" in head
    assert body == b"{}"


CHUNKED = (
    b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"err\r\n16\r\ncode":0,"errmsg":"ok"}\r\n0\r\n\r\n'
)


@pytest.mark.parametrize(
    "raw",
    [
        CHUNKED,
        b"HTTP/1.1 100 Continue\r\n\r\n" + response(),
        response(extra="Connection: close\r\n"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 27\r\n\r\n" + OK.body,
        response().replace(b"Content-Length", b"cOnTeNt-lEnGtH"),
    ],
)
def test_every_form_of_an_answer_is_read(serve: Serve, raw: bytes) -> None:
    assert ask(serve(raw), 2) == [OK] * 2


def test_an_answer_may_end_with_the_connection(serve: Serve) -> None:
    assert ask(serve(b"HTTP/1.1 200 OK\r\n\r\n" + OK.body, keep=False)) == [OK]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"",
        b"HTTP/1.1 200 OK\r\n",
        response()[:-5],
        CHUNKED[:-20],
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nxxxxx\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nxxxxx\r\n",
        b"X" * 20_000,
    ],
)
def test_what_is_no_answer_is_no_answer(serve: Serve, raw: bytes | None) -> None:
    (result,) = ask(serve(raw, keep=False))
    assert isinstance(result, NoAnswer)


def test_silence_is_no_answer_in_time(serve: Serve) -> None:
    started = time.monotonic()
    (result,) = ask(serve(b""), answer_s=0.2)
    assert isinstance(result, NoAnswer)
    assert time.monotonic() - started < 2


def test_nobody_there_is_not_sent(unused_port: int) -> None:
    async def run() -> Result:
        return await Http(Origin(f"http://127.0.0.1:{unused_port}")).fetch("/x", b"{}")

    assert isinstance(asyncio.run(run()), NotSent)


def test_a_door_that_never_opens_is_not_sent() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        blockers = [socket.socket() for _ in range(8)]
        for one in blockers:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))

        async def run() -> Result:
            return await Http(Origin(f"http://127.0.0.1:{port}"), connect_s=0.2).fetch("/x", b"{}")

        assert isinstance(asyncio.run(run()), NotSent)
        for one in blockers:
            one.close()


def test_a_redirect_is_an_answer_and_not_followed(serve: Serve) -> None:
    server = serve(response(b"", "302 Found", "Location: http://127.0.0.1:1/elsewhere\r\n"))
    (result,) = ask(server)
    assert isinstance(result, Answer)
    assert result.status == 302
    assert len(server.requests) == 1


@pytest.mark.parametrize("path", ["/x y", "/x\r\nHost: evil", "/值", "/x\n"])
def test_a_path_cannot_smuggle_a_request(serve: Serve, path: str) -> None:
    server = serve(response())

    async def run() -> Result:
        return await Http(Origin(server.url)).fetch(path, b"{}")

    assert isinstance(asyncio.run(run()), NotSent)
    assert server.requests == []


def test_a_connection_closed_while_nobody_looked_is_not_used(serve: Serve) -> None:
    server = serve(response())

    async def run() -> list[Result]:
        http = Http(Origin(server.url))
        first = await http.fetch("/x", b"{}")
        server.hang_up()
        time.sleep(0.05)  # the loop does not run meanwhile: as between two runs of the sender
        await http.freshen()
        results = [first, await http.fetch("/x", b"{}")]
        await http.close()
        return results

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) == [OK, OK]


def test_a_connection_serves_run_after_run(serve: Serve) -> None:
    server = serve(response())

    async def run() -> None:
        http = Http(Origin(server.url))
        for _ in range(5):
            await http.freshen()
            assert await http.fetch("/x", b"{}") == OK
        await http.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    assert server.connections == 1


def test_an_answer_that_came_while_the_loop_was_busy_counts(serve: Serve) -> None:
    server = serve(response())

    async def run() -> Result:
        http = Http(Origin(server.url), answer_s=0.1)
        await http.fetch("/x", b"{}")
        asking = asyncio.ensure_future(http.fetch("/x", b"{}"))
        await asyncio.sleep(0)
        time.sleep(0.3)  # the database's turn
        result = await asking
        await http.close()
        return result

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) == OK


def test_more_than_was_promised_ends_the_connection(serve: Serve) -> None:
    server = serve(response() + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", response())
    assert ask(server, 2) == [OK] * 2  # the surplus is not taken for the second answer
    assert server.connections == 2


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=30), st.sampled_from([CHUNKED, response(), response(b"")]))
def test_however_it_is_cut_it_reads_the_same(cuts: list[int], raw: bytes) -> None:
    whole = Reading().feed(raw)
    reading, found, at = Reading(), None, 0
    for size in [*cuts, len(raw)]:
        if found is None and raw[at : at + size]:
            found = reading.feed(raw[at : at + size])
        at += size
    assert found == whole


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_noise_raises_nothing_but_value_error(noise: bytes) -> None:
    for raw in (noise, b"HTTP/1.1 200 OK\r\n" + noise, CHUNKED[:48] + noise):
        reading = Reading()
        try:
            reading.feed(raw)
            reading.end()
        except ValueError:
            pass


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://qyapi.example/cgi-bin/x?a=1", "/cgi-bin/x?a=1"),
        ("https://qyapi.example:443/cgi-bin/x", "/cgi-bin/x"),
        ("https://QYAPI.example/x", "/x"),
    ],
)
def test_an_address_here_is_reduced_to_its_path(url: str, path: str) -> None:
    assert Origin("https://qyapi.example").path_of(url) == path


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.example/x",
        "https://qyapi.example:8443/x",
        "https://qyapi.example.evil/x",
        "https://qyapi.example@evil.example/x",
        "https://user@qyapi.example/x",
        "//evil.example/x",
        "ftp://qyapi.example/x",
        "",
    ],
)
def test_an_address_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(NotSent):
        Origin("https://qyapi.example").path_of(url)


@pytest.mark.parametrize("base", ["qyapi.example", "ftp://x", "https://", "https://x/?a=1"])
def test_a_base_that_is_none_is_refused_at_start(base: str) -> None:
    with pytest.raises(BadSetting):
        Origin(base)
