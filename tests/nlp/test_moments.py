"""Moments and stretches of time, resolved against a moment."""

from datetime import datetime

import pytest

from nlp.moments import read_moments

NOW = datetime(2021, 6, 14, 1, 6, 40)  # noqa: DTZ001 - a wall clock; moments keep what they are given

CASES = [
    ("明天下午3点至下午8点", "2021-06-15 15:00:00", "2021-06-15 20:00:00"),
    ("上个月15号", "2021-05-15 00:00:00", "2021-05-15 23:59:59"),
    ("两小时后", "2021-06-14 03:06:40", "2021-06-14 05:06:40"),
    ("半小时内", "2021-06-14 01:06:40", "2021-06-14 01:36:40"),
    ("17天后", "2021-07-01 00:00:00", "2021-07-01 23:59:59"),
    ("15个工作日内", "2021-06-14 01:06:40", "2021-07-05 23:59:59"),
    ("13:20~次日05:40", "2021-06-14 13:20:00", "2021-06-15 05:40:00"),
    ("大前天晚上9~11点", "2021-06-11 21:00:00", "2021-06-11 23:00:00"),
    ("2018-11-29 18:59", "2018-11-29 18:59:00", "2018-11-29 18:59:00"),
    ("自2020-05-26至2020-05-29止", "2020-05-26 00:00:00", "2020-05-29 23:59:59"),
    ("上个月", "2021-05-01 00:00:00", "2021-05-31 23:59:59"),
    ("这个月前两天", "2021-06-01 00:00:00", "2021-06-02 23:59:59"),
    ("今晚八点以后", "2021-06-14 20:00:00", None),
    ("去年5月1日", "2020-05-01 00:00:00", "2020-05-01 23:59:59"),
    ("13.5.2015", "2015-05-13 00:00:00", "2015-05-13 23:59:59"),
]


@pytest.mark.parametrize(("text", "opens", "closes"), CASES, ids=[case[0] for case in CASES])
def test_moment(text: str, opens: str, closes: str | None) -> None:
    (found,) = read_moments(text, NOW)
    assert (str(found.opens), None if found.closes is None else str(found.closes)) == (opens, closes)
    assert text[found.start : found.end]


def test_no_moment() -> None:
    assert read_moments("3网格排查126户412人,36.5", NOW) == []
