"""Households in the database: who lives there, and what is known of the household. Names and addresses are sealed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from handlers.domain.care_team import CareRules, CareTeam
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import (
    MEMBERS_LIMIT,
    Age,
    Change,
    Household,
    Member,
    Step,
)
from store.care import CareRepo
from store.household_contacts import HouseholdContacts
from store.models import contact, contact_address, household, household_change, membership, node, resident
from store.pieces import pieces
from store.tree import valid_on

_STEPS_FOLLOWED = 10
_H, _N = household.c, node.c
_COLUMNS = (_N.id, _N.code, _N.name, _N.parent_id, _N.valid_to, _H.address, _H.head_count, _H.about, _H.in_group)


class HouseholdRepo(HouseholdContacts):
    """Reads and writes households within the caller's transaction. A household with no row of its own is known by its
    node, with everything else unknown."""

    # -- the household -----------------------------------------------------------------------------------------------

    def get(self, household_id: int) -> Household | None:
        """Return the household, closed ones too; None when there is none."""
        return self.many((household_id,)).get(household_id)

    def many(self, ids: Iterable[int]) -> Mapping[int, Household]:
        """Return the households of these ids; absent ones are left out."""
        found: dict[int, Household] = {}
        for piece in pieces(ids):
            for row in self._connection.execute(_households().where(_N.id.in_(piece))):
                found[row.id] = _household(row)
        return found

    def by_code(self, code: str) -> Household | None:
        """Return the household of that code, or of that former code, or the one that took it in; None when none is."""
        chosen = _households().where(_N.code == code).order_by(_N.valid_to.is_not(None), _N.id.desc()).limit(1)
        row = self._connection.execute(chosen).one_or_none()
        found = None if row is None else _household(row)
        if found is None:
            former = select(household_change.c.household_id).where(household_change.c.code == code)
            known = self._connection.execute(
                former.order_by(household_change.c.id.desc()).limit(1)
            ).scalar_one_or_none()
            found = None if known is None else self.get(known)
        return None if found is None else self._successor(found)

    def _successor(self, found: Household) -> Household:
        for _ in range(_STEPS_FOLLOWED):
            if not found.closed:
                break
            c = household_change.c
            into = select(c.other_id).where(c.household_id == found.id, c.step == Step.MERGED.value)
            other = self._connection.execute(into.order_by(c.id.desc()).limit(1)).scalar_one_or_none()
            following = None if other is None else self.get(other)
            if following is None:
                break
            found = following
        return found

    def put(
        self, household_id: int, now: datetime, *, address: str | None = None, head_count: int | None = None,
        language: str | None = None, preferred: tuple[tuple[time, time], ...] | None = None,
        in_group: bool | None = None,
    ) -> None:  # fmt: skip
        """Write what is given; None leaves what is known. Refused when there is no such household."""
        known = self.get(household_id)
        if known is None:
            raise Refused("没有这一户,请核对户编码")
        about = about_household(language or known.language, known.preferred if preferred is None else preferred)
        values: dict[str, Any] = {"about": about, "updated_at": now}
        given = {"address": address, "head_count": head_count, "in_group": in_group}
        values |= {key: value for key, value in given.items() if value is not None}
        mine = update(household).where(_H.household_id == household_id)
        if self._connection.execute(mine.values(values)).rowcount == 0:
            self._connection.execute(insert(household).values(household_id=household_id, **values))

    # -- members -----------------------------------------------------------------------------------------------------

    def members(self, household_id: int, day: date) -> tuple[Member, ...]:
        """Return who lives there that day, by their number."""
        return self.members_of((household_id,), day).get(household_id, ())

    def members_of(self, ids: Iterable[int], day: date) -> Mapping[int, tuple[Member, ...]]:
        """Return who lives in each of these households that day; households without anybody known are left out."""
        m, found = membership.c, dict[int, tuple[Member, ...]]()
        columns = select(m.household_id, m.number, resident.c.id, resident.c.name, resident.c.about)
        for piece in pieces(ids):
            chosen = columns.join(resident, resident.c.id == m.resident_id).where(m.household_id.in_(piece))
            for row in self._connection.execute(chosen.where(valid_on(membership, day)).order_by(m.number, m.id)):
                found[row.household_id] = (*found.get(row.household_id, ()), _member(row))
        return found

    def home(self, member_id: int, day: date) -> int | None:
        """Return the household the person belongs to that day, None for nobody's."""
        m = membership.c
        chosen = select(m.household_id).where(m.resident_id == member_id, valid_on(membership, day))
        return self._connection.execute(chosen.order_by(m.id.desc()).limit(1)).scalar_one_or_none()

    def add_member(
        self, household_id: int, name: str, day: date, now: datetime, *, age: Age | None = None,
        language: str | None = None,
    ) -> Member:  # fmt: skip
        """Add somebody to the household and return them; Refused when it is full or not there."""
        if self.get(household_id) is None:
            raise Refused("没有这一户,请核对户编码")
        if len(self.members(household_id, day)) >= MEMBERS_LIMIT:
            raise Refused(f"一户最多登记 {MEMBERS_LIMIT} 人,请找网格员核对")
        values = {"name": name, "about": about_resident(age, language), "updated_at": now}
        made = self._connection.execute(insert(resident).values(values).returning(resident.c.id)).scalar_one()
        number = self._enter(household_id, made, day)
        return Member(made, household_id, number, name, age, language)

    def correct_member(
        self, member_id: int, now: datetime, *, name: str | None = None, age: Age | None = None,
        language: str | None = None,
    ) -> bool:  # fmt: skip
        """Set right what is given about a person; returns whether there is such a person."""
        chosen = select(resident.c.about).where(resident.c.id == member_id)
        row = self._connection.execute(chosen).one_or_none()
        if row is None:
            return False
        known = row.about or {}
        about = about_resident(age or known.get("age"), language or known.get("language"))
        values: dict[str, Any] = {"about": about, "updated_at": now} | ({"name": name} if name else {})
        self._connection.execute(update(resident).where(resident.c.id == member_id).values(values))
        return True

    def leave(self, member_id: int, day: date) -> int:
        """Let the person live there no more from *day*, and answer for nobody; returns how many places ended."""
        ended = 0
        for table in (membership, contact):
            going_on = (table.c.resident_id == member_id) & table.c.valid_to.is_(None)
            ended += self._connection.execute(update(table).where(going_on).values(valid_to=day)).rowcount
        return ended

    def forget(self, member_id: int) -> None:
        """Take out everything that says who the person is or was; what others must still add up stays as a number."""
        theirs = select(contact.c.id).where(contact.c.resident_id == member_id)
        self._connection.execute(contact_address.delete().where(contact_address.c.contact_id.in_(theirs)))
        self._connection.execute(contact.delete().where(contact.c.resident_id == member_id))
        self._connection.execute(membership.delete().where(membership.c.resident_id == member_id))
        gone = update(resident).where(resident.c.id == member_id)
        self._connection.execute(gone.values(name="", about=None, health=None))

    def _enter(self, household_id: int, member_id: int, day: date | None) -> int:
        m = membership.c
        last = select(func.max(m.number)).where(m.household_id == household_id)
        number = (self._connection.execute(last).scalar_one() or 0) + 1
        row = {"household_id": household_id, "resident_id": member_id, "number": number, "valid_from": day}
        self._connection.execute(insert(membership).values(row))
        return int(number)

    # -- care and history --------------------------------------------------------------------------------------------

    def care_team(self, household_id: int, day: date, rules: CareRules) -> CareTeam:
        """Return who looks after the household that day, in the order they are called."""
        return CareRepo(self._connection).team(household_id, day, rules)

    def history(self, household_id: int) -> tuple[Change, ...]:
        """Return what became of the household, oldest first."""
        c = household_change.c
        rows = self._connection.execute(select(household_change).where(c.household_id == household_id).order_by(c.id))
        return tuple(
            Change(r.household_id, Step(r.step), r.day, r.at, r.grid_id, r.code, r.other_id, r.by_id) for r in rows
        )


