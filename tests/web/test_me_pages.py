"""One's own data over the web: seen, copied, corrected, withdrawn, erased; nothing to whoever has no token."""

import json
import re
from datetime import date, timedelta

import pytest
from resident_house import Lane, token_of, well
from sqlalchemy import insert
from werkzeug.test import TestResponse

from bot.web.page_words import typeset
from handlers.domain.household import Age
from handlers.domain.isolation import DecisionKind, Paper
from handlers.domain.rights import RightKind
from store.models import declaration, person, rights_request, role, sheet_answer

pytestmark = pytest.mark.long

NAME = "王样花"


def me_of(lane: Lane, **said: object) -> str:
    """Declare as the first of the household, and return the token of the answer."""
    return token_of(lane.declare(lane.home, well(f"m{lane.members[0].id}", **said))["html"])


def seal(lane: Lane, token: str) -> str:
    return lane.parts.seals.make(f"/me/{token}", lane.clock.now())


def act(lane: Lane, token: str, verb: str, /, **fields: str) -> TestResponse:
    return lane.client().post(f"/me/{token}/{verb}", data={"t": seal(lane, token), **fields})


def test_it_shows_what_the_sheet_said_and_who_looked(lane: Lane) -> None:
    token = me_of(lane, temperature="36.6")
    page = lane.get(f"/me/{token}")
    assert page.status_code == 200
    for words in ("王**", "绿色凭据", "36.6℃", "本人填的", "谁看过我的信息", "登记了申报", "最晚销毁", "下载一份"):
        assert words in page.text
    assert NAME not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Permissions-Policy"].startswith("camera=()")
    assert "看了" in lane.get(f"/me/{token}").text  # that it was looked at is on the page the next time


def test_days_are_said_as_people_say_them(lane: Lane) -> None:
    token = me_of(lane, away=None, origin="湖北黄冈", arrived="2026-02-03", transit="none")
    page = lane.get(f"/me/{token}").text
    assert "<dt>哪天到</dt><dd>2月3日</dd>" in page
    assert "<dd>3 Feb</dd>" in lane.get(f"/me/{token}?lang=en").text


def test_its_links_lead_to_the_form_of_the_same_door(lane: Lane) -> None:
    token = me_of(lane)
    page = lane.get(f"/me/{token}").text
    assert f'href="/d/{lane.home}#m={token}"' in page
    with lane.parts.store.begin() as work:
        work.codes.revoke(lane.home_id, "sample", lane.clock.now())
    assert f"/d/{lane.home}" not in lane.get(f"/me/{token}").text


