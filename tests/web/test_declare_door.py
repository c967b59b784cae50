"""Handing a declaration in: durable first, once however often it is sent; forged, strange, too much: refused kindly."""

import os
import random
import secrets
import sqlite3
import string
import time
from datetime import date
from urllib.parse import urlencode

import pytest
from resident_house import Lane, well

from bot.web.form_seal import GOOD_FOR
from bot.web.knocks import MISSES, SHEETS_OF_HOUSEHOLD
from handlers.domain.household import Age
from handlers.domain.place_code import CodeKind
from store.models import declaration, inbox, sheet, sheet_answer

pytestmark = pytest.mark.long

SCRIPT = "<script>alert(1)</script>"


def first(lane: Lane) -> str:
    return f"m{lane.members[0].id}"


def test_a_form_is_durable_then_answered_and_its_words_are_destroyed(lane: Lane) -> None:
    key = secrets.token_urlsafe(16)
    taken = lane.post(lane.home, lane.body(lane.home, well(first(lane)), key))
    assert taken.status_code == 202
    assert (lane.rows(inbox), lane.rows(sheet)) == (1, 0)
    assert lane.answer(lane.home, key, taken.json["at"]) == {"state": "pending"}
    lane.work()
    told = lane.answer(lane.home, key, taken.json["at"])
    assert told["state"] == "taken"
    assert "绿色凭据" in told["html"]
    assert told["me"] in told["html"]
    with lane.parts.database.read() as connection:
        row = connection.execute(inbox.select()).one()
    assert (row.body, row.destroyed, row.sender, row.intent) == (None, True, None, "sheet taken")


def test_the_answer_opens_for_the_phones_key_alone(lane: Lane) -> None:
    key = secrets.token_urlsafe(16)
    at = lane.post(lane.home, lane.body(lane.home, well(first(lane)), key)).json["at"]
    lane.work()
    assert lane.answer(lane.home, secrets.token_urlsafe(16), at) == {"state": "pending"}
    assert lane.answer(lane.home, key, "x" * 43) == {"state": "pending"}
    with lane.parts.database.read() as connection:
        kept = connection.execute(sheet_answer.select()).one()
    assert key.encode() not in kept.body


def test_sent_again_it_is_the_same_sheet_and_the_same_answer(lane: Lane) -> None:
    key = secrets.token_urlsafe(16)
    body = lane.body(lane.home, well(first(lane)), key)
    at = [lane.post(lane.home, body).json["at"] for _ in range(3)]
    lane.work()
    at.append(lane.post(lane.home, body).json["at"])
    lane.work()
    assert len(set(at)) == 1
    assert (lane.rows(sheet), lane.rows(declaration), lane.rows(inbox)) == (1, 1, 1)
    assert lane.answer(lane.home, key, at[0])["state"] == "taken"


def test_a_renewed_seal_does_not_make_another_sheet(lane: Lane) -> None:
    key = secrets.token_urlsafe(16)
    fields = well(first(lane))
    body = lane.body(lane.home, fields, key)
    lane.post(lane.home, body)
    lane.clock.forward(hours=5)
    seal = urlencode({"t": lane.seal(lane.home)})
    again = lane.post(lane.home, f"{seal}&{body.partition('&')[2]}")
    lane.work()
    assert again.status_code == 202
    assert lane.rows(inbox) == lane.rows(declaration) == 1


def test_the_same_key_with_other_words_is_another_sheet_and_stands_in_its_place(lane: Lane) -> None:
    """A browser without script sends the key of its page again when somebody goes back and corrects a number."""
    key = secrets.token_urlsafe(16)
    lane.declare(lane.home, well(first(lane)), key)
    lane.clock.forward(minutes=1)
    told = lane.declare(lane.home, well(first(lane), temperature="37.8"), key)
    assert "黄色凭据" in told["html"]
    assert lane.rows(sheet) == 2


@pytest.mark.parametrize("token", ["A" * 32, "x", "..", "A" * 31, "-" * 32, "%00" * 4, "A" * 64])
def test_codes_that_open_nothing_get_one_answer(lane: Lane, token: str) -> None:
    """Not there, forged, run out, revoked: one status, one length, and nothing kept."""
    expired = _expired(lane)
    shown = lane.get(f"/d/{token}")
    asked = lane.get(f"/d/{expired}")
    assert shown.status_code == asked.status_code == 404
    if shown.mimetype == "text/html":
        assert shown.data == asked.data
        assert {k: v for k, v in shown.headers.items() if k != "Date"} == dict(asked.headers)
    posted = lane.post(expired, lane.body(expired, well(first(lane))))
    forged = lane.post("B" * 32, lane.body("B" * 32, well(first(lane))))
    assert (posted.status_code, posted.data) == (forged.status_code, forged.data) == (404, posted.data)
    assert lane.records() == 0


