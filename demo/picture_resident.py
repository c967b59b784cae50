"""Pictures of a resident's phone for the README: the form behind a door's code, its receipt, one's own data."""

from pathlib import Path

from playwright.sync_api import Browser

from demo.doors import Doors

SIZE, SCALE = {"width": 375, "height": 900}, 2
AGREED = ("declare", "health", "care")
DECLARED = 0  # who of the household: the other one has declared in the story already


def take_phone(browser: Browser, url: str, doors: Doors, folder: Path) -> dict[Path, bytes]:
    """Declare on a phone as somebody does who came back; returns the pictures taken on the way."""
    page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE, locale="zh-CN")  # type: ignore[arg-type]
    page.goto(f"{url}/d/{doors.home}")
    page.locator("#notice summary").click()
    page.locator(".d-who").nth(DECLARED).click()
    row = page.locator(".d-on").nth(DECLARED).get_attribute("value")
    page.locator(f"#{row}-origin").fill("武汉")
    page.locator(f"#{row}-arrived").fill("2026-02-03")
    page.locator(f"label[for={row}-transit-none]").click()
    page.evaluate("scrollTo(0, 0)")
    pictures = {folder / "declare-form.png": page.screenshot()}
    page.locator(f"label[for={row}-well-1]").click()
    for purpose in AGREED:
        page.locator(f"label[for={row}-c-{purpose}]").click()
    page.locator("#send").click()
    page.locator(".d-receipt").wait_for()
    pictures[folder / "declare-receipt.png"] = page.screenshot()
    page.locator('.d-next a[href$="#looked"]').click()
    page.locator("#looked").wait_for()
    page.evaluate("scrollTo(0, 0)")
    pictures[folder / "declare-mine.png"] = page.screenshot()
    page.goto(f"{url}/d/{doors.gate}?lang=en")
    page.locator("#notice summary").click()
    page.locator("#n1-origin").fill("Wuhan, Hubei")
    page.locator("label[for=n1-day-1]").click()
    page.evaluate("scrollTo(0, 0)")
    pictures[folder / "declare-form-en.png"] = page.screenshot()
    page.close()
    return pictures
