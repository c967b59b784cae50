"""The same conversations on PostgreSQL: a directive with everything that may happen to it."""

from pathlib import Path

import pytest
from talking import GRID_LEAD, LEAD, SECOND, THIRD, VILLAGE_GROUP, WAR, WORKER, answer, answer_in, name_of, told
from town import Town

pytestmark = pytest.mark.long


@pytest.mark.postgresql
def test_a_directive_from_preview_to_its_correction_and_its_end(tmp_path: Path, postgresql_url: str) -> None:
    town = Town(tmp_path, database_url=postgresql_url)
    try:
        town.say(LEAD, WAR)
        town.say(THIRD, f"今天请假 {name_of(town, SECOND)}代")
        assert "有人请假,改送代班" in answer(town, LEAD, "给旗山村住户发 今天下午5点前报名做核酸")
        assert "D-1 60秒后发出" in answer(town, LEAD, "截止改4点半 发")
        town.forward(seconds=61)
        assert "已记:D-1 办好了" in answer(town, WORKER, "办好了")
        assert "做不了(缺口罩)" in answer_in(town, VILLAGE_GROUP, SECOND, "做不了 D-1 缺口罩")
        assert told(town, LEAD, "说做不了:缺口罩") == 1
        code = next(said for said in town.heard(WORKER) if "接力码" in said).split("接力码 ")[1][:2]
        assert "都转完了" in answer(town, WORKER, f"已转 {code}")
        town.forward(minutes=31)
        assert told(town, LEAD, "未回执名单") == 1  # the grid lead's own silence; the rest went to the grid lead
        assert told(town, GRID_LEAD, "未回执名单") == 1
        assert "已办好的1人不重做" in answer(town, LEAD, "更新 D-1 改在明天上午10点做核酸")
        answer(town, LEAD, "嗯")
        town.forward(seconds=61)
        assert "现在没有等您回执的通知" in answer(town, WORKER, "收到")
        assert "D-1 是我们08:31发的通知,已更正,后来的是 D-2" in answer(town, WORKER, "核验 D-1")
        assert "D-2 已停" in answer(town, LEAD, "作废 D-2")
        town.forward(seconds=3)
        assert told(town, WORKER, "取消 D-3") == 1
        town.forward(hours=30)
        with town.parts.store.read() as work:
            notice = work.directives.by_number(3)
        assert notice is not None
        assert notice.state.value == "closed"
    finally:
        town.close()
