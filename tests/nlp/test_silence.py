"""No number in silence: what may be read two ways is read back or asked, never taken as it seems."""

from datetime import datetime, timedelta, timezone

import pytest

from nlp.types import Intent, Utterance
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


@pytest.mark.parametrize("text", ["再加一户空户", "空户多报了一户", "空户加1", "多报了1户空户", "发热多报1人"])
def test_one_more_or_less_asks_how_many_there_are_now(text: str) -> None:
    said = read(text)
    assert (said.intent, said.drafts[0].get("value")) == (Intent.CORRECTION, None)
    assert "现在一共几" in (said.ask or "")


def test_how_many_there_are_is_not_asked_where_it_is_said() -> None:
    assert read("隔离户数多报了1户,应为4户").drafts[0].get("value") == 4
    assert read("多了3个人发热").intent is not Intent.CORRECTION


def test_every_figure_that_was_not_read_is_named_in_the_question() -> None:
    text = "三格今天敲了46 空5 新回来2个 一个武汉的一个浙江 都没烧 隔离5户 需求3 送了2"
    assert read(text).ask == "「需求3」「送了2」这几处我没读懂,各是哪一项?"
    assert read("入户三十二户 发热无 送了3").ask == "「送了3」这一处我没读懂,是哪一项?"


@pytest.mark.parametrize("text", ["发热1人 38.2", "今日排查126户,发热1人38.5"])
def test_a_fever_alarms_and_is_counted(text: str) -> None:
    said = read(text)
    assert said.alarms == ("fever",)
    assert [draft.get("fever_people") for draft in said.drafts if draft.type == "daily"] == [1]
