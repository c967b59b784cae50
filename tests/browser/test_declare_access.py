"""For every eye, ear and thumb: axe on every page in both languages, 200 % text, large text, read aloud, no script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from street import Phone, Street

from store.models import declaration

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]

Phones = Callable[..., Phone]
AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text("utf-8")
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)"""
CUT = """() => [...document.querySelectorAll('.d-top *, main *, footer *')]
    .filter((e) => e.offsetParent && e.childElementCount === 0 && e.innerText && e.scrollWidth > e.clientWidth + 1
        && getComputedStyle(e).display !== 'inline').map((e) => e.outerHTML.slice(0, 100))"""
SPEAKS = """window.spoken = []; window.stopped = 0; let talking = false;
    Object.defineProperty(window, 'speechSynthesis', { value: {
        get speaking() { return talking; }, cancel() { talking = false; window.stopped += 1; },
        speak(one) { talking = true; window.spoken.push([one.lang, one.text]); } } });"""


def good(phone: Phone) -> None:
    """Nothing axe would call serious, nothing that sticks out."""
    phone.page.evaluate(AXE)  # past the page's own policy, as a person with tools would
    assert phone.page.evaluate(SERIOUS) == [], phone.page.url
    phone.fits()


def each_page(street: Street, phone: Phone, looked: Callable[[str], None], language: str) -> None:
    """Walk through all pages of a resident, with *looked* at each."""
    page, lane = phone.page, street.lane
    phone.scan(lane.gate, f"?lang={language}")
    looked("gate")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    phone.write("n1-origin", "湖北武汉")
    looked("gate, all open")
    phone.scan(lane.home)
    row = phone.row(0)
    phone.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    phone.write(f"{row}-temperature", "365")
    looked("form")
    phone.send()
    expect(page.locator(".d-fault")).to_have_count(0)  # nothing was agreed to: nothing of it is read
    expect(phone.receipt).to_be_visible()
    looked("refused")
    page.locator(".d-another").tap()
    phone.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    phone.write(f"{row}-temperature", "365")
    phone.agree(row)
    phone.send()
    expect(page.locator(".d-offers button")).to_be_visible()
    looked("faults")
    page.locator(".d-offers button").tap()
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据" if language == "zh" else "Green receipt")
    looked("receipt")
    page.locator('a[href$="#looked"]').first.tap()
    expect(page.locator("#looked")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    looked("me")
    page.locator('form[action$="/all"] button').tap()
    expect(page.locator(".d-state")).to_be_visible()
    looked("said")
    page.goto(f"{street.url}/me")
    looked("code")
    page.goto(f"{street.url}/d/{'A' * 32}")
    looked("gone")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_a_serious_fault(street: Street, phones: Phones, language: str) -> None:
    phone = phones(fine=(404,))
    each_page(street, phone, lambda _name: good(phone), language)


@pytest.mark.parametrize("how", ["text", "zoom"])
def test_at_two_hundred_percent_all_of_it_is_there(street: Street, phones: Phones, how: str) -> None:
    """A phone set to twice the text, and a page zoomed to twice its size: one column, nothing cut off."""
    more = {} if how == "text" else {"viewport": {"width": 188, "height": 370}}
    phone = phones(fine=(404,), **more)
    if how == "text":
        larger = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '225%'; })"
        phone.page.add_init_script(larger)

    def looked(name: str) -> None:
        page = phone.page
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), name
        assert page.evaluate(CUT) == [], name

    each_page(street, phone, looked, "zh")


def test_large_text_is_one_tap_and_stays(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.scan(street.lane.gate)
    size = "parseFloat(getComputedStyle(document.querySelector('.d-chip + label')).fontSize)"
    assert phone.page.evaluate(size) >= 16
    phone.page.get_by_role("button", name="大字").tap()
    assert phone.page.evaluate(size) >= 20
    phone.scan(street.lane.home)
    assert phone.page.evaluate(size) >= 20
    phone.fits()


def test_it_is_read_aloud_where_a_phone_can(street: Street, phones: Phones) -> None:
    phone = phones()
    phone.page.add_init_script(SPEAKS)
    phone.scan(street.lane.home)
    phone.page.get_by_role("button", name="读给我听").tap()
    spoken = phone.page.evaluate("window.spoken")
    said = " ".join(text for _, text in spoken)
    assert {language for language, _ in spoken} == {"zh-CN"}
    for words in ("3-101", "谁在收", "给谁填", "交上去"):
        assert words in said
    phone.page.get_by_role("button", name="停").tap()
    assert phone.page.evaluate("window.stopped") >= 1
    mute = phones()
    mute.page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    mute.scan(street.lane.home)
    expect(mute.page.locator("#listen")).to_be_hidden()


def test_without_script_it_is_a_plain_form(street: Street, phones: Phones) -> None:
    phone = phones(java_script_enabled=False)
    page = phone.page
    phone.scan(street.lane.home, "?big=1")
    row = phone.row(0)
    phone.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
    phone.write(f"{row}-temperature", "365")
    phone.agree(row)
    phone.send()
    expect(page.locator(".d-fault").first).to_be_visible()
    assert page.locator(f"#{row}-away-no").is_checked(), "what was filled in is still there"
    page.locator(f'label[for="{row}-agreed-1"]').tap()
    phone.send()
    expect(phone.receipt).to_contain_text("绿色凭据")
    assert street.lane.rows(declaration) == 1


def test_the_keyboard_reaches_everything_in_order(street: Street, phones: Phones) -> None:
    phone = phones()
    page = phone.page
    phone.scan(street.lane.home)
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    row = phone.row(0)
    assert [one for one in dict.fromkeys(seen) if one in ("跳到正文", "listen", "big", f"{row}-on")] == [
        "跳到正文", "listen", "big", f"{row}-on",
    ]  # fmt: skip
    page.locator(f"#{row}-on").focus()
    page.keyboard.press("Space")
    expect(page.locator(f"#{row}-temperature")).to_be_visible()
