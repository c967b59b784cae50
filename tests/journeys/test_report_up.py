"""The way up as conversations: read-back, corrections, zero and silence, two reporters, the freeze and after."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import openpyxl
import pytest
from town import Town

from bot.papers.xlsx import DESTROYED, WITHHELD
from handlers.domain.privacy import TEXT

pytestmark = pytest.mark.long

LEAD, DEPUTY, GRID_LEAD, VILLAGE = "yt_t105_lead", "yt_t105_deputy", "yt_104003_01", "yt_105204_01"
WORKERS = [f"yt_104003_{n:02d}" for n in (2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13)]
GROUP = "yt350125104003"
TOWN, TOWN_GROUP = "350125105", "yt350125105"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("up"))
    yield made
    made.close()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Town]:
    """A town of its own, for a test that moves the day."""
    made = Town(tmp_path)
    yield made
    made.close()


@pytest.fixture
def person(request: pytest.FixtureRequest, town: Town) -> str:
    """A gridworker nobody else in this module speaks as, so that the conversations share one town."""
    names = [item.name for item in request.session.items if item.fspath == request.node.fspath]
    return WORKERS[names.index(request.node.name) % len(WORKERS)]


def answer(town: Town, person: str, text: str) -> str:
    town.forward(seconds=20)  # nobody types faster, and the platform drops what comes faster
    before = len(town.heard(person))
    town.say(person, text)
    said = town.heard(person)[before:]
    return "\n".join(said)


def test_a_fix_that_contradicts_itself_is_asked(town: Town, person: str) -> None:
    assert "③新增返乡2人" in answer(town, person, "今天敲门46 空户5 新增返乡2人 隔离5户")
    assert "这次先没改" in answer(town, person, "3=6 隔离改6")
    assert "新增返乡2人" in answer(town, person, "2=4")
    assert "给了两个数:5和6" in answer(town, person, "4=5 隔离是六户")
    assert "④隔离户6户" in answer(town, person, "4=6 隔离是六户")


def test_fixes_by_name_by_words_and_no_such_item(town: Town, person: str) -> None:
    answer(town, person, "今天敲门46 空户5 隔离5户")
    assert "③隔离户7户" in answer(town, person, "隔离改7")
    assert "③隔离户8户" in answer(town, person, "更正 刚才隔离写错了是8不是7")
    assert "没有第9项" in answer(town, person, "9=3")
    assert "没看懂" in answer(town, person, "2=-5")
    assert "没看懂" in answer(town, person, "2=99999999999")
    assert "②空户120户" not in answer(town, person, "汇总")


def test_zero_is_said_and_silence_is_missing(town: Town, person: str) -> None:
    assert "0/1网格已报" in answer(town, person, "汇总")
    assert "按「无」报:①新增返乡0" in answer(town, person, "零报告")
    told = answer(town, person, "汇总")
    assert "1/1网格已报" in told
    assert "1份待确认" in told
    assert "发热0人" in told
    assert "隔离" not in told, "what nobody said is not 0"
    answer(town, person, "对")
    assert "待确认" not in answer(town, person, "汇总")


def test_a_vague_figure_is_unknown_and_asked(town: Town, person: str) -> None:
    told = answer(town, person, "今天敲门四五十户 发热0")
    assert "①走访未报" in told
    assert "走访" not in answer(town, person, "汇总")


def test_the_second_reporter_of_a_grid_and_the_first_both_hear_of_it(town: Town, person: str) -> None:
    answer(town, person, "今天敲门46 隔离5户")
    before = len(town.heard(person))
    number = int(answer(town, person, "汇总").partition("第")[2][:2])
    told = answer(town, GRID_LEAD, f"替{number}格报 敲门46 隔离6户")
    assert "(代报)" in told
    assert "隔离" in told
    assert "5→6" in told
    assert any("按后一份算" in words and "5→6" in words for words in town.heard(person)[before:])


def test_the_village_stands_by_its_own_word_beside_its_grids(town: Town) -> None:
    answer(town, "yt_105204_02", "今天敲门40 隔离2户")
    answer(town, "yt_105204_03", "今天敲门30 隔离3户")
    told = answer(town, LEAD, "汇总")
    assert "隔离户5户" in told
    assert "走访70户" in told


def test_yesterdays_report_says_which_freeze_it_missed(town: Town, person: str) -> None:
    told = answer(town, person, "补报昨天 敲门30 发热0")
    assert "2月7日日报" in told
    assert "2月7日16:00已冻结" in told


def test_what_cannot_be_right_together_is_asked_and_the_rest_is_kept(town: Town, person: str) -> None:
    told = answer(town, person, "今天敲门46 隔离6户5人 发热0")
    assert "走访46户" in told
    assert "隔离户未报" in told
    assert "人不会比户少" in told
    told = answer(town, person, "隔离5户6人")
    assert "隔离户5户" in told
    assert "走访46户" in told
    told = answer(town, person, "敲门9000户")
    assert "在册只有" in told
    assert "走访46户" in answer(town, person, "汇总")


def test_two_grids_in_one_message_are_one_answer(town: Town) -> None:
    before = len(town.heard(GRID_LEAD))
    town.forward(seconds=20)
    town.say(GRID_LEAD, "1格今天敲门20户 发热0\n2格今天敲门30户 发热0")
    said = town.heard(GRID_LEAD)[before:]
    assert len([words for words in said if "走访20户" in words and "走访30户" in words]) == 1


def test_a_date_to_come_and_a_place_that_is_not_there(town: Town, person: str) -> None:
    assert "还没到" in answer(town, person, "2月20日 敲门30户 发热0")
    assert "没有" in answer(town, person, "替九十九格报 敲门20 发热0")


def test_ten_thousand_characters_get_a_short_answer(town: Town, person: str) -> None:
    told = answer(town, person, "今天天气好" * 2000)
    assert 0 < len(told) < 200


def papers(town: Town) -> Path:
    return town.parts.settings.var / "papers"


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(path)[name].iter_rows()]


def test_the_freeze_posts_text_picture_and_workbook_and_later_words_are_corrections(day: Town) -> None:
    workers = ["yt_105204_02", "yt_105204_03", "yt_105204_04"]
    for number, worker in enumerate(workers, 1):
        day.say(worker, f"今天敲门{number}0 隔离{number}户 发热0")
    day.say(LEAD, "启动战时 依据县防指〔2026〕3号 到2月20日")
    day.forward(hours=7, minutes=31)
    posts = day.chat(TOWN_GROUP)
    report = next(words for words in posts if "疫情防控日报】" in words)
    assert "在管6户(人数未报)" in report
    assert "覆盖3/42网格" in report
    assert "更正:无" in report
    assert {"[image]", "[file]"} <= set(posts)
    workbook = next(papers(day).glob(f"{TOWN}-*.xlsx"))
    sources = sheet(workbook, "来源")
    assert {row[9] for row in sources[2:]} == {WITHHELD}, "what people typed goes into no group's file"
    assert ("敲门10" in str(sources)) is False

    day.say(workers[0], "更正 隔离改4")
    assert "今天16:00已冻结" in day.heard(workers[0])[-1]
    with day.parts.store.read() as work:
        node = day.parts.counties.context().tree.by_code(TOWN)
        kept = work.dailies.get(node.id, date(2026, 2, 8))
    assert next(line for line in kept["lines"] if line[1] == "isolated_households")[5][0] == 6


def test_every_cell_leads_to_its_messages_and_after_their_date_to_what_was_read(day: Town) -> None:
    from bot.export_daily import export_day

    day.say("yt_105204_02", "今天敲门10 隔离1户 发热0")
    day.say(LEAD, "启动战时 依据县防指〔2026〕3号 到2月20日")
    day.forward(hours=7, minutes=31)
    out = papers(day) / "export.xlsx"
    export_day(day.parts, TOWN, date(2026, 2, 8), out)
    row = next(row for row in sheet(out, "来源") if row[0] == "走访")
    assert row[1:3] == (10, "R-1")
    assert row[9] == "今天敲门10 隔离1户 发热0"

    later = TEXT.retain_after
    for _ in range(later.days + 1):  # day by day: a clock that jumps destroys nothing
        day.parts.ticks.beat()
        day.forward(hours=24)
        with day.parts.store.begin() as work:
            work.inbox.destroy(day.clock.now() - later)
    export_day(day.parts, TOWN, date(2026, 2, 8), out)
    row = next(row for row in sheet(out, "来源") if row[0] == "走访")
    assert row[1:3] == (10, "R-1")
    assert row[5] == "网格员"
    assert "走访10" in str(row[8])
    assert row[9] == DESTROYED


def test_reading_the_workbook_leaves_a_row_in_the_audit(day: Town) -> None:
    from bot.export_daily import export_day

    day.say("yt_105204_02", "今天敲门10 发热0")
    export_day(day.parts, TOWN, day.clock.now().astimezone(UTC).date(), papers(day) / "e.xlsx")
    with day.parts.store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT action FROM audit").scalars().all()
    assert "export daily" in rows


def test_figures_that_come_in_pieces_stand_together_and_lead_to_both_messages(day: Town) -> None:
    from bot.export_daily import export_day

    worker = "yt_105204_02"
    day.say(worker, "今天敲门46 空户5")
    day.say(worker, "隔离5户 发热0")
    told = day.heard(worker)[-1]
    assert "走访46户" in told
    assert "隔离户5户" in told
    day.say(worker, "敲门改48")
    day.say(worker, "汇总")
    assert "走访48户" in day.heard(worker)[-1]
    export_day(day.parts, TOWN, date(2026, 2, 8), papers(day) / "e.xlsx")
    row = next(row for row in sheet(papers(day) / "e.xlsx", "来源") if row[0] == "空户")
    assert str(row[9]).split("\n") == ["敲门改48", "此前R-2:隔离5户 发热0", "此前R-1:今天敲门46 空户5"]
    day.say(worker, "撤回")
    day.say(worker, "汇总")
    assert "0/1网格已报" in day.heard(worker)[-1]


def test_one_more_than_reported_changes_nothing_until_the_total_is_said(town: Town, person: str) -> None:
    answer(town, person, "今天敲门46 空5")
    assert "空户现在一共几户" in answer(town, person, "再加一户空户")
    said = answer(town, person, "空户改6")
    sign = said[said.index("空户6户") - 1]
    assert f"{sign}空户7户" in answer(town, person, f"{sign}7")
    assert f"{sign}空户8户" in answer(town, person, f"{'①②③④⑤⑥'.index(sign) + 1}:8")
