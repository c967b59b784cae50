"""Directives, receipts, conversations and modes as rows, alike on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.domain.delivery import Letter, Purpose, Recipient, Text
from handlers.domain.directive import LIVE, UNSENT, Audience, Directive, Kind, Reach, ReceiptState, State
from handlers.domain.message import Channel
from handlers.domain.talk import Talk, Topic
from store.directives import DirectiveRepo, ReceiptRepo
from store.engine import Database
from store.outbox import OutboxRepo
from store.talks import ModeRepo, TalkRepo

NOW = datetime(2022, 4, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DRAFT = Directive(
    id=0,
    number=None,
    kind=Kind.NEW,
    refers_to=None,
    author_id=1,
    confirmer_id=None,
    scope_id=2,
    body="今晚排查",
    audience=Audience((2, 3), "grid", ("gridworker",), True),
    ladder=((10, "self"), (20, "substitute"), (30, "above")),
    compulsory=True,
    urgent=False,
    drill=False,
    state=State.PREVIEW,
    reach=Reach(3, 3, 1, 2, 0, 4, 9, 1),
    created_at=NOW,
)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


@pytest.fixture
def directives(connection: Connection) -> DirectiveRepo:
    return DirectiveRepo(connection)


@pytest.fixture
def receipts(connection: Connection) -> ReceiptRepo:
    return ReceiptRepo(connection)


def issued(directives: DirectiveRepo, **changes: Any) -> Directive:
    values = {"state": State.ISSUED, "number": directives.next_number(), "issued_at": NOW, "due_at": NOW + MINUTE}
    return directives.add(replace(DRAFT, **{**values, **changes}))


def test_what_is_kept_comes_back_whole(directives: DirectiveRepo) -> None:
    kept = issued(directives, deadline_at=NOW + 9 * MINUTE, refers_to=7, kind=Kind.UPDATE, confirmer_id=4)
    assert directives.get(kept.id) == kept
    assert kept.number is not None
    assert directives.by_number(kept.number) == kept
    assert directives.get(999) is directives.by_number(999) is None


def test_a_state_is_left_by_one_alone(database: Database) -> None:
    with database.begin() as connection:
        draft = DirectiveRepo(connection).add(DRAFT)

    def go(_: int) -> bool:
        with database.begin() as connection:
            return DirectiveRepo(connection).move(replace(draft, state=State.HELD, due_at=NOW), {State.PREVIEW})

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(go, range(8))) == 1


def test_numbers_are_drawn_once(database: Database) -> None:
    def draw(_: int) -> int:
        with database.begin() as connection:
            return DirectiveRepo(connection).next_number()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(draw, range(24))) == list(range(1, 25))


def test_only_what_has_come_is_due(directives: DirectiveRepo) -> None:
    held = issued(directives, state=State.HELD, due_at=NOW)
    issued(directives, state=State.HELD, due_at=NOW + MINUTE)
    issued(directives, state=State.HELD, due_at=None)
    issued(directives, due_at=NOW)
    assert directives.due({State.HELD}, NOW) == (held,)
    assert directives.any_due({State.HELD}, NOW)
    assert not directives.any_due({State.HELD}, NOW - MINUTE)
    assert not directives.any_due({State.SECOND}, NOW)


def test_what_waits_for_a_second_person_waits_until_its_time(directives: DirectiveRepo) -> None:
    waiting = issued(directives, state=State.SECOND, due_at=NOW + MINUTE)
    issued(directives, state=State.SECOND, due_at=NOW)
    assert directives.awaiting_second(NOW) == (waiting,)


def test_whose_it_is_to_steer(directives: DirectiveRepo) -> None:
    own = issued(directives)
    confirmed = issued(directives, author_id=8, confirmer_id=1)
    issued(directives, author_id=8)
    issued(directives, kind=Kind.CANCEL)
    issued(directives, created_at=NOW - MINUTE)
    assert directives.steered_by(1, UNSENT | LIVE, NOW) == (confirmed, own)


def test_what_followed_a_directive(directives: DirectiveRepo) -> None:
    first = issued(directives)
    assert directives.follower(first.id) is None
    issued(directives, refers_to=first.id, state=State.PREVIEW)
    issued(directives, refers_to=first.id, state=State.HELD)
    issued(directives, refers_to=first.id, state=State.DROPPED)
    assert directives.follower(first.id) is None
    update = issued(directives, refers_to=first.id, kind=Kind.UPDATE)
    assert directives.follower(first.id) == update


def test_which_groups_had_the_text(connection: Connection, directives: DirectiveRepo) -> None:
    directive = issued(directives)
    outbox = OutboxRepo(connection)
    for chat, code in ((5, "7K"), (6, "8K")):
        to = (Recipient("yt_a", person_id=1, chat_id=chat, relay_code=code),)
        outbox.put([Letter(Purpose.RELAY, Channel.WECOM_APP, Text("x"), to, NOW, directive_id=directive.id)], NOW)
    assert directives.relayed(directive.id) == frozenset()
    outbox.relay_done("7K", 1, NOW)
    assert directives.relayed(directive.id) == {5}


def test_a_receipt_from_opening_to_answer(directives: DirectiveRepo, receipts: ReceiptRepo) -> None:
    directive = issued(directives)
    receipts.open_many(directive.id, [(1, 9), (2, 9), (3, 10)], NOW)
    assert [r.person_id for r in receipts.due(NOW)] == [1, 2, 3]
    assert receipts.places(directive.id) == 2
    assert [d.id for d in directives.awaiting(1, NOW)] == [directive.id]
    mine = receipts.of(directive.id, 1)
    assert mine is not None
    receipts.answer(mine.id, ReceiptState.BLOCKED, "word", "缺口罩", NOW)
    assert directives.awaiting(1, NOW) == ()
    assert [(r.person_id, r.blocker) for r in receipts.blocked(directive.id)] == [(1, "缺口罩")]
    assert [r.person_id for r in receipts.due(NOW)] == [2, 3]
    assert [r.person_id for r in receipts.open_at(directive.id, [9])] == [2]
    assert receipts.open_at(directive.id, []) == ()
    assert receipts.counts(directive.id) == {ReceiptState.BLOCKED: 1, ReceiptState.WAITING: 2}
    assert receipts.release(directive.id, NOW) == 2
    assert receipts.waiting(directive.id) == ()


def test_晚点_puts_off_only_ones_own_first_word(directives: DirectiveRepo, receipts: ReceiptRepo) -> None:
    directive = issued(directives)
    receipts.open_many(directive.id, [(1, 9), (2, 9)], NOW)
    assert receipts.postpone(1, NOW + 30 * MINUTE) == 1
    assert [r.person_id for r in receipts.due(NOW)] == [2]
    second = receipts.of(directive.id, 2)
    assert second is not None
    receipts.advance([(second.id, 1, NOW + MINUTE)])
    assert receipts.postpone(2, NOW + 30 * MINUTE) == 0
    assert [r.person_id for r in receipts.due(NOW + MINUTE)] == [2]


def test_who_has_finished_is_carried_over(directives: DirectiveRepo, receipts: ReceiptRepo) -> None:
    first, update = issued(directives), issued(directives)
    receipts.open_many(first.id, [(1, 9), (2, 9)], NOW)
    receipts.open_many(update.id, [(1, 9), (2, 9), (3, 10)], NOW)
    done = receipts.of(first.id, 1)
    assert done is not None
    receipts.answer(done.id, ReceiptState.DONE, "word", None, NOW)
    assert receipts.carry_done(first.id, update.id, NOW) == 1
    assert receipts.counts(update.id) == {ReceiptState.DONE: 1, ReceiptState.WAITING: 2}
    assert [r.person_id for r in receipts.due(NOW) if r.directive_id == update.id] == [2, 3]


def test_the_newest_conversation_that_lives(connection: Connection) -> None:
    talks = TalkRepo(connection)
    first = Talk(1, "1:1", Topic.PREVIEW, 5, NOW, NOW + MINUTE)
    talks.put(first)
    later = replace(first, topic=Topic.READBACK, said_at=NOW + MINUTE / 2, expires_at=NOW + 9 * MINUTE, body={"a": [1]})
    talks.put(later)
    both = [Topic.PREVIEW, Topic.READBACK]
    assert talks.last(1, "1:1", both, NOW) == later
    assert talks.last(1, "1:1", [Topic.PREVIEW], NOW) == first
    assert talks.last(1, "1:1", [Topic.PREVIEW], NOW + MINUTE) is None
    assert talks.last(1, "room", both, NOW) is talks.last(2, "1:1", both, NOW) is None
    talks.put(replace(first, subject_id=6))
    assert talks.last(1, "1:1", [Topic.PREVIEW], NOW) == replace(first, subject_id=6)
    talks.drop(1, "1:1", both)
    assert talks.last(1, "1:1", both, NOW) is None


def test_a_mode_lives_between_its_start_and_its_end(connection: Connection) -> None:
    modes = ModeRepo(connection)
    war = modes.start(2, 1, "县防指〔2022〕3号", NOW, NOW + timedelta(days=14))
    assert modes.current(NOW) == (war,)
    assert modes.current(NOW - MINUTE) == modes.current(NOW + timedelta(days=14)) == ()
    assert modes.burnt_down(NOW + timedelta(days=14)) == (war,)
    assert modes.end(war.id, NOW + MINUTE)
    assert not modes.end(war.id, NOW + MINUTE)
    assert modes.current(NOW + 2 * MINUTE) == modes.burnt_down(NOW + timedelta(days=15)) == ()
