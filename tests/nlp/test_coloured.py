"""Pieces join to the text, whatever it is; figures carry their slot; what was not understood is marked."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.practice import FOLDER, load
from nlp.coloured import coloured
from nlp.faq import Faq, answer_to
from nlp.understand import understand

NOW = datetime(2026, 2, 8, 10, tzinfo=UTC)


def test_figures_carry_their_slot() -> None:
    pieces = coloured(understand("三格今天敲了46 空5,白鹭飞过7", NOW))
    found = {piece.key: piece.text for piece in pieces if piece.key}
    assert "46" in found["households_visited"]
    assert "5" in found["households_absent"]
    assert {piece.label for piece in pieces if piece.key == "households_absent"} == {"空户"}
    assert any(piece.unread and "7" in piece.text for piece in pieces)


@pytest.mark.long
def test_every_corpus_line_joins_to_itself() -> None:
    names = [path.stem for path in FOLDER.glob("*.yaml") if path.stem != "aside"]
    for line in (line for name in names for line in load(name)):
        said = line.read()
        assert "".join(piece.text for piece in coloured(said)) == line.say


@given(st.text(max_size=200))
def test_any_text_joins_to_itself(text: str) -> None:
    assert "".join(piece.text for piece in coloured(understand(text, NOW))) == text


SWAB = Faq(("核酸 哪", "核酸点"), "镇文化站。", "镇卫生院(样例)", date(2026, 2, 8))
FORM = Faq(("怎么 申报", "如何 申报"), "扫门口的码。", "县指挥部(样例)", date(2026, 2, 7))
LATE = Faq(("几点 交", "截止 几点", "什么时候 交 日报"), "16:00前。", "县指挥部(样例)", date(2026, 2, 7))


def test_questions_find_their_answer_and_nothing_else_does() -> None:
    known = [SWAB, FORM, LATE]
    assert answer_to("请问 做核酸去哪儿?", known) is SWAB
    assert answer_to("核酸点在哪里", known) is SWAB
    assert answer_to("回来的人怎麼申報", known) is FORM
    assert answer_to("日报几点交", known) is LATE
    assert answer_to("今天核酸应检412人实检406人", known) is None
    assert answer_to("申报的人已经登记了", known) is None
    assert answer_to("", known) is None
