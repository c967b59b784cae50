"""A word to one resident or household on the first of their channels that is open now; else 够不着, and why.

No window is forced and nothing is queued for a day that may never come: whoever plans is told at once, so that a person
can call or knock.
"""

from collections.abc import Iterable, Sequence

from handlers.domain.delivery import Letter, Menu, Purpose, Recipient, Text
from handlers.domain.household import Address
from handlers.domain.message import RESIDENT, Channel
from handlers.domain.window import Way, way
from handlers.letters import ORDINARY
from handlers.ports import Context, Work

_THEIRS = frozenset(channel.value for channel in RESIDENT)


def reachable(addresses: Sequence[Address], work: Work, ctx: Context) -> Way:
    """Return the first of *addresses* that can be written to now, or why none can."""
    theirs = [one for one in addresses if one.channel in _THEIRS]
    return way(theirs, work.windows.standings(theirs, ctx.now))


def tell(
    addresses: Sequence[Address],
    content: Text | Menu,
    work: Work,
    ctx: Context,
    *,
    purpose: Purpose = Purpose.NOTICE,
    node_id: int | None = None,
    priority: int = ORDINARY,
    about: Iterable[int] = (),
) -> Way:
    """Put *content* in the outbox for the first of *addresses* that is open; returns which it was, or why none is.

    *about*: the people (subjects) it speaks of; it goes with them when they are erased.
    """
    found = reachable(addresses, work, ctx)
    if found.address is not None:
        to = (Recipient(found.address.address, node_id=node_id),)
        letter = Letter(purpose, Channel(found.address.channel), content, to, ctx.now, priority)
        parcels = work.outbox.put([letter], ctx.now)
        for subject_id in about:
            work.erasure.mention(subject_id, parcels)
    return found


def household(household_id: int, content: Text | Menu, work: Work, ctx: Context) -> Way:
    """Tell a household through the people who answer for it, in their order."""
    contacts = work.households.contacts(household_id, ctx.day)
    addresses = [address for contact in contacts for address in contact.addresses]
    return tell(addresses, content, work, ctx, node_id=household_id)
