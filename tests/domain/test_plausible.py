"""What cannot stand is doubted, what may be true stands; nothing is doubted for being large alone."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain import plausible
from handlers.domain.plausible import Doubt, Jump, Why, doubts, jumps, without


@pytest.mark.parametrize(
    ("values", "households", "why"),
    [
        ({"isolated_households": 6, "isolated_people": 5}, 0, [Why.FEWER_PEOPLE]),
        ({"isolated_households_new": 2, "isolated_people_new": 1}, 0, [Why.FEWER_PEOPLE]),
        ({"isolated_households": 2, "isolated_people_cum": 1}, 0, []),
        ({"isolated_households": 5, "isolated_people": 8}, 0, []),
        ({"households_visited": 46, "households_absent": 5}, 395, []),
        ({"households_visited": 5, "households_absent": 46}, 395, [Why.OVER_WHOLE]),
        ({"households_visited": 500}, 395, [Why.OVER_ROSTER]),
        ({"households_visited_cum": 500}, 395, []),
        ({"people_checked": 900}, 395, []),
        ({"swab_done": 410, "swab_due": 400}, 0, [Why.OVER_WHOLE]),
        ({"fever_people": -2}, 0, [Why.NO_FIGURE]),
        ({"leaflets": 10**12}, 0, [Why.NO_FIGURE]),
        ({"isolated_households": None, "isolated_people": 5}, 0, []),
        ({"households_visited": 500, "households_absent": 600}, 395, [Why.OVER_ROSTER, Why.OVER_ROSTER]),
    ],
)
def test_doubts(values: dict[str, int | None], households: int, why: list[Why]) -> None:
    assert [doubt.why for doubt in doubts(values, households)] == why


def test_what_is_doubted_becomes_unknown_and_the_rest_stays() -> None:
    found = [Doubt(("isolated_households", "isolated_people"), Why.FEWER_PEOPLE)]
    values = {"isolated_households": 6, "isolated_people": 5, "fever_people": 0}
    assert without(values, {}, found) == {"isolated_households": None, "isolated_people": None, "fever_people": 0}


@given(st.dictionaries(st.sampled_from(["isolated_households", "isolated_people", "fever_people"]), st.integers()))
def test_after_doubting_nothing_is_left_to_doubt(values: dict[str, int]) -> None:
    assert doubts(without(values, {}, doubts(values, 40)), 40) == ()


def test_jumps_are_of_standing_figures_and_far() -> None:
    yesterday = {"isolated_people": 5, "households_visited": 3, "fever_people": 0, "returnees_new": 1}
    today = {"isolated_people": 50, "households_visited": 60, "fever_people": 2, "returnees_new": 90}
    assert jumps(today, yesterday) == (Jump("isolated_people", 5, 50),)
    assert jumps({"isolated_people": 3}, {"isolated_people": 40}) == (Jump("isolated_people", 40, 3),)
    assert jumps({"isolated_people": None}, {"isolated_people": 40}) == ()


def test_examples() -> None:
    assert doctest.testmod(plausible).failed == 0
