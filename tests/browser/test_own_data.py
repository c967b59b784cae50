"""One's own data in the browser: seen, taken along, set right, withdrawn, erased; each with a tap or two."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from street import Phone, Street

from store.models import declaration, sheet_answer

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.browser]

Phones = Callable[..., Phone]


def mine(street: Street, phones: Phones, **more: object) -> Phone:
    """A phone that declared, with its own page open."""
    phone = phones(**more)
    phone.declare(street.lane.home, temperature="36.6")
    phone.page.get_by_role("link", name="谁看过我的信息").first.tap()
    expect(phone.page.locator("#looked")).to_contain_text("登记了申报")
    return phone


def test_a_copy_is_one_tap(street: Street, phones: Phones) -> None:
    phone = mine(street, phones)
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="下载一份").tap()
    assert download.value.suggested_filename == "my-data.json"
    copied = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert copied["declarations"][0]["facts"]["体温"] == "36.6℃"


def test_what_was_wrong_is_filled_in_anew_and_the_old_one_stays_marked(street: Street, phones: Phones) -> None:
    phone = mine(street, phones)
    street.lane.clock.forward(minutes=20)
    phone.page.get_by_role("link", name="我要更正").tap()
    expect(phone.page.locator(".d-last")).to_be_visible()
    assert "#m=" not in phone.page.url, "the token does not stay in the address"
    row = phone.row(0)
    phone.tap(f"{row}-well-1")
    phone.write(f"{row}-temperature", "37.8")
    phone.send()
    expect(phone.receipt).to_contain_text("黄色凭据")
    phone.page.get_by_role("link", name="谁看过我的信息").first.tap()
    expect(phone.page.locator("main")).to_contain_text("37.8℃")
    assert street.lane.rows(declaration) == 2


def test_withdrawing_is_one_tap(street: Street, phones: Phones) -> None:
    phone = mine(street, phones)
    phone.page.get_by_role("button", name="撤回，并删除症状和体温").tap()
    expect(phone.page.locator(".d-state")).to_contain_text("已撤回")
    phone.page.get_by_role("link", name="回到我的信息").tap()
    expect(phone.page.locator("main")).not_to_contain_text("36.6℃")
    phone.scan(street.lane.home)
    phone.page.evaluate("sessionStorage.clear()")
    phone.page.reload()
    row = phone.row(0)
    expect(phone.page.locator(f'[data-row="{row}"] .d-consent')).to_have_count(1)  # asked anew, and that one alone
    expect(phone.page.locator(f"#{row}-c-health")).not_to_be_checked()


def test_erasing_leaves_nothing_to_open(street: Street, phones: Phones) -> None:
    phone = mine(street, phones, fine=(404,))
    at = phone.page.url
    phone.page.get_by_text("删除我的信息").tap()
    phone.page.get_by_role("button", name="确定删除").tap()
    expect(phone.page.locator(".d-state")).to_contain_text("全部删除了")
    assert phone.page.get_by_role("link", name="回到我的信息").count() == 0
    answer = phone.page.goto(at.partition("#")[0])
    assert answer is not None
    assert answer.status == 404
    expect(phone.page.locator("h1")).to_have_text("这个码打不开")
    assert street.lane.rows(sheet_answer) == 0
    phone.scan(street.lane.home)  # the phone itself forgets what it kept of it
    expect(phone.page.locator("#send")).to_be_visible()
    expect(phone.page.locator(".d-last")).to_have_count(0)
    expect(phone.page.locator("#mine")).to_be_hidden()
    assert phone.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('me:'))") == []


def test_another_phone_has_no_way_in(street: Street, phones: Phones) -> None:
    """What one phone said is on that phone: the next that scans the same door finds an empty form."""
    mine(street, phones)
    other = phones()
    other.scan(street.lane.home)
    assert other.page.locator(".d-on:checked, .d-last").count() == 0
    expect(other.page.locator("#mine")).to_be_hidden()
