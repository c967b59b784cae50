"""Somebody ill or in danger now is told to the person on duty, word for word; drills and notices page nobody."""

import pytest
from talking import GRID_LEAD, LEAD, VILLAGE_GROUP, WORKER, answer, answer_in, told
from town import Town


@pytest.mark.parametrize(
    "words",
    [
        "今天敲门46 空户5 有一户老人喘不上气",
        "卡点2 过车120 测温203 一个37.6",
        "三栋王测家胰岛素断了 断药两天",
        "2组水漫到门口了 快来人",
        "更正 隔离是6不是5 有人38.2度",
    ],
)
def test_whatever_else_was_read_the_lead_hears_it_word_for_word(town: Town, words: str) -> None:
    said = answer(town, WORKER, words)
    assert told(town, GRID_LEAD, words) == 1
    assert "120" in said


def test_a_report_with_a_fever_in_it_is_still_a_report(town: Town) -> None:
    said = answer(town, WORKER, "今天敲门46 空户5 隔离5户 发热1人 38.1度")
    assert "走访46户" in said
    assert told(town, GRID_LEAD, "38.1度") == 1


def test_a_fever_with_its_reading_is_told_and_counted(town: Town) -> None:
    said = answer(town, WORKER, "发热1人 38.2")
    assert "发热1人" in said
    assert told(town, GRID_LEAD, "38.2") == 1


def test_what_was_told_of_whom_to_whom_is_written_down(town: Town) -> None:
    answer(town, WORKER, "今天敲门46 空户5 有一户老人喘不上气")
    with town.parts.store.read() as work:
        noted = work.connection.exec_driver_sql("SELECT object, result FROM audit WHERE action = 'raise alarm'").all()
        lead = work.people.by_userid(GRID_LEAD, town.parts.counties.context().day)
        assert lead is not None
        assert [(what.endswith(f" to {lead.id}"), result) for what, result in noted] == [(True, "ok")]


def test_in_a_group_the_alarm_goes_in_private(town: Town) -> None:
    said = answer_in(town, VILLAGE_GROUP, WORKER, "今天敲门46 有一户老人喘不上气")
    assert "喘不上气" not in said
    assert told(town, GRID_LEAD, "喘不上气") == 1
    assert "120" in "\n".join(town.heard(WORKER))


@pytest.mark.parametrize(
    "words",
    [
        "【演练】今天敲门46 有人喘不上气",
        "今天敲门46 空户5 发热0 体温都正常",
        "无断药 无发热 今天敲门30",
        "如果有人38度要马上报",
        "通知:发现37.3℃以上人员请立即上报",
    ],
)
def test_drills_denials_plans_and_notices_page_nobody(town: Town, words: str) -> None:
    answer(town, WORKER, words)
    assert told(town, GRID_LEAD, "【急】") == 0
    assert told(town, LEAD, "【急】") == 0


def test_with_the_lead_away_the_level_above_hears_it(town: Town) -> None:
    answer(town, GRID_LEAD, "今天请假")
    answer(town, WORKER, "今天敲门46 有一户老人喘不上气")
    assert told(town, LEAD, "喘不上气") == 1
