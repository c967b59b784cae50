"""People on duty in the database: who holds which post on a day, who is on leave, and what a roster changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from handlers.domain.errors import Refused
from handlers.domain.people import HolderRow, Holding, Person, acting, may_mean
from handlers.domain.roster import RosterPlan
from handlers.domain.roster_fields import Unfit, person_name
from store.models import leave, node, person, role
from store.tree import TreeRepo, valid_on

_ASKED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Saved:
    """What a roster changed: people added and corrected, posts begun and ended."""

    people_new: int
    people_changed: int
    posts_new: int
    posts_ended: int


def _pieces(ids: Iterable[int]) -> Iterable[list[int]]:
    """Yield the ids in pieces that a statement may hold."""
    left = iter(dict.fromkeys(ids))
    while piece := list(islice(left, _ASKED_AT_ONCE)):
        yield piece


class PeopleRepo:
    """Reads and writes people within the caller's transaction. Userids are compared in lower case."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_userid(self, userid: str, day: date) -> Person | None:
        """Return the person with the posts of the day, None when nobody has that account; posts may be none."""
        chosen = select(person.c.id).where(person.c.userid == userid.lower(), person.c.active)
        found = self._connection.execute(chosen).scalar_one_or_none()
        return None if found is None else self.get(found, day)

    def get(self, person_id: int, day: date) -> Person | None:
        """Return the person with the posts of the day, own and acting; None when there is none."""
        return self.many((person_id,), day).get(person_id)

    def many(self, ids: Iterable[int], day: date) -> Mapping[int, Person]:
        """Return the people of these ids with the posts of the day; absent ones are left out."""
        wanted = list(dict.fromkeys(ids))
        leaves = self.leaves(day)
        own: dict[int, list[Holding]] = {}
        for row in self._holders(day, (*wanted, *leaves)):
            own.setdefault(row.person_id, []).append(Holding(row.person_id, row.node_id, row.role))
        away = [holding for person_id in leaves for holding in own.get(person_id, ())]
        found: dict[int, Person] = {}
        for piece in _pieces(wanted):
            c = person.c
            for person_id, userid, name, language in self._connection.execute(
                select(c.id, c.userid, c.name, c.language).where(c.id.in_(piece), c.active)
            ):
                held = (*own.get(person_id, ()), *acting(person_id, away, leaves))
                found[person_id] = Person(person_id, userid, name, held, language)
        return found

    def speak(self, person_id: int, language: str | None) -> None:
        """Answer the person in *language* from now on; None is Chinese."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(language=language))

    def holders(self, day: date, roles: Iterable[str] | None = None) -> tuple[HolderRow, ...]:
        """Return every post of the day (of these roles when given), by node; nothing is decrypted."""
        chosen = self._posts(day)
        if roles is not None:
            chosen = chosen.where(role.c.role.in_(list(roles)))
        return tuple(HolderRow(*row) for row in self._connection.execute(chosen))

    def names(self, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the names of these people; absent ones are left out."""
        found: dict[int, str] = {}
        for piece in _pieces(ids):
            chosen = select(person.c.id, person.c.name).where(person.c.id.in_(piece))
            found.update((person_id, name) for person_id, name in self._connection.execute(chosen))
        return found

    def phones(self, person_id: int) -> tuple[str, ...]:
        """Return the person's mobile numbers, () when there are none or no such person."""
        chosen = select(person.c.phones).where(person.c.id == person_id)
        return tuple(self._connection.execute(chosen).scalar_one_or_none() or ())

    def find_by_name(self, name: str, under_node_ids: Iterable[int]) -> tuple[int, ...]:
        """Return the ids of those of that name with a post at these very nodes that has not ended; all namesakes.

        Names are sealed, so everybody of these nodes is opened and compared: ask for few nodes.
        """
        try:
            wanted = person_name(name)
        except Unfit:
            return ()
        return tuple(who for who, known in self._names_at(under_node_ids).items() if known == wanted)

    def find_called(self, said: str, under_node_ids: Iterable[int]) -> tuple[int, ...]:
        """Return the ids of those with a post at these nodes who may be called so (王姐, 小王); as `find_by_name`."""
        return tuple(who for who, known in self._names_at(under_node_ids).items() if may_mean(said, known))

    def _names_at(self, node_ids: Iterable[int]) -> Mapping[int, str]:
        under = set(node_ids)
        chosen = select(role.c.person_id, role.c.node_id).join(person, person.c.id == role.c.person_id)
        chosen = chosen.where(role.c.valid_to.is_(None), person.c.active).order_by(role.c.person_id)
        if len(under) <= _ASKED_AT_ONCE:  # a whole county's households are more than all posts: then filter here
            chosen = chosen.where(role.c.node_id.in_(under))
        held = dict.fromkeys(who for who, where in self._connection.execute(chosen) if where in under)
        return self.names(held)

    # -- leave -------------------------------------------------------------------------------------------------------

    def leaves(self, day: date) -> Mapping[int, int | None]:
        """Return everybody on leave that day and who stands in, None when nobody does; the latest word counts."""
        chosen = select(leave.c.person_id, leave.c.substitute_id).where(
            leave.c.first_day <= day, leave.c.last_day >= day
        )
        return {row.person_id: row.substitute_id for row in self._connection.execute(chosen.order_by(leave.c.id))}

    def away_since(self, person_id: int, day: date) -> date | None:
        """Return the first day of the leave a person is on, None when they are not away."""
        on = (leave.c.person_id == person_id) & (leave.c.first_day <= day) & (leave.c.last_day >= day)
        first: date | None = self._connection.scalar(select(func.min(leave.c.first_day)).where(on))
        return first

    def put_leave(self, person_id: int, first_day: date, last_day: date, substitute_id: int | None) -> None:
        """Note a leave, both days included; Refused when it ends before it begins or names the person as substitute."""
        if last_day < first_day:
            raise Refused("请假的结束日期早于开始日期,请重新说一遍")
        if substitute_id == person_id:
            raise Refused("代班的人不能是自己,请换一位")
        row = {"person_id": person_id, "first_day": first_day, "last_day": last_day, "substitute_id": substitute_id}
        self._connection.execute(insert(leave).values(row))

    def end_leave(self, person_id: int, last_day: date, begun_by: date | None = None) -> int:
        """End the person's leaves with *last_day* (销假); with *begun_by* only those that have begun by then.

        Returns how many were cut short.
        """
        going_on = (leave.c.person_id == person_id) & (leave.c.last_day > last_day)
        if begun_by is not None:
            going_on &= leave.c.first_day <= begun_by
        gone = leave.delete().where(going_on, leave.c.first_day > last_day)
        cut = update(leave).where(going_on).values(last_day=last_day)
        return self._connection.execute(gone).rowcount + self._connection.execute(cut).rowcount

    # -- roster ------------------------------------------------------------------------------------------------------

    def save(self, plan: RosterPlan, day: date, *, ending: bool = True) -> Saved:
        """Write the plan's people and posts as of *day*; its nodes must be there already.

        With *ending*, a post the plan speaks of (that role at that node, or that role of that person) and does not
        give to its holder any more ends on *day*; other posts stay. Saving the same plan twice changes nothing.
        """
        ids, added, changed = self._save_people(plan)
        nodes = TreeRepo(self._connection).ids_of(holding.node_code for holding in plan.holdings)
        wanted = {(ids[h.userid], nodes[h.node_code], h.role) for h in plan.holdings}
        begun, ended = self._save_posts(wanted, day, ending)
        return Saved(added, changed, begun, ended)

    def _save_people(self, plan: RosterPlan) -> tuple[dict[str, int], int, int]:
        c = person.c
        known = {
            row.userid: row for row in self._connection.execute(select(c.id, c.userid, c.name, c.phones, c.active))
        }
        new = [
            {"userid": p.userid, "name": p.name, "phones": list(p.phones)} for p in plan.people if p.userid not in known
        ]
        if new:
            self._connection.execute(insert(person), new)
        changed = [
            {"at": row.id, "new_name": p.name, "new_phones": list(p.phones) or row.phones, "on": True}
            for p in plan.people
            if (row := known.get(p.userid))
            and (not row.active or row.name != p.name or (p.phones and list(p.phones) != row.phones))
        ]
        if changed:
            values: dict[str, Any] = {
                "name": bindparam("new_name"),
                "phones": bindparam("new_phones"),
                "active": bindparam("on"),
            }
            self._connection.execute(update(person).where(c.id == bindparam("at")).values(values), changed)
        ids = {userid: person_id for person_id, userid in self._connection.execute(select(c.id, c.userid))}
        return ids, len(new), len(changed)

    def _save_posts(self, wanted: set[tuple[int, int, str]], day: date, ending: bool) -> tuple[int, int]:
        rows: Sequence[Any] = self._connection.execute(select(role)).all()
        held = {(row.person_id, row.node_id, row.role): row.id for row in rows if row.valid_to is None}
        reopened = {
            (row.person_id, row.node_id, row.role): row.id for row in rows if row.valid_to and row.valid_from == day
        }
        new = sorted(wanted - held.keys())
        since = day if rows else None  # what the first roster states was so before it
        fresh = [
            {"person_id": who, "node_id": where, "role": what, "valid_from": since}
            for who, where, what in new
            if (who, where, what) not in reopened
        ]
        if fresh:
            self._connection.execute(insert(role), fresh)
        at = update(role).where(role.c.id == bindparam("at"))
        if again := [{"at": reopened[post]} for post in new if post in reopened]:
            self._connection.execute(at.values(valid_to=None), again)
        at_node, of_person = {(where, what) for _, where, what in wanted}, {(who, what) for who, _, what in wanted}
        over = [
            {"at": row_id, "last": day}
            for (who, where, what), row_id in held.items()
            if ending and (who, where, what) not in wanted and ((where, what) in at_node or (who, what) in of_person)
        ]
        if over:
            self._connection.execute(at.values(valid_to=bindparam("last")), over)
        return len(new), len(over)

    def _posts(self, day: date) -> Select[Any]:
        """Return the statement for the posts of the day at nodes of the day, of people who are still with us."""
        joined = role.join(person, person.c.id == role.c.person_id).join(node, node.c.id == role.c.node_id)
        return (
            select(role.c.person_id, person.c.userid, role.c.node_id, role.c.role)
            .select_from(joined)
            .where(valid_on(role, day), valid_on(node, day), person.c.active)
            .order_by(role.c.node_id, role.c.person_id, role.c.role)
        )

    def _holders(self, day: date, ids: Iterable[int]) -> Iterable[Row[Any]]:
        for piece in _pieces(ids):
            yield from self._connection.execute(self._posts(day).where(role.c.person_id.in_(piece)))
