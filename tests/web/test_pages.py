"""What holds for every page: headers, escaping, words in two languages, files that may be kept."""

import csv
import io
import re
from pathlib import Path

import pytest
from console_house import BASE, LEAD, TOWNSHIP, House

from bot.app import CSP
from bot.web.console import ROUTES
from bot.web.console_words import CODES, english
from bot.web.guard import On
from handlers.domain.directive import ReceiptState
from store.inbox import row

pytestmark = pytest.mark.long

DAY = "2026-02-08"
WEB = Path(__file__).parents[2] / "bot/web"
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7*7 }}{% include 'x' %}",
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "<p>&amp;<!--",
)


def pages(house: House) -> list[str]:
    """The address of every page a leader of a township can open, with everything on it."""
    draft = house.draft(LEAD, TOWNSHIP)
    house.say("yt_105204_02", "今天敲门46 发热1")
    house.tick(hours=7, seconds=10)
    return [
        "/console/",
        f"/console/node/{house.node(TOWNSHIP).id}",
        "/console/directive/new",
        f"/console/directive/new?from={draft.id}",
        f"/console/directive/{draft.id}",
        f"/console/daily/{DAY}",
        f"/console/daily/{DAY}/sources?key=fever_people",
        "/console/password",
    ]


def test_every_route_carries_the_headers(house: House) -> None:
    house.post(LEAD, TOWNSHIP, "sysadmin")
    house.post(LEAD, TOWNSHIP, "security_admin")
    house.post(LEAD, TOWNSHIP, "auditor")
    opened = [*pages(house), "/console/ops", f"/console/daily/{DAY}/xlsx", f"/console/daily/{DAY}/png"]
    seat = house.seat(LEAD)
    answers = [seat.get(path) for path in opened]
    assert {a.status_code for a in answers} == {200}
    answers += [house.client().get(path) for path in ("/console/sign-in", "/console/", "/console/nothing", "/nothing")]
    answers += [seat.get("/console/static/console.css"), seat.client.post("/console/sign-out")]
    posted = [r for r in ROUTES if r.methods == ("POST",) and r.on is not On.OPEN and r.name != "sign_out"]
    answers += [
        seat.send("/console" + re.sub(r"<number:\w+>", "1", route.path).replace("<day:day>", DAY)) for route in posted
    ]
    assert len(answers) > 25
    for answer in answers:
        where = (answer.request.path, answer.status)
        assert answer.headers["Content-Security-Policy"] == CSP, where
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        assert answer.headers["X-Frame-Options"] == "DENY", where
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), where
        assert answer.headers["Cache-Control"] == "no-store", where
        assert answer.status_code < 500, where
    assert "unsafe" not in CSP


def test_no_page_has_code_or_style_of_its_own(house: House) -> None:
    opened = pages(house)
    seat = house.seat(LEAD)
    for path in opened:
        page = seat.get(path).text
        assert re.findall(r"<script[^>]*>([^<]+)</script>", page) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
        for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
            assert re.match(r"/console/|\?|#", address)


