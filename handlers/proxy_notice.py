"""Whoever was spoken for hears of it: who declared for them, and that their own word stands above it."""

from collections.abc import Iterable, Mapping
from datetime import date

from handlers.domain.consent import Speaker, Way
from handlers.domain.declaration import Sheet
from handlers.domain.declared import Said
from handlers.domain.delivery import Text
from handlers.domain.household import RELATIONS, Member, masked
from handlers.ports import Context, Work
from handlers.tell_resident import tell
from handlers.wording import declared_chat as say

_SPOKEN_WITH = frozenset({Way.DOOR, Way.PHONE, Way.PAPER})


def tell_spoken_for(
    spoken_for: Iterable[tuple[Member, int, Speaker]], sheet: Sheet, day: date, work: Work, ctx: Context
) -> int:
    """Write to the household, on what is open now and not to who spoke; returns how many were told.

    *spoken_for*: members with their subject's id and whose words they were. A person with an address of their own hears
    of themselves; of others whoever else answers for the household hears. Nothing of what was declared stands in it;
    one word a day is enough; and a worker who wrote it down at the door spoke with them there.
    """
    home = sheet.household_id
    whom = {subject: (member, said_by) for member, subject, said_by in spoken_for}
    if not whom or home is None or sheet.way in _SPOKEN_WITH:
        return 0
    of_day = work.declarations.said_on(whom, day)
    contacts = work.households.contacts(home, ctx.day)
    told = 0
    for subject, (member, said_by) in whom.items():
        if _told_today(subject, sheet, of_day, work):
            continue
        who = _who(said_by, sheet, home, work, ctx)
        own = [c for c in contacts if c.member_id == member.id]
        others = [c for c in contacts if c.may_answer and c.member_id != member.id]
        for chosen, words in ((own, say.declared_for_you(who)), (others, say.declared_for(masked(member.name), who))):
            addresses = [one for contact in chosen for one in contact.addresses if one != sheet.said_from]
            if tell(addresses, Text(words), work, ctx, node_id=home, about=[subject]).address is not None:
                told += 1
                break
    return told


def _told_today(subject: int, sheet: Sheet, of_day: Mapping[int, tuple[Said, ...]], work: Work) -> bool:
    kept = work.declarations.sheet(sheet.key)
    earlier = [one for one in of_day.get(subject, ()) if kept is None or one.sheet_id != kept.id]
    return any(one.said_by is not Speaker.SELF for one in earlier)


def _who(said_by: Speaker, sheet: Sheet, home: int, work: Work, ctx: Context) -> str:
    """Return who spoke, as far as it is known: by the address in a chat, else as they said on the page."""
    if sheet.said_from is not None:
        for caller in work.households.of_address(sheet.said_from.channel, sheet.said_from.address, ctx.day):
            if caller.household_id == home:
                return say.somebody_registered(RELATIONS[caller.relation][0])
    return say.SPEAKERS[said_by]
