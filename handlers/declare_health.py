"""申报: a household hands in a sheet and has its receipts; the same sheet sent twice is one row and one answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from handlers import care, declared_counts, declared_people, declared_receipts
from handlers.declared_form import declaring_of, form_of, household_of, journey_of
from handlers.declared_keep import keep, next_row
from handlers.declared_people import Who
from handlers.domain.consent import Consent, ConsentPurpose, Speaker, Way
from handlers.domain.consistency import Source
from handlers.domain.declaration import Answer, FieldFault, PersonAnswer, PersonSheet, Sheet
from handlers.domain.declared import Asked, Profile, Said, SaidState, SheetKept, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.facts import Facts
from handlers.domain.household import Member, masked
from handlers.domain.threshold import TaskKind
from handlers.ports import Context, Work
from handlers.proxy_notice import tell_spoken_for
from handlers.read_sheet import read_health, read_journey, sheet_faults
from handlers.wording import declaration as say
from nlp.understand import understand

__all__ = ["declaring_of", "form_of", "journey_of", "settle", "submit"]
ME_FOR = timedelta(days=90)
_KEY = re.compile(r"q([0-9]{1,9})")
_RANK = {Speaker.SELF: 3, Speaker.WORKER: 3, Speaker.FAMILY: 2, Speaker.NEIGHBOUR: 1}
"""Whose word stands of two on one day: somebody's own before another's for them."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One row as read: who, the words of consent it adds, and the facts that may be kept (None: nothing may)."""

    sheet: PersonSheet
    who: Who
    words: tuple[Consent, ...]
    facts: Facts | None = field(repr=False)
    coloured: bool
    cared: bool


def submit(sheet: Sheet, work: Work, ctx: Context) -> Answer:
    """Take the sheet in the transaction of *work*; with faults nothing is kept, and all of them are told at once.

    Raises UnknownNode for a place or household that is not there, or a handle that is not of this household, Refused
    where no declaration can be taken.
    """
    declaring = declaring_of(ctx)
    if sheet.way is Way.GROUP:
        raise Refused(say.not_in_group())
    home = household_of(sheet.place_id, sheet.household_id, ctx)
    digest = work.declarations.digest(_canonical(sheet, home))
    kept = work.declarations.sheet(sheet.key)
    if kept is not None:
        return _again(kept, digest, sheet.known, work, ctx)
    faults = sheet_faults(sheet, ctx)
    # a phone's clock runs a little ahead: nothing it says may outlast a withdrawal or a correction that comes after
    sheet = replace(sheet, made_at=min(sheet.made_at, ctx.now))
    rows: list[_Read] = []
    if not faults:
        members = {member.id: member for member in work.households.members(home, ctx.day)} if home is not None else {}
        for person in sheet.people:
            read, found = _read(person, sheet, home, members, declaring, work, ctx)
            faults += found
            rows += [read] if read else []
        faults += _twice(rows)
    if faults:
        return Answer(faults=tuple(faults))
    draft = SheetKept(0, sheet.key, digest, sheet.place_id, home, sheet.way, sheet.worker_id, sheet.made_at, ctx.now)
    kept = work.declarations.begin(draft, len(rows))
    if kept is None:  # the same sheet came in at the same moment, and was first
        return _again(work.declarations.sheet(sheet.key) or draft, digest, sheet.known, work, ctx)
    answers = [_take(read, kept, declaring, work, ctx, known=sheet.known) for read in rows]
    _tell_spoken_for(sheet, kept, rows, work, ctx)
    helped = _help(sheet, kept, rows, declaring, work, ctx) if sheet.asks.strip() else None
    token = work.rights.grant(ctx.now, ctx.now + ME_FOR, sheet_id=kept.id)
    return Answer(tuple(answers), me_token=token, help=helped)


def _tell_spoken_for(sheet: Sheet, kept: SheetKept, rows: list[_Read], work: Work, ctx: Context) -> None:
    """Let those hear of it who stand in the register and were spoken for by somebody else."""
    found = []
    for read in rows:
        member = read.who.member
        subject = work.subjects.of_member(member.id) if member and read.sheet.said_by is not Speaker.SELF else None
        if member is not None and subject is not None and read.facts is not None:
            found.append((member, subject.id, read.sheet.said_by))
    tell_spoken_for(found, replace(sheet, household_id=kept.household_id), ctx.local(kept.made_at).date(), work, ctx)


def _canonical(sheet: Sheet, home: int | None) -> str:
    """Return what the sheet says, without when and under which key: two that say the same are the same."""
    people = [
        (p.row, p.who, p.name, p.phone, p.under_14, p.said_by.value, p.guardian, repr(p.journey), p.symptoms,
         p.temperature, p.temperature_agreed, sorted(p.consents))
        for p in sheet.people
    ]  # fmt: skip
    return repr((sheet.place_id, home, sheet.way.value, sheet.worker_id, sheet.asks, people))


