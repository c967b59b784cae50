"""The console in a real browser, on a phone and on a desk: sign in, write, preview, send, take back."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from waitress.server import create_server

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from console_house import LEAD, PASSWORD, House, seeded  # the house stands beside its own tests
from planned_door import door_of

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = (390, 844), (1200, 900)
BODY = "今天下午5点前把返乡的再摸一遍,重点看上次没人在家的,摸完报数"


class Served:
    """A house with a door to the street."""

    def __init__(self, folder: Path) -> None:
        (folder / "seed").mkdir()
        holder: dict[str, House] = {}
        self._server = create_server(
            lambda environ, start: holder["house"].app(environ, start),
            host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True,
        )  # fmt: skip
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        self.house = holder["house"] = House(folder, seeded(folder / "seed"), GEYING_BASE_URL=self.url)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.trigger.pull_trigger(self._server.close)  # in its own loop: from here its select would stumble
        self._thread.join(5)
        self.house.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    made.house.set_password(LEAD)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("no /usr/bin/chromium: apt-get install -y chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


class Visitor:
    """Somebody with a browser window, and everything in it that went wrong."""

    def __init__(self, browser: Browser, served: Served, size: tuple[int, int], *, script: bool = True) -> None:
        self.served, self.size = served, size
        self._context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", java_script_enabled=script
        )
        self._context.set_default_timeout(10_000)
        self.page: Page = self._context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("response", lambda answer: self.wrong.append(answer.url) if answer.status >= 400 else None)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):  # a blocked script or style is an error here
            self.wrong.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith(self.served.url):
            self.wrong.append(f"asked {url}")

    def sign_in(self, userid: str = LEAD) -> None:
        self.page.goto(f"{self.served.url}/console/")
        self.fits()
        self.page.get_by_label("企业微信账号").fill(userid)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", name="今天的数")).to_be_visible()
        self.fits()

    def fits(self) -> None:
        """Nothing sticks out sideways, nothing is too small to read or to press."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.size[0], self.page.url
        small = self.page.evaluate(
            """() => [...document.querySelectorAll('main *, header *, footer *')]
            .filter(e => e.innerText && e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 16)
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []

    def shot(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}-{self.size[0]}.png", full_page=True)

    def close(self) -> None:
        self._context.close()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_from_sign_in_to_taking_it_back(
    browser: Browser, served: Served, size: tuple[int, int], tmp_path: Path
) -> None:
    visitor = Visitor(browser, served, size)
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("link", name="写通知").click()
    visitor.fits()
    page.get_by_text("选下级").click()
    page.get_by_label("旗山村").check()
    page.get_by_label("网格员", exact=True).check()
    page.locator("textarea").fill(BODY)
    page.get_by_role("button", name="看预览").click()
    expect(page.locator(".said")).to_contain_text(f"原文:{BODY}")
    expect(page.locator(".said")).to_contain_text("截止:17:00")
    visitor.fits()
    page.get_by_role("button", name="发", exact=True).click()
    expect(page.get_by_text("秒后发出")).to_be_visible()
    left = int(page.locator("output").inner_text())
    expect(page.locator("output")).not_to_have_text(str(left))  # the seconds run without a look at the server
    visitor.fits()
    page.get_by_role("button", name="撤").click()
    expect(page.locator("h1")).to_contain_text("没有发出")
    visitor.fits()
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_contain_text("not sent")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert visitor.wrong == []
    visitor.close()
    with served.house.parts.store.read() as work:
        assert work.outbox.reach(1) == {}


def test_all_of_it_works_without_script(browser: Browser, served: Served) -> None:
    visitor = Visitor(browser, served, PHONE, script=False)
    page = visitor.page
    visitor.page.goto(f"{served.url}/console/")
    page.get_by_label("企业微信账号").fill(LEAD)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="写通知").click()
    page.locator("textarea").fill(BODY)
    page.get_by_role("button", name="看预览").click()
    page.get_by_role("button", name="发", exact=True).click()
    expect(page.locator("output")).to_be_visible()
    page.get_by_role("button", name="撤").click()
    expect(page.locator("h1")).to_contain_text("没有发出")
    assert visitor.wrong == []
    visitor.close()


def test_the_page_at_the_door_and_the_board_fit_a_phone(browser: Browser, served: Served) -> None:
    """A gridworker scans a card: one tap for 好, and the board says so."""
    home = door_of(served.house, "yt_105204_02")
    served.house.set_password("yt_105204_02")
    visitor = Visitor(browser, served, PHONE, script=False)
    page = visitor.page
    visitor.sign_in("yt_105204_02")
    page.goto(f"{served.url}/d/{home.token}")
    expect(page.locator("h1")).to_have_text("3-101")
    visitor.fits()
    page.get_by_role("button", name="好着呢").click()
    expect(page.get_by_role("status")).to_contain_text("上门✔ 都好")
    page.get_by_text("要东西", exact=True).click()
    page.get_by_label("要什么").fill("盐2包")
    page.get_by_role("button", name="记下").last.click()
    expect(page.get_by_role("status")).to_contain_text("记下要的:盐2包")
    for path in ("board", "catch-up", "shopping"):
        page.goto(f"{served.url}/console/{path}")
        visitor.fits()
    page.goto(f"{served.url}/console/board")
    expect(page.get_by_text("要买1户:3-101")).to_be_visible()
    assert visitor.wrong == []
    visitor.close()


def test_a_form_on_another_page_gets_nowhere(browser: Browser, served: Served) -> None:
    """The browser's own doing: a page that is not ours posts to us, and the cookie stays at home."""
    visitor = Visitor(browser, served, PHONE)
    page = visitor.page
    visitor.sign_in()
    page.goto("about:blank")
    with page.expect_navigation():
        page.evaluate(
            """(to) => { const form = document.createElement('form'); form.method = 'post'; form.action = to;
            document.body.append(form); form.submit(); }""",
            f"{served.url}/console/sign-out",
        )
    expect(page.get_by_role("button", name="登录")).to_be_visible()  # we were asked as a stranger asks
    page.goto("about:blank")
    page.goto(f"{served.url}/console/")
    expect(page.get_by_role("heading", name="今天的数")).to_be_visible()  # and the session goes on
    visitor.close()
