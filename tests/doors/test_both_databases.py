"""The same walk, posting and matter on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from estate import Estate
from village import ROOT

from bot import matters_part
from handlers.domain.knocking import RoundKind, RoundState
from store.engine import Database
from store.models import knock

pytestmark = pytest.mark.long


def test_a_walk_a_posting_and_a_matter(database: Database) -> None:
    estate = Estate(database)
    estate.county = replace(estate.county, matters=matters_part.read(ROOT / "data/matters"))
    estate.open_round()
    estate.say("lv", "3-101 敲了 3人")
    estate.say("lv", "3-102 没人")
    estate.say("lv", "8栋敲完 除了803没人")
    estate.say("lv", "对")
    assert "敲到4/10户 没人2 未敲4 说了人数的1户共3人" in estate.say("head", "敲门进度")
    assert "已撤回:8-801、8-802、8-803等4户" in estate.say("lv", "撤回")
    assert estate.states() == {"3-101": "met", "3-102": "absent"}
    estate.pass_(hours=6)
    assert "再敲:3-102" in estate.letters("lv")[-1]
    with estate.store.begin() as work:
        (one,) = work.knocks.live(RoundKind.KNOCK)
        assert not work.knocks.move(replace(one, due_at=None), RoundState.CLOSED)  # somebody moved it meanwhile
        for _ in range(2):
            work.connection.execute(knock.delete().where(knock.c.place_id == estate.node("v1g2")))
            work.connection.exec_driver_sql("UPDATE knock_round SET state = 'opening', done_to = 0")
            work.knocks.put(one.id, [estate.node("v1g1"), estate.node("v1g2")], estate.ctx.day)
        assert sum(sum(held.values()) for held in work.knocks.counts(one.id).values()) == 10
    assert estate.states() == {"3-101": "met", "3-102": "absent"}  # put down twice, nothing doubled, nothing undone
    estate.open_round("张贴 全村 告知书 用途 宣传 依据 样防指3号")
    estate.say("lv", "8栋贴完了")
    assert "前面记过了" in estate.say("lv", "8栋贴完了")
    assert "交给了样例支书" in estate.say("lv", "调解 3-101 王样花 本人同意 漏水,希望 修好")
    assert "本人微信够不着,已请提的人转告" in estate.say("head", "事项1 谈成了 修好了")
