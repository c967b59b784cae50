"""No number in silence: what may be read two ways is read back or asked, never taken as it seems."""

from datetime import datetime, timedelta, timezone

import pytest

from nlp.types import Utterance
from nlp.understand import understand

NOW = datetime(2020, 2, 8, 18, tzinfo=timezone(timedelta(hours=8)))


def read(text: str) -> Utterance:
    return understand(text, NOW)


@pytest.mark.parametrize("text", ["三、四格隔离5户", "3网格4网格返乡2人", "三四格排查30户90人"])
def test_a_figure_for_two_grids_at_once_is_read_back(text: str) -> None:
    assert read(text).needs_confirm
    assert not read("三格四格一切正常").needs_confirm


@pytest.mark.parametrize("text", ["新增返乡-2人", "隔离户-1", "排查126户,返乡-2人,隔离-1户"])
def test_a_number_below_zero_is_asked_about(text: str) -> None:
    assert "是什么意思" in (read(text).ask or "")
    assert read("排查-126户,返乡-2人").ask is None


def test_fewer_people_than_cars_may_be_the_crew() -> None:
    assert read("村口卡点 8人 过车120").needs_confirm
    assert not read("东门 夜班 153人 车88").needs_confirm
