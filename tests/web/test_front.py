"""The front page: what this is and the way to the console; in the demo the way to the groups and phones."""

from pathlib import Path

from console_house import House

from bot.app import CSP


def test_it_says_what_it_is_and_leads_to_the_console(house: House) -> None:
    answer = house.client().get("/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"] == CSP
    assert 'href="/console/"' in answer.text
    assert "<script" not in answer.text


def test_in_the_demo_it_leads_to_the_far_side(tmp_path: Path, seeded_town: Path) -> None:
    house = House(tmp_path, seeded_town, GEYING_WECOM_API_BASE="http://127.0.0.1:8010")
    answer = house.client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:8010/")
    assert answer.headers["Content-Security-Policy"] == CSP
    house.close()
