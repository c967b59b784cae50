"""Today's figures, the frozen day, its papers, and the way from a cell back to the words it came from."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from console_house import COUNTY_LEAD, LEAD, TOWNSHIP, VILLAGE, House

pytestmark = pytest.mark.long

DAY = "2026-02-08"
ONE, TWO = "yt_105204_02", "yt_105204_03"  # 旗山村第01、02网格
SAID = "今天敲门46 空户5 隔离5户发热1"


def frozen(house: House) -> None:
    """Two grids report, then the freeze hour passes."""
    house.say(ONE, SAID)
    house.clock.forward(seconds=5)
    house.say(TWO, "今天敲门30 空户2 发热0")
    house.tick(hours=7, seconds=10)


def figures(page: str) -> dict[str, str]:
    """The figures of a page: label → value as printed."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {label: re.sub(r"\s*<small>.*?</small>|<[^>]+>", "", value).strip() for label, value in pairs}


def test_home_shows_coverage_who_is_missing_and_the_way_down(house: House) -> None:
    seat = house.seat(LEAD)
    empty = seat.get("/console/").text
    assert "0/42网格 已报" in re.sub(r"\s+", " ", empty)
    assert "还没有数" in empty
    house.say(ONE, SAID)
    page = seat.get("/console/").text
    assert "1/42网格 已报" in re.sub(r"\s+", " ", page)
    assert figures(page)["发热"] == "1人"
    row = re.search(rf'<a href="/console/node/{house.node(VILLAGE).id}">旗山村.*?</tr>', page, re.DOTALL)
    assert row
    assert "1/4" in row[0]
    below = seat.get(f"/console/node/{house.node(VILLAGE).id}").text
    assert "清凉镇旗山村第02网格" in below
    assert "清凉镇旗山村第01网格" not in below.partition("缺:")[2].partition("</details>")[0]


def test_what_nobody_gave_prints_as_not_reported_and_never_as_0(house: House) -> None:
    house.say(ONE, "今天敲门46 发热0")
    page = house.seat(LEAD).get("/console/").text
    assert figures(page)["发热"] == "0人"
    rows = re.findall(r'<th scope="row"><a href="/console/node/\d+">(\S+?)</a></th>(.*?)</tr>', page, re.DOTALL)
    cells = {name: re.findall(r"<td[^>]*>([^<]*)</td>", row) for name, row in rows}
    assert len(cells) == 12
    for name, row in cells.items():
        if "旗山" not in name:
            assert row[0].startswith("0/")
            assert set(row[1:]) == {"未报"}


def test_home_and_drill_down_name_no_person(house: House) -> None:
    house.say(ONE, SAID)
    seat = house.seat(LEAD)
    with house.parts.store.read() as work:
        ids = {row.person_id for row in work.people.holders(house.context.day)} - {house.person(LEAD).id}
        names = set(work.people.names(ids).values()) - {"王样", "李样", "张样"}  # parts of the reader's own
    pages = [seat.get("/console/").text, seat.get(f"/console/node/{house.node(VILLAGE).id}").text]
    assert not [name for name in names for page in pages if len(name) > 2 and name in page]


def test_the_frozen_day_reads_as_it_was_posted(house: House) -> None:
    frozen(house)
    with house.parts.database.read() as connection:
        posted = connection.exec_driver_sql(
            "SELECT text FROM daily WHERE node_id = ?", (house.node(TOWNSHIP).id,)
        ).scalar_one()
    page = house.seat(LEAD).get(f"/console/daily/{DAY}").text
    shown = re.search(r'<p class="said">(.*?)</p>', page, re.DOTALL)
    assert shown
    assert shown[1] == posted
    assert "覆盖2/42网格" in posted
    assert "今天的日报已定稿" in house.seat(LEAD).get("/console/").text


def test_a_day_without_a_report_says_so_and_a_county_leader_sees_a_town(house: House) -> None:
    assert "没有定稿的日报" in house.seat(LEAD).get("/console/daily/2026-02-07").text
    frozen(house)
    town = house.node(TOWNSHIP).id
    assert "覆盖2/42网格" in house.seat(COUNTY_LEAD).get(f"/console/daily/{DAY}?node={town}").text


