"""Residents' phones in a real browser before a real server: a lane of households, and who walks there."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright
from waitress.server import create_server

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from console_house import seeded  # the house and the lane stand beside their own tests
from resident_house import Lane

from demo.picture import FONTCONFIG, FONTS

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 375, "height": 740}  # CSS pixels of a small phone, below WeChat's bar
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}  # ms, bytes/s
WATCH = (
    "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"
)
ALL = ("declare", "health", "care")


class Street:
    """A lane of households with a door to the street: waitress in front, its worker behind."""

    def __init__(self, folder: Path, seed: Path) -> None:
        holder: dict[str, Lane] = {}
        self._server = create_server(
            lambda environ, start: holder["lane"].app(environ, start),
            host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True,
        )  # fmt: skip
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        self.lane = holder["lane"] = Lane(folder, seed, GEYING_BASE_URL=self.url)
        self._open = True
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._server.run, self._work)]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while self._open:
            self.lane.work()
            time.sleep(0.03)

    def close(self) -> None:
        self._open = False
        self._server.trigger.pull_trigger(self._server.close)  # in its own loop: from here its select would stumble
        for thread in self._threads:
            thread.join(5)
        self.lane.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that can show Chinese on any machine."""
    if not Path(CHROMIUM).exists():
        pytest.fail("no /usr/bin/chromium: apt-get install -y chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(FONTCONFIG.format(fonts=FONTS), "utf-8")
        made = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        yield made
        made.close()


class Phone:
    """One phone in somebody's hand, and everything in it that went wrong. *fine* are the statuses a page may have."""

    def __init__(self, browser: Browser, url: str, *, fine: tuple[int, ...] = (), **more: Any) -> None:
        self.url, self._fine = url, fine
        self.context: BrowserContext = browser.new_context(
            **{
                "viewport": SIZE,
                "locale": "zh-CN",
                "has_touch": True,
                "is_mobile": True,
                "reduced_motion": "reduce",
                **more,
            }
        )
        self.context.set_default_timeout(10_000)
        self.wrong: list[str] = []
        self.taps = 0
        self.page: Page = self.open()

    def open(self) -> Page:
        """Return a new window of this phone."""
        self.page = page = self.context.new_page()
        page.add_init_script(WATCH)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda box: self.wrong.append(f"dialog {box.message}"))
        page.on("request", lambda asked: self._asked(asked.url))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        usual = "Failed to load resource" in message.text and (
            any(f"status of {code}" in message.text for code in self._fine) or "ERR_INTERNET" in message.text
        )
        if message.type in ("error", "warning") and not usual:
            self.wrong.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "about:")):
            self.wrong.append(f"asked {url}")

    def scan(self, token: str, more: str = "") -> None:
        """Open the page behind a code."""
        self.page.goto(f"{self.url}/d/{token}{more}")

    def slowly(self) -> None:
        """From here on the line is a bad one: 1.6 Mbit/s, 150 ms."""
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)

    def row(self, number: int) -> str:
        """Return the key of a listed person's row."""
        return self.page.locator(".d-on").nth(number).get_attribute("value") or ""

    def tap(self, *labels: str) -> None:
        """Tap the labels of these fields: `m1-well-1`."""
        for one in labels:
            self.taps += 1
            self.page.locator(f'label[for="{one}"]').tap()

    def write(self, field: str, text: str) -> None:
        """Type into a field."""
        self.taps += 1
        self.page.locator(f"#{field}").fill(text)

    def agree(self, row: str, *purposes: str) -> None:
        """Tick consents, each by itself."""
        self.tap(*(f"{row}-c-{purpose}" for purpose in purposes or ALL))

    def send(self) -> None:
        """Press the button."""
        self.taps += 1
        self.page.locator("#send").tap()

    @property
    def receipt(self) -> Locator:
        return self.page.locator(".d-receipt")

    def declare(self, token: str, number: int = 0, temperature: str = "36.5") -> str:
        """Scan, say that somebody of the list is well, and wait for the receipt; returns the row."""
        self.scan(token)
        row = self.row(number)
        self.tap(f"{row}-on", f"{row}-away-no", f"{row}-well-1")
        self.write(f"{row}-temperature", temperature)
        self.agree(row)
        self.send()
        self.receipt.first.wait_for()
        return row

    def until(self, script: str, timeout_s: float = 10.0) -> Any:
        """Return what *script* says once it says anything; a page's own policy forbids the browser's way of waiting."""
        end = time.monotonic() + timeout_s
        while not (said := self.page.evaluate(script)):
            assert time.monotonic() < end, script
            time.sleep(0.02)
        return said

    def fits(self) -> None:
        """Nothing sticks out sideways, nothing is small, all that is pressed is as large as a thumb."""
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), page.url
        small = page.evaluate(
            """() => [...document.querySelectorAll('body *')]
            .filter(e => e.innerText && e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 16)
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []
        thin = page.evaluate(
            """() => [...document.querySelectorAll(
                'button, summary, .d-tool, .d-chip + label, .d-who, .weui-btn, .d-text')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 40).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert thin == []

    def close(self) -> None:
        self.context.close()
        assert self.wrong == [], self.wrong


def seed_in(folder: Path) -> Path:
    """Return a database with the sample town, to be copied for every street."""
    (folder / "seed").mkdir()
    return seeded(folder / "seed")
