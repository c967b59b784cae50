"""Signing in: one answer for everybody who is refused, locks that grow, sessions that end."""

from pathlib import Path

import pytest
from console_house import BASE, COUNTY_LEAD, LEAD, PASSWORD, TOWNSHIP, House

from store.accounts import LOCK_FROM

pytestmark = pytest.mark.long


def test_a_leader_signs_in_and_out(house: House) -> None:
    house.set_password(LEAD)
    client = house.client()
    assert client.get("/console/").status_code == 303
    answer = house.sign_in(client, LEAD.upper(), PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/console/")
    page = client.get("/console/").text
    assert "清凉镇" in page
    key = client.get_cookie(house.sessions.cookie)
    assert key is not None
    form = {"token": house.sessions.token(key.value)}
    out = client.post("/console/sign-out", data=form, headers={"Origin": BASE})
    assert out.status_code == 303
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie(house.sessions.cookie) is None
    client.set_cookie(house.sessions.cookie, key.value)  # whoever kept the key has nothing by it
    assert client.get("/console/").location == "/console/sign-in"
    assert [a[1:] for a in house.audited() if a[1].startswith("sign")] == [
        ("sign in", "console", "ok"),
        ("sign out", "console", "ok"),
    ]


def test_the_cookie_is_nobodys_to_read_and_only_its_hash_is_kept(house: House) -> None:
    house.set_password(LEAD)
    client = house.client()
    answer = house.sign_in(client, LEAD, PASSWORD)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("geying="))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Expires" not in cookie
    key = client.get_cookie("geying")
    assert key is not None
    assert len(key.value) >= 43
    house.parts.database.close()
    kept = b"".join(p.read_bytes() for p in house.parts.settings.var.parent.glob("geying.db*"))
    assert key.value.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_over_https_the_cookie_is_bound_to_the_host(seeded_town: Path, tmp_path: Path) -> None:
    house = House(tmp_path, seeded_town, GEYING_BASE_URL="https://geying.example")
    house.set_password(LEAD)
    client = house.app.test_client()
    client.get("/console/sign-in", base_url="https://geying.example")
    word = client.get_cookie("__Host-geying-door", domain="geying.example")
    assert word is not None
    form = {"userid": LEAD, "password": PASSWORD, "token": house.sessions.token(word.value)}
    origin = {"Origin": "https://geying.example"}
    answer = client.post("/console/sign-in", data=form, headers=origin, base_url="https://geying.example")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-geying="))
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    house.close()


def test_wrong_unknown_locked_and_postless_get_the_same_answer(house: House) -> None:
    house.set_password(LEAD)
    house.set_password(COUNTY_LEAD)
    house.post("nobody_here", TOWNSHIP, "no_such_role")
    house.set_password("nobody_here")
    for _ in range(LOCK_FROM):
        house.sign_in(house.client(), COUNTY_LEAD, "wrong word entirely")
    tries = [
        (LEAD, "wrong word entirely"),
        ("no_such_account", PASSWORD),
        ("<bad account>", PASSWORD),
        (COUNTY_LEAD, PASSWORD),  # right, but locked
        ("nobody_here", PASSWORD),  # right, but no post that has anything to do here
        (LEAD, "x" * 5000),
        (LEAD, ""),
    ]
    client = house.client()
    answers = [house.sign_in(client, *one) for one in tries]  # one browser: its form has one token
    assert {a.status_code for a in answers} == {401}
    assert len({a.data for a in answers}) == 1
    assert len({tuple(sorted(n for n, _ in a.headers)) for a in answers}) == 1
    assert client.get("/console/").location == "/console/sign-in"


def test_the_lock_grows_and_a_right_word_lifts_it(house: House) -> None:
    house.set_password(LEAD)

    def tried(password: str) -> int:
        return house.sign_in(house.client(), LEAD, password).status_code

    for _ in range(LOCK_FROM):
        assert tried("wrong word entirely") == 401
    assert tried(PASSWORD) == 401  # locked for 30 s
    house.clock.forward(seconds=31)
    assert tried("wrong word entirely") == 401  # the sixth: 60 s
    house.clock.forward(seconds=31)
    assert tried(PASSWORD) == 401
    house.clock.forward(seconds=30)
    assert tried(PASSWORD) == 303
    assert tried("wrong word entirely") == 401  # and counting begins anew
    assert tried(PASSWORD) == 303


def test_a_lock_is_never_longer_than_an_hour(house: House) -> None:
    house.set_password(LEAD)
    for _ in range(20):
        house.sign_in(house.client(), LEAD, "wrong word entirely")
        house.clock.forward(hours=1, seconds=1)
    assert house.sign_in(house.client(), LEAD, PASSWORD).status_code == 303