def _expired(lane: Lane) -> str:
    now = lane.clock.now()
    with lane.parts.store.begin() as work:
        code = work.codes.issue(lane.other_id, CodeKind.HOUSEHOLD, now)
        work.codes.revoke(lane.other_id, "sample", now)
    return code.token


def test_a_code_revoked_while_its_form_was_on_the_way_is_told_so(lane: Lane) -> None:
    key = secrets.token_urlsafe(16)
    taken = lane.post(lane.other, lane.body(lane.other, well("n1", name="周样青"), key))
    _expired(lane)
    lane.work()
    with lane.parts.store.read() as work:
        assert work.sheet_answers.get(taken.json["at"], key) == {"state": "gone"}
    assert lane.rows(declaration) == 0


def test_other_households_people_are_not_there(lane: Lane) -> None:
    told = lane.declare(lane.other, well(first(lane)))
    assert told["state"] == "gone"
    assert lane.rows(declaration) == 0


def test_guesses_are_slowed_down_and_residents_are_not(lane: Lane) -> None:
    letters = string.ascii_letters + string.digits + "-_"
    dice = random.Random(7)
    said = []
    for _ in range(MISSES + 5):
        token = "".join(dice.choices(letters, k=32))
        said.append(lane.get(f"/d/{token}").status_code)
    assert said == [404] * MISSES + [429] * 5
    assert lane.post("A" * 32, lane.body("A" * 32, {})).status_code == 429
    assert lane.get(f"/d/{lane.home}").status_code == 200
    assert lane.post(lane.home, lane.body(lane.home, well(first(lane)))).status_code == 202
    lane.clock.forward(minutes=11)
    assert lane.get("/d/" + "A" * 32).status_code == 404
    assert lane.get("/d/" + "A" * 32, **{"X-Forwarded-For": "192.0.2.1"}).status_code == 404


@pytest.mark.slow
def test_a_hundred_thousand_guesses_open_nothing_keep_nothing_and_cost_little(lane: Lane) -> None:
    letters = string.ascii_letters + string.digits + "-_"
    dice, began = random.Random(11), time.process_time()
    door = lane.parts.codes
    good = {lane.home, lane.other, lane.gate}
    found = sum(door.kind("".join(dice.choices(letters, k=32))) is not None for _ in range(99_000))
    near = [token[:at] + other + token[at + 1 :] for token in good for at in range(0, 32, 2) for other in "AQgw_-"]
    found += sum(door.kind(token) is not None for token in near if token not in good)
    client = lane.client()
    statuses = {lane.get(f"/d/{''.join(dice.choices(letters, k=32))}", client).status_code for _ in range(1_000)}
    assert found == 0
    assert statuses == {404, 429}
    assert lane.records() == 0
    assert time.process_time() - began < 30


def test_one_household_cannot_flood_the_register(lane: Lane) -> None:
    said = [
        lane.post(lane.home, lane.body(lane.home, {"asks": "x"})).status_code for _ in range(SHEETS_OF_HOUSEHOLD + 2)
    ]
    assert said == [202] * SHEETS_OF_HOUSEHOLD + [429] * 2
    refused = lane.post(lane.home, lane.body(lane.home, {"asks": "x"}))
    assert refused.headers["Retry-After"]
    assert "不会丢" in refused.json["say"]
    assert lane.post(lane.other, lane.body(lane.other, {"asks": "x"})).status_code == 202


@pytest.mark.parametrize("script", [True, False])
def test_five_megabytes_are_refused_kindly(lane: Lane, script: bool) -> None:
    answer = lane.post(lane.home, b"asks=" + b"x" * 5_000_000, script=script)
    assert answer.status_code == 413
    assert "装不下" in answer.get_data(as_text=True)
    assert lane.records() == 0


