"""Pictures for the README, taken of the demo as it runs: the panes after the journey, and the daily's own picture."""

import os
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from demo.cast import Cast
from demo.doors import Doors
from demo.far import Far
from demo.picture_resident import take_phone

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FONTS = Path(__file__).parents[1] / "bot/papers/fonts"
SIZE, SCALE = {"width": 1360, "height": 850}, 1.5
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir>
<alias binding="strong"><family>system-ui</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="strong"><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""

# the reports above in the village group, the first card on the phone, the newest everywhere else
SCROLLED = """document.querySelectorAll('.pane').forEach((pane) => {
  const early = ['village', 'phone'].includes(pane.dataset.level), list = pane.querySelector('.list');
  list.scrollTop = early ? 0 : list.scrollHeight;
  if (pane.dataset.level === 'phone') pane.querySelector('.msg .card').scrollIntoView();
})"""


def take(far: Far, url: str, cast: Cast, doors: Doors, path: Path) -> list[Path]:
    """Write the panes to *path*, the daily's picture and those of a resident's phone beside it; returns all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    daily = path.with_name("daily.png")
    daily.write_bytes(far.bytes_of(far.file(cast.town_group, "image")))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"  # a machine without Chinese fonts has ours
        fonts.write_text(FONTCONFIG.format(fonts=FONTS), "utf-8")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE, locale="zh-CN")  # type: ignore[arg-type]
        _settle(page, f"{far.url}/ui/")
        small(page.screenshot(), path)
        phone = take_phone(browser, url, doors, path.parent)
        for at, picture in phone.items():
            small(picture, at)
        browser.close()
    return [path, daily, *phone]


def _settle(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".picture img")
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    page.evaluate(SCROLLED)


def small(picture: bytes, path: Path) -> None:
    """Write a screenshot with as few colours as it needs: a quarter of its size."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)
