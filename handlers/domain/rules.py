"""What holds at a node now: peace or war, and when it is quiet."""

from collections.abc import Iterable
from datetime import datetime

from handlers.domain.county import County, ModeRules
from handlers.domain.hierarchy import Tree
from handlers.domain.mode import Mode, in_force


def mode_at(modes: tuple[Mode, ...], tree: Tree, node_id: int, now: datetime) -> Mode | None:
    """Return the war mode in force at the node, None in peace."""
    return in_force(modes, (node_id, *tree.ancestors(node_id)), now)


def rules_at(modes: tuple[Mode, ...], tree: Tree, county: County, node_id: int, now: datetime) -> ModeRules:
    """Return what the mode in force at the node allows."""
    return county.war if mode_at(modes, tree, node_id, now) else county.peace


def rules_over(
    modes: tuple[Mode, ...], tree: Tree, county: County, node_ids: Iterable[int], now: datetime
) -> ModeRules:
    """Return what holds for something that speaks to all these nodes: the powers of war only where each is at war."""
    at_war = [mode_at(modes, tree, node_id, now) is not None for node_id in node_ids if tree.has(node_id)]
    return county.war if at_war and all(at_war) else county.peace
