"""3-101 上门了 of somebody whom nobody asked to go there; a door alone is never a report of so many households."""

from datetime import date

import pytest
from asking import Asked
from rounds_rig import at
from sqlalchemy import update
from village import Village

from handlers.domain.four_ones import ContactState
from store.models import contact_due


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet, reached=False)
    made.morning()
    return made


def test_a_door_nobody_waits_for_is_no_daily_report(home: Asked) -> None:
    village = home.village
    assert "3-102没有等着您的电话或上门" in village.say("lv", "3-102 上门了 没事")
    with village.store.read() as work:
        assert not work.reports.of_day([village.node("v1g1")], village.ctx.day)


def test_whoever_looks_after_a_household_is_heard_unasked(home: Asked) -> None:
    village = home.village
    assert "您也没联系上" in village.say("lv", "3-101 没人接")
    assert home.contact.state is ContactState.ASKED  # it keeps its hour
    assert "3-101没有等着您" in village.say("other", "3-101 上门了 没事")  # of another grid
    assert "人怎么样" in village.say("lv", "3-101 上门了")  # that somebody was there says nothing of how they are
    assert home.contact.state is ContactState.ASKED
    assert "3-101 上门✔ 36.5℃" in village.say("lv", "3-101 上门了 36.5 没事")
    assert home.contact.state is ContactState.ANSWERED


def test_a_household_that_waits_since_yesterday_is_reached_once(home: Asked) -> None:
    village = home.village
    at(village, 9, 0, day=date(2020, 1, 29))
    home.tick()
    at(village, 9, 25, day=date(2020, 1, 29))
    home.tick()
    with village.database.begin() as connection:
        waits = {"state": ContactState.VISITING.value, "owner_id": village.person_id("lv")}
        connection.execute(update(contact_due).values(**waits))
    assert "上门看看1户:3-101" in village.say("lv", "今天")
    assert "3-101 上门✔" in village.say("lv", "3-101 上门了 36.8 没事")
    with village.store.read() as work:
        states = [one.state for one in work.contacts.of_households([home.id], date(2020, 1, 28))]
        assert work.contacts.of_owner(village.person_id("lv"), village.ctx.day) == ()
    assert states == [ContactState.LATE, ContactState.ANSWERED]  # nothing is known of the day before
