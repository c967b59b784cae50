"""Care teams in the database: who was assigned to look after a household, or after every household below a node."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, insert, select, update

from handlers.domain.care_team import CareRow, CareRules, CareTeam, team_of
from store.models import care, node, person, role
from store.people import PeopleRepo
from store.pieces import pieces
from store.tree import valid_on


class CareRepo:
    """Reads and writes assignments within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def team(self, household_id: int, day: date, rules: CareRules) -> CareTeam:
        """Return who looks after the household that day; with nobody anywhere, every role is missing."""
        return self.teams([household_id], day, rules)[household_id]

    def teams(self, household_ids: Iterable[int], day: date, rules: CareRules) -> Mapping[int, CareTeam]:
        """Return who looks after each household that day: as many statements for a thousand as for one."""
        wanted = list(dict.fromkeys(household_ids))
        lines = self.lines(wanted)
        places = sorted({node_id for line in lines.values() for node_id in line})
        posts = {place.post for place in rules.roles if place.post}
        leaves = PeopleRepo(self._connection).leaves(day)
        assigned, held = self.rows(places, day), self._posts(places, day, posts)
        rows_at, posts_at = _by_node(assigned), _by_node(held)
        return {
            home: team_of(lines[home], _along(lines[home], rows_at), _along(lines[home], posts_at), rules, leaves)
            for home in wanted
        }

    def lines(self, node_ids: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        """Return for each node itself and those above it, nearest first; () for one that is not there."""
        wanted = list(dict.fromkeys(node_ids))
        parent_of: dict[int, int | None] = {}
        c = node.c
        for piece in pieces(wanted, 900):
            up = select(c.id, c.parent_id).where(c.id.in_(piece)).cte("lines", recursive=True)
            above = select(c.id, c.parent_id).join(up, c.id == up.c.parent_id)
            parent_of.update({row.id: row.parent_id for row in self._connection.execute(select(up.union(above)))})
        found: dict[int, tuple[int, ...]] = {}
        for one in wanted:
            line, at = [], one if one in parent_of else None
            while at is not None:
                line.append(at)
                at = parent_of[at]
            found[one] = tuple(line)
        return found

    def line(self, node_id: int) -> tuple[int, ...]:
        """Return the node and those above it, nearest first."""
        return self.lines([node_id])[node_id]

    def rows(self, node_ids: Sequence[int], day: date) -> tuple[CareRow, ...]:
        """Return the assignments of the day at these very nodes, of people who are still with us."""
        c = care.c
        chosen = select(c.node_id, c.person_id, c.role, c.position, c.valid_from).join(
            person, person.c.id == c.person_id
        )
        chosen = chosen.where(valid_on(care, day), person.c.active)
        found: list[CareRow] = []
        for piece in pieces(node_ids, 900):
            rows = self._connection.execute(chosen.where(c.node_id.in_(piece)).order_by(c.position, c.id))
            found += [CareRow(*row) for row in rows]
        return tuple(found)

    def assign(self, node_id: int, role_key: str, person_ids: Sequence[int], day: date) -> bool:
        """Make these people, in this order, the ones in that role from *day* on; returns whether that changed anything.

        () leaves the role to whoever holds it at a node above.
        """
        now = [row.person_id for row in self.rows((node_id,), day) if row.role == role_key]
        wanted = list(dict.fromkeys(person_ids))
        if now == wanted:
            return False
        c = care.c
        mine = (c.node_id == node_id) & (c.role == role_key)
        self._connection.execute(update(care).where(mine, c.valid_to.is_(None)).values(valid_to=day))
        rows = [
            {"node_id": node_id, "person_id": who, "role": role_key, "position": place, "valid_from": day}
            for place, who in enumerate(wanted, start=1)
        ]
        if rows:
            self._connection.execute(insert(care), rows)
        return True

    def end_all(self, node_id: int, day: date) -> None:
        """End every assignment at that very node."""
        mine = update(care).where(care.c.node_id == node_id, care.c.valid_to.is_(None))
        self._connection.execute(mine.values(valid_to=day))

    def households_of(self, person_id: int, day: date) -> tuple[int, ...]:
        """Return the nodes the person was assigned to: households, or nodes for all households below."""
        chosen = select(care.c.node_id).where(care.c.person_id == person_id, valid_on(care, day))
        return tuple(dict.fromkeys(self._connection.execute(chosen.order_by(care.c.id)).scalars()))

    def _posts(self, line: Sequence[int], day: date, posts: Iterable[str]) -> tuple[CareRow, ...]:
        c = role.c
        chosen = select(c.node_id, c.person_id, c.role).join(person, person.c.id == c.person_id)
        chosen = chosen.where(c.role.in_(list(posts)), valid_on(role, day), person.c.active)
        found: list[CareRow] = []
        for piece in pieces(line, 900):
            found += [
                CareRow(*row) for row in self._connection.execute(chosen.where(c.node_id.in_(piece)).order_by(c.id))
            ]
        return tuple(found)


def _by_node(rows: Iterable[CareRow]) -> Mapping[int, list[CareRow]]:
    found: dict[int, list[CareRow]] = defaultdict(list)
    for row in rows:
        found[row.node_id].append(row)
    return found


def _along(line: Sequence[int], at: Mapping[int, list[CareRow]]) -> list[CareRow]:
    return [row for node_id in line for row in at.get(node_id, ())]
