"""People: several on a grid, several grids for one, leave with a substitute who hears of it, posts with dates."""

from pathlib import Path

import pytest
from talking import GRID_LEAD, LEAD, PAIR, SECOND, THIRD, VILLAGE_GROUP, WORKER, answer, last, name_of, send, told
from town import ROOT, Town

from bot import tree_commands

pytestmark = pytest.mark.long


def import_rows(town: Town, folder: Path, *rows: str) -> None:
    """Import a small roster as `geying import-roster` would, today."""
    path = folder / "more.csv"
    path.write_text("\n".join(["编码,姓名,手机号,企业微信账号,职务", *rows]) + "\n", "utf-8")
    context = town.parts.counties.context()
    outcome = tree_commands.import_roster(
        path, town.parts.database, context.county, context.tree, context.day, context.now
    )
    assert not outcome.plan.errors


def test_two_on_one_grid_both_get_it_and_answer_for_themselves(town: Town) -> None:
    send(town, LEAD, "给芹洋村网格员发 今晚排查")
    assert told(town, PAIR[0], "通知 D-1") == told(town, PAIR[1], "通知 D-1") == 1
    assert "D-1 收到" in answer(town, PAIR[0], "收到")
    assert "D-1 回执 1/4人" in answer(town, LEAD, "进度")


def test_somebody_with_two_grids_gets_one_card_and_is_asked_which(town: Town, tmp_path: Path) -> None:
    import_rows(
        town,
        tmp_path,
        f"35012510520401001,{name_of(town, WORKER)},10400000001,{WORKER},网格员",
        f"35012510520401002,{name_of(town, WORKER)},10400000001,{WORKER},网格员",
    )
    said = answer(town, WORKER, "我是谁")
    assert "旗山村第01网格 网格员、清凉镇旗山村第02网格 网格员" in said
    assert "这份是哪一格" in answer(town, WORKER, "今天敲门46 空户5")
    send(town, LEAD, "给旗山村住户发 明早做核酸")
    assert told(town, WORKER, "通知 D-1") == 1
    relays = [words for words in town.heard(WORKER) if "接力码" in words]
    assert len(relays) == 2  # each of their groups by its own code
    first, other = (words.split("接力码 ")[1][:2] for words in relays)
    assert first != other
    assert "还有1个群没转" in answer(town, WORKER, f"已转 {first}")
    assert "都转完了" in answer(town, WORKER, f"已转 {other}")


def test_a_post_given_to_another_ends_for_the_first(town: Town, tmp_path: Path) -> None:
    import_rows(town, tmp_path, "35012510520401001,周新样,10400000009,yt_new,网格员")
    preview = answer(town, LEAD, "给旗山村网格员发 今晚排查")
    assert "4人(机器直达卡片4张)" in preview
    answer(town, LEAD, "发")
    town.forward(seconds=61)
    assert not told(town, WORKER, "D-1")
    assert "您在花名册里现在没有岗位" in answer(town, WORKER, "今天敲门46")
    assert "现在没有岗位" in answer(town, WORKER, "我是谁")


@pytest.mark.parametrize("how", ["{name}", "{sur}姐", "小{sur}", "{sur}主任", "{given}"])
def test_a_substitute_is_found_by_what_people_call_her(town: Town, how: str) -> None:
    name = name_of(town, SECOND)
    called = how.format(name=name, sur=name[0], given=name[1:])
    said = answer(town, WORKER, f"明天请假 {called}代")
    assert f"已记:2月9日请假,由{name}代" in said
    assert f"已记:2月9日请假,由{name}代" in answer(town, WORKER, f"请假 明天 {called}代")
    assert f"{name_of(town, WORKER)}(清凉镇旗山村第01网格)2月9日请假,请您代班" in last(town, SECOND)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("今天请假", "2月8日请假"),
        ("请假3天", "2月8日至2月10日请假"),
        ("明天请假两天", "2月9日至2月10日请假"),
        ("请假一周", "2月8日至2月14日请假"),
        ("明天请假到后天", "2月9日至2月10日请假"),
        ("2月10日到2月12日请假", "2月10日至2月12日请假"),
    ],
)
def test_the_days_are_read_as_said(town: Town, words: str, days: str) -> None:
    assert days in answer(town, WORKER, words)


