"""Who a phone spoke for last time, and what it said then: so that a household declares again with three taps.

A phone is known by the token that its last sheet was answered with. It hears what that sheet said and no more: whoever
scanned a code on a door and named somebody does not learn what that person said elsewhere.
"""

from handlers.declare_health import declaring_of, journey_of
from handlers.declared_people import handle_of
from handlers.domain.consent import ConsentState, newest
from handlers.domain.declaration import FormRow, PersonSheet
from handlers.domain.declared import Said, SaidState, Subject
from handlers.ports import Context, Work

_GONE = frozenset({SaidState.ERASED, SaidState.WITHDRAWN})


def said_by_phone(token: str, household_id: int, work: Work, ctx: Context) -> tuple[FormRow, ...]:
    """Return a row for each person of the household whom the phone's last sheet spoke of; () for a token that opens
    nothing, or is another household's. How somebody feels is asked each time, and never filled in."""
    grant = work.rights.opens(token, ctx.now)
    sheet = work.declarations.sheet_of(grant.sheet_id) if grant is not None and grant.sheet_id is not None else None
    if sheet is None or sheet.household_id != household_id:
        return ()
    said = {one.subject_id: one for one in work.declarations.of_sheet(sheet.id) if one.state not in _GONE}
    subjects = work.subjects.many(said)
    return tuple(_row(subjects[at], one, work, ctx) for at, one in said.items() if subjects[at].profile is not None)


def _row(subject: Subject, said: Said, work: Work, ctx: Context) -> FormRow:
    members = {m.id: m for m in work.households.members(subject.household_id or 0, ctx.day)}
    member = members.get(subject.member_id or 0)
    handle = handle_of(member, subject)
    texts = declaring_of(ctx).table.consents
    granted = (
        purpose.value
        for purpose, word in newest(work.consents.of(subject.id)).items()
        if word.state is ConsentState.GRANTED and word.version >= texts[purpose].version
    )
    child = member.under_14 if member is not None else subject.profile.child if subject.profile else None
    last = PersonSheet(row=handle, who=handle, said_by=said.said_by, journey=journey_of(said.facts))
    return FormRow(handle, "", child, last, said.made_at, frozenset(granted))