def _read(
    person: PersonSheet,
    sheet: Sheet,
    home: int | None,
    members: Mapping[int, Member],
    declaring: Declaring,
    work: Work,
    ctx: Context,
) -> tuple[_Read | None, list[FieldFault]]:
    who, faults = declared_people.who_is(person, home, members, work)
    before = work.consents.of(who.subject.id) if who.subject else ()
    words, wrong = declared_people.words_of(person, before, declaring, sheet.way, sheet.made_at)
    faults += wrong + declared_people.speaker_faults(person, who)
    if faults:
        return None, faults
    allowed = declared_people.decisions(who, (*before, *words), declaring, sheet.way, ctx)
    declare = allowed[ConsentPurpose.DECLARE].allowed
    health = allowed[ConsentPurpose.HEALTH].allowed and person.said_by is not Speaker.NEIGHBOUR
    facts: Facts | None = None
    if declare:
        facts, wrong = read_journey(person, sheet.made_at, ctx)
        faults += wrong
    if health:
        symptoms, celsius, wrong = read_health(person)
        faults += wrong
        facts = replace(facts or Facts(None), symptoms=symptoms, celsius=celsius)
    if faults:
        return None, faults
    cared = allowed[ConsentPurpose.CARE].allowed
    return _Read(person, who, tuple(words), facts, declare and health, cared), []


def _twice(rows: list[_Read]) -> list[FieldFault]:
    """Return a fault for each row about somebody who stands on the sheet already."""
    seen: set[object] = set()
    faults = []
    for read in rows:
        who = read.who
        key = who.member.id if who.member else who.subject.id if who.subject else who.profile and who.profile.name
        same = (bool(who.member), bool(who.subject), key)
        if same in seen:
            faults.append(FieldFault(read.sheet.row, "name", say.listed_twice()))
        seen.add(same)
    return faults


def _take(read: _Read, kept: SheetKept, declaring: Declaring, work: Work, ctx: Context, *, known: bool) -> PersonAnswer:
    """Keep what one row says, with all that follows from it, and return what the person gets."""
    person, who = read.sheet, read.who
    label = masked(who.profile.name if who.profile else "")
    if read.facts is None:
        if who.subject is not None:
            work.consents.add(who.subject.id, read.words, worker_id=kept.worker_id, sheet_id=kept.id)
        return PersonAnswer(person.row, label, None, (say.nothing_kept(),))
    subject = declared_people.made_known(who, kept.household_id, work, ctx.now)
    work.consents.add(subject.id, read.words, worker_id=kept.worker_id, sheet_id=kept.id)
    before = work.declarations.of_subject(subject.id, live=True)
    said = _draft(read, kept, subject, before, declaring, ctx)
    work.audit.note(ctx.now, kept.worker_id, "declare", f"subject:{subject.id}", "declaration", kept.way.value)
    answer = keep(said, subject, before, declaring, work, ctx, coloured=read.coloured, cared=read.cared, known=known)
    return replace(answer, row=person.row)


def _draft(
    read: _Read, kept: SheetKept, subject: Subject, before: Sequence[Said], declaring: Declaring, ctx: Context
) -> Said:
    day = ctx.local(kept.made_at).date()
    place = kept.household_id if kept.household_id is not None else kept.place_id
    today = next((one for one in reversed(before) if one.day == day), None)
    stands = today is None or (_RANK[read.sheet.said_by] >= _RANK[today.said_by] and kept.made_at >= today.made_at)
    return Said(
        id=0,
        sheet_id=kept.id,
        row=read.sheet.row,
        subject_id=subject.id,
        node_id=declared_counts.counted_node(place, ctx),
        day=day,
        said_by=read.sheet.said_by,
        facts=read.facts,
        state=SaidState.LIVE if stands else SaidState.SUPERSEDED,
        supersedes=today.id if today is not None and stands else None,
        destroy_on=None,
        made_at=kept.made_at,
        arrived_at=kept.arrived_at,
    )


