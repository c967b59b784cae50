"""The reader over its corpus: every line of the practice files exactly, the lines kept aside by their score."""

import pytest

from bench.practice import FOLDER, Line, load, score, told
from nlp.understand import records

ASIDE = "aside"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != ASIDE)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_reads_as_labelled(name: str) -> None:
    """One test a file; a line marked `cannot_yet` must fail, so that the mark goes when it is read."""
    wrong = []
    for line in load(name):
        failures = score([line]).failures
        if line.cannot_yet and not failures:
            wrong.append(f"{line.say}\n  is read by now: take its mark out")
        elif failures and not line.cannot_yet:
            wrong.append(told(*failures[0]))
    assert not wrong, "\n".join(wrong)


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
