"""The demo as a newcomer meets it: one address, three steps, faults; in a real browser over the real processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from demo.far import Far
from demo.guide import PASSWORD
from demo.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = (390, 844), (1280, 800)
MORNING = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)  # 08:30 in the county
WATCH = (
    "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """The processes of the demo, with the small sample county, at half past eight."""
    made = Stage(folder / "stage", "town", 0, 0)
    made.prepare(MORNING)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail("no /usr/bin/chromium: apt-get install -y chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


class Newcomer:
    """Somebody who opens the printed address, and everything that went wrong on the way."""

    def __init__(self, browser: Browser, stage: Stage, size: tuple[int, int]) -> None:
        self.stage, self.size = stage, size
        self._context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        self._context.set_default_timeout(15_000)
        self.page: Page = self._context.new_page()
        self.wrong: list[str] = []
        self.page.add_init_script(WATCH)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("response", lambda answer: self.wrong.append(answer.url) if answer.status >= 400 else None)
        self.page.goto(stage.url)
        expect(self.page.locator("#guide h2").first).to_be_visible()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.stage.url, self.stage.far_url, "data:")):
            self.wrong.append(f"asked {url}")

    @property
    def narrow(self) -> bool:
        return self.size[0] < 800

    def pane(self, level: str) -> Locator:
        """The column of that level, brought to the front."""
        if self.narrow:
            self.page.locator(f'#tabs [data-level="{level}"]').click()
        return self.page.locator(f'.pane[data-level="{level}"]')

    def step(self, label: str) -> None:
        """Press a button of the guide, turning to its step on a narrow screen."""
        button = self.page.locator("#guide").get_by_role("button", name=label, exact=True)
        for _ in range(5):
            if button.is_visible():
                break
            self.page.locator("#guide .on .turn").click()
        button.click()
        self.fits()

    def send(self, level: str, text: str | None = None) -> None:
        """Send what the guide filled in, or *text*."""
        pane = self.page.locator(f'.pane[data-level="{level}"]')
        if text is not None:
            pane.locator("textarea").fill(text)
        pane.locator(".composer .send").click()
        expect(pane.locator("textarea")).to_have_value("")
        self.fits()

    def stage_says(self, text: str) -> None:
        """Somebody else says something on the far side: a deputy's phone, of which this page shows nothing."""
        Far(self.stage.far_url).text("yt_t105_deputy", text)

    def fits(self) -> None:
        """Nothing sticks out sideways, nothing is too small to read."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.size[0]
        small = self.page.evaluate(
            """() => [...document.querySelectorAll('header *, #guide *, .pane.on *, .drawer *')]
            .filter(e => e.innerText && e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 12)
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []

    def close(self) -> None:
        self._context.close()
        assert self.wrong == []


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def newcomer(browser: Browser, stage: Stage, request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    made = Newcomer(browser, stage, request.param)
    yield made
    made.close()


def test_the_first_steps(newcomer: Newcomer) -> None:
    page = newcomer.page
    assert page.url == f"{newcomer.stage.far_url}/ui/"
    levels = [node.get_attribute("data-level") for node in page.locator(".pane").all()]
    assert levels == ["county", "township", "village", "household", "phone"]

    newcomer.step("填好这句")
    village = page.locator('.pane[data-level="village"]')
    newcomer.send("village")
    expect(village.locator(".msg").last).to_contain_text("②空户5户")
    newcomer.step("改一个数")
    newcomer.send("village")
    expect(village.locator(".msg").last).to_contain_text("②空户6户")

    newcomer.step("写通知")
    phone = page.locator(".phone")
    newcomer.send("phone")
    expect(phone.locator(".msg").last).to_contain_text("将发")
    newcomer.step("回「发」")
    newcomer.send("phone")
    expect(phone.locator(".msg").last).to_contain_text("60秒后发出")
    newcomer.step("拨快1分钟")

    newcomer.step("看网格员手机")
    phone.locator(".card").get_by_role("button", name="收到").click()
    expect(phone.locator(".card").get_by_role("button", name="已收到")).to_be_disabled()

    newcomer.step("拨到16:00")
    town = page.locator('.pane[data-level="township"]')
    expect(town.locator(".list")).to_contain_text("疫情防控日报】", timeout=15_000)
    expect(town.locator(".picture img")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-level=township] .picture img').naturalWidth") > 600
    with page.expect_download() as download:
        town.locator(".file").click()
    assert download.value.suggested_filename == "清凉镇疫情防控日报2月8日.xlsx"
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    newcomer.fits()
    assert page.locator("#guide button.done").count() == 7


def test_without_at_nobody_hears_and_a_neighbour_is_a_stranger(newcomer: Newcomer) -> None:
    village = newcomer.pane("village")
    newcomer.send("village", "今天敲门46户")
    expect(village.locator(".withheld")).to_contain_text("机器人听不到")
    home = newcomer.pane("household")
    expect(home.locator(".kind")).to_contain_text("没有机器人")
    home.locator("select").select_option(label="邻居 3-1-201")
    newcomer.send("household", "看到了 +1")
    expect(home.locator(".msg").last).to_contain_text("3-1-201")


def test_faults_from_the_panel(newcomer: Newcomer) -> None:
    """An answer of ours whose receipt is lost is not said twice; a lost callback is shown as lost."""
    page, phone = newcomer.page, newcomer.pane("phone")
    page.locator("#open-faults").click()
    page.locator("#faults").get_by_role("button", name="发出去了,回答丢了").click()
    newcomer.fits()
    expect(page.locator("#fault-count")).to_have_text("1")
    page.locator("#faults").get_by_role("button", name="收起").click()
    newcomer.send("phone", "零报告")
    expect(phone.locator(".msg", has_text="按「无」报")).to_have_count(1)
    page.get_by_role("button", name="+1分").click()
    page.locator("#open-log").click()
    rows = page.locator("#log summary", has_text="message/send")
    expect(rows).to_have_count(2)  # the lost one and its repeat
    expect(rows.first).to_contain_text("发出去了,回答丢了")
    rows.first.click()
    expect(page.locator("#log details[open] pre")).to_contain_text("按「无」报")
    newcomer.fits()
    page.get_by_role("button", name="+1分").click()  # more lines come; what is open stays open
    newcomer.stage_says("汇总")
    expect(page.locator("#log summary", has_text="message/send")).to_have_count(3)
    expect(page.locator("#log details[open] pre")).to_contain_text("按「无」报")
    page.locator("#log").get_by_role("button", name="收起").click()
    expect(phone.locator(".msg", has_text="按「无」报")).to_have_count(1)

    page.locator("#open-faults").click()
    page.locator("#faults").get_by_role("button", name="丢失").click()
    page.locator("#faults").get_by_role("button", name="收起").click()
    newcomer.send("phone", "对")
    expect(phone.locator(".note.bad")).to_contain_text("回调丢失")
    page.locator("#open-faults").click()
    page.locator("#faults").get_by_role("button", name="全部恢复").click()
    expect(page.locator("#faults .rule")).to_have_count(0)
    page.locator("#open-faults").click()
    newcomer.send("phone", "对")
    expect(phone.locator(".msg").last).to_contain_text("已确认")


def test_somebody_else_and_another_language(newcomer: Newcomer) -> None:
    page = newcomer.page
    page.locator("#me").click()
    page.locator("#people input").fill("乐山村第01")
    page.locator("#people .entry", has_text="网格员").first.click()
    expect(page.locator("#me")).to_contain_text("乐山村第01网格")
    expect(newcomer.pane("village").locator(".choose")).to_contain_text("乐山村")
    page.locator("#lang").click()
    newcomer.fits()
    expect(page.locator("#guide")).to_contain_text("A gridworker reports")
    page.locator("#open-guide").click()
    expect(page.locator("#guide")).to_be_hidden()
    page.reload()
    expect(page.locator("#me")).to_contain_text("乐山村第01网格")
    expect(page.locator("#guide")).to_be_hidden()
    newcomer.fits()


def test_a_residents_phone_is_one_click_away(newcomer: Newcomer) -> None:
    """From the front page to a declaration, and from there to the doctor's phone."""
    page = newcomer.page
    link = page.get_by_role("link", name="居民手机")
    assert (link.get_attribute("href") or "").startswith(f"{newcomer.stage.url}/d/")
    with page.expect_popup() as opened:
        newcomer.step("扫门上的码")
    phone = opened.value
    expect(phone.locator("h1")).to_contain_text("清凉镇旗山村第01网格 0001户")
    phone.locator(".d-who").nth(1).click()
    row = phone.locator(".d-on").nth(1).get_attribute("value")
    phone.locator(f"label[for={row}-away-no]").click()
    phone.locator(f"label[for={row}-well-1]").click()
    phone.locator(f"#{row}-temperature").fill("38.2")
    for purpose in ("declare", "health", "care"):
        phone.locator(f"label[for={row}-c-{purpose}]").click()
    phone.locator("#send").click()
    expect(phone.locator(".d-receipt h2")).to_contain_text("黄色凭据")
    newcomer.step("看村医手机")
    expect(page.locator(".phone .msg").last).to_contain_text("体温38.2℃")


def test_a_resident_scans_the_code_into_a_chat(newcomer: Newcomer) -> None:
    """The same code in 微信客服: a menu at once, its first item opens the page, words are answered."""
    page = newcomer.page
    with page.expect_popup() as opened:
        newcomer.step("用微信客服")
    phone = opened.value
    expect(phone.locator(".bubble").first).to_contain_text("清凉镇旗山村第01网格0001户")
    phone.get_by_role("button", name="要帮忙").click()
    expect(phone.locator(".mine")).to_contain_text("要帮忙")
    expect(phone.locator(".msg").nth(2)).to_be_visible()
    phone.locator("#typed").fill("全家平安")
    phone.locator("#say").click()
    expect(phone.locator(".msg").last).to_contain_text("申报")
    with phone.expect_popup() as form:
        phone.get_by_role("link", name="申报").first.click()
    expect(form.value.locator("h1")).to_contain_text("0001户")
    phone.reload()
    expect(phone.locator(".mine")).to_have_count(2)  # it scanned once


def test_the_console_is_one_click_away(newcomer: Newcomer) -> None:
    link = newcomer.page.get_by_role("link", name="领导看板")
    account = (link.get_attribute("title") or "").split()[1]
    with newcomer.page.expect_popup() as opened:
        link.click()
    console = opened.value
    console.get_by_label("企业微信账号").fill(account)
    console.get_by_label("密码").fill(PASSWORD)
    console.get_by_role("button", name="登录").click()
    expect(console.get_by_role("heading", name="今天的数")).to_be_visible()