def _help(
    sheet: Sheet, kept: SheetKept, rows: list[_Read], declaring: Declaring, work: Work, ctx: Context
) -> str | None:
    """Hand the words for help on, whoever refused whatever; whoever asks is known by what they wrote themselves."""
    home = kept.household_id
    subject = next((found for read in rows if (found := _found(read, home, work))), None)
    if subject is None:
        profile = next((read.who.profile for read in rows if read.who.profile and read.who.profile.name), None)
        profile = profile or Profile(say.THIS_HOUSEHOLD)
        subject = work.subjects.find(home, profile.name) or work.subjects.make(home, None, profile, ctx.now)
    node_id = declared_counts.counted_node(home if home is not None else kept.place_id, ctx)
    words = sheet.asks.strip()
    urgent = bool(understand(words, sheet.made_at, channel="direct", sender_role="resident").alarms)
    care.open_task(TaskKind.HELP, subject, node_id, declaring, work, ctx, urgent=urgent, note=words)
    ask = declared_receipts.whom_to_ask(node_id, declaring, work, ctx)
    return say.help_urgent(ask) if urgent else say.help_passed_on(ask)


def _found(read: _Read, home: int | None, work: Work) -> Subject | None:
    if read.who.subject is not None:
        return read.who.subject
    if read.who.member is not None:
        return work.subjects.of_member(read.who.member.id)
    return work.subjects.find(home, read.who.profile.name) if read.who.profile else None


def _again(kept: SheetKept, digest: str, known: bool, work: Work, ctx: Context) -> Answer:
    """Answer a sheet that is here: as before; one that says something else under the same key is not taken."""
    if kept.digest != digest:
        return Answer(faults=(FieldFault(None, "key", say.same_key()),))
    last = {said.row.partition("~")[0]: said for said in work.declarations.of_sheet(kept.id)}
    given = work.colours.of_declarations(said.id for said in last.values())
    subjects = work.subjects.many(said.subject_id for said in last.values())
    asked = work.questions.open_of(subjects)
    answers = [
        PersonAnswer(
            row,
            masked(subjects[said.subject_id].name),
            given[said.id].receipt if said.id in given else None,
            questions=tuple(
                declared_receipts.question_of(one, said.facts, known=known)
                for one in asked
                if one.declaration_id == said.id
            ),
        )
        for row, said in last.items()
    ]
    return Answer(tuple(answers), again=True)


def settle(token: str, key: str, choice: str, work: Work, ctx: Context) -> Answer:
    """Take the answer to one `Question`; *token* is the sheet's `me_token`, or one that opens all of the person.

    Raises UnknownNode when it opens nothing, or not this; Refused when there is nothing to set right any more.
    """
    asked, said = _asked(token, key, work, ctx)
    return settle_asked(asked, said, choice, work, ctx)


def settle_asked(asked: Asked, said: Said, choice: str, work: Work, ctx: Context) -> Answer:
    """Take the answer to a question whose asker was made sure of; *said* is what it is about.

    Raises UnknownNode when what it is about was erased; Refused when there is nothing to set right any more.
    """
    declaring = declaring_of(ctx)
    subject = work.subjects.get(said.subject_id)
    if subject is None or said.facts is None:
        raise UnknownNode("no such question")
    facts = declared_receipts.settled_facts(asked, choice, said.facts, ctx.county.province)
    if facts is None:
        raise Refused(say.choose_one())
    open_before = work.questions.open_of([subject.id])
    if not work.questions.end(asked.id, "settled", ctx.now):
        raise Refused(say.settled_already())
    if asked.kind == Source.OFFICIAL and choice == declared_receipts.NOW:
        care.open_task(TaskKind.LIST, subject, said.node_id, declaring, work, ctx, said=said)
    work.audit.note(ctx.now, None, "settle", f"subject:{subject.id}", "declaration", choice)
    before = work.declarations.of_subject(subject.id, live=True)
    anew = replace(said, id=0, row=next_row(said.row), facts=facts, supersedes=said.id, state=SaidState.LIVE)
    allowed = declared_people.decisions(
        Who(subject, None, subject.profile), work.consents.of(subject.id), declaring, Way.PAGE, ctx
    )
    answer = keep(
        anew, subject, before, declaring, work, ctx,
        coloured=allowed[ConsentPurpose.DECLARE].allowed and allowed[ConsentPurpose.HEALTH].allowed,
        cared=allowed[ConsentPurpose.CARE].allowed, known=True, asked_before=open_before,
    )  # fmt: skip
    return Answer((replace(answer, row=said.row.partition("~")[0]),))


def _asked(token: str, key: str, work: Work, ctx: Context) -> tuple[Asked, Said]:
    grant = work.rights.opens(token, ctx.now)
    named = _KEY.fullmatch(key)
    asked = work.questions.get(int(named[1])) if grant and named else None
    said = work.declarations.get(asked.declaration_id) if asked else None
    if grant is None or asked is None or said is None:
        raise UnknownNode("no such question")
    if said.sheet_id != grant.sheet_id and asked.subject_id != grant.subject_id:
        raise UnknownNode("no such question")
    return asked, said
