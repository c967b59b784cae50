"""The roll-up algebra: order never matters, deltas equal a recount, silence is never a number."""

import doctest
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain import metric as metric_module
from handlers.domain import report as report_module
from handlers.domain.metric import Kind, Metric, bundled, metric
from handlers.domain.report import Report, ReportStatus
from handlers.domain.rollup import (
    Cell,
    Coverage,
    Mismatch,
    Shift,
    Tally,
    add,
    cross_foot,
    delta,
    fold,
    own_word,
    set_aside,
    shifts,
    tally,
)
from nlp.metrics import METRICS

DAY = date(2020, 2, 8)
NOON = datetime(2020, 2, 8, 4, 0, tzinfo=UTC)
SAMPLED = ("returnees_wuhan", "released_people", "disinfected_area_m2", "isolated_people_new", "rainfall_mm")


def said(number: int, node: int = 1, *, minutes: int | None = None, **changes: object) -> Report:
    """Return a report R-*number* of *node*, received *minutes* after noon (its number when not said)."""
    whole: dict[str, object] = {
        "id": f"R-{number}",
        "node_id": node,
        "day": DAY,
        "template": "daily",
        "values": {},
        "flags": frozenset(),
        "status": ReportStatus.READ,
        "reporter_id": 1,
        "reporter_role": "gridworker",
        "message_id": str(number),
        "received_at": NOON + timedelta(minutes=number if minutes is None else minutes),
    }
    return Report(**{**whole, **changes})  # type: ignore[arg-type]


figures = st.one_of(
    st.none(), st.integers(0, 10**9), st.integers(0, 10**6).map(lambda n: n / 1000), st.integers(0, 3000).map(float)
)
values = st.dictionaries(st.sampled_from(SAMPLED), figures)


@st.composite
def histories(draw: st.DrawFn) -> list[Report]:
    """Return one day's reports of a few nodes: repeats, corrections, withdrawals, parts of the day, same minutes."""
    reports: list[Report] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        earlier = st.sampled_from([r.id for r in reports]) if reports else st.none()
        reports.append(
            said(
                number,
                draw(st.integers(1, 4)),
                minutes=draw(st.integers(0, 6)),
                values=draw(values),
                status=draw(st.sampled_from(ReportStatus)),
                supersedes=draw(st.one_of(st.none(), earlier)),
                period=draw(st.sampled_from((None, None, "am", "night"))),
            )
        )
    return reports


def counted(reports: list[Report]) -> dict[str, tuple[Decimal, int]]:
    """Return what counters that were never wrong hold, by metric: the sum and how many nodes gave a figure."""
    cells = tally(fold(reports).values()).values
    return {k: (Decimal(c.value), len(c.nodes)) for k, c in cells.items() if metric(k).kind is not Kind.PEAK}


@given(histories(), st.randoms())
def test_the_order_of_arrival_at_our_door_does_not_matter(history: list[Report], chance: object) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(history)
    assert tally(fold(shuffled).values()) == tally(fold(history).values())
    assert set_aside(shuffled) == set_aside(history)


@given(histories())
def test_what_counts_is_live_unreplaced_newest_and_alone(history: list[Report]) -> None:
    folded = fold(history)
    named = {r.supersedes for r in history}
    for key, report in folded.items():
        assert report.key == key
        assert report.live
        assert report.id not in named
        assert all(other.order <= report.order for other in history if other.key == key)
    for report in set_aside(history):
        assert report.period
        assert any(k[:4] == report.key[:4] and k.period == "" for k in folded)


@given(histories())
def test_the_sum_of_deltas_is_a_recount(history: list[Report]) -> None:
    counters: dict[str, tuple[Decimal, int]] = {}
    for so_far in range(len(history)):
        before, after = fold(history[:so_far]), fold(history[: so_far + 1])
        # A report that names one under another node moves that node's counters too.
        for node in {k.node_id for k in (*before, *after)}:
            old = [r for k, r in before.items() if k.node_id == node]
            new = [r for k, r in after.items() if k.node_id == node]
            for key, shift in shifts(old, new).items():
                value, nodes = counters.get(key, (Decimal(), 0))
                counters[key] = (value + shift.value, nodes + shift.said)
    assert {k: v for k, v in counters.items() if v[1]} == counted(history)
    assert all(v == (0, 0) for k, v in counters.items() if not v[1])


