"""Two peers' own test cases for numbers and dates in Chinese, where they stand beside the project."""

import pytest

from bench.peers import reader_cases

pytestmark = pytest.mark.skipif(not reader_cases.HERE, reason="the peers' cases are not beside the project")


@pytest.mark.parametrize(("name", "floor", "least"), [("numbers", 0.95, 150), ("dates", 0.92, 200)])
def test_the_core_tier(name: str, floor: float, least: int) -> None:
    reached, cases = reader_cases.share(name)
    assert cases >= least
    assert reached >= floor


def test_a_wrong_figure_counts_as_wrong() -> None:
    case = {"text": "排查一百二十六户", "expected": [{"value": "126"}]}
    assert reader_cases.number_right(case)
    assert not reader_cases.number_right({**case, "expected": [{"value": "127"}]})
    assert not reader_cases.number_right({**case, "expected": [{"value": "126"}, {"value": "1"}]})


def test_a_wrong_moment_counts_as_wrong() -> None:
    wanted = {"type": "time_point", "start": "2021-06-15 15:00:00"}
    case = {"text": "明天下午3点", "reference": "2021-06-14T01:06:40", "expected": [wanted]}
    assert reader_cases.date_right(case)
    assert not reader_cases.date_right({**case, "expected": [{**wanted, "start": "2021-06-15 16:00:00"}]})
