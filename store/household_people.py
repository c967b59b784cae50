"""Who lives in a household, in the database: everything that says who somebody is opens under their own key.

Health is sealed under a second key, so that it can be destroyed by itself; it is read for a purpose, never in passing.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, func, insert, select, update

from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import MEMBERS_LIMIT, Age, Health, Member
from handlers.domain.privacy import Purpose
from store.household_contacts import HouseholdContacts
from store.models import contact, contact_address, membership, node, resident
from store.pieces import pieces
from store.prepared import Prepared, among
from store.tree import valid_on

_READ_FOR = frozenset({Purpose.CARE, Purpose.DECLARATION})
"""The purposes that health of the register may be read for; a purpose that is not here reads nothing."""


class HouseholdPeople(HouseholdContacts):
    """The part of the household repository about people."""

    def members(self, household_id: int, day: date) -> tuple[Member, ...]:
        """Return who lives there that day, by their number."""
        return self.members_of((household_id,), day).get(household_id, ())

    def members_of(self, ids: Iterable[int], day: date) -> Mapping[int, tuple[Member, ...]]:
        """Return who lives in each of these households that day; households without anybody known are left out."""
        found: dict[int, tuple[Member, ...]] = {}
        for piece in pieces(ids):
            rows = _LIVING_THERE.all(self._connection, homes=piece, day=day)
            self._keys.load(row.profile for row in rows)
            for row in rows:
                profile = self._keys.open(row.profile)
                if profile is not None:
                    member = Member(row.id, row.household_id, row.number, *_said(profile))
                    found[row.household_id] = (*found.get(row.household_id, ()), member)
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
        there = select(node.c.id).where(node.c.id == household_id, node.c.level == HOUSEHOLD)
        if self._connection.execute(there).scalar_one_or_none() is None:
            raise Refused("没有这一户,请核对户编码")
        here = select(func.count()).where(membership.c.household_id == household_id, valid_on(membership, day))
        if self._connection.execute(here).scalar_one() >= MEMBERS_LIMIT:
            raise Refused(f"一户最多登记 {MEMBERS_LIMIT} 人,请找网格员核对")
        key_id = self._keys.make(now)
        values = {"key_id": key_id, "profile": self._keys.seal(key_id, profile(name, age, language)), "updated_at": now}
        made = self._connection.execute(insert(resident).values(values).returning(resident.c.id)).scalar_one()
        return Member(made, household_id, self._enter(household_id, made, day), name, age, language)

    def correct_member(
        self, member_id: int, now: datetime, *, name: str | None = None, age: Age | None = None,
        language: str | None = None,
    ) -> bool:  # fmt: skip
        """Set right what is given about a person; returns whether there is such a person."""
        row = self._connection.execute(
            select(resident.c.key_id, resident.c.profile).where(resident.c.id == member_id)
        ).one_or_none()
        known = None if row is None else self._keys.open(row.profile)
        if row is None or known is None:
            return False
        was = _said(known)
        sealed = self._keys.seal(row.key_id, profile(name or was[0], age or was[1], language or was[2]))
        mine = update(resident).where(resident.c.id == member_id)
        self._connection.execute(mine.values(profile=sealed, updated_at=now))
        return True

    def leave(self, member_id: int, day: date) -> int:
        """Let the person live there no more from *day*, and answer for nobody; returns how many places ended."""
        ended = 0
        for table in (membership, contact):
            going_on = (table.c.resident_id == member_id) & table.c.valid_to.is_(None)
            ended += self._connection.execute(update(table).where(going_on).values(valid_to=day)).rowcount
        return ended

    # -- health ------------------------------------------------------------------------------------------------------

    def health(self, member_ids: Iterable[int], purpose: Purpose) -> Mapping[int, Health]:
        """Return what is known of these people's needs; whoever has none known is left out.

        ValueError for a purpose health may not be read for. Who looks, and that they may, is for the verb to check
        (`CareTeam.sees_health`) and to note.
        """
        if purpose not in _READ_FOR:
            raise ValueError(f"health is not read in order to {purpose}")
        found: dict[int, Health] = {}
        for piece in pieces(member_ids):
            chosen = select(resident.c.id, resident.c.health).where(resident.c.id.in_(piece))
            rows = self._connection.execute(chosen.where(resident.c.health.is_not(None))).all()
            self._keys.load(row.health for row in rows)
            for row in rows:
                said = self._keys.open(row.health)
                if said is not None:
                    found[row.id] = Health(tuple(said["vulnerable"]), tuple(said["medicines"]))
        return found

    def put_health(self, member_id: int, health: Health, now: datetime) -> bool:
        """Write what a person needs; returns whether there is such a person. Nothing known is nothing written."""
        row = self._connection.execute(
            select(resident.c.health_key_id, resident.c.profile).where(resident.c.id == member_id)
        ).one_or_none()
        if row is None or row.profile is None:
            return False
        key_id = row.health_key_id if self._keys.alive(row.health_key_id) else self._keys.make(now)
        sealed = self._keys.seal(key_id, {"vulnerable": health.vulnerable, "medicines": health.medicines})
        mine = update(resident).where(resident.c.id == member_id)
        self._connection.execute(mine.values(health=sealed, health_key_id=key_id, updated_at=now))
        return True

    def forget_health(self, member_id: int, because: str, now: datetime) -> bool:
        """Destroy what is known of a person's needs, in every copy; returns whether there was anything."""
        chosen = select(resident.c.health_key_id).where(resident.c.id == member_id)
        key_id = self._connection.execute(chosen).scalar_one_or_none()
        if key_id is None:
            return False
        gone = update(resident).where(resident.c.id == member_id)
        self._connection.execute(gone.values(health=None, health_key_id=None))
        self._keys.destroy([key_id], because, now)
        return True

    # -- erasure -----------------------------------------------------------------------------------------------------

    def forget(self, member_id: int, because: str, now: datetime) -> bool:
        """Erase the person: their keys are destroyed and all they sealed goes; counts of people stay as numbers.

        Returns whether there was anything left to erase.
        """
        row = self._connection.execute(select(resident).where(resident.c.id == member_id)).one_or_none()
        if row is None or row.profile is None:
            return False
        theirs = select(contact.c.id).where(contact.c.resident_id == member_id)
        self._connection.execute(contact_address.delete().where(contact_address.c.contact_id.in_(theirs)))
        self._connection.execute(contact.delete().where(contact.c.resident_id == member_id))
        self._connection.execute(membership.delete().where(membership.c.resident_id == member_id))
        gone = update(resident).where(resident.c.id == member_id)
        self._connection.execute(gone.values(profile=None, health=None, health_key_id=None))
        self._keys.destroy([row.key_id, row.health_key_id], because, now)
        return True

    def _enter(self, household_id: int, member_id: int, day: date | None) -> int:
        m = membership.c
        last = select(func.max(m.number)).where(m.household_id == household_id)
        number = (self._connection.execute(last).scalar_one() or 0) + 1
        row = {"household_id": household_id, "resident_id": member_id, "number": number, "valid_from": day}
        self._connection.execute(insert(membership).values(row))
        return int(number)


_LIVING_THERE = Prepared(
    select(membership.c.household_id, membership.c.number, resident.c.id, resident.c.profile)
    .join(resident, resident.c.id == membership.c.resident_id)
    .where(
        among(membership.c.household_id, "homes"),
        valid_on(membership, bindparam("day", type_=Date)),  # type: ignore[arg-type]
    )
    .order_by(membership.c.number, membership.c.id)
)


def profile(name: str, age: Age | None, language: str | None) -> dict[str, Any]:
    """Return what a person's sealed profile holds."""
    said = {"name": name, "age": None if age is None else age.value, "language": language}
    return {key: value for key, value in said.items() if value is not None}


def _said(known: Mapping[str, Any]) -> tuple[str, Age | None, str | None]:
    age = known.get("age")
    return known["name"], Age(age) if age else None, known.get("language")