def test_a_copy_is_a_file_of_ones_own(lane: Lane) -> None:
    token = me_of(lane)
    answer = act(lane, token, "copy", row=f"m{lane.members[0].id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    copied = json.loads(answer.data)
    assert copied["declarations"][0]["facts"]["体温"] == "36.5℃"
    assert copied["profile"] == {"姓名": "王**"}
    assert NAME not in answer.text
    assert lane.rows(rights_request) == 1


def test_withdrawing_is_one_tap_and_takes_effect_at_once(lane: Lane) -> None:
    token = me_of(lane)
    row = f"m{lane.members[0].id}"
    offered = typeset("撤回,并删除症状和体温")
    assert offered in lane.get(f"/me/{token}").text
    answer = act(lane, token, "withdraw", row=row, purpose="health")
    assert "已撤回" in answer.text
    page = lane.get(f"/me/{token}").text
    assert "36.5℃" not in page
    assert "绿色凭据" not in page
    assert offered not in page


def test_a_clock_that_runs_ahead_outlasts_no_withdrawal(lane: Lane) -> None:
    """A sheet dated four minutes from now is a sheet of now: the withdrawal that follows is the later word."""
    row, key = f"m{lane.members[0].id}", "k" * 22
    ahead = int(lane.clock.epoch() * 1000) + 240_000
    at = lane.post(lane.home, lane.body(lane.home, well(row), key, made=ahead)).json["at"]
    lane.work()
    token = lane.answer(lane.home, key, at)["me"]
    lane.clock.forward(minutes=1)
    assert act(lane, token, "withdraw", row=row, purpose="health").status_code == 200
    [known] = lane.client().post(f"/d/{lane.home}/known", data={"me": token}).json["rows"]
    assert known["granted"] == ["care", "declare"]


def test_erasing_leaves_a_link_that_opens_nothing(lane: Lane) -> None:
    token = me_of(lane)
    assert lane.rows(sheet_answer) == 1
    answer = act(lane, token, "erase", row=f"m{lane.members[0].id}")
    assert (answer.status_code, "全部删除了" in answer.text) == (200, True)
    assert lane.rows(sheet_answer) == 0
    gone = lane.get(f"/me/{token}")
    assert gone.status_code == 404
    assert gone.data == lane.get("/d/" + "A" * 32).data
    with lane.parts.database.read() as connection:
        assert connection.execute(declaration.select()).one().health is None


def test_names_and_phones_are_changed_by_whoever_is_known_to_be_they(lane: Lane) -> None:
    """A door's code is open to many: a sheet about somebody gives no right to rename them."""
    token = me_of(lane)
    answer = act(lane, token, "correct", row=f"m{lane.members[0].id}", name="钱样乙", phone="10400000001")
    assert answer.status_code == 409
    assert "核对" in answer.text
    whole = whole_token(lane)
    page = lane.get(f"/me/{whole}").text
    assert NAME in page
    assert "钱样乙" not in page
    assert act(lane, whole, "correct", row="me", phone="10400000009").status_code == 200
    copied = json.loads(act(lane, whole, "copy", row="me").data)
    assert (copied["profile"]["姓名"], copied["profile"]["电话"]) == (NAME, "10400000009")


def test_a_running_isolation_stands_on_the_page_itself(lane: Lane) -> None:
    """To whoever is known to be the person: number, issuer, basis, days, where to object; never by a door's code."""
    token, today = me_of(lane), lane.parts.counties.context().day
    paper = Paper("样例县防指", "样防〔2026〕2号", "传染病防治法第三十九条", "12345", today - timedelta(days=4), today)
    with lane.parts.store.begin() as work:
        subject = work.subjects.of_member(lane.members[0].id)
        assert subject is not None
        made = work.isolations.open(subject.id, lane.home_id, lane.home_id, paper, 1, lane.clock.now())
        episode = work.isolations.get(made.episode_id)
        assert episode is not None
        later = Paper("样例县防指", "样防〔2026〕5号", "同上", "12345", until=today + timedelta(days=3))
        work.isolations.decide(episode, DecisionKind.EXTEND, later, 1, lane.clock.now())
    whole = whole_token(lane)
    page = lane.get(f"/me/{whole}").text
    for words in (
        "在执行",
        "样例县防指 样防〔2026〕2号",
        "样防〔2026〕5号",
        "传染病防治法第三十九条",
        "12345",
        "第4天",
    ):
        assert words in page, words
    until = today + timedelta(days=3)
    assert f"<dt>预计到哪天</dt><dd>{until.month}月{until.day}日</dd>" in page
    assert "Isolation at home" in lane.get(f"/me/{whole}?lang=en").text
    assert "样防〔2026〕2号" not in lane.get(f"/me/{token}").text
    assert "还留着" in act(lane, whole, "erase", row="me").text
    assert "样防〔2026〕2号" in lane.get(f"/me/{whole}").text  # it stays while it runs, and they can see that it does


def whole_token(lane: Lane) -> str:
    """A token that opens all, as after a worker made sure who it is."""
    with lane.parts.store.begin() as work:
        subject = work.subjects.of_member(lane.members[0].id)
        assert subject is not None
        now = lane.clock.now()
        return work.rights.grant(now, now.replace(year=2027), subject_id=subject.id)


def test_the_code_a_worker_read_out_opens_everything_once(lane: Lane) -> None:
    token = me_of(lane)
    asked = act(lane, token, "all", row=f"m{lane.members[0].id}")
    assert "查询码" in asked.text
    with lane.parts.store.begin() as work:
        subject = work.subjects.of_member(lane.members[0].id)
        assert subject is not None
        now = lane.clock.now()
        code = work.rights.read_out(subject.id, now, now.replace(year=2027))
        assert [one.kind for one in work.rights.of(subject.id)] == [RightKind.ACCESS]
    given = lane.parts.seals.make("/me", lane.clock.now())
    opened = lane.client().post("/me", data={"t": given, "code": code.lower()})
    assert opened.status_code == 303
    assert NAME in lane.get(opened.headers["Location"]).text
    again = lane.client().post("/me", data={"t": given, "code": code})
    assert again.status_code == 404
    assert "用过了" in again.text


def test_two_people_on_a_sheet_are_apart(lane: Lane) -> None:
    rows = [f"m{one.id}" for one in lane.members[:2]]
    told = lane.declare(lane.home, {**well(rows[0]), **well(rows[1], by="family", temperature="36.9"), "on": rows})
    token = token_of(told["html"])
    assert "家人代报" in lane.get(f"/me/{token}").text
    act(lane, token, "erase", row=rows[1])
    page = lane.get(f"/me/{token}").text
    assert "36.5℃" in page
    assert "36.9℃" not in page
    assert act(lane, token, "erase", row="m99999").status_code == 404


@pytest.mark.parametrize("token", ["x" * 32, "x", "..", "A" * 200])
def test_tokens_that_open_nothing_have_the_one_answer(lane: Lane, token: str) -> None:
    other = lane.get("/d/" + "A" * 32)
    shown = lane.get(f"/me/{token}")
    assert shown.status_code == 404
    if shown.mimetype == "text/html":
        assert shown.data == other.data
    for name in ("copy", "erase", "withdraw", "correct", "all", "appeal", "settle"):
        assert act(lane, token, name).status_code == 404


def test_a_form_of_another_page_changes_nothing(lane: Lane) -> None:
    token = me_of(lane)
    for sent in ({"t": "x"}, {"t": seal(lane, "other")}, {}):
        assert lane.client().post(f"/me/{token}/erase", data=sent).status_code == 403
    stolen = lane.client().post(
        f"/me/{token}/erase", data={"t": seal(lane, token)}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert stolen.status_code == 403
    assert lane.client().get(f"/me/{token}/erase").status_code == 404
    assert "绿色凭据" in lane.get(f"/me/{token}").text


def test_what_disagrees_is_set_right_with_one_tap(lane: Lane) -> None:
    row = f"m{lane.members[0].id}"
    away = {"away": None, "origin": "湖北黄冈", "arrived": "2026-02-01", "transit": "none"}
    lane.declare(lane.home, well(row, **away))
    lane.clock.forward(days=1)
    told = lane.declare(lane.home, well(row))
    assert "请核对" in told["html"]
    token = token_of(told["html"])
    key = re.search(r'name="q" value="(q\d+)"', told["html"])
    choice = re.search(r'name="choice" value="(other)"', told["html"])
    assert key
    assert choice
    settled = act(lane, token, "settle", q=key[1], choice=choice[1])
    assert "核对好了" in settled.text
    assert act(lane, token, "settle", q=key[1], choice=choice[1]).status_code == 409
    assert act(lane, token, "settle", q="q999", choice="now").status_code == 404


def test_a_red_receipt_can_be_appealed_from_the_page(lane: Lane) -> None:
    token = me_of(lane)
    assert act(lane, token, "appeal", row=f"m{lane.members[0].id}", why="写错了").status_code == 409


def test_a_child_of_fourteen_and_one_not_on_the_register(lane: Lane) -> None:
    with lane.parts.store.begin() as work:
        work.households.add_member(lane.other_id, "周样青", date(2026, 1, 1), lane.clock.now(), age=Age.GROWN)
    token = token_of(lane.declare(lane.other, well("n1", name="周样青"))["html"])
    assert "周**" in lane.get(f"/me/{token}").text


def test_who_looked_is_told_by_role_and_name(lane: Lane) -> None:
    token = me_of(lane)
    with lane.parts.database.begin() as connection:
        made = connection.execute(
            insert(person).values(userid="yt_doc", name="周样医", phones=[]).returning(person.c.id)
        )
        doctor = made.scalar_one()
        connection.execute(insert(role).values(person_id=doctor, node_id=lane.gate_id, role="village_doctor"))
    with lane.parts.store.begin() as work:
        subject = work.subjects.of_member(lane.members[0].id)
        assert subject is not None
        work.audit.note(lane.clock.now(), doctor, "look", f"subject:{subject.id}", "care", "ok")
    assert "村医周样医" in lane.get(f"/me/{token}").text
    assert "照顾不舒服的人" in lane.get(f"/me/{token}").text


def test_scripts_typed_anywhere_come_back_as_text(lane: Lane) -> None:
    token = me_of(lane)
    bad = "<script>alert(1)</script>"
    for name, fields in (
        ("correct", {"name": bad, "phone": bad}), ("appeal", {"why": bad}), ("withdraw", {"purpose": bad}),
        ("settle", {"q": bad, "choice": bad}), ("erase", {"row": bad}),
    ):  # fmt: skip
        answer = act(lane, token, name, **fields)
        assert answer.status_code in (404, 409)
        assert "<script>alert" not in answer.text
