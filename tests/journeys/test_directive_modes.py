"""Peace by default; war with an issuer, a basis and a fuse of fourteen days, for a place and all below it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from talking import (
    COUNTY,
    DEPUTY,
    GRID_LEAD,
    LEAD,
    TOWN_GROUP,
    VILLAGE_GROUP,
    WAR,
    WORKER,
    answer,
    last,
    send,
    told,
)
from town import Town

pytestmark = pytest.mark.long


def compulsory(town: Town, number: int) -> bool:
    with town.parts.store.read() as work:
        directive = work.directives.by_number(number)
        assert directive is not None
        return directive.compulsory


def test_peace_is_the_default_and_war_compels(town: Town) -> None:
    send(town, LEAD, "给旗山村发 今晚排查")
    assert not compulsory(town, 1)
    assert "清凉镇进入战时,依据:县防指〔2026〕3号,有效到2月20日23:59" in answer(town, LEAD, WAR)
    assert any("清凉镇进入战时" in said for said in town.chat(VILLAGE_GROUP))
    assert any("清凉镇进入战时" in said for said in town.chat(TOWN_GROUP))
    send(town, LEAD, "给旗山村发 明早排查")
    assert compulsory(town, 2)
    with town.parts.store.read() as work:
        mode = work.modes.current(town.clock.now())[0]
        issuer = work.people.get(mode.issuer_id, town.parts.counties.context().day)
        said = work.connection.exec_driver_sql("SELECT action FROM audit WHERE action = 'war'").scalars().all()
    assert issuer is not None
    assert issuer.userid == LEAD
    assert said == ["war"]


@pytest.mark.parametrize("words", ["启动战时", "启动战时 到2月20日", "启动 暴雨预案 橙色"])
def test_no_war_without_a_basis(town: Town, words: str) -> None:
    assert "要写清依据和到期" in answer(town, LEAD, words)
    assert "现在就是平时" in answer(town, LEAD, "平时")


def test_the_fuse_is_fourteen_days_at_most(town: Town) -> None:
    assert "有效到2月22日08:30" in answer(town, LEAD, "启动战时 依据县防指〔2026〕3号")
    for far in ("到5月1日", "到12月1日"):
        said = answer(town, LEAD, f"启动战时 依据县防指〔2026〕3号 {far}")
        assert "有效到2月22日08:30" in said
        assert "最长14天" in said


def test_a_day_that_is_over_starts_no_war(town: Town) -> None:
    assert "已经过了,没有启动" in answer(town, LEAD, "启动战时 依据县防指〔2026〕3号 到2月1日")
    assert "现在就是平时" in answer(town, LEAD, "平时")


@pytest.mark.parametrize("userid", [WORKER, GRID_LEAD, DEPUTY])
def test_who_may_not_declare_is_told(town: Town, userid: str) -> None:
    assert "您的岗位不能切换平时战时" in answer(town, userid, WAR)
    assert "您的岗位不能切换平时战时" in answer(town, userid, "平时")


def test_a_war_declared_further_up_is_not_ended_below(town: Town) -> None:
    town.say(COUNTY, WAR)
    said = answer(town, LEAD, "平时")
    assert "这里仍是战时:永泰县宣布的,依据:县防指〔2026〕3号,有效到2月20日23:59" in said
    send(town, LEAD, "给旗山村发 今晚排查")
    assert compulsory(town, 1)
    town.say(LEAD, "启动战时 依据镇防指〔2026〕1号 到2月10日")
    assert "这里仍是战时:永泰县" in answer(town, LEAD, "平时")
    assert "永泰县已转平时" in answer(town, COUNTY, "平时")
    assert "现在就是平时" in answer(town, LEAD, "平时")


def test_the_fuse_ends_it_and_the_groups_hear_in_the_morning(tmp_path: Path) -> None:
    town = Town(tmp_path, start=datetime(2026, 2, 9, 13, 0, tzinfo=UTC))
    try:
        town.say(LEAD, "启动战时 依据县防指〔2026〕3号 到2月9日")
        town.forward(hours=3)  # past midnight
        assert not any("战时期限已到" in said for said in town.chat(VILLAGE_GROUP))
        send(town, LEAD, "给旗山村发 今天排查")  # at night, in peace: it waits
        assert not told(town, WORKER, "D-1")
        assert not compulsory(town, 1)
        town.forward(hours=7)
        assert sum("战时期限已到,自动转平时" in said for said in town.chat(VILLAGE_GROUP)) == 1
        assert told(town, WORKER, "通知 D-1") == 1
    finally:
        town.close()


def test_peace_is_told_to_every_group_once(town: Town) -> None:
    town.say(LEAD, WAR)
    assert "清凉镇已转平时" in answer(town, LEAD, "平时")
    assert sum("清凉镇已转平时" in said for said in town.chat(VILLAGE_GROUP)) == 1
    assert "清凉镇已转平时" in last(town, LEAD)
