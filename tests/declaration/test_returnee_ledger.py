"""Who came back: each in the right one of the four official tables, for one who may see them; else numbers."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from village import HERE, NO_CARE, WUHAN, Village, person

from bot.papers.rows import ReturneeRow
from bot.post_daily import people_for, returnee_rows, write_workbook
from handlers import returnee_ledger
from handlers.domain.declaration import Journey
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.returnee_tally import OVERSEAS, tally_of
from handlers.domain.returnees import METRICS, Table
from handlers.freeze_day import composed

pytestmark = pytest.mark.long


def came(origin: str, arrived: str = "2020-01-22", transit: str = "无") -> Journey:
    return Journey(True, origin, arrived, "train", transit, "work")


def rows_for(hamlet: Village, userid: str, code: str = "v1") -> list[ReturneeRow]:
    with hamlet.store.begin() as work:
        viewer = work.people.by_userid(userid, hamlet.ctx.day)
        assert viewer is not None
        found = returnee_ledger.rows(hamlet.node(code), hamlet.ctx.day, viewer, work, hamlet.ctx)
        return returnee_rows(found, work, hamlet.ctx)


def test_each_in_the_right_table(hamlet: Village) -> None:
    hamlet.declare(person(name="王样花", journey=came("武汉汉阳"), temperature="36.4"))
    hamlet.declare(person(name="李样", journey=came("黄冈"), symptoms=("cough",)), at="v1g1h2")
    hamlet.declare(person(name="张样", journey=came("杭州")), at="v1g1h3")
    hamlet.declare(person(name="赵样", journey=came("郑州")), at="v1g2h1")
    hamlet.declare(person(name="孙拟", journey=came("泰国")), at="v1g2h1")
    asked = hamlet.declare(person(name="周拟", journey=came("杭州", transit="武汉")), at="v2g1h1")
    rows = {row.name: row for row in rows_for(hamlet, "boss", "t1")}
    assert {name: row.table for name, row in rows.items()} == {
        "王样花": Table.WUHAN, "李样": Table.HUBEI_OTHER, "张样": Table.OUT_PROVINCE, "赵样": Table.IN_PROVINCE,
        "孙拟": None, "周拟": None,
    }  # fmt: skip
    assert rows["孙拟"].overseas
    assert not rows["周拟"].overseas
    one = rows["王样花"]
    assert (one.village, one.grid, one.household) == ("柳树村", "柳树村第01网格", "3-101")
    assert (one.category, one.transport, one.origin) == ("务工", "火车", "武汉汉阳")
    assert (one.observed_day, one.release, one.responsible) == (5, date(2020, 2, 5), "吕样")
    question = asked.people[0].questions[0]
    hamlet.settle(asked.me_token, question.key, "1")  # 武汉停留过
    assert {row.name: row.table for row in rows_for(hamlet, "boss", "t1")}["周拟"] is Table.WUHAN


def test_how_somebody_feels_is_for_the_doctor_and_the_gridworker(hamlet: Village) -> None:
    hamlet.declare(person(journey=WUHAN, temperature="36.4"))
    hamlet.forward(hours=8)
    hamlet.declare(person(journey=WUHAN, temperature="37.1", symptoms=("cough",)))
    for worker in ("zhou", "lv"):
        (row,) = rows_for(hamlet, worker, "v1g1" if worker == "lv" else "v1")
        assert (str(row.morning_celsius), str(row.evening_celsius), row.symptoms) == ("36.4", "37.1", "干咳")
    (row,) = rows_for(hamlet, "boss", "t1")
    assert not row.health
    assert (row.morning_celsius, row.evening_celsius, row.symptoms) == (None, None, None)


def test_nobody_sees_the_people_of_another_village(hamlet: Village) -> None:
    hamlet.declare(person(journey=WUHAN))
    with pytest.raises(UnknownNode):
        rows_for(hamlet, "other", "v1")
    assert rows_for(hamlet, "other", "v2g1") == []


def test_whoever_stands_on_it_was_looked_at_and_nobody_else(hamlet: Village) -> None:
    hamlet.declare(person(journey=WUHAN))
    hamlet.declare(person(name="李样", journey=HERE), at="v1g1h2")
    rows_for(hamlet, "boss", "t1")
    with hamlet.store.read() as work:
        seen = {}
        for subject in work.subjects.many(range(1, 10)).values():
            looks = [one for one in work.rights.looked(subject.id) if one.action == "look"]
            seen[subject.name] = [(one.person_id, one.purpose) for one in looks]
    assert seen == {"王样花": [(hamlet.person_id("boss"), "returnees")], "李样": []}


def test_who_took_it_back_or_was_here_is_not_there(hamlet: Village) -> None:
    answer = hamlet.declare(person(journey=WUHAN))
    assert len(rows_for(hamlet, "boss", "t1")) == 1
    with hamlet.store.begin() as work:
        (subject,) = work.subjects.many(range(1, 10)).values()
        work.erasure.erase(subject.id, "asked", hamlet.now)
    assert answer.taken
    assert rows_for(hamlet, "boss", "t1") == []


def test_the_workbook_has_people_for_one_who_may_and_for_no_group(hamlet: Village, tmp_path: Path) -> None:
    hamlet.declare(person(journey=WUHAN, phone="10412345678"))
    node = hamlet.node("t1")

    def sheets(name: str, userid: str | None, *, for_group: bool = False) -> dict[str, list[tuple[object, ...]]]:
        path = tmp_path / name
        with hamlet.store.begin() as work:
            report = composed(node, hamlet.ctx.day, work, hamlet.ctx)
            viewer = work.people.by_userid(userid, hamlet.ctx.day) if userid else None
            people = people_for(viewer, node, hamlet.ctx.day, work, hamlet.ctx) if viewer else None
            write_workbook(
                path, report, node, work, hamlet.ctx, for_group=for_group, people=people, given_to="样例镇长"
            )
        book = openpyxl.load_workbook(path)
        return {sheet.title: list(sheet.values) for sheet in book}

    table = "武汉市返乡人员排查表"
    named = sheets("a.xlsx", "boss")
    assert named[table][2][:9] == (
        1,
        "柳树村",
        "柳树村第01网格",
        "3-101",
        "王**",
        "尾号5678",
        "学生",
        named[table][2][7],
        "武汉",
    )
    assert named[table][2][11:14] == ("按权限不显示",) * 3
    for name, userid, group in (("b.xlsx", "boss", True), ("c.xlsx", None, False)):
        found = sheets(name, userid, for_group=group)
        assert "名单不发群" in str(found[table])
        assert not any(
            "王" in str(cell) or "5678" in str(cell) for rows in found.values() for row in rows for cell in row
        )
    with pytest.raises(UnknownNode):
        sheets("d.xlsx", "lv")  # may see them, and may not export
    assert not (tmp_path / "d.xlsx").exists()


def test_leaders_hear_numbers_and_too_few_are_left_out(hamlet: Village) -> None:
    assert "还没有人申报" in hamlet.say("head", "台账")
    for n in range(7):
        hamlet.declare(person(name=f"样例{'甲乙丙丁戊己庚'[n]}", journey=came("武汉")), at="v1g1h1")
    hamlet.declare(person(name="李样", journey=came("杭州", "2020-01-10")), at="v1g1h2")
    heard = hamlet.say("head", "返乡台账")
    assert "近两个月回来8" in heard
    assert "<5" in heard
    assert "样例" not in heard.replace("样例县", "")
    assert "武汉7" not in heard  # with the total it would tell that one came from elsewhere
    exact = hamlet.say("zhou", "台账")
    assert "武汉7、省外(除湖北)1" in exact
    assert "观察期内(第0—14天)7,已满期1" in exact


def test_a_group_never_hears_the_exact_numbers(hamlet: Village) -> None:
    hamlet.declare(person(journey=WUHAN))
    with hamlet.store.read() as work:
        shown = returnee_ledger.tally(hamlet.node("v1"), hamlet.ctx.day, work, hamlet.ctx)
        exact = returnee_ledger.tally(hamlet.node("v1"), hamlet.ctx.day, work, hamlet.ctx, exact=True)
    assert shown is not None
    assert exact is not None
    assert (shown.total, exact.total, exact.came[METRICS[Table.WUHAN]]) == (None, 1, 1)


def test_what_is_left_out_cannot_be_worked_out() -> None:
    today = date(2020, 2, 10)
    counted = {today - timedelta(days=at): {METRICS[Table.WUHAN]: count} for at, count in ((0, 9), (3, 2), (16, 40))}
    found = tally_of(counted, today, 14, 21, exact=False)
    assert found is not None
    assert found.total == 51
    assert found.by_day[3] is None
    known = [count for count in found.by_day[:15] if count is not None]
    hidden = 15 - len(known)
    assert found.observed is None or (hidden >= 2 and found.observed - sum(known) >= 5)
    assert tally_of({}, today, 14, 21, exact=False) is None


def test_the_cohort_goes_under_the_picture_only_when_there_is_something_to_show(hamlet: Village) -> None:
    with hamlet.store.read() as work:
        assert returnee_ledger.cohort_of(hamlet.node("v1"), hamlet.ctx.day, work, hamlet.ctx) is None
    hamlet.declare(*[person(f"p{n}", name=f"样例{'甲乙丙丁戊己'[n]}", journey=came("武汉")) for n in range(6)])
    with hamlet.store.read() as work:
        cohort = returnee_ledger.cohort_of(hamlet.node("v1"), hamlet.ctx.day, work, hamlet.ctx)
    assert cohort is not None
    assert cohort.by_day[5] == 6
    assert sum(count or 0 for count in cohort.by_day) == 6
    assert (len(cohort.by_day), cohort.observe_days) == (22, 14)


def test_consent_to_register_alone_is_enough_for_the_ledger(hamlet: Village) -> None:
    hamlet.declare(replace(person(journey=WUHAN), consents=NO_CARE - {"health@1"}))
    (row,) = rows_for(hamlet, "lv", "v1g1")
    assert (row.table, row.symptoms) == (Table.WUHAN, None)
    assert OVERSEAS not in row.notes


def test_many_people_need_a_second_persons_word(hamlet: Village) -> None:
    hamlet.county = replace(hamlet.county, confirm_above=1)
    hamlet.declare(person(journey=WUHAN), person("p2", name="李样", journey=WUHAN))
    node, day = hamlet.node("t1"), hamlet.ctx.day
    with hamlet.store.begin() as work:
        boss, head = (work.people.by_userid(who, day) for who in ("boss", "head"))
        assert boss is not None
        for second in (None, boss, head):  # nobody, the same, one who may not confirm there
            with pytest.raises(Refused):
                people_for(boss, node, day, work, hamlet.ctx, second)
        assert head is not None
        assert len(people_for(head, hamlet.node("v1"), day, work, hamlet.ctx, boss)) == 2
