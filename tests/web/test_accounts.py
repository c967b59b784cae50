"""Passwords that may be, and the command by which an operator sets one."""

import doctest
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from console_house import LEAD, PASSWORD, TOWNSHIP, House

from bot.account_commands import account_command
from bot.web import console_order, passwords
from bot.web.passwords import LONGEST, common, fault
from store.accounts import Account, matches

CONTEXT = ("yt_t105_lead", "永泰县", "永泰", "350125", "小格")


@pytest.mark.parametrize("module", [passwords, console_order])
def test_examples_in_the_docstrings(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted
    assert not found.failed


def test_the_list_of_common_passwords_is_long_enough_and_worth_its_place() -> None:
    assert len(common()) >= 100
    assert all(len(word) >= passwords.SHORTEST and word == word.casefold() for word in common())


@pytest.mark.parametrize("word", sorted(common())[::7])
def test_a_common_password_is_refused_in_any_case(word: str) -> None:
    assert fault(word, ())
    assert fault(word.upper(), ())


@pytest.mark.parametrize(
    "password",
    ["", "7 signs", "x" * 8, "abababab1", "hijklmno", "98765432", "yt_t105_lead", "YT_T105_LEAD1!", "永泰县350125永泰",
     "geying小格格应", "q" * (LONGEST + 1)],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert fault(password, CONTEXT)


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery", "一二三四五 上山打老虎", "x7#Kq!2v", "永泰的雨下了三天三夜"]
)
def test_length_is_enough_no_rule_about_kinds_of_signs(password: str) -> None:
    assert fault(password, CONTEXT) is None


def test_nobodys_account_takes_as_much_work_and_never_matches(house: House) -> None:
    house.set_password(LEAD)
    with house.parts.store.read() as work:
        known = work.accounts.find(LEAD)
        assert work.accounts.find("no_such_account") is None
    assert isinstance(known, Account)
    assert PASSWORD not in repr(known)
    assert known.password_hash.startswith("$argon2id$")
    assert known.password_hash not in repr(known)
    assert matches(known, PASSWORD)
    assert not matches(known, PASSWORD + " ")
    assert not matches(None, PASSWORD)
    assert not matches(Account(1, "no hash"), PASSWORD)


def run(house: House, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(account_command, arguments, obj=SimpleNamespace(parts=house.parts), input=typed)


def test_the_command_sets_a_password_from_two_prompts(house: House) -> None:
    done = run(house, LEAD.upper(), typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert house.sign_in(house.client(), LEAD, PASSWORD).status_code == 303
    assert (house.person(LEAD).id, "set password", "console", "by operator") in house.audited()


def test_the_command_reads_a_file_and_ends_open_sessions(house: House, tmp_path: Path) -> None:
    seat = house.seat(LEAD)
    (tmp_path / "word").write_text(f"{PASSWORD}\nnot this line\n", "utf-8")
    assert run(house, LEAD, "--password-file", str(tmp_path / "word")).exit_code == 0
    assert seat.get("/console/").location == "/console/sign-in"
    assert house.sign_in(house.client(), LEAD, PASSWORD).status_code == 303


def test_the_command_says_what_is_wrong(house: House, tmp_path: Path) -> None:
    house.post("postless", TOWNSHIP, "no_such_role")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").write_text("")
    cases = [
        (("nobody",), f"{PASSWORD}\n{PASSWORD}\n", "花名册里没有账号"),
        (("postless",), f"{PASSWORD}\n{PASSWORD}\n", "没有能登录的岗位"),
        ((LEAD,), "12345678\n12345678\n", "太常见"),
        ((LEAD, "--password-file", str(tmp_path / "binary")), "", "UTF-8"),
        ((LEAD, "--password-file", str(tmp_path / "empty")), "", "至少8个字符"),
    ]
    for arguments, typed, words in cases:
        done = run(house, *arguments, typed=typed)
        assert done.exit_code == 1, arguments
        assert words in done.output
    assert house.audited() == []