def test_from_other_pages_nothing_is_taken(lane: Lane) -> None:
    body = lane.body(lane.home, well(first(lane)))
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert lane.post(lane.home, body, headers=headers).status_code == 403
    forged = lane.body(lane.other, well(first(lane)))  # a seal for another household's form
    assert lane.post(lane.home, forged).status_code == 403
    assert lane.post(lane.home, body.replace("t=", "t=9")).status_code == 403
    lane.clock.forward(seconds=GOOD_FOR.total_seconds() + 1)
    assert lane.post(lane.home, body).status_code == 403
    assert lane.records() == 0


def test_strange_bodies_are_told_kindly_and_kept_nowhere(lane: Lane) -> None:
    good = lane.body(lane.home, well(first(lane)))
    for body, kind in (
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a", "application/x-www-form-urlencoded"),
        (b"%ff%fe=1&key=" + b"k" * 22, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(2_000)), "application/x-www-form-urlencoded"),
        (good.encode(), "text/plain"),
        (good.encode(), "multipart/form-data; boundary=x"),
        (b'{"key": 1}', "application/json"),
    ):
        answer = lane.post(lane.home, body, content_type=kind)
        assert answer.status_code == 400, body[:20]
        assert answer.json["say"]
    assert lane.records() == 0


def test_scripts_in_every_field_come_back_as_text_or_not_at_all(lane: Lane) -> None:
    typed = ("name", "phone", "origin", "arrived", "transit_at", "temperature", "agreed")
    chosen = ("by", "away", "day", "transport", "category", "s", "c")
    fields = {f"n1.{name}": SCRIPT for name in typed + chosen} | dict.fromkeys(("door", "asks", "on"), SCRIPT)
    client = lane.client()
    sent = lane.post(lane.gate, lane.body(lane.gate, fields), script=False, client=client)
    assert sent.status_code == 303
    lane.work()
    page = lane.get(sent.headers["Location"], client)
    assert page.status_code == 200
    assert SCRIPT not in page.text
    assert "&lt;script&gt;" in page.text
    assert lane.rows(declaration) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"away": None, "origin": "湖北黄冈", "arrived": "2026-03-01", "transit": "none"}, "arrived"),
        ({"away": None, "origin": "湖北黄冈", "arrived": "2026-02-30", "transit": "none"}, "arrived"),
        ({"away": None, "origin": "湖北黄冈", "arrived": "1月22日"}, "transit"),
        ({"away": "no", "origin": "湖北黄冈"}, "away"),
        ({"temperature": "99"}, "temperature"),
        ({"temperature": "365"}, "temperature"),
        ({"temperature": "-40"}, "temperature"),
        ({"temperature": "９" * 60}, "temperature"),
        ({"well": None}, "symptoms"),
        ({"s": "cough"}, "symptoms"),
        ({"s": "plague", "well": None}, "symptoms"),
        ({"c": ("declare@1", "health@9")}, "consents"),
        ({"transport": "teleport", "away": None, "origin": "杭州", "day": "1", "transit": "none"}, "transport"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept(lane: Lane, change: dict, field: str) -> None:
    told = lane.declare(lane.home, well(first(lane), **change))
    assert told["state"] == "faults"
    assert field in {fault["field"] for fault in told["faults"]}
    assert all(fault["say"] and fault["row"] == first(lane) for fault in told["faults"])
    assert (lane.rows(declaration), lane.rows(sheet)) == (0, 0)


def test_three_six_five_is_offered_as_a_reading(lane: Lane) -> None:
    [fault] = lane.declare(lane.home, well(first(lane), temperature="365"))["faults"]
    assert fault["offer"] == ["36.5"]
    assert lane.declare(lane.home, well(first(lane), temperature="365", agreed="36.5"))["state"] == "taken"


def test_a_child_is_spoken_for_by_a_parent(lane: Lane) -> None:
    child = f"m{lane.members[2].id}"
    told = lane.declare(lane.home, well(child))
    assert {fault["field"] for fault in told["faults"]} == {"guardian"}
    told = lane.declare(lane.home, well(child, by="child"))
    assert told["state"] == "taken"
    assert "家人代报" in told["html"]


def test_refusing_everything_keeps_nothing_and_help_comes_all_the_same(lane: Lane) -> None:
    told = lane.declare(lane.home, {**well(first(lane), c=None, temperature=None), "asks": "降压药还剩两天"})
    assert told["state"] == "taken"
    assert "没有登记您的信息" in told["html"]
    assert "已经转给" in told["html"]
    assert lane.rows(declaration) == 0


def test_help_alone_needs_no_name(lane: Lane) -> None:
    told = lane.declare(lane.gate, {"asks": "车坏在路口了"})
    assert told["state"] == "taken"
    assert "已经转给" in told["html"]


def test_at_a_gate_a_household_is_named_by_its_door(lane: Lane) -> None:
    away = {"away": None, "origin": "湖北黄冈", "day": "1", "transit": "none", "name": "周样青"}
    told = lane.declare(lane.gate, {**well("n1", **away), "door": "3栋101"})
    assert told["state"] == "taken"
    with lane.parts.database.read() as connection:
        assert connection.execute(sheet.select()).one().household_id == lane.home_id
    told = lane.declare(lane.gate, {**well("n1", **away), "door": "9-999"})
    assert [fault["field"] for fault in told["faults"]] == ["door"]
    told = lane.declare(lane.gate, well("n1", **away))  # a traveller
    assert told["state"] == "taken"


def test_a_door_that_two_grids_have_is_asked_with_one_tap(lane: Lane) -> None:
    ctx = lane.parts.counties.context()
    grid = ctx.tree.descendants(lane.gate_id, "grid")[1]
    with lane.parts.store.begin() as work:
        work.household_steps.make(grid, "x-1", "3-101", lane.clock.now().date(), lane.clock.now(), None)
        work.household_steps.announce(lane.clock.now())
    lane.clock.forward(seconds=5)
    fields = {**well("n1", name="周样青"), "door": "3-101"}
    [fault] = lane.declare(lane.gate, fields)["faults"]
    assert (fault["field"], len(fault["offer"])) == ("door", 2)
    assert lane.declare(lane.gate, {**fields, "door_offer": fault["offer"][1]})["state"] == "taken"


def test_the_whole_household_on_one_sheet(lane: Lane) -> None:
    rows = [f"m{one.id}" for one in lane.members]
    fields = {**well(rows[0]), **well(rows[1], by="family"), **well(rows[2], by="child"), "on": rows}
    told = lane.declare(lane.home, fields)
    assert told["html"].count("绿色凭据") == 3
    assert lane.rows(declaration) == 3


def test_of_two_with_one_surname_the_written_name_says_whom_is_meant(lane: Lane) -> None:
    now = lane.clock.now()
    with lane.parts.store.begin() as work:
        work.households.add_member(lane.home_id, "王样强", date(2026, 1, 1), now, age=Age.GROWN)
    page = lane.get(f"/d/{lane.home}").text
    row, other = first(lane), f"m{lane.members[1].id}"
    assert f'name="{row}.name"' in page
    assert f'name="{other}.name"' not in page  # the only one of that surname and age
    assert "王样" not in page
    told = lane.declare(lane.home, well(row, name="王样强"))
    assert [(one["row"], one["field"]) for one in told["faults"]] == [(row, "name")]
    assert lane.rows(declaration) == 0
    assert lane.declare(lane.home, well(row, name=" 王样花 "))["state"] == "taken"


def test_twenty_one_people_are_too_many(lane: Lane) -> None:
    fields: dict = {}
    for n in range(1, 22):
        fields |= well(f"n{n}", name=f"样{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯'[n % 4]}")
    told = lane.declare(lane.other, fields)
    assert [fault["field"] for fault in told["faults"]] == ["people"]


def test_a_number_somebody_emptied_again_is_not_declared(lane: Lane) -> None:
    fields = {**well(first(lane)), **well("n1", name="周样青"), "boxed": "n1"}
    assert lane.declare(lane.home, fields)["html"].count("凭据 ") == 1


def test_without_a_database_the_form_is_taken_all_the_same(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost while it is away: the spool has the row, and what the code is worth is told later."""
    key = secrets.token_urlsafe(16)
    body = lane.body(lane.home, well(first(lane)), key)
    lane.parts.codes._held.clear()
    path = lane.parts.database.url.database
    lane.parts.database.close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        taken = lane.post(lane.home, body)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert taken.status_code == 202
    assert os.path.exists(path)
    lane.parts.ticks.drain_spool()
    lane.work()
    assert lane.answer(lane.home, key, taken.json["at"])["state"] == "taken"


def test_what_leaves_names_no_token_in_any_log(lane: Lane, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    told = lane.declare(lane.home, well(first(lane)))
    lane.get("/d/" + "A" * 32)
    assert lane.home not in caplog.text
    assert told["me"] not in caplog.text
