"""People on duty: who holds which post where, and who answers when somebody is away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Holding:
    """A post held at a node. `acting_for`: the person on leave whose post this is, None for one's own."""

    person_id: int
    node_id: int
    role: str
    acting_for: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on duty, with the posts of one day. The name stays out of `repr`, so that no log can hold it."""

    id: int
    userid: str
    name: str = field(repr=False)
    holdings: tuple[Holding, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles held, own and acting."""
        return frozenset(holding.role for holding in self.holdings)

    def nodes(self, *roles: str) -> tuple[int, ...]:
        """Return the nodes where one of *roles* is held (any role when none is named), own posts first, each once."""
        mine = sorted(self.holdings, key=lambda holding: holding.acting_for is not None)
        return tuple(dict.fromkeys(holding.node_id for holding in mine if not roles or holding.role in roles))


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A post without the person's name: what planning a fan-out needs, and nothing that must be decrypted."""

    person_id: int
    userid: str
    node_id: int
    role: str


def stand_in(person_id: int, leaves: Mapping[int, int | None]) -> int | None:
    """Return who answers for the person today: themself, the last of the chain of substitutes, or None.

    `leaves` maps everybody on leave to their substitute. None: on leave with nobody to answer, or in a circle.

    >>> stand_in(1, {}), stand_in(1, {1: 2, 2: 3}), stand_in(1, {1: None}), stand_in(1, {1: 2, 2: 1})
    (1, 3, None, None)
    """
    seen: set[int] = set()
    at: int | None = person_id
    while at is not None and at in leaves:
        if at in seen:
            return None
        seen.add(at)
        at = leaves[at]
    return at


def on_duty(person_ids: Iterable[int], leaves: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return who answers for these people, in order, each once; those without anybody are left out.

    >>> on_duty([1, 2, 3], {1: 2, 3: None})
    (2,)
    """
    answering = (stand_in(person_id, leaves) for person_id in person_ids)
    return tuple(dict.fromkeys(person_id for person_id in answering if person_id is not None))


def acting(person_id: int, others: Iterable[Holding], leaves: Mapping[int, int | None]) -> tuple[Holding, ...]:
    """Return the posts that fall to the person today because others are on leave.

    >>> acting(2, [Holding(1, 10, "gridworker"), Holding(5, 11, "gridworker")], {1: 2})
    (Holding(person_id=2, node_id=10, role='gridworker', acting_for=1),)
    """
    return tuple(
        Holding(person_id, other.node_id, other.role, acting_for=other.person_id)
        for other in others
        if other.person_id != person_id and stand_in(other.person_id, leaves) == person_id
    )
