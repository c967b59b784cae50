"""`Tree.view` is the only gate, for sight and for commands: no verb looks a right up by itself."""

import ast
from pathlib import Path

import pytest

from handlers.domain.errors import UnknownNode
from handlers.domain.hierarchy import Tree
from handlers.domain.people import Holding, Person
from handlers.domain.policy import Action

HANDLERS = Path(__file__).parents[2] / "handlers"
VERBS = sorted(HANDLERS.glob("*.py"))


@pytest.mark.parametrize("path", VERBS, ids=lambda path: path.stem)
def test_no_verb_asks_the_policy_past_the_tree(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "handlers.domain.policy":
            assert "may" not in {alias.name for alias in node.names}


def test_the_gate_asks_for_the_right_that_is_needed(small: Tree) -> None:
    deputy = Person(1, "yt_sample", "周样明", (Holding(1, 2, "deputy"),))
    assert small.view(deputy, 4, Action.ISSUE).id == 4
    for node, action in ((4, Action.SWITCH_MODE), (3, Action.ISSUE), (1, Action.SEE_COUNTS), (999, Action.ISSUE)):
        with pytest.raises(UnknownNode):
            small.view(deputy, node, action)


def test_several_nodes_are_asked_for_together(small: Tree) -> None:
    lead = Person(1, "yt_sample", "周样明", (Holding(1, 2, "township_lead"),))
    assert small.viewable(lead, [3, 4, 4, 9, 999], Action.ISSUE) == (4, 9)
    assert small.views_all(lead, [4, 9], Action.ISSUE)
    assert not small.views_all(lead, [4, 3], Action.ISSUE)
    assert not small.views_all(lead, [], Action.ISSUE)  # nothing asked for is nothing allowed
