"""The vendored font is the one we vouch for, free to ship, and draws the names of our villages."""

import hashlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bot import papers

FONTS = Path(papers.__file__).parent / "fonts"


def test_the_files_are_those_of_the_manifest() -> None:
    rows = [line.split() for line in (FONTS / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in rows} == {"NotoSansCJKsc-Regular.otf", "OFL.txt"}
    for digest, name in rows:
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def drawn() -> dict[int, str]:
    with TTFont(FONTS / "NotoSansCJKsc-Regular.otf", lazy=True) as font:
        cmap: dict[int, str] = font.getBestCmap()
        return cmap


@pytest.mark.parametrize("char", "漈墘洑坵𬳵㳇格应缑覆盖未报更正→−〓，。;:()【】①②0129%℃")
def test_it_draws(drawn: dict[int, str], char: str) -> None:
    assert ord(char) in drawn


def test_it_draws_every_common_character(drawn: dict[int, str]) -> None:
    gb2312 = {
        bytes([row, column]).decode("gb2312")
        for row in range(0xB0, 0xF8)
        for column in range(0xA1, 0xFF)
        if not (row == 0xD7 and column > 0xF9)
    }
    assert len(gb2312) == 6763
    assert not [c for c in gb2312 if ord(c) not in drawn]
