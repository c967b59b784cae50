"""What a page shows for a code: the place by name, who lives there behind stars, the texts to say yes to."""

from collections.abc import Mapping

from handlers.declared_people import handle_of
from handlers.declared_receipts import whom_to_ask
from handlers.domain.consent import Consent, ConsentPurpose, ConsentState, newest
from handlers.domain.declaration import Form, FormRow, Journey, PersonSheet
from handlers.domain.declared import Said, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.facts import Facts
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import Member, masked
from handlers.ports import Context, Work
from handlers.read_sheet import BACK_AT_MOST
from handlers.wording import declaration as say


def declaring_of(ctx: Context) -> Declaring:
    """Return how the county takes declarations; Refused when it takes none."""
    if ctx.county.declaring is None:
        raise Refused(say.not_open())
    return ctx.county.declaring


def household_of(place_id: int, household_id: int | None, ctx: Context) -> int | None:
    """Return the household, checked to lie at or under the place; a household's own code stands for itself."""
    place = ctx.tree.node(place_id)
    if household_id is None:
        return place_id if place.level == HOUSEHOLD else None
    if not ctx.tree.contains(place_id, household_id) or ctx.tree.node(household_id).level != HOUSEHOLD:
        raise UnknownNode(f"household {household_id}")
    return household_id


def form_of(place_id: int, household_id: int | None, work: Work, ctx: Context, *, known: bool = False) -> Form:
    """Return what a page shows for the code of *place_id*; at a gate, *household_id* is the one picked, or None.

    *known*: whoever looks is known to belong to the household (a bound kf or 公众号 address, the household's own link):
    only they see what was said last. Raises UnknownNode for a place or household that is not there or not under it.
    """
    declaring = declaring_of(ctx)
    home = household_of(place_id, household_id, ctx)
    rows: tuple[FormRow, ...] = ()
    if home is not None and (known or home == place_id):
        rows = _rows(home, known, declaring, work, ctx)
    return Form(
        place_id=place_id,
        place_name=ctx.tree.path_name(place_id) or ctx.county.name,
        household_id=home,
        household=ctx.tree.node(home).name if home is not None else None,
        rows=rows,
        consents=tuple(declaring.table.consents[purpose] for purpose in ConsentPurpose),
        notice=declaring.table.notice.format(county=ctx.county.name),
        today=ctx.day,
        earliest=ctx.day - BACK_AT_MOST,
        fever_celsius=declaring.fever,
        ask=whom_to_ask(home or place_id, declaring, work, ctx),
    )


def _rows(home: int, known: bool, declaring: Declaring, work: Work, ctx: Context) -> tuple[FormRow, ...]:
    """Return who the page lists: masked, and what they said last only for those who are known to belong here."""
    members = work.households.members(home, ctx.day)
    subjects = [subject for subject in work.subjects.of_household(home) if subject.name]
    by_member = {subject.member_id: subject for subject in subjects if subject.member_id is not None}
    listed: list[tuple[Member | None, Subject | None]] = [(one, by_member.get(one.id)) for one in members]
    here = {member.id for member in members}
    listed += [(None, subject) for subject in subjects if subject.member_id not in here]
    last = work.declarations.last(s.id for _, s in listed if s) if known else {}
    words = work.consents.of_many(s.id for _, s in listed if s) if known else {}
    return tuple(
        _row(member, subject, last.get(subject.id) if subject else None, words, declaring, ctx)
        for member, subject in listed
    )


def _row(
    member: Member | None,
    subject: Subject | None,
    said: Said | None,
    words: Mapping[int, tuple[Consent, ...]],
    declaring: Declaring,
    ctx: Context,
) -> FormRow:
    handle = handle_of(member, subject)
    child = subject.profile.child if subject and subject.profile else member.under_14 if member else None
    granted = newest(words.get(subject.id, ())) if subject else {}
    return FormRow(
        who=handle,
        label=member.label if member else masked(subject.name if subject else ""),
        under_14=child,
        last=_prefilled(handle, said) if said and said.facts else None,
        last_at=said.made_at if said else None,
        granted=frozenset(
            purpose.value
            for purpose, word in granted.items()
            if word.state is ConsentState.GRANTED and word.version >= declaring.table.consents[purpose].version
        ),
    )


def _prefilled(handle: str, said: Said) -> PersonSheet:
    """Return what was said last, to be sent again: the journey as it was; how somebody feels is asked each time."""
    return PersonSheet(row=handle, who=handle, said_by=said.said_by, journey=journey_of(said.facts))


def journey_of(facts: Facts | None) -> Journey:
    """Return the journey of *facts* as a page fills it in."""
    if facts is None or facts.away is None:
        return Journey()
    if not facts.away:
        return Journey(away=False)
    return Journey(
        away=True,
        origin=facts.origin,
        arrived=facts.arrived.isoformat() if facts.arrived else "",
        transport=facts.transport or "",
        transit=facts.transit or say.NO_TRANSIT,
        category=facts.category or "",
    )
