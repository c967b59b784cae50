"""A word to somebody of a household, on the channels that reach them by themselves; a phone is none of them."""

from handlers.domain.declared import Subject
from handlers.domain.letter import Letter, Purpose, Recipient, Text
from handlers.domain.message import Channel
from handlers.letters import REPLY
from handlers.ports import Context, Work

_OF_RESIDENTS = frozenset({"kf", "official_account"})


def tell(subject: Subject, text: str, work: Work, ctx: Context) -> bool:
    """Write to the person; who is not reached alone is written to through whoever may answer for them.

    Returns whether there was anybody to write to; False: a human has to say it.
    """
    if subject.household_id is None:
        return False
    letters = []
    for contact in work.households.contacts(subject.household_id, ctx.day):
        own = contact.member_id is not None and contact.member_id == subject.member_id
        if not (own or contact.may_answer):
            continue
        for address in contact.addresses:
            channel = _channel(address.channel)
            if channel is not None:
                to = (Recipient(address.address, node_id=subject.household_id),)
                letters.append((own, Letter(Purpose.NOTICE, channel, Text(text), to, ctx.now, REPLY)))
    chosen = [letter for own, letter in letters if own] or [letter for _, letter in letters]
    if not chosen:
        return False
    work.erasure.mention(subject.id, work.outbox.put(chosen, ctx.now))
    return True


def _channel(name: str) -> Channel | None:
    return next((channel for channel in Channel if channel.value == name and name in _OF_RESIDENTS), None)
