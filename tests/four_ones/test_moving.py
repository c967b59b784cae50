"""Households that merge, move or are left take their isolations and plans along; one's own data shows all of it."""

from datetime import date, timedelta

import pytest
from asking import Asked
from isolating import PAPER
from rounds_rig import enrol
from village import Village

from handlers import rights
from handlers.domain.four_ones import ContactState

pytestmark = pytest.mark.long


@pytest.fixture
def home(village: Village) -> Asked:
    made = Asked(village)
    made.morning()
    return made


def test_a_merged_household_hands_over(home: Asked) -> None:
    village = home.village
    into = village.node("v1g1h2")
    enrol(village, ("v1g1h2",), "elders")
    with village.store.begin() as work:
        gone, other = work.households.get(home.id), work.households.get(into)
        assert gone is not None
        assert other is not None
        work.household_steps.merge(gone, other, village.ctx.day, village.now, None)
        assert [one.household_id for one in work.isolations.open_at([village.node("v1g1")])] == [into]
        plans = {on.plan for on in work.contacts.enrolments([into], village.ctx.day)[into]}
        assert plans == {"isolation", "elders"}
        assert work.contacts.enrolments([home.id], village.ctx.day) == {}
        (contact,) = work.contacts.of_households([home.id], date(2020, 1, 28))
        assert contact.state is ContactState.DROPPED


def test_a_moved_household_is_seen_by_its_new_grid(home: Asked) -> None:
    village = home.village
    with village.store.begin() as work:
        one = work.households.get(home.id)
        assert one is not None
        work.household_steps.move(one, village.node("v1g2"), village.ctx.day, village.now, None)
        assert work.isolations.open_at([village.node("v1g1")]) == ()
        assert len(work.isolations.open_at([village.node("v1g2")])) == 1


def test_a_household_that_was_left_is_asked_no_more(home: Asked) -> None:
    village = home.village
    with village.store.begin() as work:
        one = work.households.get(home.id)
        assert one is not None
        work.household_steps.close(one, village.ctx.day, village.now, None)
        assert work.contacts.enrolments([home.id], village.ctx.day) == {}


def test_all_of_it_is_among_one_s_own_data(home: Asked) -> None:
    home.say("mother", "36.4")
    home.village.say("head", f"延长隔离1 到2月9日 {PAPER}")
    with home.village.store.begin() as work:
        (one,) = work.isolations.of_household(home.id)
        kinds = [decision.kind.value for decision in work.isolations.decisions(one.id)]
        assert kinds == ["open", "extend"]
        ((_, said, via),) = work.answers.of_subject(one.subject_id)
        assert (str(said.celsius), via) == ("36.4", "kf")
        until = home.village.now + timedelta(hours=1)
        token = work.rights.grant(home.village.now, until, subject_id=one.subject_id)
        copied = rights.copy(token, None, work, home.village.ctx)
    (papers,) = copied["isolations"]
    assert [paper["number"] for paper in papers] == ["样防〔2020〕2号"] * 2
    assert [answer["said"] for answer in copied["answers"]] == ["36.4℃"]
