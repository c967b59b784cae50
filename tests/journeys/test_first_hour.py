"""The first hour of a gridworker, a village's lead and a township's: whatever they type, the answer says what to do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from talking import ELSEWHERE, GRID_LEAD, LEAD, TOWN_GROUP, VILLAGE_GROUP, WAR, WORKER, answer_in, name_of
from town import Town

from handlers import freeze_day

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("first"))
    yield made
    made.close()


def ask(town: Town, who: str, text: str, after: int = 20) -> str:
    town.forward(seconds=after)
    before = len(town.heard(who))
    town.say(who, text)
    return "\n".join(town.heard(who)[before:])


def test_everybody_is_helped_with_what_they_do(town: Town) -> None:
    walks, leads, orders = (ask(town, who, "帮助") for who in (WORKER, GRID_LEAD, LEAD))
    assert "报数:今天敲了46" in walks
    assert "代报:替1格报" in leads
    assert "发:给所有村发" in orders
    assert all("不@我听不到" in said and said.count("\n") == 2 for said in (walks, leads, orders))


def test_a_gridworkers_first_questions(town: Town) -> None:
    assert ask(town, ELSEWHERE, "模板").startswith("报数就这样发:今天敲门46")
    assert ask(town, ELSEWHERE, "还用报吗").startswith("城峰镇旗山社区第01网格今天 0/1网格已报。")
    assert "①走访20户" in ask(town, ELSEWHERE, "敲了20")
    assert "今天 1/1网格已报,其中1份待确认◔" in ask(town, ELSEWHERE, "我报过了")
    assert "重报就把整份再发一遍" in ask(town, ELSEWHERE, "改一下")
    assert "昨天的补报 敲门30" in ask(town, ELSEWHERE, "昨天忘报了")
    assert "在册121户" in ask(town, ELSEWHERE, "我管几户")
    assert "现在没有等您回执的通知" in ask(town, ELSEWHERE, "有通知吗")
    assert "您的岗位不能下发通知" in ask(town, ELSEWHERE, "怎么发通知")
    assert "现在是平时" in ask(town, ELSEWHERE, "现在是战时吗")
    assert "按「无」报" in ask(town, ELSEWHERE, "无异常")


def test_a_leave_is_read_with_its_person_first_and_a_smile_is_let_pass(town: Town) -> None:
    assert "已记:2月9日请假" in ask(town, ELSEWHERE, "我明天请假")
    assert ask(town, ELSEWHERE, "[微笑]") == ""
    assert "有事要找人回「找谁」" in ask(town, ELSEWHERE, "几号了")


def test_whom_to_turn_to_is_named_in_private(town: Town) -> None:
    assert f"请找{name_of(town, GRID_LEAD)}(清凉镇旗山村基础网格 网格长)" in ask(town, WORKER, "找谁")


def test_a_villages_lead_asks_about_the_village(town: Town) -> None:
    assert "4个网格,在册385户" in ask(town, GRID_LEAD, "我管几个格")
    assert "缺:第01网格、第02网格、第03网格、第04网格。" in ask(town, GRID_LEAD, "我村谁没报")
    assert "基础网格2月7日 0/4网格已报" in ask(town, GRID_LEAD, "昨天汇总")
    assert "回「无异常」" in ask(town, GRID_LEAD, "全村正常")
    assert "替1格报" in ask(town, GRID_LEAD, "叫他们报数")
    assert "报给乡镇管理员改花名册" in ask(town, GRID_LEAD, "换网格员了")


def test_a_townships_lead_asks_for_figures_and_pages(town: Town) -> None:
    assert "清凉镇今天 0/42网格已报" in ask(town, LEAD, "隔离多少人")
    assert "清凉镇旗山村2月7日" in ask(town, LEAD, "昨天旗山村汇总")
    assert "我不排名次" in ask(town, LEAD, "各村排名")
    assert "/console/ 登录" in ask(town, LEAD, "密码忘了")
    assert "回「发」才发" in ask(town, LEAD, "怎么发通知")


def test_in_a_group_whoever_sees_less_hears_of_their_own_place(town: Town) -> None:
    assert answer_in(town, VILLAGE_GROUP, WORKER, "谁没报").startswith("清凉镇旗山村第01网格今天 0/1网格已报")
    town.forward(seconds=20)
    assert answer_in(town, TOWN_GROUP, LEAD, "隔离多少人").startswith("清凉镇今天 0/42网格已报")


def test_where_one_stands_that_has_not_gone_out(town: Town) -> None:
    ask(town, LEAD, "给旗山村发 今晚8点开会")
    ask(town, LEAD, "发")
    assert "秒后发出,回「撤」取消" in ask(town, LEAD, "进度", 5)
    assert "没有 D-1 这条通知" in ask(town, WORKER, "D-1", 5)
    assert "D-1 已取消,一条也没发出" in ask(town, LEAD, "撤")
    assert ask(town, LEAD, "D-1") == "D-1 已取消,一条也没发出。"


def test_the_days_paper_comes_on_a_word(town: Town) -> None:
    assert ask(town, LEAD, "看日报").startswith("今天的日报16:00定稿,到时发到工作群。现在的数:\n清凉镇今天")
    assert "没有定稿的日报" in ask(town, LEAD, "昨天的日报")
    ask(town, LEAD, WAR)
    assert "现在是战时,依据:县防指〔2026〕3号,到2月20日23:59" in ask(town, WORKER, "现在是战时吗")
    with town.parts.store.begin() as work:
        context = town.parts.counties.context()
        node = context.tree.by_code("350125105").id
        freeze_day.freeze(node, context.day - timedelta(days=1), work, context)
    assert ask(town, LEAD, "昨天的日报").startswith("【清凉镇 疫情防控日报】(截至2月7日16:00")
    assert "清凉镇(截至2月8日" in (said := ask(town, LEAD, "为啥比昨天少3"))
    assert "与昨日比:" in said
    assert "报数就这样发" in ask(town, WORKER, "日报"), "the paper of the township is not theirs to see"
