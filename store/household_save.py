"""A household file written to the database at once: people known by their name within the household, addresses by
their index. What the file does not say stays; nobody leaves because a file left them out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from handlers.domain.household import Contact, Health, Household, Member, Relation
from handlers.domain.household_planned import (
    HouseholdPlan,
    PlannedHousehold,
    PlannedMember,
    PlannedProxy,
    SavedHouseholds,
)
from handlers.domain.privacy import Purpose
from store.care import CareRepo
from store.household_contacts import lookup
from store.household_people import profile
from store.households import HouseholdRepo, about_household
from store.models import contact, contact_address, household, membership, resident
from store.person_keys import PersonKeys
from store.pieces import pieces

PHONE = "phone"


@dataclass(slots=True)
class _Known:
    """What stood in the database before."""

    members: Mapping[int, tuple[Member, ...]]
    health: Mapping[int, Health]
    contacts: Mapping[int, tuple[Contact, ...]]
    last_number: dict[int, int]
    last_order: dict[int, int]
    member_ids: dict[tuple[int, str], int] = field(default_factory=dict)


class HouseholdImport:
    """Saves a plan within the caller's transaction; its new nodes must be there already."""

    def __init__(self, connection: Connection, households: HouseholdRepo, keys: PersonKeys) -> None:
        self._connection, self._households, self._keys = connection, households, keys
        self._done = SavedHouseholds()

    def save(
        self, plan: HouseholdPlan, ids: Mapping[str, int], staff: Mapping[str, int], day: date, now: datetime
    ) -> SavedHouseholds:
        """Write the plan; *ids* are nodes by code, *staff* people by account. Twice changes no more than once."""
        stated = {ids[one.code]: one for one in plan.households}
        known = self._known(stated, day)
        self._put_homes(stated, now)
        self._put_members(stated, known, day, now)
        self._put_contacts(stated, known, day, now)
        care = CareRepo(self._connection)
        for home, one in stated.items():
            for role, accounts in one.care.items():
                self._done.care_changed += care.assign(home, role, [staff[userid] for userid in accounts], day)
        return self._done

    def _known(self, stated: Iterable[int], day: date) -> _Known:
        homes = list(stated)
        members = self._households.members_of(homes, day)
        everybody = [member.id for people in members.values() for member in people]
        known = _Known(
            members,
            self._households.health(everybody, Purpose.CARE),
            self._households.contacts_of(homes, day),
            self._highest(membership, membership.c.number, homes),
            self._highest(contact, contact.c.position, homes),
        )
        known.member_ids = {(m.household_id, m.name): m.id for people in members.values() for m in people}
        return known

    def _highest(self, table: Any, column: Any, homes: Sequence[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for piece in pieces(homes):
            chosen = select(table.c.household_id, func.max(column)).where(table.c.household_id.in_(piece))
            for home, highest in self._connection.execute(chosen.group_by(table.c.household_id)):
                found[home] = highest
        return found

    def _put_homes(self, stated: Mapping[int, PlannedHousehold], now: datetime) -> None:
        before = self._households.many(stated)
        written = self._highest(household, household.c.household_id, list(stated))
        fresh = []
        for home, one in stated.items():
            was = before[home]
            told = (one.address, one.head_count, one.in_group, one.preferred)
            if all(new in (None, old) for new, old in zip(told, _standing(was), strict=True)):
                continue
            self._done.households += 1
            if home in written:
                self._households.put(
                    home, now, address=one.address, head_count=one.head_count, in_group=one.in_group,
                    preferred=one.preferred,
                )  # fmt: skip
            else:
                about = about_household(None, one.preferred or ())
                values = {"address": one.address, "head_count": one.head_count, "in_group": one.in_group}
                fresh.append({"household_id": home, "about": about, "updated_at": now, **values})
        if fresh:
            self._connection.execute(insert(household), fresh)

    # -- people ------------------------------------------------------------------------------------------------------

    def _put_members(self, stated: Mapping[int, PlannedHousehold], known: _Known, day: date, now: datetime) -> None:
        by_id = {member.id: member for people in known.members.values() for member in people}
        fresh: list[tuple[int, PlannedMember]] = []
        for home, one in stated.items():
            for person in one.members.values():
                member_id = known.member_ids.get((home, person.name))
                if member_id is None:
                    fresh += [] if person.left else [(home, person)]
                elif person.left:
                    self._households.leave(member_id, day)
                    self._done.people_left += 1
                else:
                    self._correct(by_id[member_id], person, known, now)
        self._add(fresh, known, day, now)

    def _correct(self, was: Member, person: PlannedMember, known: _Known, now: datetime) -> None:
        told = (person.age or was.age, person.language or was.language)
        changed = told != (was.age, was.language)
        if changed:
            self._households.correct_member(was.id, now, age=person.age, language=person.language)
        if person.health is not None and person.health != known.health.get(was.id):
            self._households.put_health(was.id, person.health, now)
            changed = True
        self._done.people_changed += changed

    def _add(self, fresh: Sequence[tuple[int, PlannedMember]], known: _Known, day: date, now: datetime) -> None:
        ill = [place for place, (_, person) in enumerate(fresh) if person.health is not None]
        keys = self._keys.make_many(len(fresh) + len(ill), now)
        health_key = dict(zip(ill, keys[len(fresh) :], strict=True))
        rows = [
            {
                "key_id": keys[place],
                "health_key_id": health_key.get(place),
                "profile": self._keys.seal(keys[place], profile(person.name, person.age, person.language)),
                "health": self._health(health_key.get(place), person.health),
                "updated_at": now,
            }
            for place, (_, person) in enumerate(fresh)
        ]
        made = self._insert(resident, rows)
        places = []
        for (home, person), member_id in zip(fresh, made, strict=True):
            known.last_number[home] = number = known.last_number.get(home, 0) + 1
            known.member_ids[home, person.name] = member_id
            places.append({"household_id": home, "resident_id": member_id, "number": number, "valid_from": day})
        if places:
            self._connection.execute(insert(membership), places)
        self._done.people_new += len(fresh)

    def _health(self, key_id: str | None, health: Health | None) -> bytes | None:
        if key_id is None or health is None:
            return None
        return self._keys.seal(key_id, {"vulnerable": health.vulnerable, "medicines": health.medicines})

    # -- contacts ----------------------------------------------------------------------------------------------------

    def _put_contacts(self, stated: Mapping[int, PlannedHousehold], known: _Known, day: date, now: datetime) -> None:
        fresh: list[tuple[int, int | None, PlannedMember | PlannedProxy]] = []
        bound: list[tuple[int, str]] = []
        for home, one in stated.items():
            contacts = known.contacts.get(home, ())
            mine = {c.member_id: c for c in contacts if c.member_id is not None}
            proxies = {c.name: c for c in contacts if c.member_id is None}
            for person in one.members.values():
                member_id = known.member_ids.get((home, person.name))
                if person.left or member_id is None or not (person.phones or person.may_answer):
                    continue
                self._answers(mine.get(member_id), (home, member_id, person), fresh, bound)
            for proxy in one.proxies.values():
                was = proxies.get(proxy.name)
                if proxy.left:
                    if was is not None:
                        self._households.end_contact(was.id, day)
                    continue
                self._answers(was, (home, None, proxy), fresh, bound)
        made = self._add_contacts(fresh, known, day, now)
        for (_, _, answering), contact_id in zip(fresh, made, strict=True):
            bound += [(contact_id, phone) for phone in answering.phones]
        self._bind(bound, now)

    def _answers(
        self, was: Contact | None, person: tuple[int, int | None, PlannedMember | PlannedProxy],
        fresh: list[tuple[int, int | None, PlannedMember | PlannedProxy]], bound: list[tuple[int, str]],
    ) -> None:  # fmt: skip
        """Take somebody up who answers: new, or known, with what the file says anew."""
        if was is None:
            return fresh.append(person)
        told = person[2]
        held = {address.address for address in was.addresses if address.channel == PHONE}
        bound += [(was.id, phone) for phone in told.phones if phone not in held]
        if told.may_answer is not None and told.may_answer != was.may_answer:
            self._households.agree(was.id, told.may_answer)
        return None

    def _add_contacts(
        self, fresh: Sequence[tuple[int, int | None, PlannedMember | PlannedProxy]], known: _Known, day: date,
        now: datetime,
    ) -> list[int]:  # fmt: skip
        elsewhere = [place for place, (_, member_id, _) in enumerate(fresh) if member_id is None]
        key_of = dict(zip(elsewhere, self._keys.make_many(len(elsewhere), now), strict=True))
        rows = []
        for place, (home, member_id, person) in enumerate(fresh):
            known.last_order[home] = order = known.last_order.get(home, 0) + 1
            relation = person.relation if isinstance(person, PlannedProxy) else Relation.MEMBER
            key_id = key_of.get(place)
            rows.append(
                {
                    "household_id": home,
                    "resident_id": member_id,
                    "key_id": key_id,
                    "name": None if key_id is None else self._keys.seal(key_id, person.name),
                    "relation": relation.value,
                    "position": order,
                    "may_answer": bool(person.may_answer),
                    "valid_from": day,
                }
            )
        self._done.contacts_new += len(rows)
        return self._insert(contact, rows)

    def _bind(self, bound: Sequence[tuple[int, str]], now: datetime) -> None:
        keys = self._households.keys_of_contacts(contact_id for contact_id, _ in bound)
        rows = [
            {
                "contact_id": contact_id, "channel": PHONE, "address": self._keys.seal(keys[contact_id], phone),
                "lookup": lookup(PHONE, phone), "since_at": now,
            }
            for contact_id, phone in dict.fromkeys(bound)
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(contact_address), rows)
        self._done.phones_new += len(rows)

    def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert the rows and return their ids, in their order."""
        if not rows:
            return []
        ordered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return [int(made) for made in self._connection.execute(ordered, rows).scalars()]


def _standing(was: Household) -> tuple[Any, ...]:
    return (was.address, was.head_count, was.in_group, was.preferred or None)
