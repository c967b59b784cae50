"""Who answers for a household in the database, from which addresses, and how it is best reached.

Whoever writes to us is found by a keyed index of the address; nothing is opened on the way.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, bindparam, func, insert, select, update

from handlers.domain.errors import Refused
from handlers.domain.household import Address, Caller, Contact, Reach, Relation, reach
from store.cipher import FieldCipher
from store.models import contact, contact_address, household, node, resident
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.prepared import Prepared
from store.tree import valid_on

_H, _N = household.c, node.c


def lookup(channel: str, address: str) -> str:
    """Return the index by which whoever answers from this address is found."""
    return FieldCipher.current().index(f"household answers from {channel} {address}")


class HouseholdContacts:
    """The part of the household repository about contacts, proxies and their addresses."""

    def __init__(self, connection: Connection, keys: PersonKeys) -> None:
        self._connection, self._keys = connection, keys

    def contacts(self, household_id: int, day: date) -> tuple[Contact, ...]:
        """Return who answers for the household that day, in the order they are asked, with their addresses."""
        return self.contacts_of((household_id,), day).get(household_id, ())

    def contacts_of(self, ids: Iterable[int], day: date) -> Mapping[int, tuple[Contact, ...]]:
        """Return who answers for each of these households that day; those nobody answers for are left out."""
        c, a = contact.c, contact_address.c
        columns = select(contact, resident.c.profile).outerjoin(resident, resident.c.id == c.resident_id)
        found: dict[int, tuple[Contact, ...]] = {}
        for piece in pieces(ids):
            mine = c.household_id.in_(piece) & valid_on(contact, day)
            rows = self._connection.execute(columns.where(mine).order_by(c.position, c.id)).all()
            active = select(a.contact_id, a.channel, a.address).join(contact, c.id == a.contact_id)
            addresses = self._connection.execute(active.where(mine, a.ended_at.is_(None)).order_by(a.id)).all()
            names = (row.profile or row.name for row in rows)
            self._keys.load(itertools.chain(names, (row.address for row in addresses)))
            theirs: dict[int, tuple[Address, ...]] = {}
            for row in addresses:
                opened = self._keys.open(row.address)
                if opened is not None:
                    theirs[row.contact_id] = (*theirs.get(row.contact_id, ()), Address(row.channel, opened))
            for row in rows:
                one = self._contact(row, theirs.get(row.id, ()))
                found[one.household_id] = (*found.get(one.household_id, ()), one)
        return found

    def _contact(self, row: Any, addresses: tuple[Address, ...]) -> Contact:
        known = self._keys.open(row.profile)
        name = self._keys.open(row.name) if known is None else known["name"]
        return Contact(
            row.id, row.household_id, row.resident_id, name or "", Relation(row.relation), row.position, row.may_answer,
            addresses,
        )  # fmt: skip

    def add_contact(
        self, household_id: int, name: str, relation: Relation, day: date, now: datetime, *,
        member_id: int | None = None, may_answer: bool = False,
    ) -> Contact:  # fmt: skip
        """Add somebody who answers, behind those who are asked already. A member's name is the member's."""
        c = contact.c
        last = select(func.max(c.position)).where(c.household_id == household_id)
        order = (self._connection.execute(last).scalar_one() or 0) + 1
        values: dict[str, Any] = {
            "household_id": household_id, "resident_id": member_id, "relation": relation.value, "position": order,
            "may_answer": may_answer, "valid_from": day,
        }  # fmt: skip
        if member_id is None:
            key_id = self._keys.make(now)
            values |= {"key_id": key_id, "name": self._keys.seal(key_id, name)}
        made = self._connection.execute(insert(contact).values(values).returning(c.id)).scalar_one()
        return Contact(made, household_id, member_id, name, relation, order, may_answer)

    def agree(self, contact_id: int, may_answer: bool) -> bool:
        """Note whether the household lets this contact speak for its people; returns whether there is such a one."""
        mine = update(contact).where(contact.c.id == contact_id)
        return self._connection.execute(mine.values(may_answer=may_answer)).rowcount == 1

    def end_contact(self, contact_id: int, day: date) -> None:
        """Let the contact answer no more from *day*."""
        mine = update(contact).where(contact.c.id == contact_id, contact.c.valid_to.is_(None))
        self._connection.execute(mine.values(valid_to=day))

    def bind_address(self, contact_id: int, channel: str, address: str, now: datetime) -> None:
        """Let the contact be known by this address; doing it again changes nothing."""
        a = contact_address.c
        index = lookup(channel, address)
        known = select(a.id).where(a.contact_id == contact_id, a.lookup == index, a.ended_at.is_(None))
        if self._connection.execute(known.limit(1)).scalar_one_or_none() is None:
            key_id = self.keys_of_contacts((contact_id,)).get(contact_id)
            if key_id is None:
                raise Refused("没有这个联系人,请核对")
            sealed = self._keys.seal(key_id, address)
            row = {"contact_id": contact_id, "channel": channel, "address": sealed, "lookup": index, "since_at": now}
            self._connection.execute(insert(contact_address).values(row))

    def forget_contact(self, contact_id: int, because: str, now: datetime) -> bool:
        """Erase somebody who lives elsewhere and answered; returns whether there was such a contact."""
        chosen = select(contact.c.key_id).where(contact.c.id == contact_id)
        row = self._connection.execute(chosen).one_or_none()
        if row is None:
            return False
        self._connection.execute(contact_address.delete().where(contact_address.c.contact_id == contact_id))
        self._connection.execute(contact.delete().where(contact.c.id == contact_id))
        self._keys.destroy([row.key_id], because, now)
        return True

    def keys_of_contacts(self, contact_ids: Iterable[int]) -> Mapping[int, str]:
        """Return the ids of the keys that the contacts' addresses are sealed under: the member's, or their own."""
        owner = func.coalesce(contact.c.key_id, resident.c.key_id)
        chosen = select(contact.c.id, owner).outerjoin(resident, resident.c.id == contact.c.resident_id)
        found: dict[int, str] = {}
        for piece in pieces(contact_ids):
            rows = self._connection.execute(chosen.where(contact.c.id.in_(piece)))
            found.update((contact_id, key_id) for contact_id, key_id in rows if key_id is not None)
        return found

    def end_address(self, channel: str, address: str, now: datetime) -> int:
        """Drop an address everywhere (somebody stopped following, a phone changed hands); returns how many ended."""
        a = contact_address.c
        mine = update(contact_address).where(a.lookup == lookup(channel, address), a.ended_at.is_(None))
        return self._connection.execute(mine.values(ended_at=now)).rowcount

    def of_address(self, channel: str, address: str, day: date) -> tuple[Caller, ...]:
        """Return whom an address speaks for: members and proxies, one a household; () for a stranger. Opens nothing."""
        found: dict[int, Caller] = {}
        for row in _OF_ADDRESS.all(self._connection, index=lookup(channel, address), day=day):
            caller = Caller(row.household_id, row.id, row.resident_id, Relation(row.relation), row.may_answer)
            found.setdefault(row.household_id, caller)
        return tuple(found.values())

    def reach(self, ids: Iterable[int], day: date) -> Mapping[int, Reach]:
        """Return the best way to each of these households. Opens nothing."""
        channels: dict[int, set[str]] = {}
        in_group: dict[int, bool | None] = {}
        a, c = contact_address.c, contact.c
        wanted = list(dict.fromkeys(ids))
        for piece in pieces(wanted):
            chosen = select(c.household_id, a.channel).join(contact_address, a.contact_id == c.id)
            chosen = chosen.where(c.household_id.in_(piece), a.ended_at.is_(None), valid_on(contact, day))
            for row in self._connection.execute(chosen.distinct()):
                channels.setdefault(row.household_id, set()).add(row.channel)
            grouped = select(_H.household_id, _H.in_group).where(_H.household_id.in_(piece))
            in_group.update((row.household_id, row.in_group) for row in self._connection.execute(grouped))
        return {one: reach(channels.get(one, ()), in_group.get(one)) for one in wanted}


_OF_ADDRESS = Prepared(
    select(contact.c.household_id, contact.c.id, contact.c.resident_id, contact.c.relation, contact.c.may_answer)
    .join(contact_address, contact_address.c.contact_id == contact.c.id)
    .join(node, _N.id == contact.c.household_id)
    .where(
        contact_address.c.lookup == bindparam("index"),
        contact_address.c.ended_at.is_(None),
        valid_on(contact, bindparam("day", type_=Date)),  # type: ignore[arg-type]
        _N.valid_to.is_(None),
    )
    .order_by(contact.c.position, contact.c.id)
)
