"""What holds at a node now: peace or war, and when it is quiet."""

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
