"""A word to somebody of a household, on a channel that reaches them now; a phone number is none of them."""

from handlers.domain.declared import Subject
from handlers.domain.letter import Letter, Menu, Purpose, Recipient, Text
from handlers.domain.message import Channel
from handlers.letters import REPLY
from handlers.ports import Context, Work
from handlers.tell_resident import reachable


def tell(subject: Subject, said: str | Menu, work: Work, ctx: Context) -> bool:
    """Write to the person; who is not reached alone is written to through whoever may answer for them.

    Returns whether somebody could be written to now; False: a human has to say it.
    """
    if subject.household_id is None:
        return False
    contacts = work.households.contacts(subject.household_id, ctx.day)
    own = [c for c in contacts if c.member_id is not None and c.member_id == subject.member_id]
    for chosen in (own, [c for c in contacts if c.may_answer]):
        way = reachable([address for contact in chosen for address in contact.addresses], work, ctx)
        if way.address is not None:
            to = (Recipient(way.address.address, node_id=subject.household_id),)
            content = Text(said) if isinstance(said, str) else said
            letter = Letter(Purpose.NOTICE, Channel(way.address.channel), content, to, ctx.now, REPLY)
            work.erasure.mention(subject.id, work.outbox.put([letter], ctx.now))
            return True
    return False
