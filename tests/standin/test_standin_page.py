"""The demo page in Chromium: it obeys its own policy, shows what is withheld, and its buttons work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect, sync_playwright
from standin_peer import Peer, Platform

pytestmark = pytest.mark.long

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

UPDATE = (
    "<xml><MsgType><![CDATA[update_button]]></MsgType>"
    "<Button><ReplaceName><![CDATA[已收到]]></ReplaceName></Button></xml>"
)


def test_the_page_is_served_with_a_strict_policy(wx: Platform) -> None:
    page = requests.get(f"{wx.url}/", timeout=5)
    assert page.url.endswith("/ui/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in page.text + policy
    for name in ("../server.py", "words.txt", "nothing.js", "__init__.py"):
        assert requests.get(f"{wx.url}/ui/{name}", timeout=5).status_code == 404


def test_a_page_from_elsewhere_controls_nothing(wx: Platform) -> None:
    def status(origin: str) -> int:
        return requests.post(f"{wx.url}/_ctl/reset", json={}, headers={"Origin": origin}, timeout=5).status_code

    wx.send("wangfang")
    assert [status("http://evil.invalid"), status("null")] == [403, 403]
    assert len(wx.texts("wangfang")) == 1
    assert status(wx.url) == 200
    assert wx.texts("wangfang") == []


@pytest.fixture
def tab() -> Iterator[Page]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        faults: list[str] = []
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        yield page
        browser.close()
        assert faults == []


@pytest.mark.browser
def test_a_grid_worker_at_the_page(wx: Platform, peer: Peer, tab: Page) -> None:
    wx.send_card("laozhang", "D-1")
    wx.send("laozhang", "请转发:今晚停水 <script>alert(1)</script>")
    peer.answer = lambda got: (200, got.wrapped(UPDATE) if got.fields["MsgType"] == "event" else b"")
    tab.goto(f"{wx.url}/ui/")
    grid, home, phone = (tab.locator(f'.pane[data-level="{level}"]') for level in ("grid", "household", "phone"))
    expect(phone.locator(".phonehead")).to_contain_text("张样")

    grid.locator("textarea").fill("今天敲门46户")
    grid.locator("textarea").press("Enter")
    expect(grid.locator(".withheld")).to_contain_text("机器人听不到")
    assert peer.got == []

    phone.get_by_role("button", name="收到").click()
    expect(phone.get_by_role("button", name="已收到")).to_be_disabled()
    assert peer.got[0].fields["EventKey"] == "ack:D-20261118-07"

    phone.get_by_role("button", name="转发到群").click()
    tab.locator("#forward .send").click()
    expect(home.locator(".bubble")).to_have_text("请转发:今晚停水 <script>alert(1)</script>")

    home.locator("select").select_option(label="邻居 3-1-201")
    home.locator("textarea").fill("看到了 +1")
    home.locator(".send").click()
    expect(home.locator(".msg").last).to_contain_text("3-1-201")
    home.locator(".msg").last.get_by_role("button", name="复制到手机").click()
    expect(phone.locator("textarea")).to_have_value("看到了 +1")

    tab.locator("#open-faults").click()
    tab.locator("#faults").get_by_role("button", name="丢失").click()
    phone.locator("textarea").fill("日报")
    phone.locator(".send").click()
    expect(phone.locator(".note.bad")).to_contain_text("回调丢失")

    tab.get_by_role("button", name="+30分").click()
    expect(tab.locator("#now")).to_have_class("moved")
    assert wx.ctl("clock")["offset_s"] == pytest.approx(1800, abs=1)


@pytest.mark.browser
def test_on_a_phone_the_columns_become_tabs(wx: Platform, tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{wx.url}/ui/")
    expect(tab.locator('.pane[data-level="grid"]')).to_be_visible()
    expect(tab.locator('.pane[data-level="township"]')).to_be_hidden()
    tab.locator('#tabs [data-level="household"]').click()
    expect(tab.locator('.pane[data-level="household"]')).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    tab.get_by_role("button", name="English").click()
    expect(tab.locator('.pane[data-level="household"] .kind')).to_contain_text("no bot")
    wx.ctl("reset", {})
    expect(tab.locator(".toast.bad")).to_have_count(0)
