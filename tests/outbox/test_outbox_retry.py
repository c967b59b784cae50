"""After an attempt: the whole decision, as a table and as laws."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outbox_letters import LOST, NOW, OK, parcel

from handlers.domain.delivery import Purpose, State
from handlers.domain.errcodes import CODES, Kind, kind_of
from handlers.domain.parcel import Came, Outcome, Parcel
from handlers.domain.retry import ATTEMPTS, REPEAT_WITHIN, WRONG_JSON, Fate, Why, after


def said(code: int, **more: object) -> Outcome:
    return Outcome(Came.ANSWERED, code, **more)  # type: ignore[arg-type]


def test_taken_is_sent_and_never_more() -> None:
    assert after(parcel(), OK, NOW).delivery is State.SENT
    assert after(parcel(purpose=Purpose.RELAY), OK, NOW).delivery is State.RELAYING


def test_half_read_json_is_alarmed_although_it_was_taken() -> None:
    step = after(parcel(), said(0, note=WRONG_JSON), NOW)
    assert (step.fate, step.alarm) == (Fate.SENT, True)


@pytest.mark.parametrize(
    ("code", "fate", "why"),
    [
        (-1, Fate.AGAIN, Why.BUSY),
        (45033, Fate.AGAIN, Why.CROWDED),
        (45009, Fate.AGAIN, Why.QUOTA),
        (40014, Fate.AGAIN, Why.TOKEN),
        (42001, Fate.AGAIN, Why.TOKEN),
        (40007, Fate.AGAIN, Why.MEDIA),
        (40001, Fate.FAILED, Why.SECRET),
        (60020, Fate.FAILED, Why.CONFIG),
        (48002, Fate.FAILED, Why.CONFIG),
        (81013, Fate.FAILED, Why.RECIPIENT),
        (86003, Fate.FAILED, Why.RECIPIENT),
        (93000, Fate.FAILED, Why.RECIPIENT),
        (42014, Fate.FAILED, Why.CONTENT),
        (45002, Fate.FAILED, Why.CONTENT),
        (60140, Fate.FAILED, Why.EXPIRED),
        (424242, Fate.FAILED, Why.NEW),
    ],
)
def test_every_kind_of_code_has_its_answer(code: int, fate: Fate, why: Why) -> None:
    step = after(parcel(), said(code), NOW)
    assert (step.fate, step.why) == (fate, why)


PERMANENT = (Kind.SECRET, Kind.CONFIG, Kind.RECIPIENT, Kind.CONTENT, Kind.EXPIRED)


def test_a_permanent_refusal_is_never_repeated() -> None:
    permanent = [code for code, kind in CODES.items() if kind in PERMANENT]
    assert len(permanent) >= 40
    for code in permanent:
        assert after(parcel(), said(code), NOW).fate is Fate.FAILED, code


@pytest.mark.parametrize("code", [40001, 60020, 42014, 424242])
def test_what_an_operator_must_see_is_alarmed(code: int) -> None:
    assert after(parcel(), said(code), NOW).alarm


def test_one_unknown_person_is_no_alarm_but_a_whole_broadcast_is() -> None:
    assert not after(parcel(), said(81013), NOW).alarm
    assert after(parcel(people_=400), said(81013), NOW).alarm
    assert after(parcel("appchat/send"), said(86003), NOW).alarm


def test_a_used_up_quota_closes_the_door_and_waits_longer_each_time() -> None:
    waits = [after(parcel(attempts=n), said(45009), NOW) for n in range(1, ATTEMPTS)]
    frozen = [step.freeze_s for step in waits]
    assert frozen == sorted(frozen)
    assert frozen[0] > 60
    assert all(step.due_at is not None and step.due_at >= NOW + timedelta(seconds=step.freeze_s) for step in waits)


def test_a_lost_personal_message_is_repeated_while_the_platform_recognises_it() -> None:
    early = after(parcel(), LOST, NOW + timedelta(seconds=10))
    assert (early.fate, early.delivery, early.why) == (Fate.AGAIN, State.UNKNOWN, Why.UNANSWERED)
    late = after(parcel(attempts=3, unanswered=1), LOST, NOW + REPEAT_WITHIN)
    assert (late.fate, late.delivery, late.why) == (Fate.UNKNOWN, State.UNKNOWN, Why.TOO_LATE)


@pytest.mark.parametrize("endpoint", ["appchat/send", "webhook/send", "aibot/response"])
def test_a_lost_post_is_said_once_more_and_not_a_third_time(endpoint: str) -> None:
    first = after(parcel(endpoint), LOST, NOW)
    assert (first.fate, first.delivery, first.why) == (Fate.AGAIN, State.UNKNOWN, Why.ONCE_MORE)
    second = after(parcel(endpoint, attempts=2, unanswered=1), LOST, NOW)
    assert (second.fate, second.delivery, second.why) == (Fate.UNKNOWN, State.UNKNOWN, Why.SAID_TWICE)


def test_an_attempt_our_own_process_lost_is_repeated_until_somebody_answers() -> None:
    died_twice = parcel("appchat/send", attempts=3, lost=2)
    assert after(died_twice, LOST, NOW).why is Why.ONCE_MORE
    assert after(died_twice, OK, NOW).fate is Fate.SENT


def test_a_post_that_may_be_there_is_not_called_failed() -> None:
    step = after(parcel("appchat/send", attempts=2, unanswered=1), said(86003), NOW)
    assert (step.fate, step.delivery) == (Fate.UNKNOWN, State.UNKNOWN)
    refused = after(parcel(attempts=2, unanswered=1), said(81013), NOW)
    assert refused.delivery is State.FAILED  # the platform would have recognised it


def test_a_spent_handle_proves_that_the_lost_attempt_worked() -> None:
    doubtful = parcel("aibot/response", attempts=2, unanswered=1)
    assert after(doubtful, said(60140), NOW).why is Why.ALREADY
    assert after(parcel("aibot/response"), said(60140), NOW).fate is Fate.FAILED


def test_no_connection_is_no_doubt() -> None:
    step = after(parcel("appchat/send"), Outcome(Came.UNSENT), NOW)
    assert (step.fate, step.delivery) == (Fate.AGAIN, State.QUEUED)


def test_what_could_not_be_tried_costs_no_attempt() -> None:
    step = after(parcel(attempts=ATTEMPTS), Outcome(Came.HELD, wait_s=50), NOW)
    assert (step.fate, step.counted, step.due_at) == (Fate.AGAIN, False, NOW + timedelta(seconds=50))


def test_what_cannot_be_sent_at_all_ends_at_once() -> None:
    assert after(parcel(), Outcome(Came.IMPOSSIBLE), NOW).fate is Fate.FAILED


_PARCELS = st.builds(
    lambda endpoint, attempts, unanswered, lost, id_, age: parcel(
        endpoint, attempts=attempts, unanswered=min(unanswered, attempts - 1), lost=min(lost, attempts - 1), id_=id_,
        first_attempt_at=NOW - timedelta(seconds=age),
    ),
    st.sampled_from(["message/send", "appchat/send", "webhook/send", "aibot/response", "message/recall"]),
    st.integers(1, ATTEMPTS),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 10**9),
    st.integers(0, 20_000),
)  # fmt: skip
_OUTCOMES = st.one_of(
    st.builds(lambda code: said(code), st.sampled_from([*CODES, 1, 999_999])),
    st.builds(lambda came: Outcome(came), st.sampled_from([Came.UNANSWERED, Came.UNSENT, Came.IMPOSSIBLE])),
)


@given(_PARCELS, _OUTCOMES)
def test_laws(one: Parcel, outcome: Outcome) -> None:
    step = after(one, outcome, NOW)
    assert step == after(one, outcome, NOW)  # a function: no die is thrown
    if step.fate is Fate.AGAIN:
        assert step.due_at is not None
        assert step.due_at >= NOW
        assert one.attempts < ATTEMPTS
        assert step.delivery in (State.QUEUED, State.UNKNOWN)
    else:
        assert step.due_at is None
    if step.fate is Fate.SENT:
        repeated = one.in_doubt and kind_of(outcome.code or 0) in (Kind.EXPIRED, Kind.ALREADY)
        assert outcome.code == 0 or repeated
    if step.delivery is State.QUEUED:
        assert not one.in_doubt
    if outcome.came is Came.UNANSWERED:
        assert step.delivery is State.UNKNOWN


@given(_PARCELS, _OUTCOMES)
def test_a_personal_message_in_doubt_never_goes_out_when_a_repeat_would_not_be_recognised(
    one: Parcel, outcome: Outcome
) -> None:
    step = after(one, outcome, NOW)
    doubtful = one.in_doubt or outcome.came is Came.UNANSWERED
    if one.endpoint == "message/send" and doubtful and step.fate is Fate.AGAIN and step.counted:
        assert step.due_at is not None
        assert step.due_at < one.first_attempt_at + REPEAT_WITHIN


@given(_PARCELS)
def test_an_end_is_reached_whatever_the_platform_does(one: Parcel) -> None:
    """Lost answers for ever: at most eight attempts, and a post is said at most twice by a process that lives."""
    now, one = NOW, replace(one, attempts=1, unanswered=0, lost=0, first_attempt_at=NOW)
    for attempt in range(1, ATTEMPTS + 2):
        step = after(replace(one, attempts=attempt), LOST, now)
        if step.fate is not Fate.AGAIN:
            break
        one = replace(one, unanswered=one.unanswered + 1)
        now = step.due_at or now
    assert step.fate is Fate.UNKNOWN
    assert attempt <= (2 if one.endpoint in ("appchat/send", "webhook/send", "aibot/response") else ATTEMPTS)


def test_what_failed_together_does_not_come_back_together() -> None:
    rests = {after(parcel(id_=n, attempts=4), said(-1), NOW).due_at for n in range(200)}
    assert len(rests) > 190
    assert all(rest is not None and rest <= NOW + timedelta(seconds=60) for rest in rests)