@given(values, values)
def test_delta_of_one_report_for_another(old: dict[str, float | None], new: dict[str, float | None]) -> None:
    was, now = said(1, values=old), said(2, values=new)
    for key, change in delta(was, now).items():
        before, after = (Fraction(str(v.get(key) or 0)) for v in (old, new))
        assert Fraction(change) == after - before
    assert delta(was, was) == {}
    assert delta(None, None) == {}


@given(st.lists(values, max_size=6), st.randoms())
def test_tallies_add_in_any_grouping(rows: list[dict[str, float | None]], chance: object) -> None:
    parts = [tally([said(n, n, values=v)], expected={n, n + 1}) for n, v in enumerate(rows, 1)]
    cut = chance.randint(0, len(parts))  # type: ignore[attr-defined]
    whole = add(parts)
    assert add([add(parts[:cut]), add(parts[cut:])]) == whole
    assert add(parts[::-1]) == whole
    assert add([whole, Tally()]) == whole
    assert tally([said(n, n, values=v) for n, v in enumerate(rows, 1)], whole.coverage.expected) == whole


@given(histories())
def test_an_unknown_figure_is_no_figure(history: list[Report]) -> None:
    folded = fold(history).values()
    cells = tally(folded).values
    for key in SAMPLED:
        gave = {r.node_id for r in folded if r.values.get(key) is not None}
        assert (key in cells) == bool(gave)
        assert not gave or cells[key].nodes == gave
        assert not gave or {r.node_id for r in folded if r.id in cells[key].sources} == gave


@given(histories(), st.frozensets(st.integers(1, 6)), st.integers(1, 6))
def test_coverage_only_grows_with_a_new_voice(history: list[Report], expected: frozenset[int], node: int) -> None:
    before = tally(fold(history).values(), expected).coverage
    voice = said(99, node, minutes=99)
    after = tally(fold([*history, voice]).values(), expected).coverage
    # The new report speaks for a whole day nobody had spoken for since: it silences no other node.
    assert before.reported <= after.reported == before.reported | {node}
    assert after.missing <= before.missing
    assert after.counted + len(after.missing) == len(expected)


def test_zero_is_said_and_silence_is_not() -> None:
    both = tally([said(1, 1, values={"fever_people": 0}), said(2, 2, values={"cough_people": None})], {1, 2, 3})
    assert both.values == {"fever_people": Cell(0, ("R-1",), frozenset({1}))}
    assert both.coverage.missing == {3}
    assert delta(None, said(1, values={"fever_people": 0})) == {"fever_people": 0}
    assert shifts([], [said(1, values={"fever_people": 0})]) == {"fever_people": Shift(0, 1)}


def test_a_correction_takes_the_place_of_the_old_figure() -> None:
    first = said(1, values={"isolated_people": 5, "released_people": 2}, status=ReportStatus.SUPERSEDED)
    second = said(2, values={"isolated_people": 6, "released_people": 2}, supersedes="R-1")
    assert list(fold([second, first]).values()) == [second]
    assert delta(first, second) == {"isolated_people": 1}


def test_after_a_withdrawal_there_is_silence_until_somebody_speaks_again() -> None:
    first = said(1, values={"isolated_people": 5})
    withdrawn = said(2, values={"isolated_people": 6}, status=ReportStatus.WITHDRAWN)
    assert fold([first, withdrawn]) == {}
    assert delta(first, None) == {"isolated_people": -5}
    restored = said(3, values={"isolated_people": 5})
    assert list(fold([first, withdrawn, restored]).values()) == [restored]


def test_a_report_for_the_wrong_grid_leaves_it_even_when_its_correction_is_withdrawn() -> None:
    wrong = said(1, 1, values={"isolated_people": 5})
    right = said(2, 2, values={"isolated_people": 5}, supersedes="R-1")
    assert list(fold([wrong, right]).values()) == [right]
    taken_back = said(2, 2, values={"isolated_people": 5}, supersedes="R-1", status=ReportStatus.WITHDRAWN)
    assert fold([wrong, taken_back]) == {}


def test_numbers_break_a_tie_of_moments() -> None:
    ninth, tenth = (said(n, minutes=0, values={"isolated_people": n}) for n in (9, 10))
    assert list(fold([tenth, ninth]).values()) == [tenth]


def test_the_parts_of_a_day_add_what_was_done_and_keep_what_stands() -> None:
    morning = said(1, period="am", values={"people_checked": 40, "isolated_people": 5, "rainfall_mm": 12.5})
    evening = said(2, period="pm", values={"people_checked": 30, "isolated_people": 6, "rainfall_mm": 3})
    cells = tally(fold([evening, morning]).values()).values
    assert cells["people_checked"] == Cell(70, ("R-1", "R-2"), frozenset({1}))
    assert cells["isolated_people"] == Cell(6, ("R-2",), frozenset({1}))
    assert cells["rainfall_mm"].value == Decimal("12.5")