def test_what_people_type_is_shown_and_never_run(house: House) -> None:
    house.post("mallory", TOWNSHIP, "township_lead", name=PAYLOADS[1])
    seat = house.seat("mallory")
    body = "\n".join(PAYLOADS)
    address = seat.send("/console/directive/new", body=body, audience="gridworker").location
    seen = [seat.get(address).text, seat.get(f"/console/directive/new?from={address.rpartition('/')[2]}").text]
    seat.send(f"{address}/go")
    house.tick(seconds=61)
    with house.parts.store.begin() as work:
        for receipt, payload in zip(work.receipts.waiting(int(address.rpartition("/")[2])), PAYLOADS, strict=False):
            work.receipts.answer(receipt.id, ReceiptState.BLOCKED, "word", payload, house.clock.now())
        work.modes.start(house.node(TOWNSHIP).id, 1, PAYLOADS[0], house.clock.now(), house.clock.now().replace(day=9))
        work.alarms.sound("odd", PAYLOADS[0], house.clock.now())
    house.post("mallory", TOWNSHIP, "sysadmin")
    seen += [seat.get(path).text for path in (address, "/console/", "/console/ops")]
    seen.append(seat.send("/console/directive/new", body="x", places=PAYLOADS[1]).text)
    seen.append(seat.get("/console/?lang=" + PAYLOADS[1]).text)
    seen.append(seat.get("/console/?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text)
    for page in seen:
        assert not re.search(r"<script>|<img|<svg|</textarea><|<!--|[^&]#39;>", page.replace("</textarea></label>", ""))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen[0]
    assert "{{ 7*7 }}" in seen[0]


def test_the_text_of_a_report_is_shown_and_never_run(house: House) -> None:
    house.say(
        "yt_105204_02", "今天敲门46 发热1 &lt;script&gt;alert(1)&lt;/script&gt;"
    )  # escaped once by the envelope's XML
    house.tick(hours=7, seconds=10)
    page = house.seat(LEAD).get(f"/console/daily/{DAY}/sources?key=fever_people").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_chinese_first_and_english_kept_in_a_cookie(house: House) -> None:
    client = house.client()
    assert "登录" in client.get("/console/sign-in").text
    english_page = client.get("/console/sign-in?lang=en")
    assert "Sign in" in english_page.text
    assert '<html lang="en">' in english_page.text
    assert "Sign in" in client.get("/console/sign-in").text
    assert "登录" in client.get("/console/sign-in?lang=zh").text
    cookies = client.get("/console/sign-in?lang=xx<script>").headers.getlist("Set-Cookie")
    assert not [cookie for cookie in cookies if "lang" in cookie]


def test_every_page_can_be_read_in_english(house: House) -> None:
    opened = pages(house)
    seat = house.seat(LEAD)
    seat.client.set_cookie("geying-lang", "en", path="/console")
    for path in opened:
        answer = seat.get(path)
        assert answer.status_code == 200
        for word in ("首页", "写通知", "退出", "未报不是0"):
            assert word not in re.sub(r'lang="zh-CN">中文', "", answer.text)


def test_every_phrase_has_its_english(house: House) -> None:
    known = english()
    phrases = {
        found[1]
        for path in (WEB / "templates").glob("*.html")
        for found in re.findall(r"""\bt\((["'])(.*?)\1""", path.read_text("utf-8"))
    }
    phrases |= {word for words in CODES.values() for word in words.values()}
    assert sorted(phrases - known.keys()) == []
    assert len(phrases) > 120
    for chinese, said in known.items():
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", said)), chinese
    rows = list(csv.reader(io.StringIO((WEB / "console_words.csv").read_text("utf-8"))))
    assert len(rows) == len({row[0] for row in rows})


def test_files_may_be_kept_for_a_year_under_their_hash(house: House) -> None:
    client = house.client()
    page = client.get("/console/sign-in").text
    files = re.findall(r'"(/console/static/[^"]+)"', page)
    assert len(files) == 3
    for path in files:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert client.get(path[:-3] + "000").headers["Cache-Control"] == "no-store"
    assert len((WEB / "static/console.css").read_bytes()) <= 20 * 1024


def test_no_text_is_smaller_than_16_px() -> None:
    css = (WEB / "static/console.css").read_text("utf-8")
    root = re.search(r"html \{ font-size: (\d+)px", css)
    assert root
    sizes = re.findall(r"font-size: ([\d.]+)(px|rem|em|%)", css)
    assert sizes
    for number, unit in sizes:
        assert unit in ("px", "rem")
        assert float(number) * (int(root[1]) if unit == "rem" else 1) >= 16


def test_no_answer_sends_a_browser_anywhere_but_here(house: House) -> None:
    seat = house.seat(LEAD)
    house.set_password(LEAD)
    tried = [
        house.client().get("/console/?next=//evil.example"),
        house.client().get("/console/sign-in?next=https://evil.example", headers={"Host": "evil.example"}),
        seat.get("/console/sign-in?next=//evil.example"),
        house.client().post("/console/sign-in?next=//evil.example", headers={"Origin": BASE}),
        seat.send("/console/sign-out?next=//evil.example"),
    ]
    for answer in tried:
        assert answer.headers.get("Location", "/console/").startswith("/console/")
        assert "evil" not in answer.text


@pytest.mark.parametrize("size", [300_000, 1_100_000])
def test_a_form_that_is_too_large_is_refused(house: House, size: int) -> None:
    seat = house.seat(LEAD)
    assert seat.send("/console/directive/new", body="x" * size).status_code == 413
    assert house.client().post("/console/sign-in", data={"userid": "x" * size}).status_code == 413


@pytest.mark.parametrize(
    "body", [b"token=%ff%fe&body=%00", b"\xff\xfe=\x00&&&=", b"a" * 9000, b"%" * 9000, b"&" * 60_000]
)
def test_a_form_that_is_no_form_is_refused(house: House, body: bytes) -> None:
    headers = {"Origin": BASE, "Content-Type": "application/x-www-form-urlencoded"}
    for client in (house.client(), house.seat(LEAD).client):
        for path in ("/console/sign-in", "/console/directive/new"):
            assert client.post(path, data=body, headers=headers).status_code in (303, 403)


def test_operations_alarms_quarantine_and_chain(house: House) -> None:
    for kind in ("sysadmin", "security_admin", "auditor"):
        house.post(f"t_{kind}", "350125", kind)
    now = house.clock.now()
    body = b"<xml><MsgType>text</MsgType><FromUserName>yt_105204_02</FromUserName><Content>x</Content></xml>"
    with house.parts.store.begin() as work:
        stale = row("wecom_app:m:1", "wecom_app", "text", "yt_105204_02", None, body, now, now)
        work.inbox.quarantine(stale, now)
        work.alarms.sound("stale_callback", "wecom_app", now)
    admin, security, auditor = (house.seat(f"t_{kind}") for kind in ("sysadmin", "security_admin", "auditor"))
    assert "隔离的消息" not in admin.get("/console/ops").text
    assert "隔离的消息:1条" in security.get("/console/ops").text
    security.send("/console/ops/release")
    assert "隔离的消息:0条" in security.get("/console/ops").text
    with house.parts.store.read() as work:
        assert work.inbox.waiting() == 1
    assert "已隔离" in auditor.get("/console/ops").text
    admin.send("/console/ops/alarm/1/close")
    assert "没关的警报(0)" in admin.get("/console/ops").text
    assert "完好:2行" in auditor.send("/console/ops/verify").text
    with house.parts.database.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET object = 'nothing' WHERE id = 2")
    assert "第2行接不上" in auditor.send("/console/ops/verify").text
    assert [a[1] for a in house.audited()] == ["quarantine release", "close alarm", "verify audit", "verify audit"]