def test_from_a_figure_to_the_words_and_the_reading_is_written_down(house: House) -> None:
    frozen(house)
    seat = house.seat(LEAD)
    page = seat.get(f"/console/daily/{DAY}").text
    link = re.search(r'href="(/console/daily/[^"]*sources[^"]*key=fever_people)"', page)
    assert link
    before = len(house.audited())
    found = seat.get(link[1].replace("&amp;", "&")).text
    assert SAID in found
    assert "清凉镇旗山村第01网格" in found
    assert "网格员" in found
    assert "09:00" in found
    assert house.person(ONE).name not in found
    note = (house.person(LEAD).id, "read sources", f"daily {house.node(TOWNSHIP).id} {DAY} fever_people page 1", "ok")
    assert house.audited()[before:] == [note]


def test_a_destroyed_text_leaves_id_role_time_and_figures(house: House) -> None:
    frozen(house)
    with house.parts.store.begin() as work:
        assert work.inbox.destroy(house.clock.now() + timedelta(days=8)) == 2
    found = house.seat(LEAD).get(f"/console/daily/{DAY}/sources?key=fever_people").text
    assert "敲门46" not in found
    assert found.count("原文已按期销毁") == 2
    assert "R-1" in found
    assert "09:00" in found
    assert figures(found)["发热"] in ("0人", "1人")


def test_the_cell_of_a_child_leads_to_its_own_reports(house: House) -> None:
    frozen(house)
    seat, village = house.seat(LEAD), house.node(VILLAGE).id
    own = seat.get(f"/console/daily/{DAY}/sources?key=fever_people&branch={village}")
    assert own.status_code == 200
    assert own.text.count('<span class="code">R-') == 2
    elsewhere = house.node("350125105201").id  # a village that said nothing
    assert seat.get(f"/console/daily/{DAY}/sources?key=fever_people&branch={elsewhere}").status_code == 404


@pytest.mark.parametrize(
    "query", ["key=no_such_key", "key=", "", "report=R-9999", "report=R-1;--", "report=1", "page=2"]
)
def test_a_cell_that_is_not_there_is_not_there(house: House, query: str) -> None:
    frozen(house)
    more = "" if query.startswith(("key", "report")) else "key=fever_people&"
    wanted = more + query if query else ""
    assert house.seat(LEAD).get(f"/console/daily/{DAY}/sources?{wanted}").status_code == 404


def test_what_came_later_is_a_correction_beside_the_frozen_figure(house: House) -> None:
    frozen(house)
    house.say(ONE, "更正 今天敲门46 空户5 隔离5户发热3")
    seat = house.seat(LEAD)
    page = seat.get(f"/console/daily/{DAY}").text
    assert "定稿后的更正" in page
    row = next(r for r in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL) if "发热" in r)
    assert re.findall(r">(\d+)<", row) == ["1", "3"]
    link = re.search(r'href="([^"]*report=R-\d+)"', row)
    assert link
    assert "发热3" in seat.get(link[1].replace("&amp;", "&")).text
    assert figures(page)["发热"] == "1人"  # the frozen cell stays


def test_the_workbook_and_the_picture_are_made_sent_and_written_down(house: House) -> None:
    frozen(house)
    seat = house.seat(LEAD)
    book = seat.get(f"/console/daily/{DAY}/xlsx")
    assert book.status_code == 200
    assert book.mimetype.endswith("spreadsheetml.sheet")
    assert "attachment" in book.headers["Content-Disposition"]
    assert len(openpyxl.load_workbook(io.BytesIO(book.data)).sheetnames) >= 5
    picture = seat.get(f"/console/daily/{DAY}/png")
    assert picture.data.startswith(b"\x89PNG\r\n")
    assert [a[1] for a in house.audited()][-2:] == ["export xlsx", "export png"]
    assert list(house.parts.papers.glob("console-*")) == []  # nothing stays behind


def test_a_gridworker_reads_and_takes_nothing_away(house: House) -> None:
    frozen(house)
    seat, grid = house.seat(ONE), house.node("35012510520401001").id
    with house.parts.store.begin() as work:
        town = work.dailies.get(house.node(TOWNSHIP).id, house.context.day)
        assert town is not None
        work.dailies.put(grid, house.context.day, house.clock.now(), town, "text", house.clock.now())
    page = seat.get(f"/console/daily/{DAY}?node={grid}")
    assert page.status_code == 200
    assert "xlsx" not in page.text
    assert seat.get(f"/console/daily/{DAY}/xlsx?node={grid}").status_code == 404
    assert [a for a in house.audited() if a[1].startswith("export")] == []