def test_a_whole_day_report_speaks_for_its_parts_and_the_rest_is_kept_to_be_asked_about() -> None:
    morning, whole = said(1, period="am", values={"people_checked": 40}), said(2, values={"people_checked": 70})
    later = said(3, period="night", values={"people_checked": 5})
    assert list(fold([morning, whole, later]).values()) == [whole]
    assert set_aside([later, whole, morning]) == (morning, later)


def test_two_checkpoints_and_two_shifts_are_four_reports() -> None:
    rows = [
        said(n, template="checkpoint", part=part, period=period, values={"vehicles_checked": n, "checkpoints": 1})
        for n, (part, period) in enumerate([("东", "am"), ("东", "night"), ("西", "am"), ("西", "night")], 1)
    ]
    cells = tally(fold(rows).values()).values
    assert cells["vehicles_checked"].value == 10
    assert cells["checkpoints"].value == 2


def test_a_drill_is_never_in_a_total() -> None:
    real, drill = said(1, values={"fever_people": 0}), said(2, values={"fever_people": 9}, drill=True)
    assert list(fold([real, drill]).values()) == [real]
    assert list(fold([real, drill], drill=True).values()) == [drill]


def test_peaks_take_the_highest_and_are_no_counter() -> None:
    rows = [said(1, 1, values={"water_level_m": 22.4}), said(2, 2, values={"water_level_m": 3})]
    assert tally(rows).values["water_level_m"].value == Decimal("22.4")
    assert delta(None, rows[0]) == {}


def test_a_county_may_say_how_its_own_metric_adds() -> None:
    own = {"meals": Metric("meals", "送餐", "份", Kind.FLOW)}
    rows = [said(1, period="am", values={"meals": 2}), said(2, period="pm", values={"meals": 3})]
    assert tally(rows, own=own).values["meals"].value == 5
    assert tally(rows).values["meals"].value == 3


def test_a_node_and_its_children_stand_side_by_side() -> None:
    children = tally([said(1, 11, values={"isolated_people": 2, "fever_people": 0})], {11, 12})
    village = said(2, 1, values={"isolated_people": 3})
    assert cross_foot(village, children) == (Mismatch("isolated_people", 3, 2, ("R-1",), frozenset({12})),)
    shown = own_word(tally([village], {1}), children)
    assert shown.values["isolated_people"] == Cell(3, ("R-2",), frozenset({1}))
    assert shown.values["fever_people"].value == 0
    assert shown.coverage == Coverage(frozenset({1, 11, 12}), frozenset({1, 11}))
    assert cross_foot(said(3, 1, values={"isolated_people": 2}), children) == ()


def test_a_report_counted_twice_is_refused() -> None:
    grid = tally([said(1, values={"isolated_people": 2})])
    with pytest.raises(ValueError, match="counted twice"):
        add([grid, grid])


def test_two_days_or_two_templates_are_no_tally() -> None:
    other_day = said(2, day=date(2020, 2, 9))
    with pytest.raises(ValueError, match="one day"):
        tally([said(1), other_day])
    with pytest.raises(ValueError, match="one template"):
        tally([said(1), said(2, template="checkpoint")])


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "17"},
        {"received_at": datetime(2020, 2, 8, 4)},  # noqa: DTZ001 - the naive moment is what is refused
        {"values": {"fever_people": True}},
        {"values": {"fever_people": float("nan")}},
    ],
)
def test_a_report_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"id|zone|figure"):
        said(1, **wrong)


def test_the_values_of_a_report_cannot_change() -> None:
    given_values = {"fever_people": 0}
    report = said(1, values=given_values)
    given_values["fever_people"] = 7
    assert report.values == {"fever_people": 0}
    with pytest.raises(TypeError):
        report.values["fever_people"] = 7  # type: ignore[index]


def test_every_metric_has_a_label_and_a_unit() -> None:
    assert len(bundled()) > 70
    assert all(m.label and m.unit for m in bundled().values())
    assert metric("returnees_wuhan_cum").kind is Kind.STOCK
    assert metric("nobody_defined_this").kind is Kind.STOCK


def test_every_figure_a_reader_can_state_can_be_printed() -> None:
    assert METRICS.keys() - {"people", "temperature", "quantity"} <= bundled().keys()


@pytest.mark.parametrize("module", [metric_module, report_module])
def test_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
