"""A tick that dies in the middle, a preview nobody answered, the lines of 今天."""

import pytest
from estate import ROUND, Estate
from rounds_rig import PLANNED
from sqlalchemy import select

from handlers import knock_ticks
from handlers.domain.knocking import Knocked, RoundKind, RoundState
from store import failpoints
from store.models import knock, knock_round

pytestmark = pytest.mark.long


def _tick(estate: Estate) -> None:
    with estate.store.begin() as work:
        knock_ticks.run(work, estate.ctx)
        failpoints.reach("tick.before_commit")


class Died(Exception):
    """The process is gone at this point."""


@pytest.mark.parametrize("point", ["outbox.put.parcels", "outbox.put.deliveries", "tick.before_commit"])
def test_a_tick_that_dies_reminds_once_and_puts_every_door_down_once(estate: Estate, point: str) -> None:
    """At the deadline: doors to be tried again, the author's progress and the rest of a round, in one transaction."""
    estate.open_round()
    estate.say("lv", "3-101 没人")
    with estate.database.begin() as connection:  # half put down when the power went
        connection.execute(knock.delete().where(knock.c.household_id != estate.node("v1g1h1")))
        connection.execute(knock_round.update().values(state=RoundState.OPENING.value, done_to=0))
    estate.forward(days=2)
    before = {who: len(estate.letters(who)) for who in ("lv", "head")}

    def die(reached: str) -> None:
        if reached == point:
            raise Died

    failpoints.watch(die)
    try:
        with pytest.raises(Died):
            _tick(estate)
    finally:
        failpoints.watch(None)
    assert {who: len(estate.letters(who)) for who in before} == before
    estate.pass_(seconds=1)
    estate.pass_(seconds=1)
    assert len(estate.letters("lv")) == before["lv"] + 1
    assert len(estate.letters("head")) == before["head"] + 1
    with estate.store.read() as work:
        (one,) = work.knocks.live(RoundKind.KNOCK)
        rows = work.knocks.at(one.id, [estate.node("v1g1"), estate.node("v1g2")])
    assert one.state is RoundState.OPEN
    assert len({row.household_id for row in rows}) == len(rows) == 10
    assert [row.state for row in rows if row.state is not Knocked.TODO] == [Knocked.ABSENT]


def test_the_words_of_a_preview_nobody_answered_do_not_stay_for_ever(estate: Estate) -> None:
    estate.say("head", ROUND)
    estate.forward(days=400)
    with estate.store.begin() as work:
        work.ageing.run(estate.now, estate.county.tz)
    with estate.database.read() as connection:
        assert connection.scalars(select(knock_round.c.words)).all() == [None]


def test_today_names_what_is_left_of_rounds(estate: Estate) -> None:
    estate.county_with(four_ones=PLANNED.four_ones)
    estate.open_round()
    estate.say("lv", "3-101 没人")
    estate.open_round(ROUND.replace("敲门", "张贴").replace("返乡排查", "告知书"))
    shown = estate.say("lv", "今天")
    assert "敲门《返乡排查》8户没敲(回「敲门」)" in shown
    assert "张贴《告知书》还没贴完(回「张贴」)" in shown
    estate.say("lv", "全敲完了")
    estate.say("lv", "对")
    estate.say("lv", "全贴完了")
    shown = estate.say("lv", "今天")
    assert "敲门" not in shown
    assert "张贴" not in shown
    estate.forward(hours=6)
    assert "敲门《返乡排查》1户可以再敲" in estate.say("lv", "今天")