def test_who_leaves_nobody_behind_is_told_and_the_lead_hears_it(town: Town) -> None:
    assert "没有代班人" in answer(town, WORKER, "今天请假")
    assert "没有代班人,这几天的通知没人接" in last(town, GRID_LEAD)
    assert "由" + name_of(town, SECOND) + "代" in answer(town, WORKER, f"让{name_of(town, SECOND)}代我")
    assert "1人够不着" not in answer(town, LEAD, "给旗山村网格员发 今晚排查")


def test_somebody_away_cannot_stand_in_nor_two_for_each_other(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    assert "今天" not in answer(town, SECOND, f"今天请假 {name_of(town, WORKER)}代")
    assert "2月8日也不在,请换一位" in last(town, SECOND)
    assert "够不着" not in answer(town, LEAD, "给旗山村网格员发 今晚排查")


def test_an_unknown_or_doubtful_substitute_is_asked_again(town: Town) -> None:
    assert "花名册里没找到「欧阳姐」" in answer(town, WORKER, "明天请假 欧阳姐代")
    surnames = [name_of(town, f"yt_105204_0{n}")[0] for n in range(1, 6)]
    assert len(set(surnames)) == 5  # else the next lines mean somebody of the village
    assert "「陈姐」是哪一位?可能是陈模雪。请写全名" in answer(town, WORKER, "明天请假 陈姐代")  # of another village
    assert "由陈模雪代" in answer(town, WORKER, "明天请假 陈模雪代")


def test_the_substitute_has_the_post_for_the_day_and_not_after(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    assert "旗山村第01网格 网格员(代班)" in answer(town, SECOND, "我是谁")
    said = answer(town, SECOND, "一格今天敲门46 空户5")
    assert "旗山村第01网格今天日报" in said
    town.forward(hours=20)
    assert "代班" not in answer(town, SECOND, "我是谁")


def test_back_again_the_substitute_hears_it_and_later_leave_stands(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    town.say(WORKER, "2月12日请假")
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    said = answer(town, WORKER, "我回来了")
    assert "欢迎回来" in said
    assert "代班到此为止" in last(town, SECOND)
    assert "够不着" not in answer(town, LEAD, "给旗山村网格员发 明天开会")
    with town.parts.store.read() as work:
        later = town.parts.counties.context().day.replace(day=12)
        person = work.people.by_userid(WORKER, later)
        assert person is not None
        assert person.id in work.people.leaves(later)
    assert "欢迎回来" in answer(town, WORKER, "销假")  # nothing is running: what was only planned is taken back
    with town.parts.store.read() as work:
        assert person.id not in work.people.leaves(later)


def test_what_waits_is_listed_to_who_comes_back(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    send(town, LEAD, "给芹洋村、旗山村网格员发 今晚排查")
    town.say(SECOND, "收到")
    town.say(THIRD, "今天请假")
    send(town, LEAD, "给旗山村网格员发 明天开会")
    assert "还欠:D-1 今晚排查" in answer(town, THIRD, "我回来了")


def test_who_is_on_duty_is_told_in_private_and_written_down(town: Town) -> None:
    town.say(WORKER, f"今天请假 {name_of(town, SECOND)}代")
    town.say(GRID_LEAD, "@小格 谁值班", group=VILLAGE_GROUP)  # the grids are theirs to see, the village is not
    assert f"不归您看,有事请找{name_of(town, LEAD)}" in last(town, GRID_LEAD)
    assert not any("值班" in said for said in town.chat(VILLAGE_GROUP))
    assert f"现在值班:{name_of(town, SECOND)}" in answer(town, WORKER, "谁值班")
    with town.parts.store.read() as work:
        read = work.connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'read names'").scalar_one()
    assert read >= 1


def test_the_lead_a_word_is_passed_to_is_the_one_the_list_goes_to(town: Town) -> None:
    town.say(LEAD, "启动战时 依据县防指〔2026〕3号 到2月20日")
    town.say(GRID_LEAD, "今天请假")
    assert "已原样转给" + name_of(town, LEAD) in answer(town, WORKER, "李奶奶摔倒了")
    send(town, LEAD, "给旗山村网格员发 今晚排查")
    town.forward(minutes=31)
    assert told(town, LEAD, "未回执名单") == 1
    assert not told(town, "yt_t105_deputy", "未回执名单")


def test_the_sample_people_are_visibly_invented() -> None:
    rows = (ROOT / "data/town/roster.csv").read_text("utf-8").splitlines()[1:]
    assert all(row.split(",")[5].startswith("104") for row in rows)
