"""The access token: one question for everybody, never two in a minute, and nothing secret in any word."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from channel_rig import AGENT, CORP, SECRET, Rig, card, everybody, word
from raw_server import RawServer, response
from sqlalchemy import select

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from handlers.domain.errors import SendFailed
from store.engine import Database
from store.models import alarm
from store.models.outbox import access_token
from store.tokens import TokenRepo


def asked(rig: Rig) -> int:
    return rig.calls("gettoken")


def another(rig: Rig, secret: str = SECRET) -> TokenStore:
    """What another process would hold."""
    return TokenStore(rig.database, rig.origin, CORP, AGENT, secret, rig.now)


def test_64_threads_in_4_processes_ask_once(rig_on_both: Rig) -> None:
    rig = rig_on_both
    stores = [another(rig) for _ in range(4)]
    with ThreadPoolExecutor(64) as pool:
        tokens = set(pool.map(lambda n: stores[n % 4].get(), range(64)))
    assert len(tokens) == 1
    assert asked(rig) == 1


def test_a_token_at_hand_costs_nothing(rig: Rig) -> None:
    token = rig.tokens.get()
    assert rig.tokens.peek() == token
    assert rig.tokens.get() == token
    assert asked(rig) == 1


def test_it_is_renewed_before_it_ends(rig: Rig) -> None:
    first = rig.tokens.get()
    rig.forward(7200 * 0.75)
    assert rig.tokens.peek() == first
    rig.forward(7200 * 0.06)
    assert rig.tokens.peek() is None
    assert rig.tokens.get() == first  # the platform gives the same one as long as it holds
    assert asked(rig) == 2
    rig.forward(7200)
    assert rig.tokens.get() != first


def test_a_token_due_for_renewal_is_used_while_the_platform_is_away(rig: Rig) -> None:
    first = rig.tokens.get()
    rig.fault("http_502", "gettoken")
    rig.forward(7200 * 0.9)
    assert rig.tokens.get() == first


def test_a_refused_token_is_replaced_once_and_the_message_goes(rig: Rig) -> None:
    first = rig.tokens.get()
    rig.forward(120)
    rig.fault("token_revoke_now", "message/send", nth=1)
    rig.put(card(everybody(), rig.now()))
    assert rig.send().sent == 1
    assert rig.tokens.peek() not in (None, first)
    assert (rig.calls("message/send"), asked(rig)) == (2, 2)


def test_a_storm_of_refused_tokens_asks_once_a_minute_and_loses_nothing(rig: Rig) -> None:
    rig.tokens.get()
    rig.forward(120)
    rig.fault("token_revoke_now", "message/send", count=4)
    started = rig.now()
    rig.put(*[word(f"u{n}", f"第{n}号", rig.now()) for n in range(60)])
    rig.settle()
    assert rig.reach() == {("reminder", "sent"): 60}
    assert all(list(rig.shown(f"u{n}").values()) == [1] for n in range(60))
    assert asked(rig) <= 2 + (rig.now() - started) / timedelta(seconds=60)


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_refused_for_ever_ends(rig: Rig, code: int) -> None:
    rig.fault("err", "message/send", code=code)
    rig.put(word("u1", "请回复", rig.now()))
    rig.settle()
    assert rig.reach() == {("reminder", "failed"): 1}
    assert rig.calls("message/send") <= 16  # eight attempts, each replayed at most once
    assert asked(rig) <= 9


def test_a_wrong_secret_is_tried_three_times_an_hour_and_loses_nothing(rig: Rig) -> None:
    tokens = another(rig, "wrong")
    tries = 0
    for _ in range(120):  # an hour, every half minute
        with pytest.raises(SendFailed):
            tokens.get()
        tries += 1
        rig.forward(30)
    assert tries == 120
    assert asked(rig) <= 3
    with rig.database.read() as connection:
        assert [row.kind for row in connection.execute(select(alarm))] == ["token"]


def test_without_a_token_nothing_is_tried_and_nothing_is_lost(rig: Rig) -> None:
    rig.fault("err", "gettoken", code=40001)
    rig.put(card(everybody(), rig.now()))
    summary = rig.send()
    assert (summary.sent, summary.again) == (0, 1)
    assert rig.reach() == {("card", "queued"): 60}
    rig.site.faults.clear()
    rig.settle()
    assert rig.reach() == {("card", "sent"): 60}
    assert asked(rig) == 2


def test_the_right_secret_works_at_once_after_a_wrong_one(rig: Rig) -> None:
    with pytest.raises(SendFailed):
        another(rig, "wrong").get()
    assert another(rig).get()


def test_a_platform_that_comes_up_late_is_found_soon(rig: Rig) -> None:
    rig.fault("reset", "gettoken", nth=1)
    with pytest.raises(SendFailed) as caught:
        rig.tokens.get()
    assert caught.value.retryable
    assert 0 < caught.value.wait_s <= 5
    rig.forward(caught.value.wait_s)
    assert rig.tokens.get()


def test_a_dead_askers_lease_ends(rig: Rig) -> None:
    with rig.database.begin() as connection:
        assert TokenRepo(connection, rig.tokens._key).lease(rig.now())
    rig.forward(6)
    assert rig.tokens.get()


def test_the_secret_lies_nowhere(rig: Rig) -> None:
    token = rig.tokens.get()
    with rig.database.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM access_token").all()
        assert connection.scalar(select(access_token.c.value)) == token
    joined = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert SECRET.encode() not in joined
    assert token.encode() not in joined
    assert SECRET[:10].encode() not in joined


Store = Callable[[str], TokenStore]


@pytest.fixture
def store_at(rig: Rig) -> Store:
    def make(url: str) -> TokenStore:
        return TokenStore(rig.database, Origin(url), CORP, AGENT, SECRET, lambda: datetime.now(UTC))

    return make


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"garbage",
        response(b"<html>502</html>"),
        response(b'{"errcode":0,"access_token":"","expires_in":7200}'),
        response(b'{"errcode":0,"access_token":"T","expires_in":"7200"}'),
        response(b'{"errcode":"0x","access_token":"T","expires_in":7200}'),
        response(b'["access_token"]'),
        response(b'{"errcode":0,"access_token":"T","expires_in":7200}', "500 Oops"),
    ],
)
def test_what_is_no_token_is_none_and_tells_no_secret(
    store_at: Store, raw: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    server = RawServer(lambda _request: raw, keep=False)
    with caplog.at_level(logging.DEBUG), pytest.raises(SendFailed) as caught:
        store_at(server.url).get()
    server.close()
    assert SECRET in server.requests[0].decode()  # it was asked with it
    error: BaseException | None = caught.value
    told = caplog.text
    while error is not None:
        told += repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert SECRET not in told


def test_nobody_there_tells_no_secret(store_at: Store, unused_port: int) -> None:
    with pytest.raises(SendFailed) as caught:
        store_at(f"http://127.0.0.1:{unused_port}").get()
    assert SECRET not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_two_apps_of_one_corp_keep_two_tokens(database: Database) -> None:
    calls: list[bytes] = []

    def script(request: bytes) -> bytes:
        calls.append(request)
        return response(b'{"errcode":0,"access_token":"T%d","expires_in":7200}' % len(calls))

    server = RawServer(script)
    stores = [
        TokenStore(database, Origin(server.url), CORP, agent, secret, lambda: datetime.now(UTC))
        for agent, secret in ((1, "secret-one"), (2, "secret-two"))
    ]
    assert [store.get() for store in stores] == ["T1", "T2"]
    server.close()
