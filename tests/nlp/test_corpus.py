"""The reader over its corpus: every line of the practice files exactly, the lines kept aside by their score."""

import pytest
from corpus_lines import FOLDER, Line, load, score, told

from nlp.understand import records

ASIDE = "aside"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != ASIDE)


def _lines() -> list[object]:
    out = []
    for name in NAMES:
        for number, line in enumerate(load(name)):
            marks = [pytest.mark.xfail(strict=True)] if line.cannot_yet else []
            out.append(pytest.param(line, id=f"{name}-{number}", marks=marks))
    return out


@pytest.mark.parametrize("line", _lines())
def test_line(line: Line) -> None:
    one = score([line])
    assert not one.failures, told(*one.failures[0])


def test_lines_kept_aside() -> None:
    """The bars of the unseen: pair-F1 .88, exact .75, no more than one chatter in fifty taken for a report."""
    aside = score(load(ASIDE))
    assert aside.lines == 100
    assert aside.pair_f1 >= 0.88, aside
    assert aside.exact / aside.lines >= 0.75, aside
    assert aside.false_chatter <= 0.02 * aside.chatter, aside


def test_spans_lead_back_to_the_text() -> None:
    """A figure's span in the raw text holds the figure as typed (full width, spoken, or as it is)."""
    digits = str.maketrans("０１２３４５６７８９OOl", "0123456789001")
    checked = 0
    for name in ("daily", "layouts", "checkpoints"):
        for line in load(name):
            for draft in line.read().drafts:
                for slot in draft.slots:
                    shown = line.say[slot.start : slot.end].translate(digits)
                    if isinstance(slot.value, int) and not isinstance(slot.value, bool) and shown[:1].isdigit():
                        assert shown.startswith(str(slot.value)), (line.say, slot)
                        checked += 1
    assert checked > 300


def test_records_carry_type_and_approximation() -> None:
    line = Line("5网格排查约120户", load(ASIDE)[0].at, "group", "gridworker", "daily_report", [], "made")
    assert records(line.read()) == [
        {"type": "daily", "grid": "5", "households_checked": 120, "approx": ["households_checked"]}
    ]
