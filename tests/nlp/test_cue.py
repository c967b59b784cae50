"""Patterns looked for only where they can match find exactly what they would find everywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.practice import FOLDER, load
from nlp import clock, cues, days, numerals, places, temperatures
from nlp.cue import Cue
from nlp.grammar import read_figures
from nlp.needs import led, needs_of
from nlp.normalize import normalize
from nlp.wordbook import may_tell

NAMES = sorted(name for name, value in vars(cues).items() if isinstance(value, Cue))


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("已送达", {"已送达"}),
        ("(?:请|麻烦)送", {"送"}),
        ("没(?:人|了)?", {"没"}),
        ("[户人]数", {"数"}),
        ("(?:排查|走访)+", {"排查", "走访"}),
        ("(?!不)来了", {"来了"}),
        (r"\d+", None),
        ("甲|.", None),
        ("甲?乙*", None),
        ("[一-鿿]+", None),
        ("[^户]", None),
    ],
)
def test_a_pattern_says_what_it_needs(pattern: str, needs: set[str] | None) -> None:
    assert needs_of(pattern) == needs


def test_letters_of_either_case_need_nothing() -> None:
    assert needs_of("@bot", re.IGNORECASE) is None
    assert Cue("@bot", re.IGNORECASE).search("@BOT 收到") is not None


@pytest.mark.parametrize(
    ("pattern", "opens"),
    [
        ("(?:今|昨)天|3网格", "[3今昨]"),
        (r"(?<!第)\d+户?", r"[\d]"),
        ("(?:已|都)?送", "[已送都]"),
        (r"^\s*[-x]", r"[\-\sx]"),
        ("甲?", None),
        ("[^户]数", None),
        ("[一-鿿]村", None),
    ],
)
def test_a_pattern_says_how_it_begins(pattern: str, opens: str | None) -> None:
    assert led(pattern) == (pattern if opens is None else f"(?={opens})(?:{pattern})")


@given(st.lists(st.sampled_from("今昨天三十六度五2月7日:./-点半格栋单元热烧无不 \n"), max_size=30).map("".join))
def test_led_patterns_find_the_same(text: str) -> None:
    for pattern in (days._DAY, clock._TIME, places._GRID, places._ADDRESS, temperatures._EXACT, numerals._NUMBER):
        assert [one.span() for one in pattern.finditer(text)] == [
            one.span() for one in re.finditer(pattern.pattern, text, pattern.flags)
        ]


def _same(cue: Cue, text: str) -> None:
    pattern = re.compile(cue.pattern, cue.flags)  # kept by re itself: compiled once
    found, plain = cue.search(text), pattern.search(text)
    assert (found and found.span()) == (plain and plain.span())
    assert [one.span() for one in cue.finditer(text)] == [one.span() for one in pattern.finditer(text)]
    assert cue.findall(text) == pattern.findall(text)
    assert cue.sub("", text) == pattern.sub("", text)


def test_over_the_corpus_nothing_is_missed() -> None:
    hits = 0
    for path in sorted(FOLDER.glob("*.yaml")):
        for line in load(path.stem):
            for name in NAMES:
                cue = getattr(cues, name)
                _same(cue, line.say)
                hits += cue.search(line.say) is not None
    assert hits > 1000


@given(st.lists(st.sampled_from("如果发烧请上报几点吗?转发通知1号听说没有3户\n:"), max_size=24).map("".join))
def test_over_any_text_nothing_is_missed(text: str) -> None:
    for name in NAMES:
        _same(getattr(cues, name), text)


def test_a_pattern_made_later_is_found_too() -> None:
    text = "从前有座山,山里有座庙"
    assert cues.HEALTH.search(text) is None
    assert Cue("山里有座庙").search(text) is not None


def test_what_may_tell_nothing_is_read_as_no_figure() -> None:
    """`may_tell` only saves looking: where it says no, the reader of figures finds none."""
    silent = 0
    for path in sorted(FOLDER.glob("*.yaml")):
        for line in load(path.stem):
            text = normalize(line.say).text
            if not may_tell(text):
                reading = read_figures(text)
                assert not reading.figures, line.say
                assert not reading.states, line.say
                silent += 1
    assert silent > 300
