"""People on duty: who holds which post where, and who answers when somebody is away."""

import re
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
    """Somebody on duty, with the posts of one day. The name stays out of `repr`, so that no log can hold it.

    `language`: what their answers come in when it is not Chinese ("en").
    """

    id: int
    userid: str
    name: str = field(repr=False)
    holdings: tuple[Holding, ...] = ()
    language: str | None = None

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


_BEFORE = re.compile(r"^(?:小|老|大|阿)(?=.)")
_AFTER = re.compile(
    r"(?<=.)(?:大?姐|大?哥|大?叔|阿?姨|婶|嫂子?|伯|爷|奶奶?|主任|书记|支书|老师|师傅|医生|村长|镇长|组长|格长|队长|工)$"
)
_DOUBLE = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木")
)


def may_mean(said: str, name: str) -> bool:
    """Return whether somebody of that *name* may be called so: 王姐, 小王, 王主任, or the given name alone.

    >>> [may_mean(said, "王拟宁") for said in ("王姐", "小王", "王主任", "拟宁", "王拟宁", "李姐", "宁")]
    [True, True, True, True, True, False, False]
    """
    called = _AFTER.sub("", _BEFORE.sub("", said))
    if len(called) == 1 or called in _DOUBLE:
        return called != said and name.startswith(called)
    return name == called or (len(called) > 1 and name.endswith(called))


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


def stood_in_for(person_id: int, leaves: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return the people on leave for whom this person answers today.

    >>> stood_in_for(3, {1: 2, 2: 3, 4: None})
    (1, 2)
    """
    return tuple(away for away in leaves if away != person_id and stand_in(away, leaves) == person_id)


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
