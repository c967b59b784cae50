"""The declaration on a phone: a bad line, a double tap, a way back, what cannot be, what was said last time."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from street import SIZE, Phone, Street

from handlers.domain.place_code import CodeKind
from store.models import declaration, inbox, sheet

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]

Phones = Callable[..., Phone]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
COLOURS = re.compile("绿色凭据|黄色凭据")


def kept(page: Page, name: str) -> dict[str, object] | None:
    """What the page keeps on the phone under a name: out, draft, me."""
    text = page.evaluate(f"localStorage.getItem('geying:{name}:' + document.body.dataset.token)")
    return None if text is None else json.loads(text)


def filled(street: Street, phone: Phone, token: str = "") -> str:
    """Fill the form in for the first of the list, and do not send it yet."""
    phone.scan(token or street.lane.home)
    row = phone.row(0)
    phone.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    phone.agree(row)
    return row


# -- taps ----------------------------------------------------------------------------------------------------------


def test_the_first_time_takes_eight_inputs_at_most_and_ticks_nothing_beforehand(street: Street, phones: Phones) -> None:
    at_home, at_the_gate = phones(), phones()
    at_home.scan(street.lane.home)
    assert at_home.page.locator(".weui-check:checked, .d-on:checked").count() == 0
    row = at_home.row(0)
    at_home.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    at_home.agree(row)
    assert at_home.taps <= 8
    at_home.send()
    expect(at_home.receipt).to_contain_text("绿色凭据")

    at_the_gate.scan(street.lane.gate)  # somebody who came back, and is on no list
    at_the_gate.write("sheet-door", "3-102")
    at_the_gate.write("n1-name", "周样青")
    at_the_gate.write("n1-origin", "湖北武汉")
    at_the_gate.tap("n1-day-1", "n1-transit-none", "n1-well-1")
    at_the_gate.agree("n1", "declare", "health")
    assert at_the_gate.taps <= 8
    at_the_gate.send()
    expect(at_the_gate.receipt).to_contain_text("2月7日从湖北武汉返回")


def test_again_when_all_is_well_is_three_taps_with_the_scan(street: Street, phones: Phones) -> None:
    phone = phones()
    row = phone.declare(street.lane.home)
    street.lane.clock.forward(hours=8)
    page = phone.open()
    phone.taps = 1  # the scan
    phone.scan(street.lane.home)
    expect(page.locator(".d-last")).to_contain_text("一直在本地")
    assert page.locator(f'[data-row="{row}"] .d-consent').count() == 0, "what was agreed to is not asked again"
    well, send = page.locator(f'label[for="{row}-well-1"]').bounding_box(), page.locator(".d-send").bounding_box()
    assert well
    assert send
    assert well["y"] + well["height"] <= send["y"], "both taps are in sight, nothing has to be scrolled"
    assert send["y"] + send["height"] <= SIZE["height"]
    phone.tap(f"{row}-well-1")
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert phone.taps == 3
    assert street.lane.rows(declaration) == 2


def test_what_changed_since_last_time_is_one_tap_away(street: Street, phones: Phones) -> None:
    phone = phones()
    row = phone.declare(street.lane.home)
    street.lane.clock.forward(hours=8)
    page = phone.open()
    phone.scan(street.lane.home)
    expect(page.locator(f"#{row}-origin")).to_be_hidden()
    page.get_by_role("button", name="改一下").tap()
    phone.write(f"{row}-origin", "江西南昌")
    expect(page.locator(f"#{row}-away-no")).not_to_be_checked()
    phone.tap(f"{row}-day-0", f"{row}-transit-none", f"{row}-well-1")
    phone.send()
    expect(phone.receipt).to_contain_text("2月8日从江西南昌返回")
    expect(phone.receipt).to_contain_text("请核对")  # it differs from this morning's: asked openly, set right at once
    phone.page.get_by_role("button", name="现在填的对").tap()
    expect(phone.page.locator(".d-state")).to_be_visible()


# -- a bad line ----------------------------------------------------------------------------------------------------


def test_without_a_net_it_is_kept_and_sent_once_when_the_net_is_back(street: Street, phones: Phones) -> None:
    phone = phones()
    filled(street, phone)
    phone.context.set_offline(True)
    phone.send()
    expect(phone.page.locator("#state")).to_contain_text("已经存在手机里")
    phone.page.locator("#send").tap(force=True)  # it cannot be known whether the first one helped
    out = kept(phone.page, "out")
    assert out is not None
    assert street.lane.rows(inbox) == 0
    phone.context.set_offline(False)
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert street.lane.rows(sheet) == street.lane.rows(declaration) == 1
    assert kept(phone.page, "out") is None
    assert kept(phone.page, "draft") is None


def test_a_phone_that_keeps_nothing_says_so(street: Street, phones: Phones) -> None:
    """Full, or forbidden by its owner: it cannot be promised that the sheet outlives the page."""
    phone = phones()
    phone.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    filled(street, phone)
    phone.context.set_offline(True)
    phone.send()
    expect(phone.page.locator("#state")).to_contain_text("请别关这一页")
    phone.context.set_offline(False)
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert street.lane.rows(sheet) == 1


def test_closed_without_a_net_it_goes_at_the_next_visit(street: Street, phones: Phones) -> None:
    phone = phones()
    filled(street, phone)
    phone.context.set_offline(True)
    phone.send()
    expect(phone.page.locator("#state")).to_contain_text("已经存在手机里")
    phone.page.close()
    phone.context.set_offline(False)
    phone.open()
    phone.scan(street.lane.gate)  # another code's page takes it along
    phone.until(f"JSON.parse(localStorage.getItem('geying:out:{street.lane.home}')).at")
    assert street.lane.rows(inbox) == 1
    phone.scan(street.lane.home)
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert street.lane.rows(sheet) == 1


def test_an_answer_that_got_lost_makes_no_second_sheet(street: Street, phones: Phones) -> None:
    phone = phones()
    filled(street, phone)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    phone.page.route(f"**/d/{street.lane.home}", lose)
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据", timeout=15_000)
    assert lost == [202]
    assert street.lane.rows(sheet) == street.lane.rows(declaration) == 1


def test_two_taps_are_one_declaration(street: Street, phones: Phones) -> None:
    phone = phones()
    filled(street, phone)
    phone.page.locator("#send").dblclick()
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert street.lane.rows(sheet) == street.lane.rows(declaration) == street.lane.rows(inbox) == 1


def test_the_way_back_sends_nothing_again(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.declare(street.lane.home)
    phone.page.get_by_role("link", name="谁看过我的信息").first.tap()
    expect(phone.page.locator("h1")).to_contain_text("我的信息")
    phone.page.go_back()
    expect(phone.receipt).to_contain_text("绿色凭据")
    phone.page.reload()
    expect(phone.receipt).to_contain_text("绿色凭据")
    phone.page.locator(".d-another").tap()
    expect(phone.page.locator("#send")).to_be_visible()
    assert street.lane.rows(sheet) == 1


def test_what_was_typed_survives_a_reload(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.scan(street.lane.gate)
    phone.write("n1-name", "周样青")
    phone.write("n1-origin", "湖北黄冈")
    phone.page.wait_for_timeout(400)  # the draft is written a quarter of a second after the last key
    phone.page.reload()
    expect(phone.page.locator("#n1-name")).to_have_value("周样青")
    expect(phone.page.locator("#n1-origin")).to_have_value("湖北黄冈")
    expect(phone.page.locator("#state")).to_contain_text("接着填就行")


# -- what cannot be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told", "offer"),
    [("365", "是 36.5℃ 吗", "36.5"), ("99", "没看懂", ""), ("三十", "没看懂", ""), ("36.5 37.8", "以哪个为准", "")],
)
def test_a_temperature_that_cannot_be_is_asked_beside_its_field(
    street: Street, phones: Phones, typed: str, told: str, offer: str
) -> None:
    phone = phones()
    row = filled(street, phone)
    phone.write(f"{row}-temperature", typed)
    phone.send()
    field = phone.page.locator(f"#{row}-temperature")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(phone.page.locator(f"#{field.get_attribute('aria-describedby')}")).to_contain_text(told)
    expect(field).to_be_focused()
    expect(field).to_have_value(typed)
    assert street.lane.rows(declaration) == 0
    if offer:
        phone.page.get_by_role("button", name=f"是 {offer}℃").tap()
        expect(field).to_have_value(offer)
    else:
        phone.write(f"{row}-temperature", "三十六度五")
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")


def test_a_day_that_has_not_come_is_told_beside_its_field(street: Street, phones: Phones) -> None:
    phone = phones()
    row = filled(street, phone)
    phone.write(f"{row}-origin", "湖北黄冈")
    phone.tap(f"{row}-transit-none")
    phone.page.locator(f"#{row}-arrived").fill("2026-03-01")
    phone.send()
    expect(phone.page.locator(".d-fault")).to_have_count(1)
    expect(phone.page.locator(f"#{row}-arrived")).to_have_attribute("aria-invalid", "true")
    phone.tap(f"{row}-day-2")
    expect(phone.page.locator(f"#{row}-arrived")).to_have_value("")
    phone.send()
    expect(phone.receipt).to_contain_text("2月6日从湖北黄冈返回")


def test_scripts_in_every_field_run_nowhere(street: Street, phones: Phones) -> None:
    phone = phones()
    page = phone.page
    phone.scan(street.lane.gate)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    phone.write("n1-origin", SCRIPT[:60])
    for field in page.locator("input.d-text, input.weui-input, textarea").all():
        if field.get_attribute("type") != "date":
            field.fill(SCRIPT[: int(field.get_attribute("maxlength") or 60)])
    phone.agree("n1")
    phone.send()
    expect(page.locator(".d-fault").first).to_be_visible()
    page.reload()  # and come back from the draft as they were typed
    expect(page.locator("#n1-name")).to_have_value(SCRIPT[:60])
    assert street.lane.rows(declaration) == 0
    phone.write("n1-name", "周样青")
    for field in ("sheet-door", "n1-phone", "n1-transit_at", "n1-temperature", "n1-origin"):
        page.locator(f"#{field}").fill("")
    phone.tap("n1-away-no", "n1-well-1")
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")  # what was asked for in script's words is a matter for people
    page.get_by_role("link", name="谁看过我的信息").first.tap()
    expect(page.locator("h1")).to_contain_text("我的信息")


def test_codes_that_open_nothing_look_the_same(street: Street, phones: Phones) -> None:
    """Never made, forged, run out, taken back, another's way in: one page, word for word."""
    lane = street.lane
    with lane.parts.store.begin() as work:
        now = lane.clock.now()
        old = work.codes.issue(lane.other_id, CodeKind.HOUSEHOLD, now).token
        work.codes.revoke(lane.other_id, "sample", now)
    phone = phones(fine=(404,))
    seen = set()
    for path in (f"/d/{'A' * 32}", f"/d/{lane.home[:-1]}{'A' if lane.home[-1] != 'A' else 'B'}", f"/d/{old}",
                 f"/me/{'A' * 32}", f"/me/{lane.home}"):  # fmt: skip
        answer = phone.page.goto(f"{street.url}{path}")
        assert answer is not None
        seen.add((answer.status, phone.page.content()))
        assert phone.page.locator("h1").inner_text() == "这个码打不开"
    assert len(seen) == 1
    phone.scan(lane.home)
    expect(phone.page.locator("#send")).to_be_visible()


