"""The care team of a household (五包一, N包一): who looks after it, in which order they are called, who sees what.

The roles come from `hierarchy.yaml`. Somebody is assigned to a household, or to a node for all households below it;
the nearest assignment of a role counts. The police never see health data, whatever a file says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.domain.people import stand_in

_POLICE = ("police", "警", "公安")


@dataclass(frozen=True, slots=True)
class CareRole:
    """One place in the team. `post`: who holds that post at or above the household fills it when nobody was assigned.

    `health`: may see what the household's people said about their health.
    """

    key: str
    title: str
    health: bool = False
    post: str | None = None

    @property
    def police(self) -> bool:
        """Return whether this is the police, by key or by title.

        >>> CareRole("police", "民警").police, CareRole("x", "派出所辅警").police, CareRole("doctor", "村医").police
        (True, True, False)
        """
        return any(word in f"{self.key} {self.title}" for word in _POLICE)

    @property
    def sees_health(self) -> bool:
        """Return whether health data may be shown to them: what the county says, but never to the police."""
        return self.health and not self.police


@dataclass(frozen=True, slots=True)
class CareRules:
    """What a county calls its care team, and its roles in the order they are called."""

    title: str
    roles: tuple[CareRole, ...]

    def role(self, key: str) -> CareRole | None:
        """Return the role of that key, None when there is none."""
        return next((role for role in self.roles if role.key == key), None)

    def titled(self, words: str) -> CareRole | None:
        """Return the role of that title or key, None when there is none."""
        return next((role for role in self.roles if words in (role.title, role.key)), None)


FIVE_FOR_ONE = CareRules(
    "五包一",
    (
        CareRole("gridworker", "网格员", health=True, post="gridworker"),
        CareRole("doctor", "村医", health=True),
        CareRole("village_cadre", "村干部", post="village_lead"),
        CareRole("township_cadre", "乡镇干部"),
        CareRole("police", "民警"),
    ),
)
"""The usual five (湖北、福建 2020–2022): one each of township, village, medical, police and grid."""


@dataclass(frozen=True, slots=True)
class CareRow:
    """An assignment: somebody, in a role, at a household or a node above it. `order` is the place among equals."""

    node_id: int
    person_id: int
    role: str
    order: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody of the team today. `away_for`: the one on leave for whom this person answers."""

    person_id: int
    role: CareRole
    node_id: int
    away_for: int | None = None


@dataclass(frozen=True, slots=True)
class CareTeam:
    """The team of one household: who answers today in the order they are called, and the roles nobody fills."""

    carers: tuple[Carer, ...]
    missing: tuple[CareRole, ...]

    def on_call(self, health: bool = False) -> tuple[int, ...]:
        """Return who is called, in order, each once; with *health* only those who may see health data."""
        return tuple(dict.fromkeys(c.person_id for c in self.carers if not health or c.role.sees_health))

    def sees_health(self, person_id: int) -> bool:
        """Return whether the person may see health data of this household, by one of their places in the team.

        Somebody who also stands here for the police does not: the stricter place counts.
        """
        mine = [carer.role for carer in self.carers if carer.person_id == person_id]
        return any(role.sees_health for role in mine) and not any(role.police for role in mine)


def team_of(
    line: Sequence[int], rows: Iterable[CareRow], posts: Iterable[CareRow], rules: CareRules,
    leaves: Mapping[int, int | None],
) -> CareTeam:  # fmt: skip
    """Return the team of the household at the head of *line*, which goes up to the county.

    *rows* are assignments at the nodes of the line, *posts* the posts held there (role: the post). Somebody on leave is
    replaced by who answers for them; with nobody to answer the place counts as missing.
    """
    depth = {node_id: place for place, node_id in enumerate(line)}
    assigned, posted = _nearest(rows, depth), _nearest(posts, depth)
    carers: list[Carer] = []
    missing: list[CareRole] = []
    for role in rules.roles:
        held = assigned.get(role.key) or posted.get(role.post or "") or []
        found = [carer for row in held if (carer := _today(row, role, leaves))]
        carers += found
        if not found:
            missing.append(role)
    return CareTeam(tuple(carers), tuple(missing))


def _nearest(rows: Iterable[CareRow], depth: Mapping[int, int]) -> dict[str, list[CareRow]]:
    """Return the rows of each role at the nearest node that has any, in their order."""
    found: dict[str, list[CareRow]] = {}
    for row in sorted((r for r in rows if r.node_id in depth), key=lambda r: (depth[r.node_id], r.order, r.person_id)):
        held = found.setdefault(row.role, [])
        if not held or held[0].node_id == row.node_id:
            held.append(row)
    return found


def _today(row: CareRow, role: CareRole, leaves: Mapping[int, int | None]) -> Carer | None:
    answering = stand_in(row.person_id, leaves)
    if answering is None:
        return None
    return Carer(answering, role, row.node_id, None if answering == row.person_id else row.person_id)
