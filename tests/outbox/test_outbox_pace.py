"""Limits as rows: who waits, who is split off, and that nothing is refused or forgotten."""

from datetime import datetime, timedelta

from outbox_letters import LEASE, NOW, OK, card, people, post, robot, word
from sqlalchemy import select

from handlers.domain.parcel import Came, Outcome, Parcel
from store import pace as pacing
from store.engine import Database
from store.models import pace, parcel
from store.outbox import OutboxRepo

QUOTA = Outcome(Came.ANSWERED, 45009)


def put(database: Database, *letters: object) -> tuple[int, ...]:
    with database.begin() as connection:
        return OutboxRepo(connection).put(letters, NOW)  # type: ignore[arg-type]


def claim(database: Database, now: datetime = NOW, most: int = 1000) -> tuple[Parcel, ...]:
    with database.begin() as connection:
        repo = OutboxRepo(connection)
        return repo.claim(repo.due(now, most), now, LEASE, "me")


def record(database: Database, now: datetime, *results: tuple[Parcel, Outcome]) -> None:
    with database.begin() as connection:
        OutboxRepo(connection).record(results, now)


def drain(database: Database) -> list[datetime]:
    """Send everything, moving the clock to whatever is due next; returns when each went out."""
    now, gone = NOW, []
    while True:
        claimed = claim(database, now)
        gone += [now] * len(claimed)
        record(database, now, *[(one, OK) for one in claimed])
        with database.read() as connection:
            following = OutboxRepo(connection).next_due_at()
        if following is None:
            return gone
        now = max(now, following)


def most_in(gone: list[datetime], span: timedelta) -> int:
    return max(sum(start <= at < start + span for at in gone) for start in gone)


def test_one_person_gets_at_most_25_a_minute_and_everything_in_the_end(database: Database) -> None:
    put(database, *[word("u1", f"第{n}条") for n in range(60)])
    gone = drain(database)
    assert len(gone) == 60
    assert gone[8] == NOW  # nine at once: nobody waits for an answer to his third message
    assert most_in(gone, timedelta(minutes=1)) <= 25


def test_a_robot_says_at_most_18_a_minute(database: Database) -> None:
    put(database, *[robot(text=f"第{n}条") for n in range(40)], robot("another-key"))
    gone = drain(database)
    assert len(gone) == 41
    assert most_in(gone[:-1], timedelta(minutes=1)) <= 18 + 1


def test_group_posts_are_counted_by_heads(database: Database) -> None:
    put(database, *[post(f"c{n}", members=500) for n in range(60)])
    gone = drain(database)
    assert len(gone) == 60
    assert most_in(gone, timedelta(minutes=1)) * 500 <= 20_000


def test_capital_letters_do_not_make_another_person(database: Database) -> None:
    put(database, *[word("U1" if n % 2 else "u1", f"第{n}条") for n in range(30)])
    assert len(claim(database)) == 9


def test_who_has_had_enough_gets_his_own_parcel_later_and_the_others_go_now(database: Database) -> None:
    put(database, *[word("u1", f"第{n}条") for n in range(9)])
    claim(database)
    put(database, card(people(400)))
    (one,) = claim(database, NOW)
    assert len(one.to) == 399
    assert "u1" not in one.to
    assert one.body["to"] == list(one.to)
    with database.read() as connection:
        rows = connection.execute(select(parcel).where(parcel.c.state == "queued")).all()
    assert [(row.people, row.body["to"], row.attempts) for row in rows] == [(1, ["u1"], 0)]
    assert rows[0].due_at > NOW
    record(database, NOW, (one, OK))
    with database.read() as connection:
        found = OutboxRepo(connection).reach(17)
    assert found["card", "sent"] == 399
    assert found["card", "queued"] == 1
    (late,) = claim(database, rows[0].due_at)
    record(database, NOW, (late, OK))
    with database.read() as connection:
        assert OutboxRepo(connection).reach(17)["card", "sent"] == 400


def test_what_was_tried_once_is_never_split(database: Database) -> None:
    put(database, card(people(3)))
    (one,) = claim(database)
    record(database, NOW, (one, Outcome(Came.UNANSWERED)))
    put(database, *[word("u1", f"第{n}条", priority=99) for n in range(8)])
    claim(database)
    later = NOW + timedelta(seconds=2)
    assert claim(database, later) == ()  # u1 has had nine; the whole parcel waits for him
    with database.read() as connection:
        row = connection.execute(select(parcel).where(parcel.c.id == one.id)).one()
    assert row.body["to"] == ["u0", "u1", "u2"]
    assert row.due_at > later


def test_a_used_up_quota_closes_the_endpoint_for_everybody(database: Database) -> None:
    put(database, post("c1"), post("c2"), word("u1", priority=0))
    first = claim(database, most=1)
    record(database, NOW, (first[0], QUOTA))
    assert [one.endpoint for one in claim(database)] == ["message/send"]
    assert claim(database, NOW + timedelta(seconds=60)) == ()
    assert len(claim(database, NOW + timedelta(seconds=65))) == 2


def test_one_robots_quota_is_not_anothers(database: Database) -> None:
    put(database, robot("key-a", "1"), robot("key-a", "2"), robot("key-b", "3"))
    first = claim(database, most=1)
    record(database, NOW, (first[0], QUOTA))
    assert [one.to for one in claim(database)] == [("key-b",)]


def test_waiting_for_a_limit_is_no_attempt(database: Database) -> None:
    put(database, *[word("u1", f"第{n}条") for n in range(12)])
    assert len(claim(database)) == 9
    with database.read() as connection:
        rows = connection.execute(select(parcel).where(parcel.c.state == "queued")).all()
    assert {(row.attempts, row.first_attempt_at, row.owner) for row in rows} == {(0, None, None)}


def test_the_hour_is_kept_too(database: Database) -> None:
    """A corp of the smallest size may post 150,000 person-times an hour."""
    put(database, *[post(f"c{n}", members=2000) for n in range(120)])
    gone = drain(database)
    assert most_in(gone, timedelta(hours=1)) * 2000 <= 150_000


def test_idle_keys_are_forgotten(database: Database) -> None:
    put(database, word("u1"))
    claim(database)
    with database.begin() as connection:
        kept = set(connection.scalars(select(pace.c.key)))
        assert "member u1" in kept
        pacing.forget(connection, (NOW + timedelta(hours=2)).timestamp())
        assert list(connection.scalars(select(pace.c.key))) == []
