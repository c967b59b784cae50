"""Windows, visits, pulls and links, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from handlers.domain.delivery import Letter, Purpose, Recipient, Text, label
from handlers.domain.household import Address
from handlers.domain.message import Channel
from handlers.domain.window import Opening, Standing
from store.code_links import CodeLink
from store.engine import Database
from store.kf_pull import LEASE
from store.work import SqlWork, Store

NOW = datetime(2026, 2, 8, 1, tzinfo=UTC)
KF, OA = Channel.KF, Channel.OFFICIAL_ACCOUNT
WANG = label(KF, "wm1")


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def standing(store: Store, now: datetime, channel: Channel = KF, address: str = "wm1") -> Standing:
    one = Address(channel.value, address)
    with store.read() as work:
        return work.windows.standings([one], now)[one]


def heard(store: Store, at: datetime, opening: Opening = Opening.WORD, channel: Channel = KF) -> None:
    with store.begin() as work:
        work.windows.heard(channel, label(channel, "wm1"), opening, at)


def put(work: SqlWork, count: int) -> tuple[int, ...]:
    letters = [Letter(Purpose.REPLY, KF, Text(f"{n}"), (Recipient("wm1"),), NOW) for n in range(count)]
    return work.outbox.put(letters, NOW)


def test_a_word_opens_and_a_later_word_opens_again(store: Store) -> None:
    assert standing(store, NOW) is Standing.NEVER
    heard(store, NOW)
    heard(store, NOW - timedelta(hours=9))
    assert standing(store, NOW + timedelta(hours=47)) is Standing.OPEN
    assert standing(store, NOW + timedelta(hours=48)) is Standing.OVER
    heard(store, NOW + timedelta(hours=40))
    assert standing(store, NOW + timedelta(hours=48)) is Standing.OPEN


def test_shut_is_shut_until_a_later_word(store: Store) -> None:
    heard(store, NOW)
    with store.begin() as work:
        work.windows.shut([WANG], NOW + timedelta(minutes=10))
    heard(store, NOW + timedelta(minutes=9))
    assert standing(store, NOW + timedelta(minutes=11)) is Standing.SHUT
    heard(store, NOW + timedelta(minutes=10))  # told in whole seconds: the same second counts as later
    assert standing(store, NOW + timedelta(minutes=11)) is Standing.OPEN


def test_the_two_windows_of_an_account_stand_side_by_side(store: Store) -> None:
    heard(store, NOW, Opening.WORD, OA)
    heard(store, NOW + timedelta(hours=47, minutes=58), Opening.DEED, OA)
    late = NOW + timedelta(hours=48)
    assert standing(store, late - timedelta(seconds=70), OA) is Standing.OPEN
    assert standing(store, late + timedelta(seconds=1), OA) is Standing.OVER


def test_whoever_left_is_gone_until_they_come_back(store: Store) -> None:
    heard(store, NOW, channel=OA)
    name = label(OA, "wm1")
    with store.begin() as work:
        work.visits.came(OA, name, "t" * 32, NOW)
        work.visits.left(OA, name, NOW)
    assert standing(store, NOW, OA) is Standing.LEFT
    with store.begin() as work:
        assert work.visits.get(name).token is None
        work.visits.seen(OA, name, NOW)
    assert standing(store, NOW, OA) is Standing.OPEN


def test_two_senders_at_once_do_not_both_take_the_last_place(store: Store) -> None:
    heard(store, NOW)
    with store.begin() as work:
        ids = put(work, 16)
    gone: list[int] = []

    def send(mine: tuple[int, ...], owner: str) -> None:
        with store.begin() as work:
            gone.extend(one.id for one in work.claims.claim(mine, NOW, timedelta(seconds=45), owner))

    threads = [threading.Thread(target=send, args=(ids[n::4], f"s{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gone) == 5
    with store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT state, count(*) FROM parcel GROUP BY state").all()
        told = work.connection.exec_driver_sql("SELECT DISTINCT error FROM parcel WHERE state = 'failed'").all()
    assert {row[0]: row[1] for row in rows} == {"flying": 5, "failed": 11}
    assert [row[0] for row in told] == [f"够不着: {Standing.USED_UP.value}"]


def test_a_visit_is_remembered(store: Store) -> None:
    with store.begin() as work:
        work.visits.came(KF, WANG, "t" * 32, NOW)
        work.visits.asking(WANG, "help", NOW)
        work.visits.came(KF, WANG, None, NOW + timedelta(hours=1))
        found = work.visits.get(WANG)
        assert (found.token, found.came_at) == ("t" * 32, NOW + timedelta(hours=1))
        assert found.waits_for("help", NOW + timedelta(minutes=5), timedelta(minutes=10))
        assert not found.waits_for("help", NOW + timedelta(minutes=11), timedelta(minutes=10))


def test_a_refusal_is_of_one_template_and_can_be_taken_back(store: Store) -> None:
    with store.begin() as work:
        for _ in range(2):
            work.visits.refuse(WANG, ["T1", "T2", "T1"], NOW)
        work.visits.allow(WANG, ["T2"])
        rows = work.connection.exec_driver_sql("SELECT template_id FROM notice_refusal").all()
    assert [row[0] for row in rows] == ["T1"]


def test_one_leases_an_account_at_a_time(store: Store) -> None:
    with store.begin() as work:
        work.pulls.ask("wk1", "TOKEN", NOW)
        assert work.pulls.due(NOW) == ("wk1",)
        mine = work.pulls.lease("wk1", "a/1", NOW)
        assert mine is not None
        assert (mine.token, mine.cursor, mine.asked) == ("TOKEN", "", 1)
        assert work.pulls.due(NOW) == ()
        assert work.pulls.lease("wk1", "b/1", NOW) is None
        assert work.pulls.advance("wk1", "a/1", "C1", NOW)
        assert not work.pulls.advance("wk1", "b/1", "C0", NOW)
    late = NOW + LEASE + timedelta(seconds=1)
    with store.begin() as work:
        other = work.pulls.lease("wk1", "b/1", late)
        assert other is not None
        assert other.cursor == "C1"
        assert not work.pulls.advance("wk1", "a/1", "C0", late)


def test_a_hint_while_it_is_pulled_makes_it_due_at_once(store: Store) -> None:
    later = NOW + timedelta(minutes=5)
    with store.begin() as work:
        work.pulls.ask("wk1", None, NOW)
        mine = work.pulls.lease("wk1", "a/1", NOW)
        assert mine is not None
        work.pulls.release("wk1", "a/1", mine.asked, later)
        assert work.pulls.due(NOW) == ()
        assert work.pulls.due(later) == ("wk1",)
        work.pulls.lease("wk1", "a/2", later)
        work.pulls.ask("wk1", None, later)
        work.pulls.release("wk1", "a/2", mine.asked, later + timedelta(minutes=5))
        assert work.pulls.due(later) == ("wk1",)


def test_links_are_kept_by_scene_and_counted(store: Store) -> None:
    once, ever = (
        CodeLink("http://a.example/q/1", False, NOW + timedelta(days=30)),
        CodeLink("http://b.example/", True, None),
    )
    with store.begin() as work:
        work.links.put(OA, "d_x", once, NOW)
        assert work.links.get(OA, "d_x", NOW, permanent=False) == once
        assert work.links.get(OA, "d_x", NOW, permanent=True) is None
        assert work.links.get(OA, "d_x", NOW + timedelta(days=31), permanent=False) is None
        assert work.links.get(KF, "d_x", NOW, permanent=False) is None
        work.links.put(OA, "d_x", ever, NOW)
        assert work.links.get(OA, "d_x", NOW, permanent=False) == ever
        assert work.links.permanent(OA) == 1
