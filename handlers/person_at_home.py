"""Somebody named at a door: known there, or of the register, or new, with a key of their own."""

from handlers.domain.declared import Profile, Subject
from handlers.domain.roster_fields import person_name
from handlers.ports import Context, Work


def person_at_home(household_id: int, said: str, work: Work, ctx: Context) -> Subject:
    """Return the person of that name; Unfit when it is no name."""
    name = person_name(said)
    known = work.subjects.find(household_id, name)
    if known is not None:
        return known
    member = next((one for one in work.households.members(household_id, ctx.day) if one.name == name), None)
    listed = work.subjects.of_member(member.id) if member else None
    if listed is not None:
        return listed
    profile = Profile(name, child=member.under_14 if member else None)
    return work.subjects.make(household_id, member.id if member else None, profile, ctx.now)
