"""A clock that jumps destroys nothing of the four ones, and does not end a war that was declared."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asking import Asked
from sqlalchemy import func, select
from test_ageing import Clocked
from village import Village

from bot.keeping import Keeping
from bot.ticks import PEEKS
from handlers import mode_switch
from handlers.domain.rules import mode_at
from store import models as m

KEPT = (m.contact_due, m.contact_step, m.enrolment, m.contact_round, m.contact_answer, m.need, m.episode, m.decision)


def counts(village: Village) -> dict[str, int]:
    """How many rows there are, and how many of them still hold what was said."""
    with village.database.read() as connection:
        found = {table.name: connection.scalar(select(func.count()).select_from(table)) for table in KEPT}
    with village.store.read() as work:
        contacts = work.contacts.of_households([village.node("v1g1h1")], village.ctx.day - timedelta(days=900))
        said = [one.said for contact in contacts for one in work.answers.of_contact(contact.id)]
    return {**found, "said": sum(one is not None for one in said)}


@pytest.mark.long
@pytest.mark.parametrize("days", [1, -1, 400, -400])
def test_nothing_is_purged_by_a_jump(hamlet: Village, tmp_path: Path, days: int) -> None:
    home = Asked(hamlet)
    home.morning()
    home.say("mother", "36.4")
    before, keeping = counts(hamlet), Keeping(hamlet.store, Clocked(hamlet), tmp_path / "stones")
    assert before["said"] == 1
    for _ in range(2):
        hamlet.forward(minutes=10)
        keeping.run()
    hamlet.forward(days=days)
    for _ in range(3):
        hamlet.forward(minutes=10)
        keeping.run()
    hamlet.forward(days=-days)
    keeping.run()
    assert counts(hamlet) == before


def test_a_war_outlives_a_clock_that_ran_ahead(hamlet: Village, tmp_path: Path) -> None:
    keeping = Keeping(hamlet.store, Clocked(hamlet), tmp_path / "stones")
    fuse = hamlet.now + timedelta(days=14)
    with hamlet.store.begin() as work:
        work.modes.start(hamlet.node("c"), 1, "样防2号", hamlet.now, fuse)
    keeping.run()

    def ends() -> bool:
        with hamlet.store.read() as work:
            return PEEKS[mode_switch.run](work, hamlet.ctx)

    hamlet.forward(days=400)
    keeping.run()
    assert not ends()
    hamlet.forward(days=-400)
    with hamlet.store.read() as work:
        modes = work.modes.current(hamlet.now)
        assert mode_at(modes, hamlet.ctx.tree, hamlet.node("v1g1"), hamlet.now) is not None
    for _ in range(15):  # the days pass evenly, and the fuse burns down
        hamlet.forward(days=1)
        keeping.run()
    assert hamlet.now > fuse > datetime(2020, 1, 1, tzinfo=UTC)
    assert ends()
