"""今天 and 更多 of one person; 欠, 全镇, 看 of a place: what is known and what is not, in the order of the tree."""

from datetime import date

import pytest
from asking import Asked
from rounds_rig import enrol
from sqlalchemy import select
from village import Village

from handlers.domain.four_ones import ContactState
from handlers.wording import boards as say
from store.models import audit, contact_due


@pytest.fixture
def home(hamlet: Village) -> Asked:
    made = Asked(hamlet)
    made.morning()
    return made


def put(village: Village, code: str, state: ContactState) -> None:
    with village.database.begin() as connection:
        values = {"household_id": village.node(code), "day": date(2020, 1, 28), "slot": 540, "kinds": 2}
        connection.execute(contact_due.insert().values(**values, state=state.value, made_at=village.now))


def test_a_gridworker_s_day_in_one_answer(home: Asked) -> None:
    village = home.village
    village.say("lv", "#接龙 1. 3-102 盐2包 2. 3-103 盐1包")
    village.say("lv", "采购我来")
    village.say("lv", "3-103 送到了")
    home.say("mother", "白菜2")
    assert village.say("lv", "今天").split("\n") == [
        "今天4件:①问候1户(已自动发,答了0户,异常才找您);没回话1户:3-101(还没送到)",
        "②要买1户:3-101(回「采购我来」)",
        "③要送1户:3-102(送到回「门牌 送到了」)",
        "④等住户说收到1户:3-103",
    ]


def test_whoever_reads_the_doors_of_a_day_is_written_down(home: Asked) -> None:
    village = home.village
    village.say("lv", "今天")
    with village.database.read() as connection:
        read = [row.object for row in connection.execute(select(audit)) if row.action == "read day"]
    assert read == [f"person {village.person_id('lv')}"]


def test_more_than_eight_kinds_of_work_wait_behind_one_word() -> None:
    lines = [f"第{n}样" for n in range(1, 11)]
    shown = say.board(lines).split("\n")
    assert len(shown) == 8
    assert shown[-1] == "还有3件,回「更多」"
    assert len(say.board(lines, full=True).split("\n")) == 10
    assert "还有" not in say.board(lines[:8])


def test_a_village_and_a_town_in_the_order_of_the_tree(home: Asked) -> None:
    village = home.village
    enrol(village, ("v1g1h2", "v1g2h1", "v2g1h1"))
    for code, state in (
        ("v1g1h2", ContactState.ANSWERED),
        ("v1g2h1", ContactState.CALLING),
        ("v2g1h1", ContactState.LATE),
    ):
        put(village, code, state)
    owed = village.say("head", "欠").split("\n")
    assert owed == ["欠:柳树村第01网格 等回话1次;柳树村第02网格 电话1次", "没回话:还没送到1户"]
    board = village.say("boss", "全镇").split("\n")
    assert board[:3] == [
        "清水镇 问候4次:答了1;未知3(等回话1、电话1、过点没联系上1)",
        "柳树村 问候3次:答了1;未知2(等回话1、电话1)",
        "杨树村 问候1次:答了0;未知1(过点没联系上1)",
    ]
    assert "不排名次" in board[3]
    down = village.say("boss", "看 柳树村").split("\n")
    assert down[1].startswith("柳树村第01网格 问候2次:答了1;未知1(等回话1)")
    assert "问候1次:答了0;未知1(电话1)" in village.say("head", "看2格")
    assert "没有这个地方,或不归您看" in village.say("head", "看 杨树村")
    assert "没有这个地方,或不归您看" in village.say("lv", "全镇")
    assert "3-101" not in "".join(board + down)  # a lead need know no door
