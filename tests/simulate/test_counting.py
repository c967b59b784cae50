"""That lost and doubled are found when there are some: the same two days with a fault put into our own code."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from handlers.domain.delivery import Letter, Menu
from simulate.days import Plan
from simulate.run import simulate
from store.outbox import OutboxRepo

pytestmark = pytest.mark.slow
TWO_DAYS = Plan("town", 2, 1, False, 24)


def test_a_question_that_is_dropped_is_lost_and_one_said_twice_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    put = OutboxRepo.put

    def dropped(repo: OutboxRepo, letters: Sequence[Letter], now: datetime) -> tuple[int, ...]:
        return put(repo, [one for one in letters if not isinstance(one.content, Menu)], now)

    monkeypatch.setattr(OutboxRepo, "put", dropped)
    monkeypatch.setattr("handlers.ask_households._Round._call", lambda self, one, _why: self._end(one, one.state))
    found = simulate(TWO_DAYS, lambda _: None)
    assert found["checkins"] == 0  # nobody saw a question
    assert found["lost"] >= 0.8 * TWO_DAYS.isolated

    def twice(repo: OutboxRepo, letters: Sequence[Letter], now: datetime) -> tuple[int, ...]:
        return put(repo, [*letters, *(one for one in letters if isinstance(one.content, Menu))], now)

    monkeypatch.undo()
    monkeypatch.setattr(OutboxRepo, "put", twice)
    found = simulate(TWO_DAYS, lambda _: None)
    assert found["doubled"] > 10
    assert found["lost"] == 0