def test_knocking_at_a_locked_door_counts_and_does_not_fill_the_audit_chain(house: House) -> None:
    house.set_password(LEAD)
    for _ in range(LOCK_FROM + 7):
        house.sign_in(house.client(), LEAD, "wrong word entirely")
    for _ in range(3):
        house.sign_in(house.client(), "no_such_account", "wrong word entirely")
    assert sum(1 for a in house.audited() if a[3] == "refused") == LOCK_FROM
    with house.parts.store.read() as work:
        counts = {kind: count for _, kind, _, _, count in work.alarms.open()}
    assert counts == {"sign_in_locked": 7, "sign_in_unknown": 3}


def test_a_session_ends_after_15_idle_minutes(house: House) -> None:
    seat = house.seat(LEAD)
    for _ in range(4):
        house.clock.forward(minutes=14)
        assert seat.get("/console/").status_code == 200
    house.clock.forward(minutes=15, seconds=1)
    assert seat.get("/console/").location == "/console/sign-in"


def test_a_session_ends_after_8_hours_however_busy(house: House) -> None:
    seat = house.seat(LEAD)
    for _ in range(48):
        assert seat.get("/console/password").status_code == 200
        house.clock.forward(minutes=10)
    assert seat.get("/console/password").status_code == 200
    house.clock.forward(seconds=1)
    assert seat.get("/console/password").location == "/console/sign-in"


def test_signing_in_ends_the_session_the_browser_came_with(house: House) -> None:
    house.set_password(LEAD)
    client = house.client()
    house.sign_in(client, LEAD, PASSWORD)
    first = client.get_cookie("geying")
    assert first is not None
    client.delete_cookie("geying")
    client.get("/console/sign-in")
    word = client.get_cookie("geying-door")
    client.set_cookie("geying", first.value)
    form = {"userid": LEAD, "password": PASSWORD, "token": house.sessions.token(word.value if word else "")}
    client.post("/console/sign-in", data=form, headers={"Origin": BASE})
    second = client.get_cookie("geying")
    assert second is not None
    assert second.value != first.value
    client.set_cookie("geying", first.value)
    assert client.get("/console/").location == "/console/sign-in"


def test_a_key_from_outside_is_not_taken_over(house: House) -> None:
    planted = "A" * 43
    house.set_password(LEAD)
    client = house.client()
    client.set_cookie("geying", planted)
    house.sign_in(client, LEAD, PASSWORD)
    key = client.get_cookie("geying")
    assert key is not None
    assert key.value != planted


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
def test_a_sign_in_from_another_page_is_refused(house: House, headers: dict[str, str]) -> None:
    house.set_password(LEAD)
    client = house.client()
    client.get("/console/sign-in")
    word = client.get_cookie("geying-door")
    form = {"userid": LEAD, "password": PASSWORD, "token": house.sessions.token(word.value if word else "")}
    assert client.post("/console/sign-in", data=form, headers=headers).status_code == 403
    assert client.post("/console/sign-in", data={**form, "token": "x"}, headers={"Origin": BASE}).status_code == 403


def test_somebody_whose_last_post_ended_is_out_at_once(house: House) -> None:
    seat = house.seat(LEAD)
    assert seat.get("/console/").status_code == 200
    with house.parts.database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE role SET valid_to = '2026-02-08' WHERE person_id = ?", (house.person(LEAD).id,)
        )
    assert seat.get("/console/").location == "/console/sign-in"


def test_changing_the_password_needs_the_old_one_and_ends_every_session(house: House) -> None:
    house.set_password(LEAD)
    seat, other = house.seat(LEAD), house.seat(LEAD)
    new = "another long sentence 22"
    assert seat.send("/console/password", old="wrong one", new=new, again=new).status_code == 400
    assert seat.send("/console/password", old=PASSWORD, new=new, again=new + "!").status_code == 400
    assert seat.send("/console/password", old=PASSWORD, new="yt_t105_lead1", again="yt_t105_lead1").status_code == 400
    assert other.get("/console/").status_code == 200
    assert seat.send("/console/password", old=PASSWORD, new=new, again=new).location == "/console/sign-in"
    assert other.get("/console/").location == "/console/sign-in"
    assert house.sign_in(house.client(), LEAD, PASSWORD).status_code == 401
    assert house.sign_in(house.client(), LEAD, new).status_code == 303


def test_old_sessions_are_deleted_after_their_day(house: House) -> None:
    house.seat(LEAD)
    house.clock.forward(hours=33)
    house.seat(COUNTY_LEAD)
    with house.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM session").scalar_one() == 1
