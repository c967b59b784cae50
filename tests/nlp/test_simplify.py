"""Texts that OpenCC would change are put through it, and no others: its dictionary stays closed for the rest."""

import subprocess
import sys

import pytest
from opencc import OpenCC

from bench.practice import FOLDER, load
from nlp.normalize import _TRADITIONAL, simplify

CONVERTER = OpenCC("t2s")


def test_every_character_that_changes_is_listed() -> None:
    everything = "\n".join(chr(code) for code in range(0x80, 0x32000) if not 0xD800 <= code < 0xE000)
    shown = CONVERTER.convert(everything).split("\n")
    changed = {one for one, other in zip(everything.split("\n"), shown, strict=True) if one != other}
    assert len(changed) > 5000
    assert changed <= _TRADITIONAL


@pytest.mark.parametrize("text", ["深沈", "藉口", "反覆", "瞭解", "甦醒", "毛坏", "英哩", "衹得"])
def test_characters_that_change_only_in_a_phrase_are_listed_too(text: str) -> None:
    assert simplify(text) == CONVERTER.convert(text) != text


def test_over_the_corpus_nothing_is_passed_by() -> None:
    lines = [line.say for path in sorted(FOLDER.glob("*.yaml")) for line in load(path.stem)]
    passed = [text for text in lines if _TRADITIONAL.isdisjoint(text)]
    assert len(lines) * 0.9 < len(passed) < len(lines)
    for text in passed:
        assert CONVERTER.convert(text) == text


def test_the_dictionary_stays_closed_for_simplified_text() -> None:
    code = (
        "import sys; from nlp.normalize import simplify; simplify('三格今天排查126户'); "
        "before = 'opencc' in sys.modules; print(before, simplify('三格今天排查126戶'), 'opencc' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["False", "三格今天排查126户", "True"]
