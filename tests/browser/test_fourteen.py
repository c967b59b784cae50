"""One isolated household in the demo, followed by hand on the page and on its phone: told first, asked, let be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from test_demo_page import MORNING, PHONE, Newcomer, browser

from demo.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]
__all__ = ["browser"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path / "stage", "town", 0, 0)
    made.prepare(MORNING)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_a_household_is_followed_by_hand(browser: Browser, stage: Stage) -> None:
    newcomer = Newcomer(browser, stage, PHONE)
    page = newcomer.page
    with page.expect_popup() as opened:
        newcomer.step("住户手机")
    phone = opened.value
    phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(phone.locator(".bubble").first).to_contain_text("0003户")
    phone.locator("#typed").fill("你好")
    phone.locator("#say").click()
    expect(phone.locator(".mine")).to_contain_text("你好")
    newcomer.step("录入决定")
    newcomer.send("phone")
    expect(page.locator(".phone .msg").last).to_contain_text("隔离1号")
    expect(phone.locator(".msg").last).to_contain_text("【告知】")
    newcomer.step("到下一个9:25")
    expect(phone.locator(".msg").last).to_contain_text("今天体温?")
    newcomer.step("不答:拨快65分钟")
    newcomer.step("网格员手机")
    expect(page.locator(".phone .list")).to_contain_text("【打电话1户】")
    phone.locator("#typed").fill("36.4")
    phone.locator("#say").click()
    expect(phone.locator(".msg").last).to_contain_text("记:36.4℃")
    page.locator("#guide button.done", has_text="到下一个9:25").click()
    expect(phone.locator(".msg").last).to_contain_text("今天体温?")
    assert phone.locator(".time").all_inner_texts() == ["2/8周日", "2/9周一"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    newcomer.close()
