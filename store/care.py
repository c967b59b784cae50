"""Care teams in the database: who was assigned to look after a household, or after every household below a node."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, insert, select, update

from handlers.domain.care_team import CareRow, CareRules, CareTeam, team_of
from store.models import care, node, person, role
from store.people import PeopleRepo
from store.tree import valid_on


class CareRepo:
    """Reads and writes assignments within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def team(self, household_id: int, day: date, rules: CareRules) -> CareTeam:
        """Return who looks after the household that day; with nobody anywhere, every role is missing."""
        line = self.line(household_id)
        posts = {place.post for place in rules.roles if place.post}
        leaves = PeopleRepo(self._connection).leaves(day)
        return team_of(line, self.rows(line, day), self._posts(line, day, posts), rules, leaves)

    def line(self, node_id: int) -> tuple[int, ...]:
        """Return the node and those above it, nearest first."""
        c = node.c
        up = select(c.id, c.parent_id).where(c.id == node_id).cte("line", recursive=True)
        above = select(c.id, c.parent_id).join(up, c.id == up.c.parent_id)
        rows = self._connection.execute(select(up.union_all(above))).all()
        parent_of = {row.id: row.parent_id for row in rows}
        found, at = [], node_id if node_id in parent_of else None
        while at is not None:
            found.append(at)
            at = parent_of[at]
        return tuple(found)

    def rows(self, node_ids: Sequence[int], day: date) -> tuple[CareRow, ...]:
        """Return the assignments of the day at these very nodes, of people who are still with us."""
        c = care.c
        chosen = select(c.node_id, c.person_id, c.role, c.position, c.valid_from).join(
            person, person.c.id == c.person_id
        )
        chosen = chosen.where(c.node_id.in_(node_ids), valid_on(care, day), person.c.active)
        return tuple(CareRow(*row) for row in self._connection.execute(chosen.order_by(c.position, c.id)))

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
        chosen = chosen.where(c.node_id.in_(line), c.role.in_(list(posts)), valid_on(role, day), person.c.active)
        return tuple(CareRow(*row) for row in self._connection.execute(chosen.order_by(c.id)))
