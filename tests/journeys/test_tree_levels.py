"""A county of other levels: buildings below the grids, a trade beside the main line; nothing but its file says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from talking import WAR, answer, send, told
from town import Town

from bot.tree_report import Bindings, lines

pytestmark = pytest.mark.long

HIERARCHY = """\
name: 江城区
code: 42
bot_names: [小格]
sample: true
report_level: grid
levels:
  - {key: county, title: 区}
  - {key: township, title: 街道}
  - {key: village, title: 社区}
  - {key: grid, title: 网格}
  - {key: unit, title: 楼栋}
  - {key: household, title: 户, staff: false}
  - {key: sector, title: 行业, side: true}
roles:
  grid_lead: {title: 楼长, level: unit}
tree:
  nodes:
    - code: s1
      name: 样江街道
      below:
        - code: c1
          name: 拟湖社区
          below:
            - code: g1
              name: 拟湖社区第01网格
              below: [{code: u1, name: 1号楼}, {code: u2, name: 2号楼}]
            - {code: g2, name: 拟湖社区第02网格}
    - code: t1
      name: 区卫健行业
      level: sector
      branch: trade
"""
ROSTER = """\
编码,姓名,手机号,企业微信账号,职务
42,何样区,10400000001,boss,县领导
s1,周样街,10400000002,street,乡镇领导
g1,李拟格,10400000003,grid1,网格员
g2,王仿格,10400000004,grid2,网格员
u1,陈模楼,10400000005,house1,楼长
u2,杨演楼,10400000006,house2,楼长
t1,黄测医,10400000007,doctor,行业专员
"""
CHATS = """\
编码,群名,群号,渠道
c1,拟湖社区工作群,c1group,应用群
t1,卫健行业群,t1group,应用群
g1,拟湖一格住户群,h1,住户群
u1,1号楼住户群,h2,住户群
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    for name, text in (("hierarchy.yaml", HIERARCHY), ("roster.csv", ROSTER), ("chats.csv", CHATS)):
        (tmp_path / name).write_text(text, "utf-8")
    rosters = (tmp_path / "roster.csv", tmp_path / "chats.csv")
    made = Town(tmp_path, hierarchy=tmp_path / "hierarchy.yaml", rosters=rosters)
    yield made
    made.close()


def test_the_preview_counts_by_the_countys_own_levels(city: Town) -> None:
    said = answer(city, "boss", "给所有网格发 今晚排查")
    assert "(1街道→1社区→2网格→2楼栋)" in said
    assert "4人(机器直达卡片4张)、工作群2个" in said


def test_the_main_line_is_meant_and_not_the_trade_beside_it(city: Town) -> None:
    send(city, "boss", "给所有村发 今晚排查")
    assert [told(city, who, "通知 D-1") for who in ("grid1", "house1", "doctor")] == [1, 1, 0]
    assert any("D-1" in said for said in city.chat("c1group"))
    assert "D-1 不用您回执" in answer(city, "doctor", "收到 D-1")


def test_everybody_means_the_trade_as_well_and_its_head_may_speak_to_it(city: Town) -> None:
    send(city, "boss", "群发 明天开会")
    assert told(city, "doctor", "通知 D-1") == told(city, "house2", "通知 D-1") == 1
    assert any("D-1" in said for said in city.chat("t1group"))
    said = answer(city, "doctor", "群发 明天报床位")
    assert "将发:区卫健行业 全体工作人员" in said
    assert "给所有村发" not in said


def test_the_chase_climbs_the_countys_own_levels(city: Town) -> None:
    city.say("street", WAR)
    send(city, "street", "给所有网格发 今晚排查")
    city.say("grid1", "收到")
    city.forward(minutes=31)
    listed = [said for said in city.heard("street") if "未回执名单" in said]
    assert len(listed) == 1
    for place in ("拟湖社区第02网格", "1号楼", "2号楼"):
        assert place in listed[0]


def test_a_report_of_a_grid_rolls_up_whatever_lies_between(city: Town) -> None:
    assert "拟湖社区第01网格今天日报" in answer(city, "grid1", "今天敲门46 空户5")
    city.say("grid1", "对")
    said = answer(city, "boss", "汇总")
    assert "1/2网格已报" in said
    assert "走访46户" in said


def test_household_groups_of_a_building_are_relayed_by_its_own_head(city: Town) -> None:
    send(city, "boss", "给所有住户发 今晚停水")
    assert told(city, "grid1", "拟湖一格住户群") == 1
    assert told(city, "house1", "1号楼住户群") == 1
    assert told(city, "grid2", "接力码") == 0


def test_every_node_stands_in_the_tree_with_what_it_lacks(city: Town) -> None:
    context = city.parts.counties.context()
    with city.parts.store.read() as work:
        bindings = Bindings(
            context.county,
            context.tree,
            work.people.holders(context.day),
            work.people.leaves(context.day),
            work.chats.all(),
        )
    printed = "\n".join(lines(context.county, context.tree, bindings, context.tree.root, 5))
    assert "1号楼" in printed
    assert "楼长1" in printed
    assert "区卫健行业" in printed
    assert "拟湖社区第02网格(g2):没有住户群,通知只能上门" in printed
