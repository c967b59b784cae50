"""Whom the four ones are about in a household, and who of it is asked: the family, never a neighbour unless agreed."""

from collections.abc import Iterable, Sequence

from handlers.domain.declared import Profile, Subject
from handlers.domain.household import Address, Contact
from handlers.domain.message import RESIDENT
from handlers.ports import Context, Work

NAMELESS = ""
_THEIRS = frozenset(channel.value for channel in RESIDENT)


def people_of(household_id: int, work: Work, ctx: Context) -> tuple[Subject, ...]:
    """Return the people the four ones are about there: those isolated; without any, whoever lives there."""
    isolated = [one.subject_id for one in work.isolations.of_household(household_id) if one.open]
    if isolated:
        found = work.subjects.many(isolated)
        return tuple(found[one] for one in isolated if one in found and found[one].profile is not None)
    members = work.households.members(household_id, ctx.day)
    known = work.subjects.of_members(member.id for member in members)
    return tuple(
        known.get(member.id)
        or work.subjects.make(household_id, member.id, Profile(member.name, child=member.under_14), ctx.now)
        for member in members
    )


def spokesperson(household_id: int, work: Work, ctx: Context) -> Subject:
    """Return whose key seals what a household asks for: the first of its people; of one in whose register nobody stands
    yet somebody without a name, so that no wish is turned away."""
    people = people_of(household_id, work, ctx)
    if people:
        return people[0]
    known = work.subjects.find(household_id, NAMELESS)
    return known or work.subjects.make(household_id, None, Profile(NAMELESS), ctx.now)


def asked_at(contacts: Sequence[Contact]) -> list[Address]:
    """Return where a household is asked, in order: its own people and those who may answer for it."""
    theirs = [one for one in contacts if one.member_id is not None or one.may_answer]
    return [address for one in theirs for address in one.addresses if address.channel in _THEIRS]


def phones(contacts: Iterable[Contact]) -> list[str]:
    """Return the numbers to call, in order."""
    return [address.address for one in contacts for address in one.addresses if address.channel == "phone"]
