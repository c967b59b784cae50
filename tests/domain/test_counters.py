"""Counters kept up report by report equal a recount, and both equal the roll-up that reads every report."""

from collections.abc import Mapping

from hypothesis import given
from test_rollup import histories, said

from handlers.domain.counters import Counter, Place, climb, recount
from handlers.domain.daily_branch import branch
from handlers.domain.metric import Kind, metric
from handlers.domain.report import Report
from handlers.domain.rollup import fold, shifts

# 1 is a village with the grids 2 and 3; 4 is a village without grids that report; 5 is the township above them.
ABOVE = {1: (5,), 2: (1, 5), 3: (1, 5), 4: (5,), 5: ()}
CHILDREN = {5: [1, 4], 1: [2, 3], 2: [], 3: [], 4: []}


def path(node: int) -> tuple[int, ...]:
    return (node, *ABOVE[node])


def kept_up(history: list[Report]) -> dict[Place, Counter]:
    """Let the reports arrive one by one, each moving the counters by its difference."""
    counters: dict[Place, Counter] = {}
    for n, report in enumerate(history):
        before = [r for r in history[:n] if r.node_id == report.node_id]
        moved = shifts(fold(before).values(), fold([*before, report]).values())
        counters |= climb(path(report.node_id), moved, counters)
    return counters


def anew(history: list[Report]) -> dict[Place, Counter]:
    nodes = {r.node_id for r in history}
    of_node = {n: fold([r for r in history if r.node_id == n]).values() for n in nodes}
    return recount((path(n), shifts((), reports)) for n, reports in of_node.items())


def shown(counters: Mapping[Place, Counter], node: int) -> dict[str, object]:
    return {key: c.value for (at, key), c in counters.items() if at == node and c.said}


@given(histories())
def test_counters_kept_up_equal_a_recount(history: list[Report]) -> None:
    alone = [r for r in history if not crosses(r, history)]
    kept, counted = kept_up(alone), anew(alone)
    for place in kept.keys() | counted.keys():
        was, now = kept.get(place, Counter()), counted.get(place, Counter())
        assert (was.value if was.said else None, was.said) == (now.value if now.said else None, now.said)


@given(histories())
def test_what_a_counter_shows_is_what_the_daily_report_says(history: list[Report]) -> None:
    alone = [r for r in history if not crosses(r, history)]
    folded = fold(alone).values()
    counters = anew(alone)
    for node in CHILDREN:
        below = [r for r in folded if node == r.node_id or node in ABOVE[r.node_id]]
        cells = branch(node, "x", below, (), CHILDREN).tally.values
        flat = {k.removeprefix("checkpoint."): c.value for k, c in cells.items() if metric(k).kind is not Kind.PEAK}
        assert shown(counters, node) == flat


def crosses(report: Report, history: list[Report]) -> bool:
    """Whether *report* replaces a report of another node, which a verb does by setting that one's status."""
    other = {r.id: r.node_id for r in history}
    return report.supersedes is not None and other.get(report.supersedes) != report.node_id


def test_a_villages_own_word_stands_before_its_grids_and_is_never_added() -> None:
    grids = [said(1, 2, values={"isolated_people": 2}), said(2, 3, values={"isolated_people": 3, "fever_people": 1})]
    village = said(3, 1, values={"isolated_people": 6})
    before, after = kept_up(grids), kept_up([*grids, village])
    assert shown(before, 5) == {"isolated_people": 5, "fever_people": 1}
    assert shown(after, 5) == {"isolated_people": 6, "fever_people": 1}
    assert after[1, "isolated_people"] == Counter(6, 1, 5, 2)
    assert after[1, "isolated_people"].differs
    assert not after[5, "isolated_people"].differs


def test_a_later_word_of_a_grid_does_not_move_what_its_village_said() -> None:
    village, grid = said(1, 1, values={"isolated_people": 6}), said(2, 2, values={"isolated_people": 2})
    counters = kept_up([village, grid])
    assert shown(counters, 5) == {"isolated_people": 6}
    assert counters[1, "isolated_people"].below == 2
