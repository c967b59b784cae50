"""The board, the paper cards, the shopping list and the page at the door, as a browser asks for them."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_house import BASE, TOWNSHIP, House, Seat
from planned_door import door_of

from handlers.domain.four_ones import ContactState

WORKER, GRID, ELSEWHERE = "yt_105204_02", "350125105204", "yt_104003_02"


class Doors(House):
    """A console with one household on a plan that no message reaches."""

    def __init__(self, folder: Path, seed: Path) -> None:
        super().__init__(folder, seed)
        made = door_of(self, WORKER)
        self.home, self.grid, self.token = made.home, made.grid, made.token

    def answers(self) -> list[tuple[int, str, str]]:
        with self.parts.store.read() as work:
            return [
                (contact.day.day, str(one.said.celsius or one.said.well), one.via)
                for contact in work.contacts.of_households([self.home], self.context.day.replace(day=1))
                for one in work.answers.of_contact(contact.id)
                if one.said
            ]


@pytest.fixture
def doors(seeded_town: Path, tmp_path: Path) -> Iterator[Doors]:
    made = Doors(tmp_path, seeded_town)
    yield made
    made.close()


def send(seat: Seat, path: str, **form: str) -> str:
    answer = seat.send(path, **form)
    assert answer.status_code == 200, answer.status
    return answer.text


def test_a_card_scanned_by_its_worker_is_one_tap(doors: Doors) -> None:
    seat = doors.seat(WORKER)
    scanned = seat.get(f"/d/{doors.token}")
    assert (scanned.status_code, scanned.location) == (303, f"/console/door/{doors.home}")
    page = seat.get(scanned.location)
    assert "好着呢" in page.text
    assert "王样花" not in page.text
    assert "3-101 上门✔ 都好" in send(seat, scanned.location, found="well")
    assert doors.answers() == [(8, "True", "visit")]
    send(seat, scanned.location, found="well")  # tapped twice
    assert len(doors.answers()) == 1
    assert "不像体温" in send(seat, scanned.location, found="celsius", typed="63.5")
    assert "36.4℃" in send(seat, scanned.location, found="celsius", typed="36.4")
    assert "没人应门" in send(seat, scanned.location, found="nobody")
    assert "记下要的:盐2包" in send(seat, scanned.location, found="needs", typed="盐2包")
    assert "早记过了" in send(seat, scanned.location, found="needs", typed="盐2包")
    with doors.parts.store.read() as work:
        (contact,) = work.contacts.of_households([doors.home], doors.context.day)
        steps = work.contacts.steps_of(contact.id)
    assert contact.state is ContactState.ANSWERED
    assert ("visit", "nobody") in steps
    assert seat.get(f"/d/{doors.token}?form=1").status_code == 200  # the resident's own form is still there


def test_nobody_at_a_door_that_no_round_has_come_to_is_no_answer(doors: Doors) -> None:
    assert "到点照样会问" in send(doors.seat(WORKER), f"/console/door/{doors.home}", found="nobody")
    with doors.parts.store.read() as work:
        assert work.contacts.of_households([doors.home], doors.context.day) == ()


def test_whoever_does_not_look_after_it_gets_the_form_alone(doors: Doors) -> None:
    other = doors.seat(ELSEWHERE)
    assert other.get(f"/d/{doors.token}").status_code == 200
    assert other.get(f"/console/door/{doors.home}").status_code == 404
    assert other.send(f"/console/door/{doors.home}", found="well").status_code == 404
    assert doors.client().get(f"/d/{doors.token}").status_code == 200
    assert doors.answers() == []


def test_missing_days_of_a_paper_card_are_typed_in_on_a_page(doors: Doors) -> None:
    seat = doors.seat(WORKER)
    path = f"/console/catch-up?node={doors.grid}"
    assert f'name="d{doors.home}_2026-02-07"' in seat.get(path).text
    boxes = {f"d{doors.home}_2026-02-06": "36.4", f"d{doors.home}_2026-02-07": "63.5", "d1_2026-02-07": "36.5"}
    told = send(seat, path, **boxes)
    assert "补录记了1条" in told
    assert "不像体温" in told
    assert 'value="63.5" aria-invalid="true"' in told  # comes back to be set right
    assert doors.answers() == [(6, "36.4", "catch_up")]


def test_the_boards_and_the_sheet(doors: Doors) -> None:
    seat = doors.seat(WORKER)
    send(seat, f"/console/door/{doors.home}", found="needs", typed="盐2包 白菜2棵")
    board = seat.get("/console/board").text
    assert "要买1户:3-101" in board
    with doors.parts.store.begin() as work:
        (need,) = work.needs.waiting([doors.home], doors.clock.now())
        work.needs.move(need, type(need.state).CLAIMED, doors.clock.now(), by=doors.person(WORKER).id)
    assert "3-101" in seat.get("/console/shopping").text
    with zipfile.ZipFile(io.BytesIO(seat.get("/console/shopping/xlsx").data)) as book:
        assert "菜摊" in book.read("xl/workbook.xml").decode()
    lead = doors.seat("yt_t105_lead").get(f"/console/board?node={doors.node(TOWNSHIP).id}")
    assert "不排名次" in lead.text
    assert "3-101" not in lead.text
    assert BASE not in lead.text


@pytest.mark.long
def test_handovers_nobody_took_stand_on_the_board_of_who_leads_there(doors: Doors) -> None:
    away, standing = doors.person(WORKER), doors.person("yt_105204_03")
    day, now = doors.context.day, doors.clock.now()
    with doors.parts.store.begin() as work:
        work.handovers.open(away.id, standing.id, day, day, now)
        (one,) = work.handovers.of_people([away.id], day)
        work.handovers.told(one, now, None)
    lead = doors.seat("yt_t105_lead")
    page = lead.get(f"/console/board?node={doors.node(TOWNSHIP).id}").text
    assert f"{away.name} → {standing.name}" in page
    assert "未接的交接" not in doors.seat(WORKER).get("/console/board").text
    assert "未接的交接" not in doors.seat("yt_t104_lead").get("/console/board").text
    with doors.parts.store.begin() as work:
        (one,) = work.handovers.of_people([away.id], day)
        work.handovers.confirm(one, now)
    assert "未接的交接" not in lead.get(f"/console/board?node={doors.node(TOWNSHIP).id}").text
