"""What people typed must neither run, break nor leak in a sheet."""

import doctest
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers import cells
from bot.papers.cells import LIMIT, clean, last_four, mask_name, scrub, starts_like_formula


@given(st.text(st.characters(codec=None), max_size=60))
def test_clean_leaves_nothing_a_cell_cannot_hold_and_is_stable(text: str) -> None:
    cleaned = clean(text)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in cleaned)
    assert not set(cleaned) & {"\ufffe", "\uffff"}
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_every_unwanted_character_of_unicode_is_dropped_and_no_readable_one() -> None:
    for code in range(sys.maxunicode + 1):
        char, category = chr(code), unicodedata.category(chr(code))
        if category in ("Cf", "Cs") or char in "\ufffe\uffff" or (category == "Cc" and char not in "\n\r\t"):
            assert clean(char) == "", hex(code)
        elif category[0] in "LMNPSZ":
            assert clean(char) == char, hex(code)


def test_ordinary_text_is_left_alone() -> None:
    text = "三格:武汉返回2人,𬳵家 36.5℃ 👌\n第二行"
    assert clean(text) == text


@pytest.mark.parametrize("char", ["王", "𬳵"])
def test_a_long_text_is_cut_visibly_and_counts_what_is_gone(char: str) -> None:
    cut = clean(char * 40_000)
    assert len(cut.encode("utf-16-le")) // 2 <= LIMIT
    kept = cut.count(char)
    assert cut.endswith(f"…〔超长,以下{40_000 - kept}字未列〕")
    assert kept > 16_000


def test_a_text_that_just_fits_is_whole() -> None:
    assert clean("王" * LIMIT) == "王" * LIMIT


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@小格 收到", " =cmd", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\n=1"]
)
def test_formula_leads_are_known(text: str) -> None:
    assert starts_like_formula(text)


@pytest.mark.parametrize("text", ["", "三格 2=6", "1+1", "无"])
def test_other_text_is_no_formula(text: str) -> None:
    assert not starts_like_formula(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话10400001234", "电话尾号1234"),
        ("+86 104-0000-1234。", "尾号1234。"),
        ("１０４００００１２３４", "尾号１２３４"),
        ("座机0371-55550199", "座机尾号0199"),
        ("证号11010119900101123X 收", "证号〔号码已隐去〕 收"),
        ("110101 19900101 1234", "〔号码已隐去〕"),
        ("老证110101900101123", "老证〔号码已隐去〕"),
        ("卡6222000000000000000", "卡〔号码已隐去〕"),
        ("消毒190000平方米,武汉返回137人,2020-02-08", "消毒190000平方米,武汉返回137人,2020-02-08"),
        ("36.5 36.6 36.7 12 13 14 15 16", "36.5 36.6 36.7 12 13 14 15 16"),
    ],
)
def test_numbers_that_are_somebody_are_hidden(text: str, shown: str) -> None:
    assert scrub(text) == shown
    assert scrub(scrub(text)) == shown


def test_names_a_reader_found_are_masked_longest_first() -> None:
    assert scrub("欧阳样例和欧阳样都在", ["欧阳样", "欧阳样例", ""]) == "欧**和欧**都在"


def test_masks() -> None:
    assert mask_name("测") == "测**"
    assert last_four("１０４ 0000 1234") == "尾号1234"
    assert last_four("") == ""


def test_examples_run() -> None:
    result = doctest.testmod(cells)
    assert result.attempted > 3
    assert result.failed == 0
