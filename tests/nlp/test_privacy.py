"""What must not be echoed is found, spaced or hyphened, and masked; what only looks like it is left."""

import pytest

from nlp.privacy import find_private, is_id_number, mask


def valid_id(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(a) * b for a, b in zip(first17, weights, strict=True)) % 11]


SAMPLE = valid_id("99010119900307771")  # region 990101 does not exist


def kinds(text: str) -> list[str]:
    return [kind for kind, _, _ in find_private(text)]


def test_checksum() -> None:
    assert is_id_number(SAMPLE)
    wrong = SAMPLE[:-1] + ("0" if SAMPLE[-1] != "0" else "1")
    assert not is_id_number(wrong)


@pytest.mark.parametrize(
    "text",
    [
        f"身份证{SAMPLE}",
        f"{SAMPLE[:6]} {SAMPLE[6:10]} {SAMPLE[10:14]} {SAMPLE[14:]}",
        "-".join((SAMPLE[:6], SAMPLE[6:14], SAMPLE[14:])),
        SAMPLE.lower(),
        "老证990101900307771号",
        SAMPLE[:-1] + ("0" if SAMPLE[-1] != "0" else "1"),
    ],
)
def test_id_numbers(text: str) -> None:
    assert kinds(text) == ["id_number"]
    assert "9900" not in mask(text)
    assert "[身份证号]" in mask(text)


def test_one_phone_is_a_contact_and_three_are_a_list() -> None:
    assert kinds("联系10412345678") == []
    text = "测一10412345678 测二 104-1234-5679 测三 104 1234 5670"
    assert kinds(text) == ["phone_list"] * 3
    assert mask(text) == "测一[电话] 测二 [电话] 测三 [电话]"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("返乡名单.xlsx", "roster_file"),
        ("三网格花名册(新).xls", "roster_file"),
        ("鄂A8K321的车", "plate"),
        ("豫b·12345", "plate"),
    ],
)
def test_files_and_plates(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text", ["3网格排查126户412人", "2020-02-08 18:00", "降雨量186.5毫米", "D-17", "通知.docx", ""]
)
def test_plain_text_stays(text: str) -> None:
    assert find_private(text) == ()
    assert mask(text) == text
