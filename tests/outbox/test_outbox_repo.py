"""The outbox on SQLite and PostgreSQL: put, claim, record, stop, what is left over."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from outbox_letters import LEASE, LOST, NOW, OK, card, people, post, relay, robot, word
from sqlalchemy import select, text

from handlers.domain.delivery import CloseCard, Letter, Purpose, Recall, State
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Outcome, Parcel
from handlers.domain.retry import REPEAT_WITHIN, Fate
from store.engine import Database
from store.models import alarm, delivery, parcel
from store.outbox import OutboxRepo

BUSY = Outcome(Came.ANSWERED, -1)
S = timedelta(seconds=1)


def put(database: Database, *letters: Letter, now: datetime = NOW) -> tuple[int, ...]:
    with database.begin() as connection:
        return OutboxRepo(connection).put(letters, now)


def claim(
    database: Database, ids: Sequence[int] | None = None, now: datetime = NOW, owner: str = "a"
) -> tuple[Parcel, ...]:
    with database.begin() as connection:
        repo = OutboxRepo(connection)
        return repo.claim(repo.due(now) if ids is None else ids, now, LEASE, owner)


def record(database: Database, *results: tuple[Parcel, Outcome], now: datetime = NOW) -> tuple[int, ...]:
    with database.begin() as connection:
        return OutboxRepo(connection).record(results, now).released


def reach(database: Database, directive: int = 17) -> dict[tuple[str, str], int]:
    with database.read() as connection:
        return dict(OutboxRepo(connection).reach(directive))


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(parcel.c.state).order_by(parcel.c.id)))


def test_what_is_put_is_queued_for_everybody(database: Database) -> None:
    ids = put(database, card(people(1401)), post("c1"), relay("u1", "7K"))
    assert len(ids) == 4
    assert reach(database) == {("card", "queued"): 1401, ("post", "queued"): 1, ("relay", "queued"): 1}


def test_nothing_is_there_when_the_transaction_fails(database: Database) -> None:
    def fails() -> None:
        with database.begin() as connection:
            OutboxRepo(connection).put([card(people(3))], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert reach(database) == {}


def test_the_urgent_come_first_then_the_older(database: Database) -> None:
    low, late, early, high = put(
        database, word("u1", priority=1), word("u2", due_at=NOW), word("u3", due_at=NOW - S), word("u4", priority=20)
    )
    with database.read() as connection:
        repo = OutboxRepo(connection)
        assert repo.due(NOW) == (high, early, late, low)
        assert repo.due(NOW, 2) == (high, early)
    assert [one.id for one in claim(database)] == [high, early, late, low]


def test_what_is_not_due_is_not_claimed(database: Database) -> None:
    ids = put(database, word("u1", due_at=NOW + S))
    assert claim(database, ids) == ()
    assert [one.id for one in claim(database, ids, NOW + S)] == list(ids)


def test_two_workers_never_hold_the_same(database: Database) -> None:
    ids = put(database, *[word(f"u{n}") for n in range(10)])
    mine, theirs = claim(database, ids, owner="a"), claim(database, ids, owner="b")
    assert len(mine) == 10
    assert theirs == ()


def test_many_workers_at_once_take_each_parcel_once(database: Database) -> None:
    ids = put(database, *[word(f"u{n}") for n in range(160)])

    def work(owner: str) -> list[int]:
        mine: list[int] = []
        for start in range(0, len(ids), 16):
            mine += [one.id for one in claim(database, ids[start : start + 24], owner=owner)]
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [id_ for found in pool.map(work, "abcd") for id_ in found]
    assert sorted(taken) == sorted(ids)


def test_a_claimed_parcel_says_what_was_put(database: Database) -> None:
    put(database, card(people(3)))
    (one,) = claim(database)
    assert (one.to, one.people, one.attempts, one.first_attempt_at) == (("u0", "u1", "u2"), 3, 1, NOW)
    assert one.body["title"] == "排查外来人员"
    assert (one.purpose, one.channel, one.directive_id) == (Purpose.CARD, Channel.WECOM_APP, 17)


def test_neither_words_nor_keys_are_readable_at_rest(database: Database) -> None:
    put(database, word("u1", "孤老独居三户"), robot("a-robots-secret-key"))
    with database.read() as connection:
        rows = [*connection.execute(text("SELECT * FROM parcel")), *connection.execute(text("SELECT * FROM delivery"))]
    at_rest = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
    assert b"robot:" in at_rest
    for needle in ("孤老", "a-robots-secret-key"):
        assert needle.encode() not in at_rest


def test_taken_is_sent_and_a_relay_waits_for_its_person(database: Database) -> None:
    put(database, card(people(2)), relay("u1", "7K"))
    sent, relayed = claim(database)
    record(database, (sent, replace(OK, response_code="RC")), (relayed, OK))
    assert reach(database) == {("card", "sent"): 2, ("relay", "relaying"): 1}
    with database.read() as connection:
        (row,) = OutboxRepo(connection).parcels_of(17, Purpose.CARD)
    assert (row.state, row.msgid, row.handle) == ("sent", "MSGID1", True)


def test_those_the_platform_does_not_know_have_failed_the_rest_are_sent(database: Database) -> None:
    put(database, card(replace_case(people(5))))
    (one,) = claim(database)
    record(database, (one, replace(OK, invalid=("u1", "u3"))))  # it names them in lower case
    assert reach(database) == {("card", "sent"): 3, ("card", "failed"): 2}


def replace_case(to: tuple) -> tuple:  # type: ignore[type-arg]
    return tuple(replace(one, address=one.address.upper()) for one in to)


def test_a_busy_platform_is_asked_again_later(database: Database) -> None:
    put(database, word("u1"))
    (one,) = claim(database)
    record(database, (one, BUSY))
    assert reach(database) == {("reminder", "queued"): 1}
    (again,) = claim(database, now=NOW + 2 * S)
    assert (again.attempts, again.first_attempt_at, again.in_doubt) == (2, NOW, False)


def test_a_lost_answer_makes_it_unknown_until_it_is_answered(database: Database) -> None:
    put(database, post("c1"))
    (one,) = claim(database)
    record(database, (one, LOST))
    assert reach(database) == {("post", "unknown"): 1}
    (again,) = claim(database, now=NOW + 2 * S)
    assert again.unanswered == 1
    record(database, (again, OK))
    assert reach(database) == {("post", "sent"): 1}


def test_two_lost_answers_to_a_post_end_it(database: Database) -> None:
    put(database, post("c1"))
    for now in (NOW, NOW + 2 * S):
        (one,) = claim(database, now=now)
        record(database, (one, LOST))
    assert states(database) == ["unknown"]
    assert reach(database) == {("post", "unknown"): 1}


def test_what_could_not_be_tried_leaves_no_trace(database: Database) -> None:
    put(database, word("u1"))
    (one,) = claim(database)
    record(database, (one, Outcome(Came.HELD, wait_s=30)))
    (again,) = claim(database, now=NOW + 30 * S)
    assert (again.attempts, again.first_attempt_at) == (1, NOW + 30 * S)


def test_a_permanent_refusal_fails_and_is_alarmed_once(database: Database) -> None:
    put(database, *[word(f"u{n}") for n in range(3)])
    claimed = claim(database)
    record(database, *[(one, Outcome(Came.ANSWERED, 60020, note="from ip: 192.0.2.1")) for one in claimed])
    assert reach(database) == {("reminder", "failed"): 3}
    with database.read() as connection:
        assert [(row.kind, row.count) for row in connection.execute(select(alarm))] == [("send", 3)]
        assert "192.0.2.1" in connection.scalars(select(parcel.c.error)).first()


def test_an_answer_after_the_lease_counts_when_the_platform_took_it(database: Database) -> None:
    put(database, post("c1"), post("c2"))
    slow, slower = claim(database)
    with database.begin() as connection:
        assert OutboxRepo(connection).sweep(NOW + LEASE) == 2
    claim(database, [slower.id], NOW + LEASE, owner="b")
    record(database, (slow, OK), (slower, BUSY), now=NOW + LEASE)
    assert states(database) == ["sent", "flying"]  # the late refusal of somebody else's attempt is not ours to record


def test_a_dead_process_leaves_nothing_behind(database: Database) -> None:
    put(database, card(people(3)), post("c1"))
    claim(database, owner="dead")
    with database.begin() as connection:
        assert OutboxRepo(connection).sweep(NOW + LEASE - S) == 0
        assert OutboxRepo(connection).abandon("dead", NOW) == 2
    assert reach(database) == {("card", "unknown"): 3, ("post", "unknown"): 1}
    again = claim(database)
    assert [(one.attempts, one.lost, one.unanswered) for one in again] == [(2, 1, 0), (2, 1, 0)]
    record(database, *[(one, OK) for one in again])
    assert reach(database) == {("card", "sent"): 3, ("post", "sent"): 1}


def test_the_only_process_takes_over_everything_as_it_starts(database: Database) -> None:
    put(database, word("u1"))
    claim(database, owner="whoever")
    with database.begin() as connection:
        assert OutboxRepo(connection).abandon(None, NOW) == 1


def test_eight_deaths_are_enough(database: Database) -> None:
    put(database, post("c1"))
    for _ in range(8):
        assert len(claim(database)) == 1
        with database.begin() as connection:
            OutboxRepo(connection).abandon(None, NOW)
    assert states(database) == ["unknown"]
    assert claim(database) == ()


def test_a_card_in_doubt_is_not_sent_when_the_platform_would_not_recognise_it(database: Database) -> None:
    put(database, card(people(2)))
    claim(database, owner="dead")
    later = NOW + REPEAT_WITHIN
    with database.begin() as connection:
        OutboxRepo(connection).abandon("dead", NOW)
    assert claim(database, now=later) == ()
    with database.begin() as connection:
        assert OutboxRepo(connection).expire(later) == 0
    assert states(database) == ["unknown"]
    assert reach(database) == {("card", "unknown"): 2}


def test_a_late_reminder_is_marked_and_not_sent(database: Database) -> None:
    ids = put(database, word("u1", expires=600), word("u2"))
    later = NOW + timedelta(minutes=12)
    assert [one.to for one in claim(database, ids, later)] == [("u2",)]
    with database.begin() as connection:
        assert OutboxRepo(connection).expire(later) == 1
    assert reach(database) == {("reminder", "late"): 1, ("reminder", "queued"): 1}


def test_stopping_spares_what_has_not_gone_out(database: Database) -> None:
    put(database, card(people(4)), post("c1"), post("c2"), post("c3"))
    sent, tried, *_ = claim(database)
    record(database, (sent, OK), (tried, LOST))
    with database.begin() as connection:
        OutboxRepo(connection).abandon(None, NOW)
        assert OutboxRepo(connection).cancel(17, NOW) == 0  # everything was tried: unknown stays unknown
    assert reach(database) == {("card", "sent"): 4, ("post", "unknown"): 3}
    assert claim(database, now=NOW + timedelta(hours=1)) == ()


def test_stopping_in_the_middle(database: Database) -> None:
    ids = put(database, *[post(f"c{n}") for n in range(5)], post("x", directive=18))
    flying = claim(database, ids[:2])
    with database.begin() as connection:
        assert OutboxRepo(connection).cancel(17, NOW) == 3
    record(database, (flying[0], OK), (flying[1], BUSY))  # under way: not called back, not tried again
    assert reach(database) == {("post", "sent"): 1, ("post", "cancelled"): 4}
    assert [one.directive_id for one in claim(database, now=NOW + timedelta(hours=1))] == [18]


def test_stopping_one_purpose_leaves_the_others(database: Database) -> None:
    put(database, card(people(2)), word("u1"))
    with database.begin() as connection:
        assert OutboxRepo(connection).cancel(17, NOW, [Purpose.REMINDER]) == 1
    assert reach(database) == {("card", "queued"): 2, ("reminder", "cancelled"): 1}


def test_a_stopped_parcel_whose_process_dies_is_not_sent_again(database: Database) -> None:
    put(database, post("c1"))
    claim(database, owner="dead")
    with database.begin() as connection:
        repo = OutboxRepo(connection)
        repo.cancel(17, NOW)
        repo.abandon("dead", NOW)
    assert states(database) == ["unknown"]


def test_parts_go_one_after_the_other_and_count_once(database: Database) -> None:
    ids = put(database, word("u1", "各网格注意。" * 300), word("u2"))
    assert len(ids) == 4
    first, other = claim(database)
    assert states(database) == ["flying", "held", "held", "flying"]
    released = record(database, (first, OK), (other, OK))
    assert released == (ids[1],)
    assert reach(database) == {("reminder", "queued"): 1, ("reminder", "sent"): 1}
    for _ in range(2):
        (part,) = claim(database)
        record(database, (part, OK))
    assert reach(database) == {("reminder", "sent"): 2}


def test_when_a_part_fails_the_rest_does_not_follow(database: Database) -> None:
    put(database, word("u1", "各网格注意。" * 300))
    (first,) = claim(database)
    assert record(database, (first, Outcome(Came.ANSWERED, 45002))) == ()
    assert states(database) == ["failed", "failed", "failed"]
    assert reach(database) == {("reminder", "failed"): 1}


def test_taking_back_waits_for_what_it_takes_back(database: Database) -> None:
    (about,) = put(database, card(people(2)))
    recall = Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(about), (), NOW, 15)
    grey = Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(about, "已取消"), (), NOW, 14)
    ids = put(database, recall, grey)
    (sent,) = claim(database, [about])
    assert claim(database, ids) == ()
    record(database, (sent, replace(OK, response_code="RC")))
    taken = claim(database, ids, NOW + 5 * S)
    assert [one.refers for one in taken] == ["MSGID1", "RC"]
    record(database, *[(one, Outcome(Came.ANSWERED, 0)) for one in taken])
    with database.read() as connection:
        (row,) = OutboxRepo(connection).parcels_of(17, Purpose.CARD)
    assert not row.handle  # works once


def test_there_may_be_nothing_to_take_back(database: Database) -> None:
    (about,) = put(database, card(people(2)))
    with database.begin() as connection:
        OutboxRepo(connection).cancel(17, NOW)
    put(database, Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(about), (), NOW))
    assert claim(database) == ()
    assert states(database) == ["cancelled", "cancelled"]


def test_relays_are_found_by_code_and_person(database: Database) -> None:
    put(database, relay("u1", "7K", person_id=1), relay("u2", "7K", person_id=2), relay("u1", "3B", person_id=1))
    with database.begin() as connection:
        repo = OutboxRepo(connection)
        assert repo.relays_left(17, 1) == 2
        done = repo.relay_done("7k", 1, NOW)
        assert done is not None
        assert (done.directive_id, done.person_id, done.state) == (17, 1, State.DONE)
        assert repo.relay_done("7K", 1, NOW) is None
        assert repo.relays_left(17, 1) == 1
        found = repo.relay("7K")
        assert found is not None
        assert found.person_id == 2
    assert reach(database) == {("relay", "done"): 1, ("relay", "queued"): 2}


def test_a_relay_done_is_not_undone_by_a_late_answer(database: Database) -> None:
    put(database, relay("u1", "7K"))
    (one,) = claim(database)
    with database.begin() as connection:
        OutboxRepo(connection).relay_done("7K", 1, NOW)
    record(database, (one, OK))
    assert reach(database) == {("relay", "done"): 1}


def test_what_failed_can_be_queued_again_when_the_cause_is_mended(database: Database) -> None:
    put(database, card(people(3)))
    (one,) = claim(database)
    record(database, (one, Outcome(Came.ANSWERED, 60020)))
    with database.begin() as connection:
        assert OutboxRepo(connection).revive(17, NOW) == 1
    assert reach(database) == {("card", "queued"): 3}
    (again,) = claim(database)
    assert again.attempts == 1


def test_the_backlog_is_told(database: Database) -> None:
    put(database, word("u1", due_at=NOW - 9 * S), word("u2", due_at=NOW + 60 * S))
    with database.read() as connection:
        repo = OutboxRepo(connection)
        assert repo.backlog(NOW) == (2, NOW - 9 * S)
        assert repo.next_due_at() == NOW - 9 * S
    claim(database)
    with database.read() as connection:
        assert OutboxRepo(connection).next_due_at() == NOW + 60 * S


def test_fates_are_counted(database: Database) -> None:
    put(database, word("u1"), word("u2"), word("u3"))
    a, b, c = claim(database)
    with database.begin() as connection:
        recorded = OutboxRepo(connection).record([(a, OK), (b, BUSY), (c, LOST)], NOW)
    assert recorded.fates == {Fate.SENT: 1, Fate.AGAIN: 2}


def test_a_county_is_put_in_well_under_a_second(database: Database) -> None:
    letters = [card(people(1401))] + [post(f"c{n}") for n in range(344)]
    letters += [relay(f"u{n}", "7K", person_id=n) for n in range(1085)]

    started = time.process_time()
    ids = put(database, *letters)
    assert time.process_time() - started < 1.0
    assert len(ids) == 1431
    with database.read() as connection:
        assert connection.scalar(select(delivery.c.id).order_by(delivery.c.id.desc()).limit(1)) == 2830
