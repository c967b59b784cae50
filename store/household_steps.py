"""What becomes of households: made, moved, recoded, merged, split, closed. The history is only ever added to.

A household's id is for ever; whatever it was called before still finds it. From its first step on the register, not
the hierarchy file, says where it stands (`origin`), so that importing the file again undoes nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import Household, Step
from handlers.domain.place_code import GRACE
from store import moving_care
from store.care import CareRepo
from store.households import HouseholdRepo
from store.models import (
    contact,
    contact_address,
    hierarchy_version,
    household,
    household_change,
    membership,
    node,
    node_alias,
)
from store.place_codes import PlaceCodeRepo
from store.tree import TreeRepo, valid_on
from store.tree_diff import REGISTER

_N = node.c


class HouseholdSteps:
    """Writes steps within the caller's transaction; whether one may be taken is for the verb to say."""

    def __init__(self, connection: Connection, households: HouseholdRepo) -> None:
        self._connection, self._households = connection, households

    def make(
        self,
        grid_id: int,
        code: str,
        name: str,
        day: date,
        now: datetime,
        by: int | None,
        *,
        other_id: int | None = None,
    ) -> int:
        """Return the id of a new household in the grid; `other_id` is the one it was split off from."""
        if self._connection.dialect.name == "postgresql":  # SQLite's write transaction is a lock already
            self._connection.execute(text("LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE"))
        made = int(self._connection.execute(select(func.max(_N.id))).scalar_one()) + 1
        row = {
            "id": made, "code": code, "name": name, "level": HOUSEHOLD, "parent_id": grid_id, "origin": REGISTER,
            "valid_from": day,
        }  # fmt: skip
        self._connection.execute(insert(node).values(row))
        step = Step.MADE if other_id is None else Step.SPLIT_OFF
        self._note(made, step, day, now, by, other_id=other_id)
        return made

    def move(self, one: Household, grid_id: int, day: date, now: datetime, by: int | None) -> None:
        """Put the household under another grid."""
        self._node(one.id, parent_id=grid_id)
        moving_care.moved(self._connection, one.id, grid_id)
        self._note(one.id, Step.MOVED, day, now, by, grid_id=one.grid_id)

    def recode(self, one: Household, code: str, name: str, day: date, now: datetime, by: int | None) -> None:
        """Call the household something else; its former code still finds it."""
        self._node(one.id, code=code, name=name)
        self._alias(one.id, one.code)
        self._note(one.id, Step.RECODED, day, now, by, code=one.code)

    def merge(self, gone: Household, into: Household, day: date, now: datetime, by: int | None) -> None:
        """Let *into* take in the people, proxies and door codes of *gone*, which is closed and still found by its code.

        The head counts add up when both are known; else the sum is unknown, and not the one that was known.
        """
        moved = [member.id for member in self._households.members(gone.id, day)]
        self._move_members(gone.id, into.id, moved, day)
        self._move_contacts(gone.id, into.id, None, day, now)
        known = gone.head_count is not None and into.head_count is not None
        self._count(into.id, (gone.head_count or 0) + (into.head_count or 0) if known else None, now)
        CareRepo(self._connection).end_all(gone.id, day)
        moving_care.merged(self._connection, gone.id, into.id, into.grid_id, day)
        PlaceCodeRepo(self._connection).hand_over(gone.id, into.id, now, GRACE)
        self._node(gone.id, valid_to=day)
        self._alias(into.id, gone.code)
        self._note(gone.id, Step.MERGED, day, now, by, other_id=into.id)
        self._note(into.id, Step.TOOK_IN, day, now, by, code=gone.code, other_id=gone.id)

    def split(
        self, one: Household, member_ids: Sequence[int], grid_id: int, code: str, name: str, day: date, now: datetime,
        by: int | None,
    ) -> int:  # fmt: skip
        """Return the id of a new household of these people; they answer for themselves there, proxies stay behind."""
        made = self.make(grid_id, code, name, day, now, by, other_id=one.id)
        self._move_members(one.id, made, member_ids, day)
        self._move_contacts(one.id, made, member_ids, day, now)
        self._count(made, len(member_ids), now)
        if one.head_count is not None:
            self._count(one.id, max(one.head_count - len(member_ids), 0), now)
        self._note(one.id, Step.SPLIT, day, now, by, other_id=made)
        return made

    def close(self, one: Household, day: date, now: datetime, by: int | None) -> None:
        """Close a household where nobody lives any more; its people and proxies end with it."""
        for table in (membership, contact):
            mine = update(table).where(table.c.household_id == one.id, table.c.valid_to.is_(None))
            self._connection.execute(mine.values(valid_to=day))
        CareRepo(self._connection).end_all(one.id, day)
        moving_care.left(self._connection, one.id, day)
        PlaceCodeRepo(self._connection).revoke(one.id, "这一户已注销", now)
        self._node(one.id, valid_to=day)
        self._note(one.id, Step.CLOSED, day, now, by)

    def last_day(self, household_id: int) -> date | None:
        """Return the day of the household's last step, None when it never took one."""
        c = household_change.c
        last = select(func.max(c.day)).where(c.household_id == household_id)
        found: date | None = self._connection.execute(last).scalar_one()
        return found

    def placed(self, household_id: int, day: date) -> int | None:
        """Return the grid where the household stood on *day*; None when there is no such household."""
        c = household_change.c
        later = select(c.grid_id).where(c.household_id == household_id, c.step == Step.MOVED.value, c.day > day)
        before = self._connection.execute(later.order_by(c.id).limit(1)).scalar_one_or_none()
        if before is not None:
            return int(before)
        one = self._households.get(household_id)
        return None if one is None else one.grid_id

    def code_taken(self, code: str) -> bool:
        """Return whether the code is or was that of any node: a code printed on a card is never given away."""
        standing = select(_N.id).where(_N.code == code).limit(1)
        former = select(household_change.c.id).where(household_change.c.code == code).limit(1)
        return any(self._connection.execute(asked).scalar_one_or_none() is not None for asked in (standing, former))

    def free_code(self, grid_code: str) -> tuple[str, str]:
        """Return the next code and name of a household in the grid: 35…001-0396 and 0396户."""
        like = select(_N.code).where(_N.code.startswith(f"{grid_code}-", autoescape=True))
        tails = (code[len(grid_code) + 1 :] for code in self._connection.execute(like).scalars())
        number = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0) + 1
        while self.code_taken(f"{grid_code}-{number:04d}"):
            number += 1
        return f"{grid_code}-{number:04d}", f"{number:04d}户"

    def announce(self, now: datetime) -> None:
        """Let every process load the tree anew: called once, after the steps of a transaction."""
        last = TreeRepo(self._connection).version() or ""
        mark = hashlib.sha256(f"{last} {now.isoformat()} register".encode()).hexdigest()
        self._connection.execute(
            insert(hierarchy_version).values(sha256=mark, imported_at=now, summary={"register": 1})
        )

    # -- inside ------------------------------------------------------------------------------------------------------

    def _node(self, node_id: int, **values: Any) -> None:
        self._connection.execute(update(node).where(_N.id == node_id).values(origin=REGISTER, **values))

    def _alias(self, node_id: int, alias: str) -> None:
        a = node_alias.c
        known = select(a.id).where(a.node_id == node_id, a.alias == alias)
        if self._connection.execute(known).scalar_one_or_none() is None:
            self._connection.execute(insert(node_alias).values(node_id=node_id, alias=alias))

    def _note(
        self, household_id: int, step: Step, day: date, now: datetime, by: int | None, *, grid_id: int | None = None,
        code: str | None = None, other_id: int | None = None,
    ) -> None:  # fmt: skip
        row = {
            "household_id": household_id, "step": step.value, "day": day, "at": now, "grid_id": grid_id, "code": code,
            "other_id": other_id, "by_id": by,
        }  # fmt: skip
        self._connection.execute(insert(household_change).values(row))

    def _count(self, household_id: int, head_count: int | None, now: datetime) -> None:
        mine = update(household).where(household.c.household_id == household_id)
        values = {"head_count": head_count, "updated_at": now}
        if self._connection.execute(mine.values(values)).rowcount == 0 and head_count is not None:
            self._connection.execute(insert(household).values(household_id=household_id, **values))

    def _move_members(self, from_id: int, to_id: int, member_ids: Sequence[int], day: date) -> None:
        m = membership.c
        here = (m.household_id == from_id) & m.resident_id.in_(member_ids) & m.valid_to.is_(None)
        self._connection.execute(update(membership).where(here).values(valid_to=day))
        last = self._connection.execute(select(func.max(m.number)).where(m.household_id == to_id)).scalar_one() or 0
        rows = [
            {"household_id": to_id, "resident_id": member_id, "number": number, "valid_from": day}
            for number, member_id in enumerate(member_ids, start=last + 1)
        ]
        if rows:
            self._connection.execute(insert(membership), rows)

    def _move_contacts(
        self, from_id: int, to_id: int, member_ids: Sequence[int] | None, day: date, now: datetime
    ) -> None:
        """Let contacts answer there from *day* on: all of them, or those who are among *member_ids*."""
        c, a = contact.c, contact_address.c
        going = (c.household_id == from_id) & valid_on(contact, day)
        if member_ids is not None:
            going &= c.resident_id.in_(member_ids)
        last = self._connection.execute(select(func.max(c.position)).where(c.household_id == to_id)).scalar_one() or 0
        known = (
            select(a.lookup).join(contact, c.id == a.contact_id).where(c.household_id == to_id, a.ended_at.is_(None))
        )
        twice = a.lookup.in_(list(self._connection.execute(known).scalars()))  # a daughter who answers for both
        rows = self._connection.execute(select(contact).where(going).order_by(c.position, c.id)).all()
        for order, row in enumerate(rows, start=last + 1):
            same = update(contact_address).where(a.contact_id == row.id, a.ended_at.is_(None), twice)
            self._connection.execute(same.values(ended_at=now))
            values = {
                "household_id": to_id, "resident_id": row.resident_id, "relation": row.relation, "position": order,
                "may_answer": row.may_answer, "valid_from": day, "key_id": row.key_id, "name": row.name,
            }  # fmt: skip
            ended = update(contact).where(c.id == row.id)  # the key goes with whoever answers: one key, one person
            self._connection.execute(ended.values(valid_to=day, key_id=None, name=None))
            made = self._connection.execute(insert(contact).values(values).returning(c.id)).scalar_one()
            theirs = update(contact_address).where(a.contact_id == row.id, a.ended_at.is_(None))
            self._connection.execute(theirs.values(contact_id=made))
