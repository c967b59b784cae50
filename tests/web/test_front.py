"""The front page: what this is and the way to the console; in the demo the way to the groups and phones."""

from pathlib import Path

import pytest
from console_house import House

from bot.app import CSP
from bot.channels.envelope import Rejected


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


def test_live_ready_and_what_waits(house: House) -> None:
    ready = house.client().get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"status": "ok", "faults": []})
    assert house.client().get("/healthz").json == {"status": "ok"}
    told = house.client().get("/metrics")
    assert told.mimetype == "text/plain"
    figures = dict(line.split() for line in told.text.splitlines() if not line.startswith("#"))
    assert float(figures["geying_database_up"]) == 1
    assert {"geying_inbox_waiting", "geying_outbox_due", "geying_quarantine", "geying_spool_bytes"} <= set(figures)


def test_metrics_count_what_the_doors_refused(house: House) -> None:
    keeper = house.parts.doorkeeper
    with pytest.raises(Rejected):
        keeper.row(keeper.doors["/wecom/callback"], "", b"<xml/>")
    told = house.client().get("/metrics").text
    assert 'geying_callbacks_total{channel="wecom_app",outcome="rejected"} 1.0' in told