# -- people --------------------------------------------------------------------------------------------------------


def test_strangers_read_no_names_and_the_place_is_named(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.scan(street.lane.home)
    text = phone.page.inner_text("body")
    assert "样花" not in text + phone.page.content()
    assert phone.page.locator(".d-who").first.inner_text().strip() == "王**"
    with street.lane.parts.store.read() as work:
        check = work.codes.of_node(street.lane.home_id)[0].check
    for said in ("清凉镇旗山村", "3-101", check):
        assert said in text


def test_a_door_that_two_grids_have_is_picked_with_one_tap(street: Street, phones: Phones) -> None:
    lane = street.lane
    now, day = lane.clock.now(), date(2026, 1, 1)
    with lane.parts.store.begin() as work:
        grid = lane.parts.counties.context().tree.descendants(lane.gate_id, "grid")[1]
        twin = work.household_steps.make(grid, "350125105204-T", "3-101", day, now, None)
        work.households.put(twin, now)
        work.household_steps.announce(now)
    lane.clock.forward(seconds=5)
    phone = phones()
    phone.scan(lane.gate)
    phone.write("sheet-door", "3-101")
    phone.write("n1-name", "周样青")
    phone.tap("n1-away-no", "n1-well-1")
    phone.agree("n1")
    phone.send()
    offers = phone.page.locator(".d-offers button")
    expect(offers).to_have_count(2)
    expect(phone.page.locator("#sheet-door")).to_be_focused()
    offers.nth(1).tap()
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")
    with lane.parts.database.read() as connection:
        assert connection.execute(select(sheet.c.household_id)).scalar_one() == twin


def test_a_child_is_spoken_for_and_refusing_is_no_obstacle(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.scan(street.lane.home)
    row = phone.row(2)
    phone.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    phone.agree(row)
    phone.send()
    expect(phone.page.locator(".d-fault")).to_contain_text("我是家长或监护人")
    phone.tap(f"{row}-by-child")
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")

    refuser = phones()
    refuser.scan(street.lane.home)
    first = refuser.row(0)
    refuser.tap(f"{first}-on")
    refuser.page.locator("details", has_text="要帮忙吗").locator("summary").tap()
    refuser.page.locator("#sheet-asks").fill("降压药还剩两天")
    refuser.send()
    expect(refuser.receipt).to_contain_text("收到了")
    assert not COLOURS.search(refuser.page.inner_text("main"))
    expect(refuser.page.locator("main")).to_contain_text("要帮忙的事已经转给网格员")
    assert street.lane.rows(declaration) == 1, "the child's alone"


def test_the_receipt_is_no_pass(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.declare(street.lane.home)
    page = phone.page
    assert page.locator("#receipt :is(img, canvas, video, iframe, time, output, [class*=qr])").count() == 0
    assert page.evaluate("[...document.querySelectorAll('#receipt svg')].length") == 0
    expect(phone.receipt).to_contain_text("有效到")
    expect(page.locator(".d-nopass")).to_contain_text("不是通行证")
    said = page.locator("#receipt").inner_text()
    page.wait_for_timeout(2_100)
    assert page.locator("#receipt").inner_text() == said, "no clock runs on it"
