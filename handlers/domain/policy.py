"""Who may do what to which node: the one table of roles, and the one function that reads it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from handlers.domain.people import Person


class Action(StrEnum):
    """What somebody may want to do at a node."""

    REPORT = "report"
    REPORT_ON_BEHALF = "report on behalf"
    CORRECT = "correct"
    ISSUE = "issue"
    CONFIRM = "confirm"
    SEE_COUNTS = "see counts"
    SEE_PEOPLE = "see people"
    BIND = "bind"
    SWITCH_MODE = "switch mode"
    EXPORT = "export"
    KEEP = "keep households"  # move, merge, split; print their codes and cards
    SEE_HEALTH = "see health"  # symptoms and temperatures of named people, to look after them
    COLOUR = "colour"  # give a red receipt, and take it back: a clinician's alone
    ISOLATE = "isolate"  # enter a written decision on somebody's isolation
    ADMIN = "admin"  # roster, bindings, leaves, running the system
    SECURITY = "security"  # accounts, rights, quarantine
    AUDIT = "audit"  # read and verify the audit chain


class Reach(StrEnum):
    """How far a right goes from the node where the role is held."""

    OWN = "own node"
    SUBTREE = "own node and all below"


class Contains(Protocol):
    """The part of a tree the policy needs."""

    def contains(self, above_id: int, below_id: int) -> bool:
        """Return whether *below_id* is *above_id* itself or under it; False when either is not there."""


_A, _OWN, _SUB = Action, Reach.OWN, Reach.SUBTREE
_SEE = {_A.SEE_COUNTS: _SUB, _A.SEE_PEOPLE: _SUB}
_KEEP = {**_SEE, _A.KEEP: _SUB}
_LEAD = {
    **_SEE,
    _A.ISSUE: _SUB,
    _A.ISOLATE: _SUB,
    _A.REPORT_ON_BEHALF: _SUB,
    _A.CORRECT: _SUB,
    _A.BIND: _SUB,
    _A.EXPORT: _SUB,
}

POLICY: Mapping[str, Mapping[Action, Reach]] = MappingProxyType(
    {
        "county_lead": {**_LEAD, _A.CONFIRM: _SUB, _A.SWITCH_MODE: _SUB},
        "township_lead": {**_LEAD, _A.CONFIRM: _SUB, _A.SWITCH_MODE: _SUB},
        "deputy": {**_LEAD, _A.CONFIRM: _SUB, _A.KEEP: _SUB},
        "village_lead": {**_LEAD, _A.REPORT: _OWN, _A.KEEP: _SUB},
        "grid_lead": {**_KEEP, _A.REPORT: _OWN, _A.REPORT_ON_BEHALF: _SUB, _A.CORRECT: _SUB, _A.BIND: _SUB},
        "gridworker": {**_KEEP, _A.REPORT: _SUB, _A.CORRECT: _SUB, _A.BIND: _SUB, _A.SEE_HEALTH: _SUB},
        "village_doctor": {**_SEE, _A.SEE_HEALTH: _SUB, _A.COLOUR: _SUB},
        "sector": {**_SEE, _A.REPORT: _SUB, _A.CORRECT: _SUB, _A.ISSUE: _SUB, _A.BIND: _SUB},
        # the three administrators of MLPS 2.0 (GB/T 22239-2019, 8.1.5): none of them sees the county's data
        "sysadmin": {_A.ADMIN: _SUB, _A.BIND: _SUB},
        "security_admin": {_A.SECURITY: _SUB},
        "auditor": {_A.AUDIT: _SUB},
    }
)
ADMINS = frozenset({"sysadmin", "security_admin", "auditor"})


def may(person: Person, action: Action, node_id: int, tree: Contains) -> bool:
    """Return whether one of the person's posts allows the action at the node.

    An administrator's post is never exercised for somebody else: acting holdings of it count for nothing.
    """
    for holding in person.holdings:
        reach = POLICY.get(holding.role, {}).get(action)
        if reach is None or (holding.acting_for is not None and holding.role in ADMINS):
            continue
        if holding.node_id == node_id and tree.contains(node_id, node_id):
            return True
        if reach is Reach.SUBTREE and tree.contains(holding.node_id, node_id):
            return True
    return False


def allows(role: str, action: Action) -> bool:
    """Return whether the role allows the action anywhere at all.

    >>> allows("deputy", Action.CONFIRM), allows("gridworker", Action.ISSUE), allows("nobody", Action.REPORT)
    (True, False, False)
    """
    return action in POLICY.get(role, {})


def walks(role: str) -> bool:
    """Return whether the role looks after households itself, rather than leading whoever does.

    >>> [walks(role) for role in ("gridworker", "village_doctor", "grid_lead", "village_lead", "sysadmin")]
    [True, True, True, False, False]
    """
    return role not in ADMINS and (allows(role, Action.SEE_HEALTH) or role == "grid_lead")


def kept_apart(roles: Iterable[str]) -> bool:
    """Return whether one person may hold these roles together: never two of the three administrators.

    >>> kept_apart(["sysadmin", "gridworker"]), kept_apart(["sysadmin", "auditor"])
    (True, False)
    """
    return len(ADMINS.intersection(roles)) < 2