def about_household(language: str | None, preferred: tuple[tuple[time, time], ...]) -> dict[str, Any] | None:
    """Return what the sealed cell of a household holds; None when there is nothing to hold."""
    spans = [[f"{since:%H:%M}", f"{until:%H:%M}"] for since, until in preferred]
    said = {"language": language, "preferred": spans}
    return {key: value for key, value in said.items() if value} or None


def about_resident(age: str | None, language: str | None) -> dict[str, Any] | None:
    """Return what the sealed cell of a person holds; None when there is nothing to hold."""
    said = {"age": None if age is None else str(age), "language": language}
    return {key: value for key, value in said.items() if value} or None


def _households() -> Select[Any]:
    joined = node.outerjoin(household, _H.household_id == _N.id)
    return select(*_COLUMNS).select_from(joined).where(_N.level == HOUSEHOLD)


def _household(row: Any) -> Household:
    about = row.about or {}
    spans = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in about.get("preferred", ()))
    return Household(
        row.id, row.code, row.name, row.parent_id, row.address, row.head_count, about.get("language"), spans,
        row.in_group, row.valid_to is not None,
    )  # fmt: skip


def _member(row: Any) -> Member:
    about = row.about or {}
    age = about.get("age")
    return Member(row.id, row.household_id, row.number, row.name, Age(age) if age else None, about.get("language"))
